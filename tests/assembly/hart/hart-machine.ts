/**
 * A bare machine whose hart runs code of the test: in physical memory, in user mode, with a "kernel" that is the test
 * (traps end run()), unless the test says otherwise.
 */
import {
  HART_F,
  HART_FFLAGS,
  HART_FRM,
  HART_FS,
  HART_INSTRET,
  HART_MODE,
  HART_PC,
  HART_X,
} from "../../../assembly/hart-layout.ts";
import { HART } from "../../../assembly/layout.ts";
import { RAM_BASE } from "../../../assembly/memory-map.ts";
import { BareMachine } from "../harness.ts";

export const CODE = RAM_BASE + 0x1_0000;
export const DATA = RAM_BASE + 0x10_0000;
/** c.ebreak: ends a piece of code. */
export const C_EBREAK = 0x9002;

export class HartMachine extends BareMachine {
  constructor(options: { hostKernel?: boolean; ram?: number } = {}) {
    super(options);
    if (options.hostKernel ?? true) this.exports.setHostKernel(1);
  }

  #word(offset: number): number {
    return HART + offset;
  }

  get pc(): number {
    return Number(this.view.getBigInt64(this.#word(HART_PC), true));
  }

  set pc(pc: number) {
    this.view.setBigInt64(this.#word(HART_PC), BigInt(pc), true);
  }

  get instret(): number {
    return Number(this.view.getBigUint64(this.#word(HART_INSTRET), true));
  }

  get mode(): number {
    return this.view.getUint32(this.#word(HART_MODE), true);
  }

  x(index: number): bigint {
    return this.view.getBigUint64(this.#word(HART_X) + 8 * index, true);
  }

  setX(index: number, value: bigint | number): void {
    this.view.setBigUint64(this.#word(HART_X) + 8 * index, BigInt.asUintN(64, BigInt(value)), true);
  }

  f(index: number): bigint {
    return this.view.getBigUint64(this.#word(HART_F) + 8 * index, true);
  }

  setF(index: number, value: bigint): void {
    this.view.setBigUint64(this.#word(HART_F) + 8 * index, value, true);
  }

  get fflags(): number {
    return this.view.getUint32(this.#word(HART_FFLAGS), true);
  }

  set fflags(value: number) {
    this.view.setUint32(this.#word(HART_FFLAGS), value, true);
  }

  set frm(value: number) {
    this.view.setUint32(this.#word(HART_FRM), value, true);
  }

  get fs(): number {
    return this.view.getUint32(this.#word(HART_FS), true);
  }

  set fs(value: number) {
    this.view.setUint32(this.#word(HART_FS), value, true);
  }

  csr(number: number): bigint {
    return BigInt.asUintN(64, this.exports.readCsr(number));
  }

  setCsr(number: number, value: bigint): void {
    const word = BigInt.asUintN(64, value);
    this.exports.writeCsr(number, Number(word & 0xffff_ffffn), Number(word >> 32n));
  }

  /** Writes instructions (4 bytes when their low bits are both set, else 2) at a physical address, seen by fetches. */
  write(pa: number, code: readonly number[]): number {
    let at = pa;
    for (const word of code) {
      if ((word & 3) === 3) this.view.setUint32(this.host(at), word, true);
      else this.view.setUint16(this.host(at), word, true);
      at += (word & 3) === 3 ? 4 : 2;
    }
    this.exports.invalidateCode(pa, at - pa);
    return at;
  }

  /** Runs code at CODE that a c.ebreak ends; the reason for which run() returned. */
  execute(...code: readonly number[]): number {
    this.write(CODE, [...code, C_EBREAK]);
    this.pc = CODE;
    return this.exports.run(1000);
  }
}
