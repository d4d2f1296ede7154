/** The hart record in linear memory, as the kernel loads and saves a process's registers (assembly/hart-layout.ts). */
import {
  HART_F,
  HART_FFLAGS,
  HART_FRM,
  HART_INSTRET,
  HART_PC,
  HART_RESERVATION,
  HART_X,
} from "../../../assembly/hart-layout.ts";
import { HART } from "../../../assembly/layout.ts";
import { CAUSE_USER_ECALL } from "../../../assembly/riscv.ts";
import { RUN_BUDGET, RUN_ECALL, RUN_WAIT } from "../../../assembly/run-reasons.ts";
import type { Machine } from "../../machine.ts";
import type { HartContext } from "./context.ts";
import type { HartPort, HartTrap } from "./hart-image.ts";

const FFLAGS_BITS = 5;
const FFLAGS_MASK = 0x1f;
/** As in assembly/atomic.ts: no address is it. */
const NO_RESERVATION = 2n ** 64n - 1n;

export class HartRegisters implements HartPort {
  readonly #machine: Machine;
  readonly #x: BigUint64Array;
  readonly #f: BigUint64Array;
  readonly #view: DataView;

  constructor(machine: Machine) {
    this.#machine = machine;
    const { buffer } = machine.memory;
    this.#x = new BigUint64Array(buffer, HART + HART_X, 32);
    this.#f = new BigUint64Array(buffer, HART + HART_F, 32);
    this.#view = new DataView(buffer, HART);
  }

  /** Instructions retired since the machine was made. */
  get instret(): number {
    return Number(this.#view.getBigUint64(HART_INSTRET, true));
  }

  load(context: HartContext): void {
    this.#x.set(context.x);
    this.#f.set(context.f);
    // sepc: "the low bit of sepc (sepc[0]) is always zero", privileged spec.
    this.#view.setBigUint64(HART_PC, BigInt.asUintN(64, BigInt(context.pc)) & ~1n, true);
    this.#view.setUint32(HART_FRM, context.fcsr >>> FFLAGS_BITS, true);
    this.#view.setUint32(HART_FFLAGS, context.fcsr & FFLAGS_MASK, true);
    // A reservation does not outlive a switch of processes.
    this.#view.setBigUint64(HART_RESERVATION, NO_RESERVATION, true);
  }

  save(context: HartContext): void {
    context.x.set(this.#x);
    context.f.set(this.#f);
    context.pc = Number(this.#view.getBigInt64(HART_PC, true));
    context.fcsr = (this.#view.getUint32(HART_FRM, true) << FFLAGS_BITS) | this.#view.getUint32(HART_FFLAGS, true);
  }

  run(budget: number): HartTrap | null {
    return this.#trapOf(this.#machine.exports.run(budget));
  }

  runExactly(budget: number): HartTrap | null {
    return this.#trapOf(this.#machine.exports.runExactly(budget));
  }

  #trapOf(reason: number): HartTrap | null {
    const { exports } = this.#machine;
    switch (reason) {
      case RUN_BUDGET:
      case RUN_WAIT:
        return null;
      case RUN_ECALL:
        return { cause: CAUSE_USER_ECALL, value: 0 };
      default:
        return { cause: exports.trapCause(), value: exports.trapValue() };
    }
  }
}
