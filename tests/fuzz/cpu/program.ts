/** Streams and their initial states as one program, and what the program writes. */

import { encode } from "../../assembly/hart/encode.ts";
import { elf } from "./elf.ts";
import { RUNTIME, runtime } from "./runtime.ts";
import { ARENA, ARENA_HALF, BLOCK_SIZE, BLOCKS, WORDS } from "./state.ts";
import { assemble, bytes, type Item } from "./stream.ts";

/** Where the first stream's code is. The runtime jumps no further than 1 MiB. */
const CODE = 0x1_1000;
const CODE_END = 0x10_0000;
const PAGE = 4096;

export interface Stream {
  readonly items: readonly Item[];
  /** WORDS words; word 0 is the program's. */
  readonly state: BigUint64Array;
  /** The address of its code when it must be there. */
  readonly address?: number;
  /** Its place in the list of blocks when it must be there, in a program of this stream alone. */
  readonly index?: number;
}

export interface Program {
  readonly elf: Uint8Array;
  /** The addresses of the streams' code. */
  readonly addresses: readonly number[];
}

/** `writable`: streams may store to their own code. */
export const makeProgram = (streams: readonly Stream[], writable: boolean): Program => {
  const firstBlock = BLOCKS + BLOCK_SIZE * (streams[0]?.index ?? 0);
  const start = streams[0]?.address ?? CODE;
  const textStart = start - (start % PAGE);
  const { leave } = runtime(firstBlock, { start: textStart, end: CODE_END, writable });
  const blocks = new BigUint64Array(WORDS * streams.length);
  const addresses: number[] = [];
  const pieces: [address: number, bytes: Uint8Array][] = [];
  let at = start;
  for (const [i, { items, state }] of streams.entries()) {
    const words = assemble(items);
    const body = bytes(words);
    const end = encode("JAL", { imm: leave - (at + body.length) });
    const code = new Uint8Array(body.length + 4);
    code.set(body);
    new DataView(code.buffer).setUint32(body.length, end, true);
    blocks.set(state, WORDS * i);
    blocks[WORDS * i] = BigInt(at);
    addresses.push(at);
    pieces.push([at, code]);
    at += code.length;
  }
  if (at > CODE_END) throw new RangeError(`${at - CODE} bytes of streams: at most ${CODE_END - CODE} fit`);
  const text = new Uint8Array(at - textStart);
  for (const [address, code] of pieces) text.set(code, address - textStart);
  const blockBytes = new Uint8Array(blocks.buffer);
  return {
    addresses,
    elf: elf([
      { address: RUNTIME, bytes: runtime(firstBlock, { start: textStart, end: at, writable }).bytes, flags: 5 },
      { address: textStart, bytes: text, flags: writable ? 7 : 5 },
      { address: ARENA - ARENA_HALF, bytes: new Uint8Array(0), flags: 6, memorySize: 2 * ARENA_HALF },
      { address: firstBlock, bytes: blockBytes, flags: 6, memorySize: blockBytes.length + 8 },
    ]),
  };
};

export interface Result {
  /** The arena after the last stream. */
  readonly arena: Uint8Array;
  /** The blocks, one after the other. */
  readonly blocks: BigUint64Array;
}

/** @throws Error when the program wrote less than `streams` streams make it write. */
export const readOutput = (output: Uint8Array, streams: number): Result => {
  const length = 2 * ARENA_HALF + streams * BLOCK_SIZE;
  if (output.length !== length) throw new Error(`the program wrote ${output.length} bytes instead of ${length}`);
  return {
    arena: Uint8Array.from(output.subarray(0, 2 * ARENA_HALF)),
    blocks: new BigUint64Array(Uint8Array.from(output.subarray(2 * ARENA_HALF)).buffer),
  };
};
