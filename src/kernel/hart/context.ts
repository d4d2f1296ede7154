/**
 * The registers of a process that is not on the hart: x1 … x31, f0 … f31, pc, fcsr (pt_regs and __riscv_d_ext_state of
 * Linux).
 */
export const REG_RA = 1;
export const REG_SP = 2;
export const REG_TP = 4;
export const REG_A0 = 10;
export const REG_A1 = 11;
export const REG_A2 = 12;
export const REG_A7 = 17;

export class HartContext {
  /** x[0] is not used. Unsigned. */
  readonly x = new BigUint64Array(32);
  readonly f = new BigUint64Array(32);
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

  /** A register as the signed number that system calls take. */
  number(register: number): number {
    return Number(BigInt.asIntN(64, this.x[register]!));
  }

  set(register: number, value: number): void {
    this.x[register] = BigInt.asUintN(64, BigInt(value));
  }
}
