/**
 * A driver went wrong: it used an address that the kernel does not have mapped, or threw an exception of JavaScript's.
 * Linux prints an Oops and kills the task in whose name the driver ran (die_kernel_fault in arch/riscv/mm/fault.c, die
 * in kernel/traps.c); so do we, and go on.
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

/** Sixteen hexadecimal digits of the 64-bit address that a signed number stands for; of NaN, those of 0. */
export const formatKernelAddress = (address: number): string =>
  BigInt.asUintN(64, BigInt(Number.isFinite(address) ? Math.trunc(address) : 0))
    .toString(16)
    .padStart(16, "0");

/** The report's lines for the log. What is no bad address is a bug in a driver or in the kernel: with its stack. */
export const oopsLines = (error: unknown, count: number, comm: string, pid: number): string[] => {
  const isAddress = error instanceof KernelOops;
  const what = isAddress ? error.message : `kernel BUG: ${textOf(error)}`;
  return [...what.split("\n"), `${isAddress ? "Oops" : "Kernel BUG"} [#${count}]`, `PID: ${pid} Comm: ${comm}`];
};

/** What was thrown, as text; whatever it was, without throwing in turn. */
export const textOf = (thrown: unknown): string => {
  try {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  } catch {
    return "something that has no text";
  }
};
