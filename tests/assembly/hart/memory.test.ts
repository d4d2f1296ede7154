/**
 * Loads and stores. Truth: "The LW instruction loads a 32-bit value … sign-extends"; misaligned ones "are supported"
 * here at every place, across pages too; a trap is precise: the instruction did nothing, pc is its own.
 */
import { describe, expect, it } from "vitest";
import {
  CAUSE_LOAD_ACCESS,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_STORE_ACCESS,
  CAUSE_STORE_PAGE_FAULT,
  PTE_A,
  PTE_D,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
  PTE_X,
} from "../../../assembly/riscv.ts";
import { RUN_TRAP } from "../../../assembly/run-reasons.ts";
import { PageTables } from "../harness.ts";
import { encode, type Mnemonic } from "./encode.ts";
import { C_EBREAK, CODE, DATA, HartMachine } from "./hart-machine.ts";
import { u64, words } from "./reference.ts";

const LOADS: readonly [Mnemonic, number, boolean][] = [
  ["LB", 1, true],
  ["LH", 2, true],
  ["LW", 4, true],
  ["LD", 8, true],
  ["LBU", 1, false],
  ["LHU", 2, false],
  ["LWU", 4, false],
];
const STORES: readonly [Mnemonic, number][] = [
  ["SB", 1],
  ["SH", 2],
  ["SW", 4],
  ["SD", 8],
];

const bytesOf = (machine: HartMachine, pa: number, size: number): bigint =>
  machine.bytes(pa, size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

describe("at every alignment, and across pages", () => {
  const machine = new HartMachine();
  const next = words(3);
  const places = [0, 1, 2, 3, 4, 5, 6, 7, 4088, 4089, 4091, 4093, 4094, 4095];

  it.each(LOADS)("%s", (name, size, signed) => {
    for (const place of places) {
      for (const imm of [0, 8, -2048, 2047]) {
        machine.write64(DATA + place + 4, next());
        machine.write64(DATA + place, next());
        machine.setX(10, DATA + place - imm);
        machine.execute(encode(name, { rd: 12, rs1: 10, imm }));
        const value = bytesOf(machine, DATA + place, size);
        expect(machine.x(12)).toBe(u64(signed ? BigInt.asIntN(size * 8, value) : value));
      }
    }
  });

  it.each(STORES)("%s", (name, size) => {
    for (const place of places) {
      machine.bytes(DATA + place - 8, 24).fill(0xee);
      const value = next();
      machine.setX(11, value);
      machine.setX(10, DATA + place + 3);
      machine.execute(encode(name, { rs1: 10, rs2: 11, imm: -3 }));
      expect(bytesOf(machine, DATA + place, size)).toBe(BigInt.asUintN(size * 8, value));
      expect([...machine.bytes(DATA + place - 8, 8), ...machine.bytes(DATA + place + size, 8)]).toEqual(
        new Array(16).fill(0xee),
      );
    }
  });

  it("a load into x0 loads nothing, and traps all the same", () => {
    machine.setX(10, DATA);
    expect(machine.execute(encode("LD", { rd: 0, rs1: 10, imm: 0 }))).toBe(RUN_TRAP);
    expect(machine.x(0)).toBe(0n);
    machine.setX(10, 0x1000);
    machine.execute(encode("LD", { rd: 0, rs1: 10, imm: 0 }));
    expect(machine.exports.trapCause()).toBe(CAUSE_LOAD_ACCESS);
  });
});

describe("a trap is precise", () => {
  const RW = PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D;
  const machine = new HartMachine();
  const tables = new PageTables(machine, DATA + 0x10_0000);
  tables.map(0x1_0000, CODE, PTE_V | PTE_R | PTE_X | PTE_U | PTE_A);
  tables.map(0x2_0000, DATA, RW);
  tables.map(0x2_1000, DATA + 0x1000, RW & ~PTE_W & ~PTE_D);
  machine.setSatp(tables.satp());

  const attempt = (word: number, address: number) => {
    machine.write(CODE, [encode("ADDI", { rd: 5, rs1: 5, imm: 1 }), word, C_EBREAK]);
    machine.pc = 0x1_0000;
    machine.setX(5, 0);
    machine.setX(10, address);
    machine.setX(12, 0x77);
    const before = machine.instret;
    expect(machine.exports.run(100)).toBe(RUN_TRAP);
    expect(machine.x(5)).toBe(1n);
    expect(machine.x(12)).toBe(0x77n);
    // The ADDI has retired, the trapping instruction has not.
    expect(machine.instret - before).toBe(1);
    expect(machine.pc).toBe(0x1_0004);
    return { cause: machine.exports.trapCause(), value: machine.exports.trapValue() };
  };

  it("page faults", () => {
    const load = encode("LW", { rd: 12, rs1: 10, imm: 4 });
    const store = encode("SD", { rs1: 10, rs2: 11, imm: 0 });
    expect(attempt(load, 0x3_0000)).toEqual({ cause: CAUSE_LOAD_PAGE_FAULT, value: 0x3_0004 });
    expect(attempt(store, 0x2_1008)).toEqual({ cause: CAUSE_STORE_PAGE_FAULT, value: 0x2_1008 });
    // Of an access on two pages, the second one's first byte.
    machine.bytes(DATA + 0xff8, 8).fill(0x55);
    expect(attempt(store, 0x2_0ffc)).toEqual({ cause: CAUSE_STORE_PAGE_FAULT, value: 0x2_1000 });
    expect([...machine.bytes(DATA + 0xff8, 8)]).toEqual(new Array(8).fill(0x55));
  });

  it("access faults where there is no memory", () => {
    const bare = new HartMachine();
    for (const [word, cause] of [
      [encode("LBU", { rd: 12, rs1: 10 }), CAUSE_LOAD_ACCESS],
      [encode("SW", { rs1: 10, rs2: 11 }), CAUSE_STORE_ACCESS],
    ] as const) {
      bare.setX(10, 0x7000_0000);
      bare.execute(word);
      expect([bare.exports.trapCause(), bare.exports.trapValue(), bare.pc]).toEqual([cause, 0x7000_0000, CODE]);
    }
  });
});
