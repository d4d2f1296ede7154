/**
 * The code around the streams: enters each with the state of its block, leaves with the state in the block, and writes
 * arena and blocks to standard output at the end.
 */
import { SYS_exit, SYS_write } from "../../../abi/syscalls.ts";
import { encode as e, type Mnemonic } from "../../assembly/hart/encode.ts";
import { ARENA, ARENA_HALF, BLOCK_SIZE, GP, S0, TP, WORD_ARENA, WORD_F, WORD_FCSR } from "./state.ts";
import { bytes } from "./stream.ts";

/** Where it is, and where a stream jumps when it is done. */
export const RUNTIME = 0x1_0000;
const [T0, T1, T2, T3, A0, A1, A2, A7] = [5, 6, 7, 28, 10, 11, 12, 17];
const CSR_FCSR = 3;

/** rd = a number below 2^31. */
const li = (rd: number, value: number): number[] => [
  e("LUI", { rd, imm: (value + 0x800) & 0xfffff000 }),
  e("ADDIW", { rd, rs1: rd, imm: (value << 20) >> 20 }),
];

/** A loop over the arena's words; T0 is the word's address, S0 lies behind its last. */
const overArena = (body: readonly number[]): number[] => [
  ...li(T0, ARENA - ARENA_HALF),
  ...li(S0, ARENA + ARENA_HALF),
  ...body,
  e("ADDI", { rd: T0, rs1: T0, imm: 8 }),
  e("BNE", { rs1: T0, rs2: S0, imm: -4 * (body.length + 1) }),
];

/** xorshift64, the words in a row. */
const fillArena = (): number[] => [
  e("LD", { rd: T1, rs1: GP, imm: 8 * WORD_ARENA }),
  ...overArena([
    ...(
      [
        ["SLLI", 13],
        ["SRLI", 7],
        ["SLLI", 17],
      ] as const
    ).flatMap(([name, imm]) => [e(name, { rd: T2, rs1: T1, imm }), e("XOR", { rd: T1, rs1: T1, rs2: T2 })]),
    e("SD", { rs1: T0, rs2: T1 }),
  ]),
];

/** hash = (hash ^ word) × an odd number, which loses nothing. */
const hashArena = (): number[] => [
  e("ADDI", { rd: T1, imm: 0 }),
  ...li(T3, 0x0100_0193),
  ...overArena([
    e("LD", { rd: T2, rs1: T0 }),
    e("XOR", { rd: T1, rs1: T1, rs2: T2 }),
    e("MUL", { rd: T1, rs1: T1, rs2: T3 }),
  ]),
  e("SD", { rs1: GP, rs2: T1, imm: 8 * WORD_ARENA }),
];

const eachF = (name: Mnemonic): number[] =>
  Array.from({ length: 32 }, (_, f) => e(name, { rd: f, rs2: f, rs1: GP, imm: 8 * (WORD_F + f) }));

/** Where the streams are. `writable`: they may store to their own code. */
export interface Text {
  readonly start: number;
  readonly end: number;
  readonly writable: boolean;
}

/**
 * Touches every page of the text: an SC must not meet a page fault on its way from its LR, which would end the
 * reservation in ours, where the kernel takes it, and not in qemu, where the host does. Both are right.
 */
const touch = ({ start, end, writable }: Text): number[] => {
  const body = [e("LW", { rd: T1, rs1: T0 }), ...(writable ? [e("SW", { rs1: T0, rs2: T1 })] : [])];
  return [
    ...li(T0, start),
    ...li(T2, end),
    e("LUI", { rd: T3, imm: 4096 }),
    ...body,
    e("ADD", { rd: T0, rs1: T0, rs2: T3 }),
    e("BLTU", { rs1: T0, rs2: T2, imm: -4 * (body.length + 1) }),
  ];
};

const enter = (): number[] => [
  // sc.d ends the reservation that an earlier stream left.
  e("SC_D", { rs1: GP }),
  ...fillArena(),
  ...eachF("FLD"),
  e("LD", { rd: T0, rs1: GP, imm: 8 * WORD_FCSR }),
  e("CSRRW", { rs1: T0, imm: CSR_FCSR }),
  e("LD", { rd: TP, rs1: GP }),
  ...Array.from({ length: 31 }, (_, i) => i + 1)
    .filter((x) => x !== GP && x !== TP)
    .map((x) => e("LD", { rd: x, rs1: GP, imm: 8 * x })),
  e("JALR", { rs1: TP }),
];

const leave = (): number[] => [
  ...Array.from({ length: 31 }, (_, i) => e("SD", { rs1: GP, rs2: i + 1, imm: 8 * (i + 1) })),
  ...eachF("FSD"),
  e("CSRRS", { rd: T0, imm: CSR_FCSR }),
  e("SD", { rs1: GP, rs2: T0, imm: 8 * WORD_FCSR }),
  ...hashArena(),
  e("ADDI", { rd: GP, rs1: GP, imm: BLOCK_SIZE }),
  e("LD", { rd: T0, rs1: GP }),
];

/** write(1, A1, A2) until nothing is left; ends the program when there is an error. */
const write = (): number[] => [
  e("ADDI", { rd: A0, imm: 1 }),
  e("ADDI", { rd: A7, imm: SYS_write }),
  e("ECALL"),
  e("BGE", { rs1: 0, rs2: A0, imm: 16 }),
  e("ADD", { rd: A1, rs1: A1, rs2: A0 }),
  e("SUB", { rd: A2, rs1: A2, rs2: A0 }),
  e("BNE", { rs1: A2, rs2: 0, imm: -24 }),
];

const finish = (firstBlock: number): number[] => [
  ...li(A1, ARENA - ARENA_HALF),
  ...li(A2, 2 * ARENA_HALF),
  ...write(),
  ...li(A1, firstBlock),
  e("SUB", { rd: A2, rs1: GP, rs2: A1 }),
  ...write(),
  e("ADDI", { rd: A0, imm: 0 }),
  e("ADDI", { rd: A7, imm: SYS_exit }),
  e("ECALL"),
];

export interface Runtime {
  readonly bytes: Uint8Array;
  /** The address to which a stream jumps when it is done. */
  readonly leave: number;
}

/** Its length, and so `leave`, does not depend on where `text` starts and ends. */
export const runtime = (firstBlock: number, text: Text): Runtime => {
  const start = [...touch(text), ...li(GP, firstBlock)];
  const into = enter();
  const out = leave();
  // Back to `into` while there is another block: over the jump that is one.
  const again = [e("BEQ", { rs1: T0, rs2: 0, imm: 8 }), e("JAL", { imm: -4 * (into.length + out.length + 1) })];
  return {
    bytes: bytes([...start, ...into, ...out, ...again, ...finish(firstBlock)]),
    leave: RUNTIME + 4 * (start.length + into.length),
  };
};
