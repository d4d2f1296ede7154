/**
 * What a driver's mmap and fault methods enter into a page table (mm/memory.c of Linux 6.12): physical ranges without
 * a reference, or single pages with one.
 */
import { EBUSY, EFAULT, EINVAL, ENOMEM } from "../../../abi/errno.ts";
import { PTE_PPN_SHIFT, PTE_V, PTE_W } from "../../../assembly/riscv.ts";
import {
  PAGE_ALIGN,
  PAGE_SIZE,
  PG_slab,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  VM_IO,
  VM_MIXEDMAP,
  VM_PFNMAP,
} from "../../../devices/drivers/vm.ts";
import type { Mm } from "./mm.ts";
import { zapRange } from "./munmap.ts";
import { makePte, PTE_SPECIAL, ptePrepared, ptePresent } from "./page-table.ts";
import type { PageRecord } from "./pages.ts";
import { isCowMapping, type VmAreaRecord } from "./vma.ts";
import type { VmallocArea } from "./vmalloc.ts";

/** A private mapping must not write the device: its entries are read-only until a copy is made. */
const protFor = (vma: VmAreaRecord, prot: number): number => (isCowMapping(vma.flags) ? prot & ~PTE_W : prot);

/** What an entry of 32 bits can name: the bus has addresses of 34 bits and fewer. */
const PFN_LIMIT = 2 ** (32 - PTE_PPN_SHIFT);
const isPhysical = (pfn: number, count: number): boolean =>
  Number.isInteger(pfn) && pfn >= 0 && pfn + count <= PFN_LIMIT;

/**
 * Maps `size` bytes of physical pages from `pfn` on at `address`. Errors: EINVAL for an address that is not
 * page-aligned, for what lies outside the mapping or the bus, and for a private mapping that the range does not cover in
 * one call; ENOMEM for tables.
 */
export const remapPfnRange = (
  mm: Mm,
  vma: VmAreaRecord,
  address: number,
  pfn: number,
  size: number,
  prot: number,
): number => {
  const end = address + PAGE_ALIGN(size);
  if (address % PAGE_SIZE !== 0 || !(size > 0)) return -EINVAL;
  if (address < vma.start || end > vma.end || !isPhysical(pfn, (end - address) / PAGE_SIZE)) return -EINVAL;
  if (isCowMapping(vma.flags)) {
    // Copy on write finds the page by vm_pgoff, so one call must describe the whole mapping.
    if (address !== vma.start || end !== vma.end) return -EINVAL;
    vma.pgoff = pfn;
  }
  vma.flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
  const bits = protFor(vma, prot) | PTE_SPECIAL;
  for (let at = address; at < end; at += PAGE_SIZE) {
    // Accessed and dirty in advance: the driver's pages are never written back, so nobody reads the bits.
    if (!mm.table.set(at, ptePrepared(makePte(pfn + (at - address) / PAGE_SIZE, bits), true))) {
      zapRange(mm, address, end);
      return -ENOMEM;
    }
  }
  return 0;
};

/**
 * Maps one page and takes a reference. EFAULT outside the mapping; EINVAL for a page nobody owns, one of kmalloc's or of
 * a process, or in a mapping of remapPfnRange; EBUSY when there is one already.
 */
export const vmInsertPage = (mm: Mm, vma: VmAreaRecord, address: number, page: PageRecord): number => {
  if (address < vma.start || address >= vma.end) return -EFAULT;
  if (page.refcount <= 0 || page.anon || (page.flags & PG_slab) !== 0 || address % PAGE_SIZE !== 0) return -EINVAL;
  // Linux stops with BUG() here.
  if ((vma.flags & VM_PFNMAP) !== 0) return -EINVAL;
  if (ptePresent(mm.table.get(address))) return -EBUSY;
  if (!mm.table.set(address, ptePrepared(makePte(page.pfn, protFor(vma, vma.pageProt)), false))) return -ENOMEM;
  vma.flags |= VM_MIXEDMAP;
  page.mapcount++;
  mm.host.pages.getPage(page);
  return 0;
};

/** For a fault handler of a VM_PFNMAP mapping. */
export const vmfInsertPfn = (mm: Mm, vma: VmAreaRecord, address: number, pfn: number): number => {
  if (address < vma.start || address >= vma.end || !isPhysical(pfn, 1)) return VM_FAULT_SIGBUS;
  // Linux stops with BUG() here: a driver that calls this for a private writable or a plain mapping is wrong.
  if (isCowMapping(vma.flags) || (vma.flags & (VM_PFNMAP | VM_MIXEDMAP)) === 0) return VM_FAULT_SIGBUS;
  if (ptePresent(mm.table.get(address))) return VM_FAULT_NOPAGE;
  const pte = ptePrepared(makePte(pfn, vma.pageProt | PTE_SPECIAL), (vma.pageProt & PTE_V) !== 0);
  return mm.table.set(address, pte) ? VM_FAULT_NOPAGE : VM_FAULT_OOM;
};

/** Maps an area of vmallocUser from its page `pgoff` on; EINVAL for another kind of area, or one too short. */
export const remapVmallocRange = (
  mm: Mm,
  vma: VmAreaRecord,
  address: number,
  area: VmallocArea | undefined,
  pgoff: number,
): number => {
  const count = (vma.end - address) / PAGE_SIZE;
  if (area === undefined || !area.user || address % PAGE_SIZE !== 0) return -EINVAL;
  if (pgoff < 0 || pgoff + count > area.pages.length) return -EINVAL;
  for (let i = 0; i < count; i++) {
    const error = vmInsertPage(mm, vma, address + i * PAGE_SIZE, area.pages[pgoff + i]!);
    if (error < 0) return error;
  }
  vma.flags |= VM_DONTEXPAND | VM_DONTDUMP;
  return 0;
};

/** Maps a device's physical range of `length` bytes as far as vma.pgoff and the mapping's length say. */
export const vmIomapMemory = (mm: Mm, vma: VmAreaRecord, pa: number, length: number): number => {
  const offset = pa % PAGE_SIZE;
  const pages = PAGE_ALIGN(length + offset) / PAGE_SIZE;
  const wanted = (vma.end - vma.start) / PAGE_SIZE;
  if (vma.pgoff < 0 || vma.pgoff > pages || wanted > pages - vma.pgoff) return -EINVAL;
  const pfn = (pa - offset) / PAGE_SIZE + vma.pgoff;
  return remapPfnRange(mm, vma, vma.start, pfn, wanted * PAGE_SIZE, vma.pageProt);
};
