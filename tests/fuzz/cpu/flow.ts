/** Jumps and branches forwards, over a few items. */
import { encode } from "../../assembly/hart/encode.ts";
import { cBranch, cJ, cJumpRegister } from "./compressed.ts";
import type { Random } from "./random.ts";
import { RESERVED } from "./state.ts";
import type { Item } from "./stream.ts";

const BRANCHES = ["BEQ", "BNE", "BLT", "BGE", "BLTU", "BGEU"] as const;

/** A register to link or jump by: writable, not x0. */
const someRegister = (random: Random): number => {
  for (;;) {
    const register = random.between(1, 31);
    if (!RESERVED.has(register)) return register;
  }
};

type Skip = Omit<Extract<Item, { kind: "skip" }>, "kind" | "count">;

const branch = (random: Random): Skip => {
  const name = random.of(BRANCHES);
  const rs1 = random.below(32);
  const rs2 = random.oneIn(5) ? rs1 : random.below(32);
  return { size: 4, reach: 4094, encode: (imm) => [encode(name, { rs1, rs2, imm })] };
};

const compressedBranch = (random: Random): Skip => {
  const isNotZero = random.oneIn(2);
  const rs1 = random.between(8, 15);
  return { size: 2, reach: 254, encode: (offset) => [cBranch(isNotZero, rs1, offset)] };
};

const jal = (random: Random): Skip => {
  const rd = random.of([0, 1, someRegister(random)]);
  return { size: 4, reach: 4094, encode: (imm) => [encode("JAL", { rd, imm })] };
};

/** auipc r, 0; jalr rd, distance(r): the lowest bit of the sum is dropped, so it may be set. */
const jalr = (random: Random): Skip => {
  const rs1 = someRegister(random);
  const rd = random.of([0, 1, rs1, someRegister(random)]);
  const odd = random.below(2);
  return {
    size: 8,
    reach: 2046,
    encode: (distance) => [encode("AUIPC", { rd: rs1 }), encode("JALR", { rd, rs1, imm: distance + odd })],
  };
};

const compressedJalr = (random: Random): Skip => {
  const rs1 = someRegister(random);
  const links = random.oneIn(2);
  return {
    size: 10,
    reach: 2046,
    encode: (imm) => [encode("AUIPC", { rd: rs1 }), encode("ADDI", { rd: rs1, rs1, imm }), cJumpRegister(links, rs1)],
  };
};

const compressedJump = (): Skip => ({ size: 2, reach: 2046, encode: (offset) => [cJ(offset)] });

export const flow = (random: Random): Item => {
  const make = random.of([branch, branch, branch, compressedBranch, jal, jalr, compressedJalr, compressedJump]);
  return { kind: "skip", count: random.below(6), ...make(random) };
};
