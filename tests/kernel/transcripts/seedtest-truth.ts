/**
 * Truth of seedtest.c and of its port: seedtest.txt, recorded on Linux 6.12 (riscv64) with the same drivers. Addresses
 * in the driver's log are page numbers from the start of its first mapping.
 */
import { readFileSync } from "node:fs";

const recorded = readFileSync(new URL("./seedtest.txt", import.meta.url), "utf8");

/** What the program printed, and after it the kernel's log. */
const END = "exit now\n";
export const printed = recorded.slice(recorded.indexOf("A: "), recorded.indexOf(END) + END.length);
export const log = recorded.slice(recorded.indexOf(END) + END.length, recorded.indexOf("=== reserve"));

/** The log of seed B, addresses made relative to the mapping that the first "open" names. */
export const relativeLog = (text: string): string[] => {
  const base = Number.parseInt(/^B open ([0-9a-f]+)-/m.exec(text)![1]!, 16);
  return text
    .split("\n")
    .filter((line) => /^B (open|close|mremap|release|final)/.test(line))
    .map((line) => line.replace(/\b7ff[0-9a-f]+\b/g, (address) => `m${(Number.parseInt(address, 16) - base) / 4096}`));
};
