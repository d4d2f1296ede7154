/** Small riscv64 programs for tests of the API: written by hand, so that every retired instruction is accounted for. */
import { tinyElf } from "../kernel/exec/tiny-elf.ts";

const A0 = 10;
const A1 = 11;
const A2 = 12;
const A7 = 17;
const SP = 2;
const S0 = 8;
const SYS_READ = 63;
const SYS_WRITE = 64;
const SYS_EXIT = 93;
const ECALL = 0x73;

/** addi rd, rs1, imm (I-type: imm[11:0] rs1 000 rd 0010011). */
const addi = (rd: number, rs1: number, imm: number): number => ((imm << 20) | (rs1 << 15) | (rd << 7) | 0x13) >>> 0;
/** jal x0, offset (J-type: imm[20|10:1|11|19:12] rd 1101111). */
const jump = (offset: number): number =>
  ((((offset >> 20) & 1) << 31) |
    (((offset >> 1) & 0x3ff) << 21) |
    (((offset >> 11) & 1) << 20) |
    (((offset >> 12) & 0xff) << 12) |
    0x6f) >>>
  0;
/** blt rs1, rs2, offset and bge (B-type). */
const branch = (funct3: number, rs1: number, rs2: number, offset: number): number =>
  ((((offset >> 12) & 1) << 31) |
    (((offset >> 5) & 0x3f) << 25) |
    (rs2 << 20) |
    (rs1 << 15) |
    (funct3 << 12) |
    (((offset >> 1) & 0xf) << 8) |
    (((offset >> 11) & 1) << 7) |
    0x63) >>>
  0;
const BLT = 4;
/** ld rd, imm(rs1) */
const ld = (rd: number, rs1: number, imm: number): number =>
  ((imm << 20) | (rs1 << 15) | (3 << 12) | (rd << 7) | 0x03) >>> 0;

const exit = (code: number): number[] => [addi(A0, 0, code), addi(A7, 0, SYS_EXIT), ECALL];

/** Counts in s0 for ever. */
export const endless = (): Uint8Array => tinyElf([addi(S0, S0, 1), jump(-4)]);

/** A straight line of `length` instructions, again and again. */
export const longLines = (length: number): Uint8Array =>
  tinyElf([...Array.from({ length: length - 1 }, () => addi(S0, S0, 1)), jump(-4 * (length - 1))]);

/** Exits with `code`: three instructions, of which the last does not return. */
export const exits = (code: number): Uint8Array => tinyElf(exit(code));

/** Loads from address 8, where nothing is. */
export const faults = (): Uint8Array => tinyElf([ld(A0, 0, 8)]);
/** Where the program of faults() has its load: the headers lie before it. */
export const FAULT_PC = 0x1_0000 + 64 + 56;

/** cat: standard input to standard output, 64 bytes at a time. */
export const cat = (): Uint8Array =>
  tinyElf([
    addi(SP, SP, -64),
    addi(A0, 0, 0),
    addi(A1, SP, 0),
    addi(A2, 0, 64),
    addi(A7, 0, SYS_READ),
    ECALL,
    // a0 <= 0: the end
    branch(BLT, 0, A0, 4 * 4),
    ...exit(0),
    addi(A2, A0, 0),
    addi(A0, 0, 1),
    addi(A1, SP, 0),
    addi(A7, 0, SYS_WRITE),
    ECALL,
    jump(-4 * 14),
  ]);

/** Writes 64 bytes of its stack to standard output for ever. */
export const chatters = (): Uint8Array =>
  tinyElf([
    addi(SP, SP, -64),
    addi(A1, SP, 0),
    addi(A2, 0, 64),
    addi(A0, 0, 1),
    addi(A7, 0, SYS_WRITE),
    ECALL,
    jump(-12),
  ]);
