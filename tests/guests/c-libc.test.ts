/** The small C library under qemu. Truth: ISO C and the manual pages; glibc's texts for errors. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { strerror } from "../../abi/errno.ts";
import { compileC } from "../../tools/c-programs.ts";
import { named, noCompiler, noQemu, runElf } from "./c/toolchain.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scanout-libc-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reason = noQemu ?? noCompiler;
test.skipIf(reason !== null)(named("the library does what its manual pages say", reason), async () => {
  await compileC([{ elf: "check.elf", sources: ["tests/guests/c/libc-check.c"], exact: true }], folder);
  const options = { env: { LIBRARY: "no", LIBC: "found" }, input: "from stdin" };
  const { status, out, error } = runElf(join(folder, "check.elf"), ["first", "last"], options);
  const long = "0123456789".repeat(130).slice(0, 1299);
  expect(out.toString().split("\n")).toEqual([
    "[-7] [42] [4000000000] [beef] [c] [text] [%]",
    "[   42] [42   ] [-0042] [   ab] [ab   ] [ab] [    ab]",
    "[-9223372036854775808] [18446744073709551615] [ffffffffffffffff] [00001234] [8] [-1]",
    "[0x10000] []",
    long,
    "returns 1300",
    "0 mistakes",
    "0 3",
    // "interpreted as unsigned char".
    "-1 1 0 1",
    "0 -1 0",
    "-1 1 0",
    "x 1",
    "argc 3 argv last",
    "LIBC found, LIB unset",
    ...Array.from({ length: 136 }, (_, i) => `${i - 1} ${strerror(i - 1)}`),
    "open -1",
    "errno 2",
    "errno 2",
    "from stdin",
  ]);
  expect(error).toBe("open: No such file or directory\n");
  // exit(3): "the least significant byte of status".
  expect(status).toBe(307 & 255);
});

describe.skipIf(noQemu !== null)(named("mmap-test.elf", noQemu), () => {
  const elf = resolve("guests/c/bin/mmap-test.elf");

  // What the seed's user program prints and stores; here "node" is a plain file of sixteen pages.
  test("prints what the mapping holds, and stores what the next one prints", () => {
    const node = Buffer.alloc(16 * 4096);
    node.write(" ------This is from kernel space");
    writeFileSync(join(folder, "node"), node);
    const first = runElf(elf, [], { cwd: folder });
    expect([first.status, first.error]).toEqual([0, ""]);
    const said = "The contents of the virtual address space in user space is ";
    expect(first.out.toString()).toBe(`${said} ------This is from kernel space\n`);
    expect(runElf(elf, [], { cwd: folder }).out.toString()).toBe(`${said}This is from user space\n`);
    // A literal of 24 bytes, and no more.
    node.write("This is from user space\0");
    expect(readFileSync(join(folder, "node")).equals(node)).toBe(true);
  });

  // perror(…), exit(-1).
  test("says why it cannot open, and why it cannot map", () => {
    const absent = runElf(elf, [], { cwd: "/" });
    expect([absent.status, absent.error]).toEqual([255, "open: No such file or directory\n"]);
  });
});

describe.skipIf(noQemu !== null)(named("fbinfo.elf", noQemu), () => {
  test("names what is no framebuffer", () => {
    const file = join(folder, "plain");
    writeFileSync(file, "");
    const { status, error } = runElf("guests/c/bin/fbinfo.elf", [file]);
    expect([status, error]).toEqual([1, `${file}: Inappropriate ioctl for device\n`]);
  });
});
