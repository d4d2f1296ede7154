import { expect, test } from "vitest";
import { signatureOf } from "../../../src/kernel/strace/signatures.ts";
import { systemCallName, systemCallTable } from "../../../src/kernel/syscall-table.ts";

test("every system call that is there is shown with arguments of its own", () => {
  const unknown = signatureOf(-1);
  const there = systemCallTable.filter(({ call }) => call !== null);
  expect(there.filter(({ nr }) => signatureOf(nr) === unknown).map(({ name }) => name)).toEqual([]);
});

test("a number that Linux does not have is shown as strace(1) shows it", () => {
  expect([systemCallName(56), systemCallName(500)]).toEqual(["openat", "syscall_0x1f4"]);
});
