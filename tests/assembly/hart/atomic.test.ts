/**
 * The A extension. Truth: reference.ts for what is stored; "A" § "Load-Reserved/Store-Conditional Instructions" for
 * success and failure; "if an address is not naturally aligned, an address-misaligned … exception will be generated".
 */
import { describe, expect, it } from "vitest";
import { CAUSE_MISALIGNED_LOAD, CAUSE_MISALIGNED_STORE, CAUSE_STORE_ACCESS } from "../../../assembly/riscv.ts";
import { RUN_ECALL, RUN_TRAP } from "../../../assembly/run-reasons.ts";
import { ENCODINGS, encode, type Mnemonic } from "./encode.ts";
import { C_EBREAK, CODE, DATA, HartMachine } from "./hart-machine.ts";
import { atomic, CORNERS, u64 } from "./reference.ts";

const AMOS = (Object.keys(ENCODINGS) as Mnemonic[]).filter((name) => name.startsWith("AMO"));
const machine = new HartMachine();
const sizeOf = (name: string): number => (name.endsWith("_W") ? 4 : 8);
const extended = (value: bigint, size: number): bigint => u64(BigInt.asIntN(size * 8, value));

it.each(AMOS)("%s", (name) => {
  const size = sizeOf(name);
  machine.write(CODE, [encode(name, { rd: 12, rs1: 10, rs2: 11 }), C_EBREAK]);
  for (const memory of CORNERS) {
    for (const operand of CORNERS) {
      machine.write64(DATA, memory);
      machine.setX(10, DATA);
      machine.setX(11, operand);
      machine.pc = CODE;
      machine.exports.run(10);
      expect(machine.x(12)).toBe(extended(memory, size));
      const stored = atomic(name, size * 8, memory, operand);
      const upper = size === 4 ? (memory >> 32n) << 32n : 0n;
      expect(machine.read64(DATA), `${name} ${memory} ${operand}`).toBe(upper | stored);
    }
  }
});

it("aq and rl change nothing that one hart sees", () => {
  for (const ordering of [0x0200_0000, 0x0400_0000, 0x0600_0000]) {
    machine.write64(DATA, 5n);
    machine.setX(10, DATA);
    machine.setX(11, 3);
    machine.execute((encode("AMOADD_D", { rd: 12, rs1: 10, rs2: 11 }) | ordering) >>> 0);
    expect(machine.read64(DATA)).toBe(8n);
  }
});

it.each([...AMOS, "LR_W", "LR_D", "SC_W", "SC_D"] as Mnemonic[])("%s of a misaligned address traps", (name) => {
  const size = sizeOf(name);
  for (let offset = 1; offset < size; offset++) {
    machine.setX(10, DATA + offset);
    machine.execute(encode(name, { rd: 12, rs1: 10, rs2: name.startsWith("LR") ? 0 : 11 }));
    expect(machine.exports.trapCause()).toBe(name.startsWith("LR") ? CAUSE_MISALIGNED_LOAD : CAUSE_MISALIGNED_STORE);
    expect(machine.exports.trapValue()).toBe(DATA + offset);
  }
});

describe.each([4, 8])("LR and SC of %i bytes", (size) => {
  const [lr, sc] = size === 4 ? (["LR_W", "SC_W"] as const) : (["LR_D", "SC_D"] as const);
  const LR = encode(lr, { rd: 12, rs1: 10 });
  const SC = encode(sc, { rd: 13, rs1: 10, rs2: 11 });
  const start = (memory: bigint) => {
    machine.write64(DATA, memory);
    machine.setX(10, DATA);
    machine.setX(11, 0x1234_5678_9abcn);
    machine.setX(13, 99);
  };

  it("a pair succeeds: 0 in rd, and the value stored", () => {
    start(0xffff_ffff_8000_0001n);
    expect(machine.execute(LR, SC)).toBe(RUN_TRAP);
    expect(machine.x(12)).toBe(extended(0xffff_ffff_8000_0001n, size));
    expect(machine.x(13)).toBe(0n);
    expect(machine.read64(DATA) & 0xffff_ffffn).toBe(0x5678_9abcn);
  });

  it("without a reservation it fails: 1 in rd, and nothing stored", () => {
    start(7n);
    machine.execute(SC);
    expect(machine.x(13)).toBe(1n);
    expect(machine.read64(DATA)).toBe(7n);
  });

  it("a second SC fails: the first has ended the reservation, failed or not", () => {
    start(7n);
    machine.execute(LR, SC, SC);
    expect(machine.x(13)).toBe(1n);
  });

  it("of another address it fails", () => {
    start(7n);
    machine.execute(LR, encode("ADDI", { rd: 10, rs1: 10, imm: 8 }), SC);
    expect(machine.x(13)).toBe(1n);
  });

  it("after another store to the place it fails", () => {
    start(7n);
    machine.execute(LR, encode("SW", { rs1: 10, rs2: 11, imm: 0 }), SC);
    expect(machine.x(13)).toBe(1n);
  });

  it("after a trap it fails, and a slice's end does not matter", () => {
    start(7n);
    machine.write(CODE, [LR, encode("ECALL"), SC, C_EBREAK]);
    machine.pc = CODE;
    expect(machine.exports.run(10)).toBe(RUN_ECALL);
    machine.pc = CODE + 8;
    machine.exports.run(10);
    expect(machine.x(13)).toBe(1n);

    start(7n);
    machine.write(CODE, [LR, encode("JAL", { rd: 0, imm: 4 }), SC, C_EBREAK]);
    machine.pc = CODE;
    machine.exports.run(2);
    expect(machine.pc).toBe(CODE + 8);
    machine.exports.run(10);
    expect(machine.x(13)).toBe(0n);
  });
});

it("where there is no memory, an access fault of a store", () => {
  machine.setX(10, 0x7000_0000);
  machine.execute(encode("AMOADD_W", { rd: 12, rs1: 10, rs2: 11 }));
  expect(machine.exports.trapCause()).toBe(CAUSE_STORE_ACCESS);
});
