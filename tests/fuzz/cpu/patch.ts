/** Code that writes code: a place is overwritten, fence.i, and then it is executed, or was before, or both. */
import { encode } from "../../assembly/hart/encode.ts";
import type { Random } from "./random.ts";
import { RESERVED } from "./state.ts";

/** rd = a 32-bit word, sign-extended. */
const li = (rd: number, word: number): number[] => [
  encode("LUI", { rd, imm: (word + 0x800) & 0xfffff000 }),
  encode("ADDIW", { rd, rs1: rd, imm: (word << 20) >> 20 }),
];

/** Makers of instructions that compute: 4 bytes long, 2 bytes long, and 4 with an immediate in all of the upper half. */
export interface Makers {
  readonly plain: () => number;
  readonly half: () => number;
  readonly immediate: () => number;
}

/** What is at the place at first, and what is stored `offset` bytes into it. */
const change = (random: Random, { plain, half, immediate }: Makers) => {
  // The upper half of an instruction alone: whoever remembers it by its first byte must notice.
  if (random.oneIn(3))
    return { before: [immediate()], store: "SH", offset: 2, value: random.word32() & 0xffff } as const;
  const four = (): number[] => (random.oneIn(2) ? [plain()] : [half(), half()]);
  const [first, second] = four();
  const value = (second === undefined ? first! : first! | (second << 16)) >>> 0;
  return { before: four(), store: "SW", offset: 0, value } as const;
};

/** The place is 4 bytes, before the store or behind it. */
export const patch = (random: Random, makers: Makers): number[] => {
  const registers = Array.from({ length: 32 }, (_, i) => i).filter((i) => i !== 0 && !RESERVED.has(i));
  const source = random.of(registers);
  const at = random.of(registers.filter((i) => i !== source));
  const { before, store, offset, value } = change(random, makers);
  const pc = encode("AUIPC", { rd: at });
  const put = (distance: number) => encode(store, { rs1: at, rs2: source, imm: distance + offset });
  const fence = encode("FENCE_I");
  // Before it, for a loop: executed as it was, then as it is. 4 bytes and the two of li lie between.
  if (random.oneIn(2)) return [...before, ...li(source, value), pc, put(-12), fence];
  const gap = random.oneIn(2) ? [makers.half()] : [];
  return [...li(source, value), pc, put(4 + 4 + 4 + 2 * gap.length), fence, ...gap, ...before];
};
