import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as numbers from "../../abi/syscalls.ts";
import { partialSupport } from "../../src/kernel/syscall-support.ts";
import { systemCalls, systemCallTable } from "../../src/kernel/syscall-table.ts";
import { syscallsPage } from "../../tools/syscalls-page.ts";

test("docs/syscalls.md is what npm run docs:syscalls makes", () => {
  expect(readFileSync("docs/syscalls.md", "utf8")).toBe(syscallsPage());
});

test("every number of Linux is in the table once, and nothing else is", () => {
  expect(systemCallTable.map(({ nr }) => nr)).toEqual(Object.values(numbers).toSorted((a, b) => a - b));
  const known = new Set<number>(Object.values(numbers));
  expect(Object.keys(systemCalls).filter((nr) => !known.has(Number(nr)))).toEqual([]);
});

test("what is said to be partial is there", () => {
  expect(Object.keys(partialSupport).filter((nr) => systemCalls[Number(nr)] === undefined)).toEqual([]);
});
