/**
 * What RV64IMA's instructions compute, in BigInt, from the sentences of the unprivileged specification. Registers are
 * unsigned 64-bit BigInts.
 */
import type { Mnemonic } from "./encode.ts";

export const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
export const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
const s32 = (value: bigint): bigint => BigInt.asIntN(32, value);
const bool = (value: boolean): bigint => (value ? 1n : 0n);

/** "Table 11: Semantics for division by zero and division overflow": DIV and REM of signed numbers of `bits` bits. */
const divide = (a: bigint, b: bigint, bits: number): bigint => {
  if (b === 0n) return -1n;
  if (a === -(1n << BigInt(bits - 1)) && b === -1n) return a;
  return a / b;
};

const remainder = (a: bigint, b: bigint, bits: number): bigint => {
  if (b === 0n) return a;
  if (a === -(1n << BigInt(bits - 1)) && b === -1n) return 0n;
  return a % b;
};

type Operation = (a: bigint, b: bigint) => bigint;

/** Two operands, as they are in rs1 and rs2 (or the sign-extended immediate), to the value of rd before truncation. */
const OPERATIONS: Partial<Record<Mnemonic, Operation>> = {
  ADD: (a, b) => a + b,
  SUB: (a, b) => a - b,
  SLL: (a, b) => a << (b & 63n),
  SRL: (a, b) => a >> (b & 63n),
  SRA: (a, b) => s64(a) >> (b & 63n),
  SLT: (a, b) => bool(s64(a) < s64(b)),
  SLTU: (a, b) => bool(a < b),
  XOR: (a, b) => a ^ b,
  OR: (a, b) => a | b,
  AND: (a, b) => a & b,
  ADDW: (a, b) => s32(a + b),
  SUBW: (a, b) => s32(a - b),
  SLLW: (a, b) => s32(a << (b & 31n)),
  SRLW: (a, b) => s32(u32(a) >> (b & 31n)),
  SRAW: (a, b) => s32(a) >> (b & 31n),
  MUL: (a, b) => a * b,
  MULH: (a, b) => (s64(a) * s64(b)) >> 64n,
  MULHSU: (a, b) => (s64(a) * b) >> 64n,
  MULHU: (a, b) => (a * b) >> 64n,
  DIV: (a, b) => divide(s64(a), s64(b), 64),
  DIVU: (a, b) => (b === 0n ? -1n : a / b),
  REM: (a, b) => remainder(s64(a), s64(b), 64),
  REMU: (a, b) => (b === 0n ? a : a % b),
  MULW: (a, b) => s32(a * b),
  DIVW: (a, b) => s32(divide(s32(a), s32(b), 32)),
  DIVUW: (a, b) => (u32(b) === 0n ? -1n : s32(u32(a) / u32(b))),
  REMW: (a, b) => s32(remainder(s32(a), s32(b), 32)),
  REMUW: (a, b) => s32(u32(b) === 0n ? u32(a) : u32(a) % u32(b)),
};

const WITH_IMMEDIATE: Partial<Record<Mnemonic, Mnemonic>> = {
  ADDI: "ADD",
  SLTI: "SLT",
  SLTIU: "SLTU",
  XORI: "XOR",
  ORI: "OR",
  ANDI: "AND",
  SLLI: "SLL",
  SRLI: "SRL",
  SRAI: "SRA",
  ADDIW: "ADDW",
  SLLIW: "SLLW",
  SRLIW: "SRLW",
  SRAIW: "SRAW",
};

export const REGISTER_OPERATIONS = Object.keys(OPERATIONS) as Mnemonic[];
export const IMMEDIATE_OPERATIONS = Object.keys(WITH_IMMEDIATE) as Mnemonic[];

export const compute = (name: Mnemonic, a: bigint, b: bigint): bigint => {
  const operation = OPERATIONS[WITH_IMMEDIATE[name] ?? name];
  if (operation === undefined) throw new Error(`no reference for ${name}`);
  return u64(operation(u64(a), u64(b)));
};

const BRANCHES: Partial<Record<Mnemonic, (a: bigint, b: bigint) => boolean>> = {
  BEQ: (a, b) => a === b,
  BNE: (a, b) => a !== b,
  BLT: (a, b) => s64(a) < s64(b),
  BGE: (a, b) => s64(a) >= s64(b),
  BLTU: (a, b) => a < b,
  BGEU: (a, b) => a >= b,
};

export const BRANCH_NAMES = Object.keys(BRANCHES) as Mnemonic[];
export const isTaken = (name: Mnemonic, a: bigint, b: bigint): boolean => BRANCHES[name]!(u64(a), u64(b));

/** What an AMO stores, from memory's value and rs2, both of `bits` bits. */
export const atomic = (name: Mnemonic, bits: number, memory: bigint, rs2: bigint): bigint => {
  const signed = (value: bigint) => BigInt.asIntN(bits, value);
  const [m, r] = [BigInt.asUintN(bits, memory), BigInt.asUintN(bits, rs2)];
  const results: Record<string, bigint> = {
    AMOSWAP: r,
    AMOADD: m + r,
    AMOXOR: m ^ r,
    AMOAND: m & r,
    AMOOR: m | r,
    AMOMIN: signed(m) < signed(r) ? m : r,
    AMOMAX: signed(m) > signed(r) ? m : r,
    AMOMINU: m < r ? m : r,
    AMOMAXU: m > r ? m : r,
  };
  return BigInt.asUintN(bits, results[name.split("_")[0]!]!);
};

/** Operands at which integer operations change their behaviour. */
export const CORNERS: readonly bigint[] = [
  0n,
  1n,
  2n,
  -1n,
  -2n,
  31n,
  32n,
  63n,
  64n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x1_0000_0000n,
  -0x80000000n,
  -0x80000001n,
  0x7fff_ffff_ffff_ffffn,
  -0x8000_0000_0000_0000n,
  0x0123_4567_89ab_cdefn,
  -0x0123_4567_89ab_cdefn,
  0xaaaa_aaaa_5555_5555n,
].map(u64);

/** A generator of 64-bit words, some of them small; the same for the same seed (splitmix64). */
export const words = (seed: number): (() => bigint) => {
  let state = BigInt(seed);
  return () => {
    state = u64(state + 0x9e37_79b9_7f4a_7c15n);
    let z = state;
    z = u64((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    z = u64((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn);
    z ^= z >> 31n;
    const width = [64n, 64n, 32n, 33n, 12n, 5n][Number(z & 0xffn) % 6]!;
    return u64(z & 0x100n ? s64(z) >> (64n - width) : z >> (64n - width));
  };
};
