/** Guest memory for the tests of strace: the pages that hold the given bytes, zeros around them, and nothing else. */
import type { MemoryReader } from "../../../src/kernel/strace/text.ts";

export type Content = string | Uint8Array;

const PAGE_SIZE = 4096;

const bytesOf = (content: Content): Uint8Array =>
  typeof content === "string" ? Buffer.from(content, "latin1") : content;

/** A string's characters are its bytes; say "\0" where C has one. */
export function memory(pieces: Readonly<Record<number, Content>>): MemoryReader {
  const pages = new Map<number, Uint8Array>();
  for (const [start, content] of Object.entries(pieces)) {
    bytesOf(content).forEach((byte, i) => {
      const va = Number(start) + i;
      const number = Math.floor(va / PAGE_SIZE);
      const page = pages.get(number) ?? new Uint8Array(PAGE_SIZE);
      page[va % PAGE_SIZE] = byte;
      pages.set(number, page);
    });
  }
  return {
    read(va, length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) {
        const page = pages.get(Math.floor((va + i) / PAGE_SIZE));
        if (page === undefined) return null;
        bytes[i] = page[(va + i) % PAGE_SIZE]!;
      }
      return bytes;
    },
  };
}

export const words = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
export const longs = (...values: (number | bigint)[]): Uint8Array =>
  new Uint8Array(BigInt64Array.from(values.map((value) => BigInt.asIntN(64, BigInt(value)))).buffer);
