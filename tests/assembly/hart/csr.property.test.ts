/**
 * Every CSR number × every mode × random values, by instructions: what is not allowed is an illegal instruction, what is
 * written reads back legal, and reading changes nothing. Truth: the privileged specification's fields, as bit masks: what
 * may be set, what is constant. SCANOUT_FUZZ multiplies the number of writes; SCANOUT_SEED chooses others.
 */
import { expect, it } from "vitest";
import * as csr from "../../../assembly/csr-numbers.ts";
import { CAUSE_ILLEGAL_INSTRUCTION, PRV_M, PRV_S, PRV_U } from "../../../assembly/riscv.ts";
import { encode } from "./encode.ts";
import { CODE, HartMachine } from "./hart-machine.ts";
import { CORNERS, u64, words } from "./reference.ts";

const FUZZ = Number(process.env.SCANOUT_FUZZ ?? 1);
const SEED = Number(process.env.SCANOUT_SEED ?? 20240411);
const WRITES = 20_000 * FUZZ;
const ALL = u64(-1n);
const HANDLER = CODE + 0x8000;
/** jal x0, 0 */
const LOOP = encode("JAL", { rd: 0, imm: 0 });

/** Bits that may ever be set, by register; a register that is not here may hold anything. */
const LEGAL: ReadonlyMap<number, bigint> = new Map([
  [csr.CSR_FFLAGS, 0x1fn],
  [csr.CSR_FRM, 7n],
  [csr.CSR_FCSR, 0xffn],
  // UXL and SXL, SD; TSR TW TVM MXR SUM MPRV, XS zero, FS, MPP, VS zero, SPP, MPIE, SPIE, MIE, SIE.
  [csr.CSR_MSTATUS, 0x8000_000a_007e_79aan],
  [csr.CSR_SSTATUS, 0x8000_0002_000c_6122n],
  [csr.CSR_MIE, 0xaaan],
  [csr.CSR_SIE, 0x222n],
  [csr.CSR_MIP, 0xaaan],
  [csr.CSR_SIP, 0x222n],
  [csr.CSR_MEDELEG, 0xb3ffn],
  [csr.CSR_MIDELEG, 0x222n],
  [csr.CSR_MTVEC, ALL & ~2n],
  [csr.CSR_STVEC, ALL & ~2n],
  [csr.CSR_MEPC, ALL & ~1n],
  [csr.CSR_SEPC, ALL & ~1n],
  [csr.CSR_MCAUSE, (1n << 63n) | 0x3fn],
  [csr.CSR_SCAUSE, (1n << 63n) | 0x3fn],
  [csr.CSR_MCOUNTEREN, 7n],
  [csr.CSR_SCOUNTEREN, 7n],
  [csr.CSR_MENVCFG, (1n << 63n) | 1n],
  [csr.CSR_SENVCFG, 1n],
  [csr.CSR_MCOUNTINHIBIT, 0n],
]);

const CHECKED = [...LEGAL.keys(), csr.CSR_SATP];

/** What is not legal in a value that was read, or null. */
const illegal = (number: number, value: bigint): string | null => {
  if ((value & ~(LEGAL.get(number) ?? ALL)) !== 0n) return "a bit that cannot be set";
  if (number === csr.CSR_SATP && value >> 60n !== 0n && value >> 60n !== 8n) return "MODE";
  if (number === csr.CSR_MSTATUS && ((value >> 11n) & 3n) === 2n) return "MPP";
  if (number === csr.CSR_MSTATUS && ((value >> 32n) & 15n) !== 10n) return "UXL, SXL";
  const isStatus = number === csr.CSR_MSTATUS || number === csr.CSR_SSTATUS;
  // "SD … whether either the FS, VS, or XS fields signal the presence of some dirty state".
  return isStatus && (value >> 63n === 1n) !== (((value >> 13n) & 3n) === 3n) ? "SD" : null;
};

const checkLegal = (number: number, value: bigint): void => {
  const wrong = illegal(number, value);
  if (wrong !== null) throw new Error(`CSR 0x${number.toString(16)} reads 0x${value.toString(16)}: ${wrong}`);
};

const NUMBERS = Object.entries(csr).flatMap(([name, n]) => (name.startsWith("CSR_") ? [n] : []));
const NAMES = ["CSRRW", "CSRRS", "CSRRC", "CSRRWI", "CSRRSI", "CSRRCI"] as const;

/** Executes one instruction in a mode, machine mode's registers as they are: whether it was done, or trapped as illegal. */
const attempt = (machine: HartMachine, mode: number, word: number): boolean => {
  const { exports } = machine;
  machine.write(CODE, [word, LOOP]);
  // Nothing translates, nothing is delegated and no interrupt comes while the test looks.
  for (const number of [csr.CSR_MEDELEG, csr.CSR_MIE, csr.CSR_SATP, csr.CSR_MEPC]) machine.setCsr(number, 0n);
  machine.setCsr(csr.CSR_MTVEC, BigInt(HANDLER));
  exports.setPrivilege(mode);
  machine.pc = CODE;
  exports.run(1);
  exports.setPrivilege(PRV_M);
  // A write of satp may make the next fetch fault.
  if (machine.pc === CODE + 4 || Number(machine.csr(csr.CSR_MEPC)) === CODE + 4) return true;
  expect(machine.pc).toBe(HANDLER);
  return false;
};

it("writes of anything to every register, in every mode", () => {
  const machine = new HartMachine({ hostKernel: false });
  machine.write(HANDLER, [LOOP]);
  const next = words(SEED);
  const below = (limit: number) => Number(BigInt.asUintN(31, next() ^ (next() << 7n))) % limit;
  let [done, refused] = [0, 0];
  for (let i = 0; i < WRITES; i++) {
    // Mostly a register that is there.
    const number = below(8) === 0 ? below(4096) : NUMBERS[below(NUMBERS.length)]!;
    const mode = [PRV_M, PRV_M, PRV_S, PRV_U][below(4)]!;
    const value = below(3) === 0 ? CORNERS[below(CORNERS.length)]! : u64(next() ^ (next() << 21n));
    const name = NAMES[below(NAMES.length)]!;
    machine.setX(10, value);
    const rs1 = name.endsWith("I") ? below(32) : 10;
    const allowed = attempt(machine, mode, encode(name, { rd: 11, rs1, imm: number }));
    if (allowed) done++;
    else {
      refused++;
      expect(Number(machine.csr(csr.CSR_MCAUSE)), `CSR 0x${number.toString(16)}`).toBe(CAUSE_ILLEGAL_INSTRUCTION);
    }
    // "Attempts to access a CSR without appropriate privilege level raise illegal-instruction exceptions".
    if (mode < ((number >> 8) & 3)) expect(allowed, `CSR 0x${number.toString(16)} in mode ${mode}`).toBe(false);
    // "the top two bits … read-only (11)": a write is illegal.
    if (number >> 10 === 3 && name === "CSRRW") expect(allowed).toBe(false);
    for (const one of CHECKED) checkLegal(one, machine.csr(one));
  }
  expect(done).toBeGreaterThan(WRITES / 8);
  expect(refused).toBeGreaterThan(WRITES / 8);
});

it("the host's own writes: never a throw, always legal, and a second read is the same", () => {
  const machine = new HartMachine({ hostKernel: false });
  const next = words(SEED + 1);
  for (let i = 0; i < WRITES / 4; i++) {
    const number = NUMBERS[Number(BigInt.asUintN(31, next() ^ (next() << 9n))) % NUMBERS.length]!;
    if (number >> 10 === 3 || number === csr.CSR_PMP_END) continue;
    machine.setCsr(number, u64(next() ^ (next() << 21n)));
    const value = machine.csr(number);
    checkLegal(number, value);
    // "WARL": a legal value that is written is the value that is read.
    machine.setCsr(number, value);
    if (number !== csr.CSR_MCYCLE && number !== csr.CSR_MINSTRET) expect(machine.csr(number)).toBe(value);
  }
});
