/** The cases to record: for each instruction of RV64GC's user mode, encodings and operands. */
import { doubleOperand, floatOperand, integerOperand, singleOperand } from "../../fuzz/cpu/operands.ts";
import type { Random } from "../../fuzz/cpu/random.ts";
import { lengthOf } from "../../fuzz/cpu/stream.ts";
import { ENCODINGS, encode, type Format, type Mnemonic, mnemonicOf, ROUNDED } from "../hart/encode.ts";
import { expand } from "../hart/expansion.ts";
import { F, FCSR, isFlow, M, type Value } from "./vector.ts";

export interface Case {
  readonly name: string;
  readonly code: readonly number[];
  readonly before: Map<number, Value>;
  readonly usesMemory: boolean;
}

const CASES = 8;
/** The system's instructions: they have tests of their own (trap.test.ts). */
const SYSTEM = new Set(["ECALL", "EBREAK", "SRET", "MRET", "WFI", "SFENCE_VMA"]);
/** The runtime's registers and the recorder's. */
const KEPT = new Set([3, 4, 25, 26, 27, 28, 29]);

const COMPRESSED_NAMES: readonly (readonly string[])[] = [
  ["ADDI4SPN", "FLD", "LW", "LD", "", "FSD", "SW", "SD"],
  ["ADDI", "ADDIW", "LI", "LUI", "*", "J", "BEQZ", "BNEZ"],
  ["SLLI", "FLDSP", "LWSP", "LDSP", "*", "FSDSP", "SWSP", "SDSP"],
];

const compressedName = (half: number, word: number): string => {
  const expansion = mnemonicOf(word)!;
  const rd = (word >>> 7) & 31;
  const name = COMPRESSED_NAMES[half & 3]![half >> 13]!;
  if (name === "LUI" && expansion === "ADDI") return "C_ADDI16SP";
  if (name === "ADDI" && rd === 0) return "C_NOP";
  if (name !== "*") return `C_${name}`;
  if (expansion === "JALR") return rd === 0 ? "C_JR" : "C_JALR";
  return expansion === "ADD" && ((word >>> 15) & 31) === 0 ? "C_MV" : `C_${expansion}`;
};

const register = (random: Random): number => {
  const number = random.below(32);
  return KEPT.has(number) ? register(random) : number;
};

const CSRS = [1, 2, 3];

/** `nth` of the cases of this instruction. */
const randomWord = (name: Mnemonic, nth: number, random: Random): number => {
  const { format } = ENCODINGS[name] as { format: Format };
  const imm: Partial<Record<Format, number>> = {
    // Where a jump goes: over the two instructions that follow it.
    B: 12,
    J: 12,
    U: random.of([0x1000, 0x7fff_f000, 0x8000_0000 | 0, -0x1000, random.word32() & ~0xfff]),
    Shift: random.of([0, 1, 31, 32, 63, random.below(64)]),
    ShiftW: random.of([0, 1, 31, random.below(32)]),
    Csr: random.of(CSRS),
  };
  return encode(name, {
    rd: random.oneIn(10) ? 0 : register(random),
    rs1: register(random),
    rs2: register(random),
    rs3: random.below(32),
    rm: ROUNDED.has(format) ? random.of([0, 1, 2, 3, 4, 7, 7]) : 0,
    imm: imm[format] ?? [0, 1, -1, 2047, -2048][nth % 7] ?? random.between(-2048, 2047),
  });
};

const SIZES: Readonly<Record<string, number>> = { B: 1, H: 2, W: 4, D: 8 };
/** Bytes that it loads or stores, 0: none. */
const accessSize = (name: Mnemonic): number => {
  if (/^(AMO|LR|SC)/.test(name)) return name.endsWith("W") ? 4 : 8;
  return /^(L[BHWD]U?|S[BHWD]|F[LS][WD])$/.test(name) ? SIZES[name.replace(/^F/, "")[1]!]! : 0;
};

const immediateOf = (format: Format, word: number): bigint => {
  const imm = (word >> 20) as number;
  if (format === "S" || format === "FS") return BigInt((imm & ~31) | ((word >>> 7) & 31));
  return format === "R" ? 0n : BigInt(imm);
};

/** The words of the state that an instruction reads. */
const sources = (format: Format, word: number): { x: number[]; f: number[] } => {
  const [rs1, rs2, rs3] = [(word >>> 15) & 31, (word >>> 20) & 31, word >>> 27];
  switch (format) {
    case "R":
    case "S":
    case "B":
      return { x: [rs1, rs2], f: [] };
    case "FS":
      return { x: [rs1], f: [rs2] };
    case "R4":
      return { x: [], f: [rs1, rs2, rs3] };
    case "FR":
    case "F2":
    case "FX2":
      return { x: [], f: [rs1, rs2] };
    case "F1":
    case "FX":
    case "FXR":
      return { x: [], f: [rs1] };
    default:
      return { x: ["U", "J", "None"].includes(format) ? [] : [rs1], f: [] };
  }
};

/** One case of an instruction; undefined when the encoding does not suit. `word` is the expansion of `code`. */
const makeCase = (name: string, code: number, word: number, random: Random): Case | undefined => {
  const mnemonic = mnemonicOf(word)!;
  const { format } = ENCODINGS[mnemonic] as { format: Format };
  const [rd, rs1, rs2] = [(word >>> 7) & 31, (word >>> 15) & 31, (word >>> 20) & 31];
  const { x, f } = sources(format, word);
  const writesX = !["S", "B", "FS", "None", "R4", "FR", "F1", "F2", "XF", "XFR", "FI"].includes(format);
  if ([...x, ...(writesX ? [rd] : [])].some((number) => KEPT.has(number))) return undefined;
  const before = new Map<number, Value>();
  const random64 = () => ({ base: "" as const, value: integerOperand(random) });
  for (const number of x) if (number !== 0) before.set(number, random64());
  // Equal operands now and then: comparisons and branches see them differently.
  if (x.length === 2 && x.every((number) => number !== 0) && random.oneIn(4)) before.set(x[1]!, before.get(x[0]!)!);
  // Of the format that is read, mostly: FCVT_S_D reads a double.
  const ofFormat = /_S$/.test(mnemonic) || mnemonic === "FSW" ? singleOperand : doubleOperand;
  const float = () => (random.oneIn(12) ? floatOperand(random) : ofFormat(random));
  const first = float();
  for (const [i, number] of f.entries()) {
    before.set(F + number, { base: "", value: i === 0 || random.oneIn(5) ? first : float() });
  }
  if (/^F/.test(mnemonic) && f.length + x.length > 0 && random.oneIn(2)) {
    before.set(FCSR, { base: "", value: BigInt((random.below(5) << 5) | random.below(32)) });
  }
  if (format === "Csr") before.set(FCSR, { base: "", value: BigInt(random.below(256)) });
  const size = accessSize(mnemonic);
  const prefix: number[] = [];
  if (size > 0) {
    if (rs1 === 0 || (x.length === 2 && rs1 === rs2)) return undefined;
    const isAtomic = format === "R";
    const at = isAtomic ? random.below(16 / size) * size : random.below(16 - size + 1);
    before.set(rs1, { base: "m", value: BigInt(at) - immediateOf(format, word) });
    before.set(M, random64());
    before.set(M + 1, random64());
    // LR first, mostly; x0 gets what it loads.
    if (mnemonic.startsWith("SC") && !random.oneIn(3)) prefix.push(encode(size === 4 ? "LR_W" : "LR_D", { rs1 }));
  }
  if (mnemonic === "JALR") {
    if (rs1 === 0) return undefined;
    const target = BigInt(lengthOf(code) + 8);
    before.set(rs1, { base: "pc", value: target - immediateOf(format, word) });
  }
  const sorted = new Map(
    [...before].filter(([, { base, value }]) => base !== "" || value !== 0n).sort(([a], [b]) => a - b),
  );
  return { name, code: [...prefix, code], before: sorted, usesMemory: size > 0 };
};

/** Compressed jumps and branches go over the two instructions that follow them. */
const suits = (name: string, word: number): boolean => {
  if (!isFlow(name) || name === "C_JR" || name === "C_JALR") return true;
  const wanted = encode(mnemonicOf(word)!, { rs1: (word >>> 15) & 31, imm: 10 });
  return word === wanted;
};

const compressedCases = (random: Random): Case[] => {
  const byName = new Map<string, { half: number; word: number }[]>();
  for (let half = 0; half < 0x1_0000; half++) {
    const word = (half & 3) === 3 ? undefined : expand(half);
    if (word === undefined) continue;
    const name = compressedName(half, word);
    if (name !== "C_EBREAK" && suits(name, word)) byName.set(name, [...(byName.get(name) ?? []), { half, word }]);
  }
  return [...byName].flatMap(([name, forms]) =>
    several(() => {
      const { half, word } = random.of(forms);
      return makeCase(name, half, word, random);
    }),
  );
};

const several = (make: (nth: number) => Case | undefined): Case[] => {
  const cases: Case[] = [];
  for (let tries = 0; cases.length < CASES && tries < 400; tries++) {
    const one = make(cases.length);
    if (one !== undefined) cases.push(one);
  }
  return cases;
};

/** By file. */
export const allCases = (random: Random): ReadonlyMap<string, Case[]> => {
  const files = new Map<string, Case[]>([["rv64c", compressedCases(random)]]);
  for (const name of Object.keys(ENCODINGS) as Mnemonic[]) {
    if (SYSTEM.has(name)) continue;
    const cases = several((nth) => {
      const word = randomWord(name, nth, random);
      return makeCase(name, word, word, random);
    });
    const file = fileOf(name);
    files.set(file, [...(files.get(file) ?? []), ...cases]);
  }
  return files;
};

const fileOf = (name: string): string => {
  if (name.startsWith("CSR")) return "zicsr";
  if (name.startsWith("F") && !name.startsWith("FENCE")) return /_D(_|$)|^F[LS]D$/.test(name) ? "rv64d" : "rv64f";
  if (/^(MUL|DIV|REM)/.test(name)) return "rv64m";
  return /^(AMO|LR_|SC_)/.test(name) ? "rv64a" : "rv64i";
};
