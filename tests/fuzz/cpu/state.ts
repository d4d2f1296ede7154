/**
 * The block of a stream: its state before, in the ELF; afterwards, when the program writes it out.
 *
 *   word 0        where the stream's code is; 0 ends the list
 *   word 1…31     x1…x31
 *   word 32…63    f0…f31
 *   word 64       fcsr
 *   word 65       before: the seed of the arena's content, not 0; after: the arena's hash
 */
import { floatOperand, integerOperand } from "./operands.ts";
import type { Random } from "./random.ts";

export const WORDS = 66;
export const BLOCK_SIZE = 8 * WORDS;
export const WORD_F = 32;
export const WORD_FCSR = 64;
export const WORD_ARENA = 65;

/** Loads and stores go here: 4 KiB with a page border in the middle, which is what ARENA names. */
export const ARENA = 0x20_1000;
export const ARENA_HALF = 2048;
/** The first block. */
export const BLOCKS = 0x20_2000;

export const SP = 2;
/** Points to the block. */
export const GP = 3;
/** The counter of loops. */
export const TP = 4;
/** Registers that point into the arena; S0 at its middle, aligned. */
export const S0 = 8;
export const S1 = 9;
/** Streams write to none of these. */
export const RESERVED: ReadonlySet<number> = new Set([SP, GP, TP, S0, S1]);

/** Bytes from ARENA to where sp and s1 point. */
export interface Bases {
  readonly sp: number;
  readonly s1: number;
}

export const randomState = (random: Random, bases: Bases): BigUint64Array => {
  const state = new BigUint64Array(WORDS);
  for (let i = 1; i < 32; i++) state[i] = integerOperand(random);
  for (let i = 0; i < 32; i++) state[WORD_F + i] = floatOperand(random);
  state[SP] = BigInt(ARENA + bases.sp);
  state[S0] = BigInt(ARENA);
  state[S1] = BigInt(ARENA + bases.s1);
  // Rounding modes 5 to 7 are reserved.
  state[WORD_FCSR] = BigInt((random.below(5) << 5) | random.of([0, 1, 31, random.below(32)]));
  state[WORD_ARENA] = random.word64() | 1n;
  return state;
};

/** "x5", "f12", …, for what differs. */
export const wordName = (word: number): string =>
  word < WORD_F ? `x${word}` : word < WORD_FCSR ? `f${word - WORD_F}` : word === WORD_FCSR ? "fcsr" : "arena's hash";
