/** mprotect(2) (mm/mprotect.c of Linux 6.12). */
import { EACCES, EINVAL, ENOMEM } from "../../../abi/errno.ts";
import { PROT_GROWSDOWN, PROT_GROWSUP, PROT_READ, PROT_SEM, PROT_WRITE } from "../../../abi/mman.ts";
import { PTE_W } from "../../../assembly/riscv.ts";
import {
  PAGE_SIZE,
  VM_ACCOUNT,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_NORESERVE,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
} from "../../../devices/drivers/vm.ts";
import type { Mm } from "./mm.ts";
import { splitVma } from "./munmap.ts";
import { protectionOf, pteModify } from "./page-table.ts";
import { pageAlignSize, rangeEnd, unsigned } from "./size.ts";
import type { VmAreaRecord } from "./vma.ts";

const ACCESS_FLAGS = VM_READ | VM_WRITE | VM_EXEC;
const KNOWN = ACCESS_FLAGS | PROT_SEM;

/** Changes the protection of whole pages; mappings before a hole are changed even when the answer is ENOMEM. */
export const mprotect = (mm: Mm, start: number, length: number, request: number): number => {
  const grows = request & (PROT_GROWSDOWN | PROT_GROWSUP);
  const prot = request & ~(PROT_GROWSDOWN | PROT_GROWSUP);
  // "EINVAL: Both PROT_GROWSUP and PROT_GROWSDOWN were specified in prot."
  if (grows === (PROT_GROWSDOWN | PROT_GROWSUP)) return -EINVAL;
  // "EINVAL: addr is not a valid pointer, or not a multiple of the system page size."
  if (start % PAGE_SIZE !== 0) return -EINVAL;
  if (length === 0) return 0;
  const size = pageAlignSize(length);
  const end = rangeEnd(unsigned(start), size);
  if (end === null || size === 0) return -ENOMEM;
  // "EINVAL: Invalid flags specified in prot."
  if ((prot & ~KNOWN) !== 0) return -EINVAL;
  // "ENOMEM: Addresses in the range … are invalid for the address space of the process"
  const first = mm.vmas.lookup(start);
  if (first === undefined) return -ENOMEM;
  // Nothing grows upwards on riscv; what grows downwards is changed from its first byte.
  if (grows !== 0 && (grows !== PROT_GROWSDOWN || (first.flags & VM_GROWSDOWN) === 0)) return -EINVAL;
  for (let at = grows === 0 ? start : first.start; at < end; ) {
    const vma = mm.vmas.lookup(at);
    if (vma === undefined) return -ENOMEM;
    const next = Math.min(vma.end, end);
    const flags = (vma.flags & ~ACCESS_FLAGS) | (prot & (PROT_READ | PROT_WRITE | VM_EXEC));
    // "EACCES: The memory cannot be given the specified access": each VM_MAY… bit lies four above its VM_… bit.
    if ((flags & ~(flags >> 4) & ACCESS_FLAGS) !== 0) return -EACCES;
    const error = protectPart(mm, vma, at, next, flags);
    if (error < 0) return error;
    at = next;
  }
  return 0;
};

/** mprotect_fixup: one mapping's part. */
const protectPart = (mm: Mm, vma: VmAreaRecord, start: number, end: number, flags: number): number => {
  if (flags === vma.flags) return 0;
  // A private mapping that can be written from now on counts as memory that may be needed.
  const counted = vma.flags & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE);
  const account = (flags & VM_WRITE) !== 0 && counted === 0 ? VM_ACCOUNT : 0;
  if (start > vma.start) {
    const error = splitVma(mm, vma, start, true);
    if (error < 0) return error;
  }
  if (end < vma.end) {
    const error = splitVma(mm, vma, end, false);
    if (error < 0) return error;
  }
  vma.flags = flags | account;
  vma.pageProt = protectionOf(flags);
  changeProtection(mm, vma, start, end);
  mm.merge(vma);
  return 0;
};

/** Rewrites the entries that are there. What a shared mapping writes by its driver's leave stays read-only. */
const changeProtection = (mm: Mm, vma: VmAreaRecord, start: number, end: number): void => {
  const notified = (vma.flags & VM_SHARED) !== 0 && vma.ops?.pageMkwrite !== undefined;
  const prot = notified ? vma.pageProt & ~PTE_W : vma.pageProt;
  mm.table.update(start, end, (_va, pte) => pteModify(pte, prot));
  mm.flush(start, end);
};
