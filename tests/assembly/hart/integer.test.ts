/**
 * RV64I and M: every instruction that computes, branches or jumps, on corner operands and random ones. Truth: the
 * reference model in reference.ts.
 */
import { describe, expect, it } from "vitest";
import { CAUSE_BREAKPOINT } from "../../../assembly/riscv.ts";
import { RUN_TRAP } from "../../../assembly/run-reasons.ts";
import { encode } from "./encode.ts";
import { C_EBREAK, CODE, HartMachine } from "./hart-machine.ts";
import {
  BRANCH_NAMES,
  CORNERS,
  compute,
  IMMEDIATE_OPERATIONS,
  isTaken,
  REGISTER_OPERATIONS,
  u64,
  words,
} from "./reference.ts";

const pairs = (seed: number): [bigint, bigint][] => {
  const word = words(seed);
  const random = Array.from({ length: 50 }, (): [bigint, bigint] => [word(), word()]);
  return [...CORNERS.flatMap((a) => CORNERS.map((b): [bigint, bigint] => [a, b])), ...random];
};

describe("register with register", () => {
  const machine = new HartMachine();
  it.each(REGISTER_OPERATIONS)("%s", (name) => {
    machine.write(CODE, [encode(name, { rd: 12, rs1: 10, rs2: 11 }), C_EBREAK]);
    for (const [a, b] of pairs(1)) {
      machine.setX(10, a);
      machine.setX(11, b);
      machine.pc = CODE;
      expect(machine.exports.run(10)).toBe(RUN_TRAP);
      expect(machine.x(12), `${name} ${a}, ${b}`).toBe(compute(name, a, b));
      expect(machine.x(10)).toBe(a);
      expect(machine.x(11)).toBe(b);
    }
  });

  it("x0 stays zero, and a destination may be a source", () => {
    machine.setX(5, 7);
    machine.execute(encode("ADD", { rd: 0, rs1: 5, rs2: 5 }), encode("SUB", { rd: 6, rs1: 0, rs2: 5 }));
    expect(machine.x(0)).toBe(0n);
    expect(machine.x(6)).toBe(u64(-7n));
    machine.execute(encode("MUL", { rd: 5, rs1: 5, rs2: 5 }));
    expect(machine.x(5)).toBe(49n);
  });
});

describe("register with immediate", () => {
  const machine = new HartMachine();
  it.each(IMMEDIATE_OPERATIONS)("%s", (name) => {
    const isShift = /^S(LL|RL|RA)I/.test(name);
    const amounts = name.endsWith("W") ? [0, 1, 15, 31] : [0, 1, 31, 32, 63];
    for (const imm of isShift ? amounts : [0, 1, -1, 5, 2047, -2048, 1365]) {
      // rs1 = x0 and imm = 0 are decoded to operations of their own.
      for (const rs1 of [10, 0]) {
        machine.write(CODE, [encode(name, { rd: 12, rs1, imm }), C_EBREAK]);
        for (const a of CORNERS) {
          machine.setX(10, a);
          machine.pc = CODE;
          machine.exports.run(10);
          expect(machine.x(12), `${name} ${a}, ${imm}`).toBe(compute(name, rs1 === 0 ? 0n : a, BigInt(imm)));
        }
      }
    }
  });

  it("LUI and AUIPC sign-extend their 32 bits", () => {
    for (const imm of [0, 0x1000, 0x7fff_f000, -0x8000_0000, -0x1000]) {
      machine.execute(encode("LUI", { rd: 5, imm }), encode("AUIPC", { rd: 6, imm }));
      expect(machine.x(5)).toBe(u64(BigInt(imm)));
      expect(machine.x(6)).toBe(u64(BigInt(CODE + 4 + imm)));
    }
  });
});

describe("jumps", () => {
  const machine = new HartMachine();
  const FAR = CODE + 0x4000;

  it.each(BRANCH_NAMES)("%s", (name) => {
    // Near, far, and backwards; the link between pages is another path of the machine than the one in a page.
    for (const imm of [8, -8, 0x7fe, -0x1000, 0xffe]) {
      machine.write(FAR, [encode(name, { rs1: 10, rs2: 11, imm }), C_EBREAK]);
      machine.write(FAR + imm, [C_EBREAK]);
      for (const [a, b] of pairs(2).slice(0, 120)) {
        machine.setX(10, a);
        machine.setX(11, b);
        machine.pc = FAR;
        machine.exports.run(10);
        expect(machine.pc, `${name} ${a}, ${b}`).toBe(FAR + (isTaken(name, a, b) ? imm : 4));
      }
    }
  });

  it("JAL links the instruction behind it and reaches ±1 MiB", () => {
    const here = CODE + 0x18_0000;
    for (const imm of [4, 6, 0x100, 0xf_fffe, -0x10_0000, -2]) {
      machine.write(here, [encode("JAL", { rd: 1, imm })]);
      if (imm !== -2) machine.write(here + imm, [C_EBREAK]);
      else machine.write(here - 2, [C_EBREAK]);
      machine.pc = here;
      machine.exports.run(10);
      expect(machine.pc).toBe(here + imm);
      expect(machine.x(1)).toBe(BigInt(here + 4));
    }
  });

  it("JALR clears the lowest bit, and may link into its own base", () => {
    machine.write(FAR, [C_EBREAK]);
    machine.setX(5, FAR + 9);
    machine.execute(encode("JALR", { rd: 5, rs1: 5, imm: -8 }));
    expect(machine.pc).toBe(FAR);
    expect(machine.x(5)).toBe(BigInt(CODE + 4));
  });

  it("the trap is at the c.ebreak, and its value its address", () => {
    machine.write(FAR, [C_EBREAK]);
    machine.pc = FAR;
    expect(machine.exports.run(1)).toBe(RUN_TRAP);
    expect(machine.exports.trapCause()).toBe(CAUSE_BREAKPOINT);
    expect(machine.exports.trapValue()).toBe(FAR);
  });
});
