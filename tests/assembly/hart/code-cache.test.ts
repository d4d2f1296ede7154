/**
 * Predecoded code is never older than fence.i allows, is found wherever a page is mapped, and is not in the way of data.
 * Truth: "Zifencei" ("a FENCE.I instruction ensures that a subsequent instruction fetch on a RISC-V hart will see any
 * previous data stores already visible to the same RISC-V hart"), and the fetch's faults of the privileged specification.
 */
import { describe, expect, it } from "vitest";
import { CODE_PAGES } from "../../../assembly/layout.ts";
import {
  CAUSE_BREAKPOINT,
  CAUSE_FETCH_ACCESS,
  CAUSE_FETCH_PAGE_FAULT,
  PTE_A,
  PTE_D,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
  PTE_X,
} from "../../../assembly/riscv.ts";
import { RUN_BUDGET, RUN_TRAP } from "../../../assembly/run-reasons.ts";
import { PageTables } from "../harness.ts";
import { encode } from "./encode.ts";
import { C_EBREAK, CODE, DATA, HartMachine } from "./hart-machine.ts";

const addi = (rd: number, imm: number) => encode("ADDI", { rd, rs1: 0, imm });
const NOP = encode("ADDI");

describe("self-modifying code", () => {
  it("a stored instruction is executed after fence.i, at each distance in the page", () => {
    const machine = new HartMachine();
    for (const distance of [8, 12, 64, 0xe00]) {
      const target = CODE + distance;
      machine.write(target, [addi(5, 1), C_EBREAK]);
      machine.pc = target;
      machine.exports.run(10);
      expect(machine.x(5)).toBe(1n);
      machine.setX(10, target);
      machine.setX(11, addi(5, 2));
      machine.write(CODE, [encode("SW", { rs1: 10, rs2: 11 }), encode("FENCE_I")]);
      if (distance > 8) machine.write(CODE + 8, [encode("JAL", { rd: 0, imm: distance - 8 })]);
      // invalidateCode() has forgotten the page: let the old instruction be decoded again.
      machine.pc = target;
      machine.exports.run(10);
      expect(machine.x(5)).toBe(1n);
      machine.pc = CODE;
      machine.exports.run(10);
      expect(machine.x(5), `${distance}`).toBe(2n);
    }
  });

  it("a store of any size takes away every instruction that it touches", () => {
    const machine = new HartMachine();
    for (const [name, size] of [
      ["SB", 1],
      ["SH", 2],
      ["SW", 4],
      ["SD", 8],
    ] as const) {
      for (let offset = -7; offset < 8; offset++) {
        const at = DATA + 0x800;
        const code = Array.from({ length: 10 }, (_, i) => addi(16 + i, 1));
        machine.write(at - 16, [...code, C_EBREAK]);
        machine.pc = at - 16;
        machine.exports.run(100);
        // The new bytes are those of other instructions: c.ebreak everywhere.
        machine.setX(11, 0x9002_9002_9002_9002n);
        machine.setX(10, at + offset);
        machine.execute(encode(name, { rs1: 10, rs2: 11 }), encode("FENCE_I"));
        const bytes = machine.bytes(at - 16, 42);
        const fresh = new HartMachine();
        fresh.bytes(at - 16, 42).set(bytes);
        const outcome = (each: HartMachine) => {
          for (let i = 1; i < 32; i++) each.setX(i, 0);
          each.pc = at - 16;
          each.exports.run(100);
          return [each.pc, each.exports.trapCause(), ...code.map((_, i) => each.x(16 + i))];
        };
        expect(outcome(machine), `${name} at ${offset}, ${size} bytes`).toEqual(outcome(fresh));
      }
    }
  });

  it("a program that patches itself again and again sees each patch", () => {
    const machine = new HartMachine();
    const patched = encode("ADDI", { rd: 5, rs1: 5, imm: 1 });
    machine.write(CODE, [
      encode("SW", { rs1: 10, rs2: 11 }),
      encode("FENCE_I"),
      patched,
      encode("ADD", { rd: 11, rs1: 11, rs2: 12 }),
      encode("ADDI", { rd: 13, rs1: 13, imm: -1 }),
      encode("BNE", { rs1: 13, rs2: 0, imm: -20 }),
      C_EBREAK,
    ]);
    machine.setX(10, CODE + 8);
    machine.setX(11, patched);
    // One more in the immediate each time.
    machine.setX(12, 1 << 20);
    machine.setX(13, 100);
    machine.pc = CODE;
    machine.exports.run(1e4);
    expect(machine.x(5)).toBe(5050n);
  });

  it("data beside code: a page of both works, however many stores there are", () => {
    const machine = new HartMachine();
    const count = CODE + 0x800;
    machine.write(CODE, [
      encode("LD", { rd: 6, rs1: 10 }),
      encode("ADDI", { rd: 6, rs1: 6, imm: 1 }),
      encode("SD", { rs1: 10, rs2: 6 }),
      encode("BNE", { rs1: 6, rs2: 11, imm: -12 }),
      C_EBREAK,
    ]);
    machine.setX(10, count);
    machine.setX(11, 1000);
    machine.pc = CODE;
    expect(machine.exports.run(1e6)).toBe(RUN_TRAP);
    expect(machine.read64(count)).toBe(1000n);
    expect(machine.instret).toBe(4000);
  });

  it("what the kernel copies into a page is executed at once", () => {
    const machine = new HartMachine();
    machine.execute(addi(5, 1));
    machine.view.setUint32(machine.host(DATA), addi(5, 9), true);
    expect(machine.exports.copyUserToUser(CODE, DATA, 4)).toBe(4);
    machine.pc = CODE;
    machine.exports.run(10);
    expect(machine.x(5)).toBe(9n);
    // With the store entry in the TLB now, and the page decoded again.
    machine.view.setUint32(machine.host(DATA), addi(5, 10), true);
    machine.exports.copyUserToUser(CODE, DATA, 4);
    machine.pc = CODE;
    machine.exports.run(10);
    expect(machine.x(5)).toBe(10n);
    machine.exports.store32(CODE, addi(5, 11));
    machine.pc = CODE;
    machine.exports.run(10);
    expect(machine.x(5)).toBe(11n);
  });
});

describe("more code pages than slots", () => {
  it("each runs, and runs again", () => {
    const machine = new HartMachine();
    const pages = CODE_PAGES + 100;
    for (let page = 0; page < pages; page++) {
      machine.write(CODE + page * 4096, [
        encode("ADDI", { rd: 5, rs1: 5, imm: 1 }),
        page === pages - 1 ? C_EBREAK : encode("JAL", { rd: 0, imm: 4092 }),
      ]);
    }
    for (let pass = 1; pass <= 3; pass++) {
      machine.pc = CODE;
      expect(machine.exports.run(1e6)).toBe(RUN_TRAP);
      expect(machine.x(5)).toBe(BigInt(pass * pages));
    }
  });
});

describe("at a page's end", () => {
  const CODE_PTE = PTE_V | PTE_R | PTE_X | PTE_U | PTE_A;
  const VA = 0x40_0000;
  const paged = (second: number | undefined) => {
    const machine = new HartMachine();
    const tables = new PageTables(machine, DATA + 0x10_0000);
    tables.map(VA, CODE, CODE_PTE);
    // Not the next page in memory: the halves lie apart.
    if (second !== undefined) tables.map(VA + 4096, CODE + 0x5000, second);
    machine.setSatp(tables.satp());
    return machine;
  };

  it("straight on, from 4-byte and from 2-byte instructions", () => {
    const machine = paged(CODE_PTE);
    machine.write(CODE + 4090, [NOP, 0x0001]);
    machine.write(CODE + 0x5000, [addi(5, 3), C_EBREAK]);
    machine.pc = VA + 4090;
    machine.exports.run(100);
    expect([machine.x(5), machine.pc, machine.instret]).toEqual([3n, VA + 4100, 3]);
  });

  it("an instruction on both pages, again and again, computes and jumps from its own address", () => {
    const machine = paged(CODE_PTE);
    const split = (word: number) => {
      machine.write(CODE + 4094, [word & 0xffff]);
      machine.view.setUint16(machine.host(CODE + 0x5000), word >>> 16, true);
      machine.exports.invalidateCode(CODE + 0x5000, 2);
      machine.write(CODE + 0x5002, [C_EBREAK]);
    };
    for (const imm of [0x1000, 0x7fff_f000]) {
      machine.view.setUint16(machine.host(CODE + 4094), 0, true);
      split(encode("AUIPC", { rd: 5, imm }));
      machine.pc = VA + 4094;
      machine.exports.run(10);
      expect(machine.x(5)).toBe(BigInt(VA + 4094 + imm));
      expect(machine.pc).toBe(VA + 4098);
    }
    split(encode("JAL", { rd: 1, imm: -94 }));
    machine.write(CODE + 4000, [C_EBREAK]);
    machine.pc = VA + 4094;
    machine.exports.run(10);
    expect([machine.pc, machine.x(1)]).toEqual([VA + 4000, BigInt(VA + 4098)]);
  });

  it("a fault of its second half is at its own pc, and the value is the second page", () => {
    const machine = paged(PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D);
    machine.write(CODE + 4092, [0x0001]);
    machine.view.setUint16(machine.host(CODE + 4094), addi(5, 3) & 0xffff, true);
    machine.pc = VA + 4092;
    expect(machine.exports.run(100)).toBe(RUN_TRAP);
    expect(machine.exports.trapCause()).toBe(CAUSE_FETCH_PAGE_FAULT);
    expect(machine.exports.trapValue()).toBe(VA + 4096);
    expect([machine.pc, machine.instret]).toEqual([VA + 4094, 1]);
  });
});

describe("a fetch that fails", () => {
  it("is at the target of the jump", () => {
    const machine = new HartMachine();
    machine.setX(10, 0x7000_0000);
    machine.execute(encode("JALR", { rd: 1, rs1: 10 }));
    expect([machine.pc, machine.exports.trapCause(), machine.exports.trapValue()]).toEqual([
      0x7000_0000,
      CAUSE_FETCH_ACCESS,
      0x7000_0000,
    ]);
    expect(machine.x(1)).toBe(BigInt(CODE + 4));
    expect(machine.instret).toBe(1);
  });

  it("an odd pc, which only the host can write, is the even one below", () => {
    const machine = new HartMachine();
    machine.write(CODE, [addi(5, 3), C_EBREAK]);
    machine.pc = CODE + 1;
    machine.exports.run(10);
    expect([machine.x(5), machine.pc]).toEqual([3n, CODE + 4]);
  });

  it("is a page fault where X is not set, though the page is at hand as data", () => {
    const machine = new HartMachine();
    const tables = new PageTables(machine, DATA + 0x10_0000);
    tables.map(0x1_0000, CODE, PTE_V | PTE_R | PTE_X | PTE_U | PTE_A);
    tables.map(0x2_0000, CODE, PTE_V | PTE_R | PTE_U | PTE_A);
    machine.setSatp(tables.satp());
    machine.write(CODE, [encode("LW", { rd: 5, rs1: 10 }), encode("JALR", { rd: 0, rs1: 10 })]);
    machine.setX(10, 0x2_0000);
    machine.pc = 0x1_0000;
    machine.exports.run(10);
    expect([machine.exports.trapCause(), machine.pc]).toEqual([CAUSE_FETCH_PAGE_FAULT, 0x2_0000]);
  });

  it("two addresses of one page share its code and have their own pc", () => {
    const machine = new HartMachine();
    const tables = new PageTables(machine, DATA + 0x10_0000);
    for (const va of [0x1_0000, 0x5555_5000]) tables.map(va, CODE, PTE_V | PTE_R | PTE_X | PTE_U | PTE_A);
    machine.setSatp(tables.satp());
    machine.write(CODE, [encode("AUIPC", { rd: 5, imm: 0 }), C_EBREAK]);
    for (const va of [0x1_0000, 0x5555_5000]) {
      machine.pc = va;
      machine.exports.run(10);
      expect([machine.x(5), machine.pc, machine.exports.trapCause()]).toEqual([BigInt(va), va + 4, CAUSE_BREAKPOINT]);
    }
  });
});

describe("the budget", () => {
  it("an endless loop costs exactly its fuel", () => {
    const machine = new HartMachine();
    machine.write(CODE, [encode("JAL", { rd: 0, imm: 0 })]);
    machine.pc = CODE;
    let spent = 0;
    for (const fuel of [1, 2, 999, 1e6, 1]) {
      expect(machine.exports.run(fuel)).toBe(RUN_BUDGET);
      spent += fuel;
      expect(machine.instret).toBe(spent);
      expect(machine.pc).toBe(CODE);
    }
  });

  it("is overrun by less than a straight line, and told exactly", () => {
    const machine = new HartMachine();
    machine.write(CODE, [NOP, 0x0001, NOP, NOP, encode("JAL", { rd: 0, imm: -14 })]);
    machine.pc = CODE;
    machine.exports.run(1001);
    expect(machine.instret).toBe(1005);
    expect(machine.pc).toBe(CODE);
  });

  it("however it is cut, the same instructions run", () => {
    // A loop that stores, loads, multiplies and crosses pages.
    const program = (machine: HartMachine) => {
      machine.write(CODE + 4080, [
        encode("MUL", { rd: 6, rs1: 6, rs2: 7 }),
        encode("SD", { rs1: 10, rs2: 6, imm: 4 }),
        encode("LW", { rd: 8, rs1: 10, imm: 6 }),
        encode("ADD", { rd: 6, rs1: 6, rs2: 8 }),
        encode("ADDI", { rd: 5, rs1: 5, imm: -1 }),
        encode("BNE", { rs1: 5, rs2: 0, imm: -20 }),
        C_EBREAK,
      ]);
      machine.setX(5, 5000);
      machine.setX(6, 3);
      machine.setX(7, 0x1234_5677);
      machine.setX(10, DATA);
      machine.pc = CODE + 4080;
    };
    const finish = (slice: (i: number) => number) => {
      const machine = new HartMachine();
      program(machine);
      for (let i = 0; machine.exports.run(slice(i)) === RUN_BUDGET; i++);
      return [machine.instret, machine.pc, ...Array.from({ length: 32 }, (_, i) => machine.x(i))];
    };
    const whole = finish(() => 1e6);
    expect(whole[0]).toBe(30_000);
    expect(finish(() => 1)).toEqual(whole);
    expect(finish((i) => 1 + ((i * 7919) % 113))).toEqual(whole);
  });
});
