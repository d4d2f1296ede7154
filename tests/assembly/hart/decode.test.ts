/**
 * 32-bit instructions to records: operation, registers, immediate; and what is illegal. Truth: the listing in encode.ts
 * and the immediate formats of the specification, taken apart here a second time.
 */
import { describe, expect, it } from "vitest";
import { SLOT_F, SLOT_SINK } from "../../../assembly/hart-layout.ts";
import * as ops from "../../../assembly/ops.ts";
import { CAUSE_ILLEGAL_INSTRUCTION } from "../../../assembly/riscv.ts";
import { ENCODINGS, type Format, type Mnemonic, mnemonicOf, ROUNDED } from "./encode.ts";
import { C_EBREAK, CODE, HartMachine } from "./hart-machine.ts";
import { meaning, recordAt } from "./records.ts";
import { words } from "./reference.ts";

const bit = (word: number, from: number, count: number): number => (word >>> from) & (2 ** count - 1);
const sext = (value: number, bits: number): number => (value << (32 - bits)) >> (32 - bits);

const immediateOf = (format: Format, word: number): number => {
  if (ROUNDED.has(format)) return bit(word, 12, 3);
  switch (format) {
    case "I":
    case "FI":
      return sext(bit(word, 20, 12), 12);
    case "S":
    case "FS":
      return sext((bit(word, 25, 7) << 5) | bit(word, 7, 5), 12);
    case "B":
      return sext(
        (bit(word, 31, 1) << 12) | (bit(word, 7, 1) << 11) | (bit(word, 25, 6) << 5) | (bit(word, 8, 4) << 1),
        13,
      );
    case "U":
      return word & 0xfffff000;
    case "J":
      return sext(
        (bit(word, 31, 1) << 20) | (bit(word, 12, 8) << 12) | (bit(word, 20, 1) << 11) | (bit(word, 21, 10) << 1),
        21,
      );
    case "Shift":
      return bit(word, 20, 6);
    case "ShiftW":
      return bit(word, 20, 5);
    case "Csr":
      return bit(word, 20, 12);
    default:
      return 0;
  }
};

/** The slots of rd, rs1 and rs2 that a format has; undefined: it has none. */
const registersOf = (format: Format, word: number): (number | undefined)[] => {
  const rd = bit(word, 7, 5);
  const rs1 = bit(word, 15, 5);
  const rs2 = bit(word, 20, 5);
  const x = rd === 0 ? SLOT_SINK : rd;
  if (format === "None") return [undefined, undefined, undefined];
  if (format === "R2") return [undefined, rs1, rs2];
  if (format === "S" || format === "B") return [undefined, rs1, rs2];
  if (format === "FS") return [undefined, rs1, SLOT_F + rs2];
  if (format === "U" || format === "J") return [x, undefined, undefined];
  if (format === "FI") return [SLOT_F + rd, rs1, undefined];
  if (format === "R") return [x, rs1, rs2];
  if (["I", "Shift", "ShiftW", "Csr"].includes(format)) return [x, rs1, undefined];
  if (format.startsWith("FX")) return [x, SLOT_F + rs1, format === "FX2" ? SLOT_F + rs2 : undefined];
  if (format.startsWith("XF")) return [SLOT_F + rd, rs1, undefined];
  return [SLOT_F + rd, SLOT_F + rs1, format === "F1" ? undefined : SLOT_F + rs2];
};

/** The record of a word that was executed with all registers zero; WFI, jumps and traps included. */
const decode = (machine: HartMachine, word: number) => {
  for (let i = 0; i < 32; i++) machine.setX(i, 0);
  machine.write(CODE + 0x800, [word, C_EBREAK]);
  machine.pc = CODE + 0x800;
  machine.exports.run(1);
  return recordAt(machine, CODE + 0x800);
};

const check = (machine: HartMachine, word: number): void => {
  const name = mnemonicOf(word);
  const record = decode(machine, word);
  const hex = `0x${word.toString(16)} ${name}`;
  if (name === undefined) {
    expect(record.op, hex).toBe(ops.OP_ILLEGAL);
    expect(record.imm >>> 0, hex).toBe(word);
    return;
  }
  const { format } = ENCODINGS[name];
  const [rd, rs1, rs2] = registersOf(format, word);
  const want = `rd=${rd ?? record.rd} rs1=${rs1 ?? record.rs1} rs2=${rs2 ?? record.rs2} imm=${
    immediateOf(format, word) || (["R", "None", "R2", "F2", "FX2", "FX", "XF"].includes(format) ? record.imm : 0)
  }`;
  // ADDI rd, x0 and LUI are one operation, ADDI rd, rs, 0 and ADD rd, x0, rs another: records.ts undoes it.
  const got = meaning(record);
  const isMove = (name === "ADD" && rs1 === 0) || name === "LUI";
  if (!isMove) expect(got, hex).toBe(`${name} ${want}`);
  else
    expect(got, hex).toMatch(
      name === "LUI" ? `ADDI rd=${rd} rs1=0 rs2=0 imm=${word & 0xfffff000}` : `ADDI rd=${rd} rs1=${rs2} `,
    );
  if (format === "R4") expect(record.rs3, hex).toBe(SLOT_F + bit(word, 27, 5));
};

describe("every instruction of the listing", () => {
  const machine = new HartMachine();
  it.each(Object.keys(ENCODINGS) as Mnemonic[])("%s", (name) => {
    const { match, mask } = ENCODINGS[name];
    const next = words(match);
    check(machine, match);
    for (let i = 0; i < 40; i++) check(machine, (match | (Number(next() & 0xffff_ffffn) & ~mask)) >>> 0);
    // One bit beside it, inside the mask: another instruction or none.
    for (let at = 2; at < 32; at++) {
      const word = (match ^ ((1 << at) & mask)) >>> 0;
      check(machine, (word | (Number(next() & 0xffff_ffffn) & ~mask)) >>> 0);
    }
  });
});

it("any 32-bit word at all", () => {
  const machine = new HartMachine();
  const next = words(7);
  for (let i = 0; i < 4000; i++) check(machine, (Number(next() & 0xffff_ffffn) | 3) >>> 0);
});

it("an illegal one traps with its bits", () => {
  const machine = new HartMachine();
  for (const word of [0xffff_ffff, 0x0000_7057, 0x8000_0033, 0x0000_5053, 0xfe00_4073]) {
    machine.execute(word >>> 0);
    expect(machine.exports.trapCause()).toBe(CAUSE_ILLEGAL_INSTRUCTION);
    expect(machine.exports.trapValue()).toBe(word);
  }
});
