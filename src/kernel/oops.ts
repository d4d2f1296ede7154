/**
 * A driver went wrong: it used an address that the kernel does not have mapped. Linux prints an Oops and kills the
 * task in whose name the driver ran (arch/riscv/mm/fault.c: die_kernel_fault); so do we.
 */
export class KernelOops extends Error {
  /** The address that was used. */
  readonly address: number;

  constructor(address: number) {
    super(`Unable to handle kernel ${pageKind(address)} at virtual address ${formatKernelAddress(address)}`);
    this.name = "KernelOops";
    this.address = address;
  }
}

const pageKind = (address: number): string =>
  address >= 0 && address < 4096 ? "NULL pointer dereference" : "paging request";

/** Sixteen hexadecimal digits of the 64-bit address that a signed number stands for. */
export const formatKernelAddress = (address: number): string =>
  BigInt.asUintN(64, BigInt(Math.trunc(address)))
    .toString(16)
    .padStart(16, "0");
