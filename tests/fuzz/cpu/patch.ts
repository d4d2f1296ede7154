/** Code that writes code: a place is overwritten, fence.i, and then it is executed, or was before, or both. */
import { encode } from "../../assembly/hart/encode.ts";
import type { Random } from "./random.ts";
import { RESERVED } from "./state.ts";

/** rd = a 32-bit word, sign-extended. */
const li = (rd: number, word: number): number[] => [
  encode("LUI", { rd, imm: (word + 0x800) & 0xfffff000 }),
  encode("ADDIW", { rd, rs1: rd, imm: (word << 20) >> 20 }),
];

/**
 * `plain` and `half` make instructions that compute, 4 and 2 bytes long. The place is 4 bytes, before the store or
 * behind it; what is there may be of other lengths than what was there, as 0x0001 is c.nop.
 */
export const patch = (random: Random, plain: () => number, half: () => number): number[] => {
  const four = (): number[] => (random.oneIn(2) ? [plain()] : [half(), half()]);
  const asWord = (words: readonly number[]): number =>
    (words.length === 1 ? words[0]! : words[0]! | (words[1]! << 16)) >>> 0;
  const registers = Array.from({ length: 32 }, (_, i) => i).filter((i) => i !== 0 && !RESERVED.has(i));
  const value = random.of(registers);
  const at = random.of(registers.filter((i) => i !== value));
  const before = four();
  const written = asWord(four());
  const pc = encode("AUIPC", { rd: at });
  const fence = encode("FENCE_I");
  if (random.oneIn(2)) {
    // Before it, for a loop: executed as it was, then as it is. 4 bytes and the two of li lie between.
    return [...before, ...li(value, written), pc, encode("SW", { rs1: at, rs2: value, imm: -12 }), fence];
  }
  const gap = random.oneIn(2) ? [half()] : [];
  const distance = 4 + 4 + 4 + 2 * gap.length;
  const store = encode("SW", { rs1: at, rs2: value, imm: distance });
  return [...li(value, written), pc, store, fence, ...gap, ...before];
};
