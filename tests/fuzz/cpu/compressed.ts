/**
 * Compressed instructions that compute, load or store, drawn from all half-words that there are. What one does, and so
 * whether a stream may have it, its expansion says.
 */
import { mnemonicOf } from "../../assembly/hart/encode.ts";
import { expand } from "../../assembly/hart/expansion.ts";
import { RESERVED } from "./state.ts";

export interface CompressedForm {
  readonly half: number;
  /** Of a load or store: base register, offset and bytes. */
  readonly memory: { readonly base: number; readonly offset: number; readonly size: number } | null;
  readonly isFloat: boolean;
}

const SIZES: Readonly<Record<string, number>> = { LW: 4, SW: 4, LD: 8, SD: 8, FLD: 8, FSD: 8 };
const COMPUTATIONS = new Set("ADDI ADDIW LUI SRLI SRAI ANDI SUB XOR OR AND SUBW ADDW SLLI ADD".split(" "));

const formOf = (half: number): CompressedForm | null => {
  const word = expand(half);
  const name = word === undefined ? undefined : mnemonicOf(word);
  if (word === undefined || name === undefined) return null;
  const [rd, base] = [(word >>> 7) & 31, (word >>> 15) & 31];
  const size = SIZES[name];
  if (size === undefined) {
    return COMPUTATIONS.has(name) && !RESERVED.has(rd) ? { half, memory: null, isFloat: false } : null;
  }
  const isStore = name.endsWith("SW") || name.endsWith("SD");
  const isFloat = name.startsWith("F");
  if (!isStore && !isFloat && RESERVED.has(rd)) return null;
  const offset = isStore ? ((word >>> 25) << 5) | rd : word >>> 20;
  return { half, memory: { base, offset, size }, isFloat };
};

/** Every half-word of RV64C that a stream may have, but for jumps and branches. */
export const compressedForms = (): CompressedForm[] => {
  const forms: CompressedForm[] = [];
  for (let half = 0; half < 0x1_0000; half++) {
    const form = (half & 3) === 3 ? null : formOf(half);
    if (form !== null) forms.push(form);
  }
  return forms;
};

const field = (value: number, high: number, low: number): number => (value >>> low) & (2 ** (high - low + 1) - 1);

/** c.j: "imm[11|4|9:8|10|6|7|3:1|5]". */
export const cJ = (offset: number): number => {
  const f = (high: number, low = high) => field(offset, high, low);
  const imm = [
    [f(11), 12],
    [f(4), 11],
    [f(9, 8), 9],
    [f(10), 8],
    [f(6), 7],
    [f(7), 6],
    [f(3, 1), 3],
    [f(5), 2],
  ] as const;
  return imm.reduce((half, [bits, at]) => half | (bits << at), 0xa001);
};

/** c.beqz and c.bnez of x8…x15: "imm[8|4:3] rs1′ imm[7:6|2:1|5]". */
export const cBranch = (isNotZero: boolean, rs1: number, offset: number): number => {
  const f = (high: number, low = high) => field(offset, high, low);
  const imm = (f(8) << 12) | (f(4, 3) << 10) | (f(7, 6) << 5) | (f(2, 1) << 3) | (f(5) << 2);
  return (isNotZero ? 0xe001 : 0xc001) | ((rs1 - 8) << 7) | imm;
};

/** c.jr, or c.jalr. */
export const cJumpRegister = (links: boolean, rs1: number): number => (links ? 0x9002 : 0x8002) | (rs1 << 7);

/** c.addi16sp: "nzimm[9] 00010 nzimm[4|6|8:7|5]". */
export const cAddi16sp = (imm: number): number => {
  const f = (high: number, low = high) => field(imm, high, low);
  return 0x6101 | (f(9) << 12) | (f(4) << 6) | (f(6) << 5) | (f(8, 7) << 3) | (f(5) << 2);
};
