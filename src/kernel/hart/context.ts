/**
 * The registers of a process that is not on the hart: x1 … x31, f0 … f31, pc, fcsr (pt_regs and __riscv_d_ext_state of
 * Linux).
 */
export const REG_RA = 1;
export const REG_SP = 2;
export const REG_A0 = 10;
export const REG_A1 = 11;
export const REG_A2 = 12;
export const REG_A7 = 17;

export class HartContext {
  /** x[0] is not used. Unsigned. */
  readonly x = new BigUint64Array(32);
  readonly f = new BigUint64Array(32);
  /** x in halves, the lower one first; the upper one with its sign. */
  readonly #halves = new Uint32Array(this.x.buffer);
  readonly #high = new Int32Array(this.x.buffer);
  /** Signed, as all addresses. */
  pc = 0;
  fcsr = 0;

  clone(): HartContext {
    const copy = new HartContext();
    copy.x.set(this.x);
    copy.f.set(this.f);
    copy.pc = this.pc;
    copy.fcsr = this.fcsr;
    return copy;
  }

  /** A register as the signed number that system calls take: its halves are quicker to read than a bigint. */
  number(register: number): number {
    return this.#high[2 * register + 1]! * 2 ** 32 + this.#halves[2 * register]!;
  }

  /** `value` is an integer of at most 53 bits. */
  set(register: number, value: number): void {
    this.#halves[2 * register] = value;
    this.#halves[2 * register + 1] = Math.floor(value / 2 ** 32);
  }
}
