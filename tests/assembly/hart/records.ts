/** Predecoded records, read from linear memory: assembly/ops.ts is their description. */
import { CODE_MAP, CODE_POOL, CODE_SLOT_SIZE, VIDEO_MEMORY } from "../../../assembly/layout.ts";
import * as ops from "../../../assembly/ops.ts";
import type { HartMachine } from "./hart-machine.ts";

export interface DecodedRecord {
  op: number;
  length: 2 | 4;
  rd: number;
  rs1: number;
  rs2: number;
  rs3: number;
  imm: number;
}

/** The record of the instruction at a physical address, after it was executed once. Registers as slot numbers. */
export const recordAt = (machine: HartMachine, pa: number): DecodedRecord => {
  const { view } = machine;
  const host = machine.host(pa);
  const slot = view.getUint16(CODE_MAP + 2 * Math.floor((host - VIDEO_MEMORY) / 4096), true);
  if (slot === 0) throw new Error(`no code was executed in the page of 0x${pa.toString(16)}`);
  const at = CODE_POOL + slot * CODE_SLOT_SIZE + ((host & 4095) / 2) * ops.RECORD_SIZE;
  const op = view.getUint16(at, true);
  const isShort = op > ops.OP_SHORT && op <= 2 * ops.OP_SHORT;
  return {
    op: isShort ? op - ops.OP_SHORT : op,
    length: isShort ? 2 : 4,
    rd: view.getUint16(at + ops.RECORD_RD, true) / 8,
    rs1: view.getUint16(at + ops.RECORD_RS1, true) / 8,
    rs2: view.getUint16(at + ops.RECORD_RS2, true) / 8,
    rs3: view.getUint16(at + ops.RECORD_RS3, true) / 8,
    imm: view.getInt32(at + ops.RECORD_IMM, true),
  };
};

const NAMES = new Map(
  Object.entries(ops)
    .filter(([name]) => name.startsWith("OP_") && name !== "OP_SHORT")
    .map(([name, op]) => [op, name.slice(3)]),
);

/** What a record says, without the decoder's liberties: LI and MV are ADDI, LUI is LI of the same number. */
export const meaning = (record: DecodedRecord): string => {
  let { rs1, rs2, imm } = record;
  let name = NAMES.get(record.op) ?? `op ${record.op}`;
  if (name === "LI") [name, rs1] = ["ADDI", 0];
  if (name === "MV") [name, imm] = ["ADDI", 0];
  if (name === "ADD" && rs1 === 0) [name, rs1, rs2, imm] = ["ADDI", rs2, 0, 0];
  return `${name} rd=${record.rd} rs1=${rs1} rs2=${rs2} imm=${imm}`;
};
