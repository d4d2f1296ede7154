/**
 * The 32-bit instruction that an RV64C half-word stands for, or undefined where the encoding is reserved. Written from
 * "C" § "Instruction Set Listings" (tables RVC quadrants 0, 1 and 2) with their bit lists spelled as there: "5:4|9:6|2|3"
 * is the immediate's bits from the instruction's bit 12 downwards.
 */
import { encode } from "./encode.ts";

/** Collects an immediate from the bits named, taken from `half` from bit `from` downwards. */
const collect = (half: number, from: number, list: string): number => {
  let value = 0;
  let at = from;
  for (const part of list.split("|")) {
    const [high, low = high] = part.split(":").map(Number) as [number, number?];
    for (let bit = high; bit >= low!; bit--) value |= ((half >> at--) & 1) << bit;
  }
  return value;
};

const signed = (value: number, bits: number): number => (value << (32 - bits)) >> (32 - bits);

export const expand = (half: number): number | undefined => {
  const quadrant = half & 3;
  const funct3 = half >> 13;
  const rd = (half >> 7) & 31;
  const rs2 = (half >> 2) & 31;
  const rdShort = 8 + ((half >> 2) & 7);
  const rs1Short = 8 + ((half >> 7) & 7);
  const bit12 = (half >> 12) & 1;
  const imm6 = signed((bit12 << 5) | rs2, 6);
  const shamt = imm6 & 63;
  switch (quadrant * 8 + funct3) {
    case 0: {
      const imm = collect(half, 12, "5:4|9:6|2|3");
      return imm === 0 ? undefined : encode("ADDI", { rd: rdShort, rs1: 2, imm });
    }
    case 1:
    case 3:
    case 5:
    case 7: {
      const imm = collect(half, 12, "5:3") | collect(half, 6, "7:6");
      if (funct3 === 1) return encode("FLD", { rd: rdShort, rs1: rs1Short, imm });
      if (funct3 === 3) return encode("LD", { rd: rdShort, rs1: rs1Short, imm });
      return encode(funct3 === 5 ? "FSD" : "SD", { rs1: rs1Short, rs2: rdShort, imm });
    }
    case 2:
    case 6: {
      const imm = collect(half, 12, "5:3") | collect(half, 6, "2|6");
      if (funct3 === 2) return encode("LW", { rd: rdShort, rs1: rs1Short, imm });
      return encode("SW", { rs1: rs1Short, rs2: rdShort, imm });
    }
    case 8:
      return encode("ADDI", { rd, rs1: rd, imm: imm6 });
    case 9:
      return rd === 0 ? undefined : encode("ADDIW", { rd, rs1: rd, imm: imm6 });
    case 10:
      return encode("ADDI", { rd, rs1: 0, imm: imm6 });
    case 11: {
      if (imm6 === 0) return undefined;
      if (rd !== 2) return encode("LUI", { rd, imm: imm6 << 12 });
      const imm = signed((bit12 << 9) | collect(half, 6, "4|6|8:7|5"), 10);
      return encode("ADDI", { rd: 2, rs1: 2, imm });
    }
    case 12: {
      const funct2 = (half >> 10) & 3;
      if (funct2 === 0) return encode("SRLI", { rd: rs1Short, rs1: rs1Short, imm: shamt });
      if (funct2 === 1) return encode("SRAI", { rd: rs1Short, rs1: rs1Short, imm: shamt });
      if (funct2 === 2) return encode("ANDI", { rd: rs1Short, rs1: rs1Short, imm: imm6 });
      const name = (["SUB", "XOR", "OR", "AND", "SUBW", "ADDW"] as const)[bit12 * 4 + ((half >> 5) & 3)];
      return name && encode(name, { rd: rs1Short, rs1: rs1Short, rs2: rdShort });
    }
    case 13:
      return encode("JAL", { rd: 0, imm: signed(collect(half, 12, "11|4|9:8|10|6|7|3:1|5"), 12) });
    case 14:
    case 15: {
      const imm = signed(collect(half, 12, "8|4:3") | collect(half, 6, "7:6|2:1|5"), 9);
      return encode(funct3 === 6 ? "BEQ" : "BNE", { rs1: rs1Short, rs2: 0, imm });
    }
    case 16:
      return encode("SLLI", { rd, rs1: rd, imm: shamt });
    case 17:
      return encode("FLD", { rd, rs1: 2, imm: (bit12 << 5) | collect(half, 6, "4:3|8:6") });
    case 18:
      return rd === 0 ? undefined : encode("LW", { rd, rs1: 2, imm: (bit12 << 5) | collect(half, 6, "4:2|7:6") });
    case 19:
      return rd === 0 ? undefined : encode("LD", { rd, rs1: 2, imm: (bit12 << 5) | collect(half, 6, "4:3|8:6") });
    case 20:
      if (bit12 === 0 && rs2 === 0) return rd === 0 ? undefined : encode("JALR", { rd: 0, rs1: rd, imm: 0 });
      if (bit12 === 0) return encode("ADD", { rd, rs1: 0, rs2 });
      if (rs2 !== 0) return encode("ADD", { rd, rs1: rd, rs2 });
      return rd === 0 ? encode("EBREAK") : encode("JALR", { rd: 1, rs1: rd, imm: 0 });
    case 21:
      return encode("FSD", { rs1: 2, rs2, imm: collect(half, 12, "5:3|8:6") });
    case 22:
      return encode("SW", { rs1: 2, rs2, imm: collect(half, 12, "5:2|7:6") });
    case 23:
      return encode("SD", { rs1: 2, rs2, imm: collect(half, 12, "5:3|8:6") });
    default:
      return undefined;
  }
};
