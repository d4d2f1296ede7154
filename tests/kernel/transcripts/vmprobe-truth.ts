/**
 * Truth of vmprobe.c and of its port: vmprobe.txt, recorded on Linux 6.12 (riscv64, Sv48). Compared line by line, but
 * for what is listed here.
 */
import { readFileSync } from "node:fs";

/** Lines that say something else here, and why. */
export const DIFFERENCES: readonly { readonly linux: string; readonly ours: string; readonly why: string }[] = [
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

export const linesOf = (text: string): string[] =>
  text.slice(text.indexOf("mmap(0,0,3"), text.indexOf("PROBE-END")).split("\n").map(squeeze);

export const recorded = linesOf(readFileSync(new URL("./vmprobe.txt", import.meta.url), "utf8"));

export const isHint = (line: string): boolean => line.startsWith(" hint 1: ");

export const addressIn = (lines: readonly string[]): number => Number(lines.find(isHint)!.slice(" hint 1: ".length));

/** What the program should print here, but for the hint's address, which is chosen. */
export const expected = recorded.map((line) => DIFFERENCES.find(({ linux }) => linux === line)?.ours ?? line);
