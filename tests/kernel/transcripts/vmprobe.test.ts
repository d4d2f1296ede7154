/**
 * Truth: vmprobe.txt, recorded on Linux 6.12 (riscv64, Sv48) by the program that vmprobe.ts ports. Compared line by
 * line, but for what is listed here.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Lab } from "../lab.ts";
import { vmprobe } from "./vmprobe.ts";

/** Lines that run code of a mapping: a program in TypeScript cannot jump. */
const NOT_RUN = ["((void(*)(void))m)()", "((void(*)(void))(m+1))()", "((void(*)(void))0x10)()"];

/** Lines that say something else here, and why. */
const DIFFERENCES: readonly { readonly linux: string; readonly ours: string; readonly why: string }[] = [
  {
    linux: "mmap(0,1UL<<46,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE,-1,0) = addr",
    ours: "mmap(0,1UL<<46,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE,-1,0) = -1 ENOMEM",
    why: "Sv39 gives a process 2^38 bytes of addresses; the recorded kernel used Sv48",
  },
  {
    linux: "*(volatile long*)0xdeadbeefdeadbeef=1 = SIGSEGV code=1 addr=m+0xdeadbeefdeadbeef",
    ours: "*(volatile long*)0xdeadbeefdeadbeef=1 = SIGSEGV code=1 addr=m+0xdeadbeefdeadbe00",
    why: "an address is a JavaScript number: beyond 2^53 it is the nearest double, here a multiple of 512",
  },
];

/** "expression = result" with one blank around the equals sign. */
const squeeze = (line: string): string => line.replace(/ += /, " = ");

const linesOf = (text: string): string[] =>
  text.slice(text.indexOf("mmap(0,0,3"), text.indexOf("PROBE-END")).split("\n").map(squeeze);

const recorded = linesOf(readFileSync(new URL("./vmprobe.txt", import.meta.url), "utf8"));

const isJump = (line: string): boolean => NOT_RUN.some((expression) => line.startsWith(`${expression} = `));
const isHint = (line: string): boolean => line.startsWith(" hint 1: ");
const inOurWords = (line: string): string => DIFFERENCES.find(({ linux }) => linux === line)?.ours ?? line;

const run = async (): Promise<string[]> => {
  const lab = await Lab.boot();
  const { exited } = lab.kernel.spawn(vmprobe, { argv: ["vmprobe"] });
  expect(await exited, lab.output()).toEqual({ code: 0 });
  expect(lab.log().filter((text) => /BUG|Oops/.test(text))).toEqual([]);
  return linesOf(lab.output());
};

test("every line that the program printed on Linux", async () => {
  const ours = await run();
  const expected = recorded.filter((line) => !isJump(line)).map(inOurWords);
  expect(ours.filter((line) => !isHint(line))).toEqual(expected.filter((line) => !isHint(line)));
});

test("a hint in the first page is none: the kernel chooses an address in the upper half", async () => {
  const addressIn = (lines: readonly string[]): number => Number(lines.find(isHint)!.slice(" hint 1: ".length));
  expect(addressIn(recorded)).toBeGreaterThan(2 ** 46);
  expect(addressIn(await run())).toBeGreaterThan(2 ** 37);
});

test("each listed difference is one line of the transcript", () => {
  for (const { linux } of DIFFERENCES) expect(recorded.filter((line) => line === linux)).toHaveLength(1);
  expect(recorded.filter(isJump)).toHaveLength(4);
});
