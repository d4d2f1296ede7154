/** Is a file that somebody dropped a program of this machine? */
const EM_RISCV = 243;
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
/** The machines that people have at hand, by their e_machine. */
const MACHINES: Readonly<Record<number, string>> = { 3: "x86", 40: "Arm", 62: "x86-64", 183: "AArch64", 243: "RISC-V" };

/** Why the bytes cannot be run here, for people; null: they may be. elf(5). */
export const whyNotRunnable = (name: string, bytes: Uint8Array): string | null => {
  if (bytes.length < 64 || bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) {
    return `${name} is no ELF program. This machine runs static Linux programs for riscv64.`;
  }
  const machine = bytes[18]! | (bytes[19]! << 8);
  if (machine === EM_RISCV && bytes[4] === ELFCLASS64 && bytes[5] === ELFDATA2LSB) return null;
  const width = bytes[4] === ELFCLASS64 ? 64 : 32;
  const what = MACHINES[machine] ?? `machine ${machine}`;
  return `${name} is a ${width}-bit ELF program for ${what}. This machine is a 64-bit RISC-V: compile it for riscv64.`;
};
