/**
 * All 65,536 half-words: what each expands to, or that it is illegal, or half of something longer. Truth: expansion.ts,
 * written from the specification's listings; and the record of a compressed instruction is that of its expansion.
 */
import { expect, it } from "vitest";
import { CAUSE_ILLEGAL_INSTRUCTION } from "../../../assembly/riscv.ts";
import { expand } from "./expansion.ts";
import { C_EBREAK, CODE, HartMachine } from "./hart-machine.ts";
import { meaning, recordAt } from "./records.ts";

const clearRegisters = (machine: HartMachine): void => {
  for (let i = 0; i < 32; i++) machine.setX(i, 0);
};

/** Executes one instruction, whatever it is: with all registers zero its memory accesses and jumps reach nothing. */
const decoded = (machine: HartMachine, word: number, pa: number): string => {
  clearRegisters(machine);
  machine.write(pa, [word]);
  machine.write(pa + 4, [C_EBREAK]);
  machine.pc = pa;
  machine.exports.run(1);
  return meaning(recordAt(machine, pa));
};

it("every compressed instruction is its expansion", { timeout: 120_000 }, () => {
  const machine = new HartMachine();
  const wrong: string[] = [];
  let legal = 0;
  for (let half = 0; half < 0x1_0000; half++) {
    if ((half & 3) === 3) continue;
    const expansion = expand(half);
    const got = decoded(machine, half, CODE + 0x800);
    const want =
      expansion === undefined ? `ILLEGAL rd=32 rs1=0 rs2=0 imm=${half}` : decoded(machine, expansion, CODE + 0x8800);
    if (expansion !== undefined) legal++;
    if (got !== want) wrong.push(`0x${half.toString(16)}: ${got} instead of ${want}`);
    const length = recordAt(machine, CODE + 0x800).length;
    if (length !== 2) wrong.push(`0x${half.toString(16)} is ${length} long`);
  }
  expect(wrong.slice(0, 20)).toEqual([]);
  // Three quadrants of 16,384, less what is reserved: most are legal.
  expect(legal).toBeGreaterThan(40_000);
});

it("an illegal one traps with its 16 bits", () => {
  const machine = new HartMachine();
  for (const half of [0x0000, 0x8000, 0x2001, 0x6001, 0x9c41, 0x4002, 0x8002]) {
    machine.execute(half);
    expect(machine.exports.trapCause()).toBe(CAUSE_ILLEGAL_INSTRUCTION);
    expect(machine.exports.trapValue()).toBe(half);
    expect(machine.pc).toBe(CODE);
  }
});

it("C.JALR links two bytes on", () => {
  const machine = new HartMachine();
  machine.setX(5, CODE + 0x100);
  machine.write(CODE + 0x100, [C_EBREAK]);
  machine.execute(0x9282);
  expect(machine.pc).toBe(CODE + 0x100);
  expect(machine.x(1)).toBe(BigInt(CODE + 2));
});
