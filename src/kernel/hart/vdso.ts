/**
 * The page that every riscv64 program has besides its own: where a signal handler returns to. riscv has no
 * sa_restorer, so the kernel puts the two instructions of __vdso_rt_sigreturn here (arch/riscv/kernel/vdso).
 */
import { ENOMEM } from "../../../abi/errno.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_EXEC, PROT_READ, PROT_WRITE } from "../../../abi/mman.ts";
import { SYS_rt_sigreturn } from "../../../abi/syscalls.ts";
import { ACCESS_STORE } from "../../../assembly/riscv.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import { populate } from "../mm/fault.ts";
import type { Mm } from "../mm/mm.ts";
import { mmap } from "../mm/mmap.ts";
import { mprotect } from "../mm/mprotect.ts";
import { ptePfn } from "../mm/page-table.ts";

/** addi a7, zero, imm */
const ADDI_A7 = 0x0000_0893;
const ECALL = 0x0000_0073;
const IMM_SHIFT = 20;

/** Maps the page and returns the address of rt_sigreturn's code; -errno without memory. */
export const mapVdso = (mm: Mm): number => {
  const prot = PROT_READ | PROT_WRITE | PROT_EXEC;
  const flags = MAP_PRIVATE | MAP_ANONYMOUS;
  const at = mmap(mm, { address: 0, length: PAGE_SIZE, prot, flags, file: null, offset: 0 });
  if (at < 0) return at;
  if (!populate(mm, at, at + PAGE_SIZE, ACCESS_STORE)) return -ENOMEM;
  const { machine } = mm.host;
  const word = machine.hostOf(ptePfn(mm.table.get(at)) * PAGE_SIZE) / 4;
  machine.u32[word] = ADDI_A7 | (SYS_rt_sigreturn << IMM_SHIFT);
  machine.u32[word + 1] = ECALL;
  const error = mprotect(mm, at, PAGE_SIZE, PROT_READ | PROT_EXEC);
  return error < 0 ? error : at;
};
