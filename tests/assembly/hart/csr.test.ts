/**
 * Control and status registers: who may use them, what they hold after any write. Truth: the privileged specification's
 * field definitions (WARL), quoted or named at each case.
 */
import { describe, expect, it } from "vitest";
import * as numbers from "../../../assembly/csr-numbers.ts";
import { CAUSE_BREAKPOINT, CAUSE_ILLEGAL_INSTRUCTION, PRV_M, PRV_S, PRV_U } from "../../../assembly/riscv.ts";
import { encode } from "./encode.ts";
import { C_EBREAK, CODE, HartMachine } from "./hart-machine.ts";
import { CORNERS, u64, words } from "./reference.ts";

/** By name too: the tests below go through the list. */
const csr = { ...numbers };
const ALL = u64(-1n);
/** Machine mode; a trap ends up in a loop at mtvec. */
const HANDLER = CODE + 0x8000;
const machineMode = () => {
  const machine = new HartMachine({ hostKernel: false });
  machine.write(HANDLER, [encode("JAL", { rd: 0, imm: 0 })]);
  machine.setCsr(csr.CSR_MTVEC, BigInt(HANDLER));
  machine.fs = 1;
  return machine;
};

/** Executes one instruction in a mode: the cause of its trap, or undefined. */
const attempt = (machine: HartMachine, mode: number, word: number): number | undefined => {
  machine.write(CODE, [word, C_EBREAK]);
  machine.exports.setPrivilege(mode);
  machine.pc = CODE;
  machine.exports.run(10);
  machine.exports.setPrivilege(PRV_M);
  const cause = Number(machine.csr(csr.CSR_MCAUSE));
  const epc = Number(machine.csr(csr.CSR_MEPC));
  if (epc === CODE + 4 && cause === CAUSE_BREAKPOINT) return undefined;
  expect(epc).toBe(CODE);
  return cause;
};

/** What may be set, and what always reads as something: for all ones, zeros and random words written. */
const WARL: readonly [keyof typeof csr, settable: bigint, constant: bigint][] = [
  ["CSR_FFLAGS", 0x1fn, 0n],
  ["CSR_FRM", 7n, 0n],
  ["CSR_FCSR", 0xffn, 0n],
  ["CSR_STVEC", ALL & ~2n, 0n],
  ["CSR_MTVEC", ALL & ~2n, 0n],
  ["CSR_SCOUNTEREN", 7n, 0n],
  ["CSR_MCOUNTEREN", 7n, 0n],
  ["CSR_SENVCFG", 1n, 0n],
  ["CSR_MENVCFG", (1n << 63n) | 1n, 0n],
  ["CSR_SSCRATCH", ALL, 0n],
  ["CSR_MSCRATCH", ALL, 0n],
  ["CSR_SEPC", ALL & ~1n, 0n],
  ["CSR_MEPC", ALL & ~1n, 0n],
  ["CSR_SCAUSE", (1n << 63n) | 0x3fn, 0n],
  ["CSR_MCAUSE", (1n << 63n) | 0x3fn, 0n],
  ["CSR_STVAL", ALL, 0n],
  ["CSR_MTVAL", ALL, 0n],
  ["CSR_STIMECMP", ALL, 0n],
  // Everything but ecall from M (11) and the reserved 10 and 14.
  ["CSR_MEDELEG", 0xb3ffn, 0n],
  ["CSR_MIDELEG", 0x222n, 0n],
  ["CSR_MIE", 0xaaan, 0n],
  ["CSR_MISA", 0n, (2n << 62n) | BigInt([..."ACDFIMSU"].reduce((bits, x) => bits | (1 << (x.charCodeAt(0) - 65)), 0))],
  ["CSR_MCOUNTINHIBIT", 0n, 0n],
  ["CSR_MHPMEVENT3", 0n, 0n],
  ["CSR_MHPMCOUNTER3", 0n, 0n],
  ["CSR_PMPCFG0", 0n, 0n],
  ["CSR_PMPADDR0", 0n, 0n],
];

describe("WARL", () => {
  it.each(WARL)("%s", (name, settable, constant) => {
    const machine = machineMode();
    const next = words(5);
    for (const value of [...CORNERS, ALL, 0n, ...Array.from({ length: 50 }, next)]) {
      machine.setCsr(csr[name], value);
      expect(machine.csr(csr[name]), `${value}`).toBe((value & settable) | constant);
    }
  });

  it("mstatus: UXL and SXL are 2, SD follows FS, MPP is never 2", () => {
    const machine = machineMode();
    const next = words(6);
    let mpp = 0n;
    for (const value of [0n, ALL, 0x1000n, 0x1800n, 0x0800n, 0x1000n, ...Array.from({ length: 200 }, next)]) {
      machine.setCsr(csr.CSR_MSTATUS, value);
      const got = machine.csr(csr.CSR_MSTATUS);
      if (((value >> 11n) & 3n) !== 2n) mpp = (value >> 11n) & 3n;
      const fs = (value >> 13n) & 3n;
      expect(got).toBe(
        (value & 0x7e_01aan) | (mpp << 11n) | (fs << 13n) | (2n << 32n) | (2n << 34n) | (fs === 3n ? 1n << 63n : 0n),
      );
      // "a restricted view": SIE SPIE SPP FS SUM MXR, UXL and SD.
      expect(machine.csr(csr.CSR_SSTATUS)).toBe(got & 0x8000_0003_000d_e122n & ~0x1_8000n);
    }
  });

  it("sstatus changes nothing of M's", () => {
    const machine = machineMode();
    machine.setCsr(csr.CSR_MSTATUS, 0x70_1888n);
    machine.setCsr(csr.CSR_SSTATUS, ALL);
    expect(machine.csr(csr.CSR_MSTATUS) & 0x7e_1888n).toBe(0x7c_1888n);
    machine.setCsr(csr.CSR_SSTATUS, 0n);
    expect(machine.csr(csr.CSR_MSTATUS) & 0x7e_1888n).toBe(0x70_1888n);
  });

  it("sie and sip show and change what is delegated", () => {
    const machine = machineMode();
    machine.setCsr(csr.CSR_MIE, 0xaaan);
    machine.setCsr(csr.CSR_MIP, 0x222n);
    for (const delegated of [0n, 0x2n, 0x22n, 0x222n]) {
      machine.setCsr(csr.CSR_MIDELEG, delegated);
      expect(machine.csr(csr.CSR_SIE)).toBe(delegated);
      expect(machine.csr(csr.CSR_SIP)).toBe(delegated);
    }
    machine.setCsr(csr.CSR_SIE, 0n);
    expect(machine.csr(csr.CSR_MIE)).toBe(0x888n);
    // "SSIP is writable in sip"; the others are not.
    machine.setCsr(csr.CSR_SIP, 0n);
    expect(machine.csr(csr.CSR_MIP)).toBe(0x220n);
  });

  it("satp keeps its value when a mode that is not there is written", () => {
    const machine = machineMode();
    machine.setCsr(csr.CSR_SATP, (8n << 60n) | 0x8_0123n);
    for (const mode of [1n, 7n, 9n, 10n, 15n]) {
      machine.setCsr(csr.CSR_SATP, (mode << 60n) | 0x5n);
      expect(machine.csr(csr.CSR_SATP)).toBe((8n << 60n) | 0x8_0123n);
    }
    machine.setCsr(csr.CSR_SATP, 0n);
    expect(machine.csr(csr.CSR_SATP)).toBe(0n);
  });
});

describe("instructions", () => {
  const machine = machineMode();
  const run = (name: "CSRRW" | "CSRRS" | "CSRRC" | "CSRRWI" | "CSRRSI" | "CSRRCI", rs1: number) =>
    attempt(machine, PRV_M, encode(name, { rd: 12, rs1, imm: csr.CSR_MSCRATCH }));

  it.each([
    ["CSRRW", 10, 0xf0n],
    ["CSRRS", 10, 0xffn],
    ["CSRRC", 10, 0x0fn],
    ["CSRRWI", 10, 10n],
    ["CSRRSI", 16, 0x1fn],
    ["CSRRCI", 5, 0x0an],
    ["CSRRS", 0, 0x0fn],
    ["CSRRCI", 0, 0x0fn],
  ] as const)("%s with %i", (name, rs1, after) => {
    machine.setCsr(csr.CSR_MSCRATCH, 0x0fn);
    machine.setX(10, 0xf0);
    expect(run(name, rs1)).toBeUndefined();
    expect(machine.x(12)).toBe(0x0fn);
    expect(machine.csr(csr.CSR_MSCRATCH)).toBe(after);
  });

  it("a read-only register is written by csrrw alone, or by csrrs of something: illegal, with the bits", () => {
    expect(attempt(machine, PRV_M, encode("CSRRS", { rd: 12, rs1: 0, imm: csr.CSR_MHARTID }))).toBeUndefined();
    expect(machine.x(12)).toBe(0n);
    for (const word of [
      encode("CSRRS", { rd: 12, rs1: 10, imm: csr.CSR_MHARTID }),
      encode("CSRRW", { rd: 0, rs1: 0, imm: csr.CSR_CYCLE }),
      encode("CSRRSI", { rd: 0, rs1: 1, imm: csr.CSR_TIME }),
    ]) {
      expect(attempt(machine, PRV_M, word)).toBe(CAUSE_ILLEGAL_INSTRUCTION);
      expect(machine.csr(csr.CSR_MTVAL)).toBe(BigInt(word));
    }
  });

  it("what does not exist is illegal, in every mode", () => {
    const known = new Set<number>(Object.entries(csr).flatMap(([name, n]) => (name.startsWith("CSR_") ? [n] : [])));
    for (let n = csr.CSR_MHPMCOUNTER3; n < csr.CSR_MHPMCOUNTER3 + 29; n++) known.add(n);
    for (let n = csr.CSR_MHPMEVENT3; n < csr.CSR_MHPMEVENT3 + 29; n++) known.add(n);
    for (let n = csr.CSR_PMPADDR0; n < csr.CSR_PMP_END; n++) known.add(n);
    for (let n = csr.CSR_PMPCFG0; n < csr.CSR_PMPADDR0; n += 2) known.add(n);
    known.delete(csr.CSR_PMP_END);
    const wrong: number[] = [];
    for (let n = 0; n < 4096; n++) {
      const cause = attempt(machine, PRV_M, encode("CSRRS", { rd: 12, rs1: 0, imm: n }));
      if ((cause === undefined) !== known.has(n)) wrong.push(n);
    }
    expect(wrong).toEqual([]);
  });

  it("bits 9..8 of the number are the least privilege", () => {
    machine.setCsr(csr.CSR_MCOUNTEREN, 7n);
    machine.setCsr(csr.CSR_SCOUNTEREN, 7n);
    machine.setCsr(csr.CSR_MENVCFG, ALL);
    for (const [name, n] of Object.entries(csr)) {
      if (!name.startsWith("CSR_") || n === csr.CSR_PMP_END) continue;
      for (const mode of [PRV_U, PRV_S, PRV_M]) {
        const allowed = mode >= ((n >> 8) & 3);
        const cause = attempt(machine, mode, encode("CSRRS", { rd: 12, rs1: 0, imm: n }));
        expect(cause, `${name} in ${mode}`).toBe(allowed ? undefined : CAUSE_ILLEGAL_INSTRUCTION);
      }
    }
  });

  it("counters need mcounteren in S, and scounteren too in U", () => {
    for (const [i, n] of [csr.CSR_CYCLE, csr.CSR_TIME, csr.CSR_INSTRET].entries()) {
      const read = encode("CSRRS", { rd: 12, rs1: 0, imm: n });
      for (const m of [0, 1]) {
        for (const s of [0, 1]) {
          machine.setCsr(csr.CSR_MCOUNTEREN, BigInt(m << i));
          machine.setCsr(csr.CSR_SCOUNTEREN, BigInt(s << i));
          expect(attempt(machine, PRV_M, read)).toBeUndefined();
          expect(attempt(machine, PRV_S, read)).toBe(m ? undefined : CAUSE_ILLEGAL_INSTRUCTION);
          expect(attempt(machine, PRV_U, read)).toBe(m && s ? undefined : CAUSE_ILLEGAL_INSTRUCTION);
        }
      }
    }
  });

  it("stimecmp in S needs menvcfg.STCE and mcounteren.TM", () => {
    const read = encode("CSRRS", { rd: 12, rs1: 0, imm: csr.CSR_STIMECMP });
    for (const stce of [0n, 1n]) {
      for (const tm of [0n, 2n]) {
        machine.setCsr(csr.CSR_MENVCFG, stce << 63n);
        machine.setCsr(csr.CSR_MCOUNTEREN, tm);
        expect(attempt(machine, PRV_S, read)).toBe(stce && tm ? undefined : CAUSE_ILLEGAL_INSTRUCTION);
      }
    }
  });

  it("with FS off, fcsr and every floating-point instruction are illegal", () => {
    for (const word of [
      encode("CSRRS", { rd: 12, rs1: 0, imm: csr.CSR_FCSR }),
      encode("FADD_D"),
      encode("FLD", { rs1: 10 }),
      encode("FSW", { rs1: 10 }),
      encode("FSGNJ_S"),
      encode("FMV_X_D"),
      encode("FEQ_D"),
      encode("FMADD_S"),
      encode("FCVT_D_W"),
      0x2000,
      0xa000,
    ]) {
      machine.setX(10, CODE);
      machine.setX(8, CODE + 0x100);
      machine.fs = 0;
      expect(attempt(machine, PRV_M, word), word.toString(16)).toBe(CAUSE_ILLEGAL_INSTRUCTION);
      expect(machine.csr(csr.CSR_MTVAL)).toBe(BigInt(word));
    }
    machine.fs = 1;
  });
});

describe("minstret", () => {
  it("counts what retires, itself not included, and can be written", () => {
    const machine = machineMode();
    machine.setX(10, 1000);
    machine.write(CODE, [
      encode("CSRRW", { rd: 0, rs1: 10, imm: csr.CSR_MINSTRET }),
      encode("CSRRS", { rd: 11, rs1: 0, imm: csr.CSR_MINSTRET }),
      encode("ADDI"),
      0x0001,
      encode("CSRRS", { rd: 12, rs1: 0, imm: csr.CSR_INSTRET }),
      C_EBREAK,
    ]);
    machine.pc = CODE;
    machine.exports.run(6);
    // "the write … takes effect … before the next instruction": the register reads as written there.
    expect(machine.x(11)).toBe(1000n);
    expect(machine.x(12)).toBe(1003n);
  });

  it("time follows the instructions, or stands", () => {
    const machine = machineMode();
    const read = encode("CSRRS", { rd: 12, rs1: 0, imm: csr.CSR_TIME });
    machine.exports.setTime(500, 4);
    machine.write(CODE, [...new Array(19).fill(encode("ADDI")), read, C_EBREAK]);
    machine.pc = CODE;
    machine.exports.run(20);
    expect(machine.x(12)).toBe(504n);
    machine.exports.setTime(77, 0);
    machine.pc = CODE;
    machine.exports.run(20);
    expect(machine.x(12)).toBe(77n);
  });
});
