/**
 * Traps and interrupts of the privileged architecture, taken by the hart itself. Truth: "3.1.6.1 Privilege and Global
 * Interrupt-Enable Stack", "3.1.7 Machine Trap-Vector Base-Address", "3.1.8 Machine Trap Delegation", "3.1.9 Machine
 * Interrupt", "3.3 Machine-Mode Privileged Instructions", and Sstc.
 */
import { describe, expect, it } from "vitest";
import {
  CSR_MCAUSE,
  CSR_MCOUNTEREN,
  CSR_MEDELEG,
  CSR_MENVCFG,
  CSR_MEPC,
  CSR_MIDELEG,
  CSR_MIE,
  CSR_MIP,
  CSR_MSTATUS,
  CSR_MTVAL,
  CSR_MTVEC,
  CSR_SATP,
  CSR_SCAUSE,
  CSR_SEPC,
  CSR_STIMECMP,
  CSR_STVAL,
  CSR_STVEC,
  IRQ_MEI,
  IRQ_MSI,
  IRQ_MTI,
  IRQ_SEI,
  IRQ_SSI,
  IRQ_STI,
  STATUS_MIE,
  STATUS_MPIE,
  STATUS_MPP,
  STATUS_MPRV,
  STATUS_MXR,
  STATUS_SIE,
  STATUS_SPIE,
  STATUS_SPP,
  STATUS_SUM,
  STATUS_TSR,
  STATUS_TVM,
  STATUS_TW,
} from "../../../assembly/csr-numbers.ts";
import {
  CAUSE_ILLEGAL_INSTRUCTION,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_MACHINE_ECALL,
  CAUSE_SUPERVISOR_ECALL,
  CAUSE_USER_ECALL,
  PRV_M,
  PRV_S,
  PRV_U,
  PTE_A,
  PTE_D,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
  PTE_X,
} from "../../../assembly/riscv.ts";
import { RUN_BUDGET, RUN_WAIT } from "../../../assembly/run-reasons.ts";
import { PageTables } from "../harness.ts";
import { encode } from "./encode.ts";
import { CODE, DATA, HartMachine } from "./hart-machine.ts";

const M_HANDLER = CODE + 0x8000;
const S_HANDLER = CODE + 0x9000;
const LOOP = encode("JAL", { rd: 0, imm: 0 });
const INTERRUPT = 1n << 63n;

/** A machine in `mode`, with handlers that loop, and code that loops after `code`. */
const start = (mode: number, ...code: number[]) => {
  const machine = new HartMachine({ hostKernel: false });
  for (let at = 0; at < 64; at += 4) {
    machine.write(M_HANDLER + at, [LOOP]);
    machine.write(S_HANDLER + at, [LOOP]);
  }
  machine.write(CODE, [...code, LOOP]);
  machine.setCsr(CSR_MTVEC, BigInt(M_HANDLER));
  machine.setCsr(CSR_STVEC, BigInt(S_HANDLER));
  machine.exports.setPrivilege(mode);
  machine.pc = CODE;
  return machine;
};
const number = (machine: HartMachine, csr: number) => Number(machine.csr(csr));

describe("an exception", () => {
  const ECALL = encode("ECALL");
  it.each([
    [PRV_U, CAUSE_USER_ECALL],
    [PRV_S, CAUSE_SUPERVISOR_ECALL],
    [PRV_M, CAUSE_MACHINE_ECALL],
  ])("goes to M from %i, with mode and interrupt-enable stacked", (mode, cause) => {
    for (const mie of [0, STATUS_MIE]) {
      const machine = start(mode, encode("ADDI"), ECALL);
      machine.setCsr(CSR_MSTATUS, BigInt(mie));
      machine.exports.run(5);
      expect([machine.pc, machine.mode]).toEqual([M_HANDLER, PRV_M]);
      expect([number(machine, CSR_MCAUSE), number(machine, CSR_MEPC), number(machine, CSR_MTVAL)]).toEqual([
        cause,
        CODE + 4,
        0,
      ]);
      expect(number(machine, CSR_MSTATUS) & (STATUS_MIE | STATUS_MPIE | STATUS_MPP)).toBe(
        (mie ? STATUS_MPIE : 0) | (mode << 11),
      );
    }
  });

  it("goes to S when delegated, but never from M", () => {
    for (const mode of [PRV_U, PRV_S, PRV_M]) {
      for (const sie of [0, STATUS_SIE]) {
        const machine = start(mode, 0x0000);
        machine.setCsr(CSR_MEDELEG, 1n << 2n);
        machine.setCsr(CSR_MSTATUS, BigInt(sie));
        machine.write(CODE, [0xffff_ffff]);
        machine.exports.run(5);
        if (mode === PRV_M) {
          expect([machine.pc, machine.mode]).toEqual([M_HANDLER, PRV_M]);
          continue;
        }
        expect([machine.pc, machine.mode]).toEqual([S_HANDLER, PRV_S]);
        expect([number(machine, CSR_SCAUSE), number(machine, CSR_SEPC), machine.csr(CSR_STVAL)]).toEqual([
          CAUSE_ILLEGAL_INSTRUCTION,
          CODE,
          0xffff_ffffn,
        ]);
        expect(number(machine, CSR_MSTATUS) & (STATUS_SIE | STATUS_SPIE | STATUS_SPP)).toBe(
          (sie ? STATUS_SPIE : 0) | (mode === PRV_S ? STATUS_SPP : 0),
        );
      }
    }
  });

  it("a handler that faults itself runs on, and uses the budget up", () => {
    const machine = start(PRV_M, ECALL);
    machine.setCsr(CSR_MTVEC, 0x7000_0000n);
    const before = machine.instret;
    expect(machine.exports.run(1000)).toBe(RUN_BUDGET);
    expect(machine.instret).toBe(before);
    expect(number(machine, CSR_MEPC)).toBe(0x7000_0000);
  });
});

describe("returns", () => {
  it.each([
    [PRV_U, 0],
    [PRV_S, 0],
    [PRV_M, STATUS_MPRV],
  ])("mret to %i", (mode, mprv) => {
    const machine = start(PRV_M, encode("MRET"));
    machine.write(CODE + 0x100, [LOOP]);
    machine.setCsr(CSR_MEPC, BigInt(CODE + 0x100));
    machine.setCsr(CSR_MSTATUS, BigInt((mode << 11) | STATUS_MPIE | STATUS_MPRV));
    machine.exports.run(3);
    expect([machine.pc, machine.mode]).toEqual([CODE + 0x100, mode]);
    // MIE from MPIE, MPIE 1, MPP U; "If y≠M, xRET also sets MPRV=0".
    expect(number(machine, CSR_MSTATUS) & (STATUS_MIE | STATUS_MPIE | STATUS_MPP | STATUS_MPRV)).toBe(
      STATUS_MIE | STATUS_MPIE | mprv,
    );
  });

  it.each([PRV_U, PRV_S])("sret to %i", (mode) => {
    const machine = start(PRV_S, encode("SRET"));
    machine.write(CODE + 0x100, [LOOP]);
    machine.setCsr(CSR_SEPC, BigInt(CODE + 0x100));
    machine.setCsr(CSR_MSTATUS, BigInt((mode === PRV_S ? STATUS_SPP : 0) | STATUS_SIE));
    machine.exports.run(3);
    expect([machine.pc, machine.mode]).toEqual([CODE + 0x100, mode]);
    expect(number(machine, CSR_MSTATUS) & (STATUS_SIE | STATUS_SPIE | STATUS_SPP)).toBe(STATUS_SPIE);
  });
});

describe("who may", () => {
  const cases: readonly [string, number, number, boolean[]][] = [
    ["mret", encode("MRET"), 0, [false, false, true]],
    ["sret", encode("SRET"), 0, [false, true, true]],
    ["sret with TSR", encode("SRET"), STATUS_TSR, [false, false, true]],
    ["wfi", encode("WFI"), 0, [false, true, true]],
    ["wfi with TW", encode("WFI"), STATUS_TW, [false, false, true]],
    ["sfence.vma", encode("SFENCE_VMA"), 0, [false, true, true]],
    ["sfence.vma with TVM", encode("SFENCE_VMA"), STATUS_TVM, [false, false, true]],
    ["satp", encode("CSRRS", { rd: 5, rs1: 0, imm: CSR_SATP }), 0, [false, true, true]],
    ["satp with TVM", encode("CSRRS", { rd: 5, rs1: 0, imm: CSR_SATP }), STATUS_TVM, [false, false, true]],
    ["fence.i", encode("FENCE_I"), 0, [true, true, true]],
  ];
  it.each(cases)("%s", (_, word, mstatus, allowed) => {
    for (const [i, mode] of [PRV_U, PRV_S, PRV_M].entries()) {
      const machine = start(mode, word);
      machine.setCsr(CSR_MSTATUS, BigInt(mstatus));
      machine.setCsr(CSR_MEPC, BigInt(CODE + 4));
      machine.setCsr(CSR_SEPC, BigInt(CODE + 4));
      machine.exports.run(3);
      if (allowed[i]) {
        expect(machine.pc).toBe(CODE + 4);
        continue;
      }
      expect([machine.pc, number(machine, CSR_MCAUSE)]).toEqual([M_HANDLER, CAUSE_ILLEGAL_INSTRUCTION]);
      expect(machine.csr(CSR_MTVAL)).toBe(BigInt(word));
    }
  });
});

describe("interrupts", () => {
  const ALL_IRQS = [
    [IRQ_MEI, 11],
    [IRQ_MSI, 3],
    [IRQ_MTI, 7],
    [IRQ_SEI, 9],
    [IRQ_SSI, 1],
    [IRQ_STI, 5],
  ] as const;
  const raise = (machine: HartMachine, irq: number) => {
    if (irq === IRQ_MTI) machine.exports.setTimer(0);
    else if (irq & (IRQ_MEI | IRQ_MSI)) machine.exports.setInterrupt(irq, 1);
    else machine.setCsr(CSR_MIP, machine.csr(CSR_MIP) | BigInt(irq));
  };

  it.each(ALL_IRQS)("mip 0x%s: cause, and where it goes", (irq, cause) => {
    for (const mode of [PRV_U, PRV_S, PRV_M]) {
      for (const delegated of irq & 0x222 ? [false, true] : [false]) {
        for (const enabled of [false, true]) {
          for (const mie of [false, true]) {
            const machine = start(mode);
            raise(machine, irq);
            machine.setCsr(CSR_MIDELEG, delegated ? BigInt(irq) : 0n);
            machine.setCsr(CSR_MIE, mie ? BigInt(irq) : 0n);
            machine.setCsr(CSR_MSTATUS, enabled ? BigInt(STATUS_MIE | STATUS_SIE) : 0n);
            machine.exports.run(3);
            const taken = mie && (delegated ? mode < PRV_S || (mode === PRV_S && enabled) : mode < PRV_M || enabled);
            const name = `mode ${mode} delegated ${delegated} enabled ${enabled} mie ${mie}`;
            if (!taken) expect(machine.pc, name).toBe(CODE);
            else if (delegated) {
              expect([machine.pc, machine.csr(CSR_SCAUSE)], name).toEqual([S_HANDLER, INTERRUPT | BigInt(cause)]);
              expect(machine.csr(CSR_SEPC)).toBe(BigInt(CODE));
            } else {
              expect([machine.pc, machine.csr(CSR_MCAUSE)], name).toEqual([M_HANDLER, INTERRUPT | BigInt(cause)]);
              expect(machine.csr(CSR_MEPC)).toBe(BigInt(CODE));
            }
          }
        }
      }
    }
  });

  it('"MEI, MSI, MTI, SEI, SSI, STI" is the order of several', () => {
    for (let from = 0; from < ALL_IRQS.length; from++) {
      const machine = start(PRV_U);
      for (const [irq] of ALL_IRQS.slice(from)) raise(machine, irq);
      machine.setCsr(CSR_MIE, 0xaaan);
      machine.exports.run(3);
      expect(machine.csr(CSR_MCAUSE)).toBe(INTERRUPT | BigInt(ALL_IRQS[from]![1]));
    }
  });

  it("vectored mode sends interrupts to BASE + 4 × cause, exceptions to BASE", () => {
    for (const [irq, cause] of ALL_IRQS) {
      const machine = start(PRV_U);
      machine.setCsr(CSR_MTVEC, BigInt(M_HANDLER + 1));
      machine.setCsr(CSR_MIE, BigInt(irq));
      raise(machine, irq);
      machine.exports.run(3);
      expect(machine.pc).toBe(M_HANDLER + 4 * cause);
    }
    const machine = start(PRV_U, encode("ECALL"));
    machine.setCsr(CSR_MTVEC, BigInt(M_HANDLER + 1));
    machine.exports.run(3);
    expect(machine.pc).toBe(M_HANDLER);
  });

  it("an interrupt becomes possible when an instruction makes it so", () => {
    const set = encode("CSRRS", { rd: 0, rs1: 5, imm: CSR_MSTATUS });
    const machine = start(PRV_M, encode("ADDI"), set, encode("ADDI", { rd: 6, rs1: 0, imm: 1 }));
    machine.setX(5, STATUS_MIE);
    machine.setCsr(CSR_MIE, BigInt(IRQ_MSI));
    raise(machine, IRQ_MSI);
    machine.exports.run(10);
    expect([machine.pc, number(machine, CSR_MEPC), machine.x(6)]).toEqual([M_HANDLER, CODE + 8, 0n]);
  });

  it.each([
    ["mtimecmp", IRQ_MTI],
    ["stimecmp (Sstc)", IRQ_STI],
  ])("%s: at its time, within a straight line, whatever the slices", (_, irq) => {
    const at = (slice: number) => {
      const machine = start(PRV_U);
      machine.exports.setTime(0, 10);
      machine.setCsr(CSR_MENVCFG, 1n << 63n);
      machine.setCsr(CSR_MIE, BigInt(irq));
      if (irq === IRQ_MTI) machine.exports.setTimer(1000);
      else machine.setCsr(CSR_STIMECMP, 1000n);
      expect(machine.exports.timerDelay()).toBe(1000);
      while (machine.pc === CODE) machine.exports.run(slice);
      return Number(machine.csr(CSR_MEPC)) === CODE ? machine.csr(CSR_MCAUSE) : undefined;
    };
    const machine = start(PRV_U);
    machine.exports.setTimer(1000);
    machine.setCsr(CSR_MIE, BigInt(IRQ_MTI));
    machine.exports.run(9999);
    expect(machine.pc).toBe(CODE);
    machine.exports.run(2);
    expect(machine.pc).toBe(M_HANDLER);
    expect(at(1)).toBe(at(1e6));
  });

  it("without STCE, STIP is software's; with it, stimecmp's alone", () => {
    const machine = start(PRV_M);
    machine.setCsr(CSR_MIP, BigInt(IRQ_STI));
    expect(number(machine, CSR_MIP) & IRQ_STI).toBe(IRQ_STI);
    machine.setCsr(CSR_MENVCFG, 1n << 63n);
    expect(number(machine, CSR_MIP) & IRQ_STI).toBe(0);
    machine.setCsr(CSR_STIMECMP, 0n);
    expect(number(machine, CSR_MIP) & IRQ_STI).toBe(IRQ_STI);
    machine.setCsr(CSR_MIP, 0n);
    expect(number(machine, CSR_MIP) & IRQ_STI).toBe(IRQ_STI);
    machine.setCsr(CSR_MCOUNTEREN, 2n);
  });

  it("wfi waits for what mie has, enabled in mstatus or not", () => {
    const machine = start(PRV_M, encode("WFI"), encode("ADDI", { rd: 6, rs1: 0, imm: 1 }));
    machine.setCsr(CSR_MIE, BigInt(IRQ_MSI));
    expect(machine.exports.run(10)).toBe(RUN_WAIT);
    expect([machine.pc, machine.instret]).toEqual([CODE + 4, 1]);
    const awake = start(PRV_M, encode("WFI"), encode("ADDI", { rd: 6, rs1: 0, imm: 1 }));
    awake.setCsr(CSR_MIE, BigInt(IRQ_MSI));
    raise(awake, IRQ_MSI);
    expect(awake.exports.run(10)).toBe(RUN_BUDGET);
    expect([awake.pc, awake.x(6)]).toEqual([CODE + 8, 1n]);
  });
});

describe("loads and stores under mstatus", () => {
  const USER = PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D;
  const paged = (mode: number, mstatus: number, pte: number, word: number) => {
    const machine = start(mode, word);
    const tables = new PageTables(machine, DATA + 0x10_0000);
    // The code at its own address, for S only; one page of data.
    tables.map(CODE, CODE, PTE_V | PTE_R | PTE_X | PTE_A);
    tables.map(0x2_0000, DATA, pte);
    machine.setCsr(CSR_SATP, tables.satp());
    machine.setCsr(CSR_MSTATUS, BigInt(mstatus));
    machine.write64(DATA, 0x55n);
    machine.setX(10, 0x2_0000);
    machine.exports.run(3);
    return machine.x(12) === 0x55n ? "loaded" : number(machine, CSR_MCAUSE);
  };
  const LOAD = encode("LD", { rd: 12, rs1: 10 });

  it("MPRV: M loads as MPP, and fetches as M", () => {
    expect(paged(PRV_M, STATUS_MPRV | (PRV_U << 11), USER, LOAD)).toBe("loaded");
    expect(paged(PRV_M, STATUS_MPRV | (PRV_S << 11), USER, LOAD)).toBe(CAUSE_LOAD_PAGE_FAULT);
    expect(paged(PRV_M, STATUS_MPRV | STATUS_SUM | (PRV_S << 11), USER, LOAD)).toBe("loaded");
    // Without MPRV there is nothing at 0x2_0000: a physical address.
    expect(paged(PRV_M, PRV_U << 11, USER, LOAD)).toBe(5);
  });

  it("SUM: S reaches user pages", () => {
    expect(paged(PRV_S, 0, USER, LOAD)).toBe(CAUSE_LOAD_PAGE_FAULT);
    expect(paged(PRV_S, STATUS_SUM, USER, LOAD)).toBe("loaded");
  });

  it("MXR: S reads what is executable", () => {
    const executable = PTE_V | PTE_X | PTE_A;
    expect(paged(PRV_S, 0, executable, LOAD)).toBe(CAUSE_LOAD_PAGE_FAULT);
    expect(paged(PRV_S, STATUS_MXR, executable, LOAD)).toBe("loaded");
  });

  it("sfence.vma in the program: the new mapping is seen, fetches too", () => {
    const machine = start(PRV_S, LOAD, encode("SD", { rs1: 11, rs2: 13 }), encode("SFENCE_VMA"), LOAD);
    const tables = new PageTables(machine, DATA + 0x10_0000);
    tables.map(CODE, CODE, PTE_V | PTE_R | PTE_X | PTE_A);
    const plain = PTE_V | PTE_R | PTE_W | PTE_A | PTE_D;
    tables.map(0x2_0000, DATA, plain);
    // The page of the last table, so that the program can write its PTE.
    const pte = tables.pte(0x2_0000);
    tables.map(0x3_0000, pte - (pte % 4096), plain);
    machine.setCsr(CSR_SATP, tables.satp());
    machine.write64(DATA, 1n);
    machine.write64(DATA + 0x1000, 2n);
    machine.setX(10, 0x2_0000);
    machine.setX(11, 0x3_0000 + (pte % 4096));
    machine.setX(13, (BigInt((DATA + 0x1000) / 4096) << 10n) | BigInt(plain));
    machine.exports.run(20);
    expect([machine.x(12), machine.pc]).toEqual([2n, CODE + 16]);
  });
});
