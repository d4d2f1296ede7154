/** munmap(2): splitting mappings, taking pages away (mm/vma.c, zap_pte_range in mm/memory.c of Linux 6.12). */
import { EINVAL, ENOMEM } from "../../../abi/errno.ts";
import { PAGE_ALIGN, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import { type Mm, TASK_SIZE } from "./mm.ts";
import { ptePfn, pteSpecial } from "./page-table.ts";
import type { VmAreaRecord } from "./vma.ts";

/** Cuts a mapping in two; -ENOMEM when there are too many (split_vma). As cutVma otherwise. */
export const splitVma = (mm: Mm, vma: VmAreaRecord, address: number, newBelow: boolean): number =>
  mm.vmas.length >= mm.host.maxMapCount ? -ENOMEM : cutVma(mm, vma, address, newBelow);

/**
 * Cuts a mapping in two at `address`. `newBelow` says which half the new record gets: the order in which drivers see
 * their open and close hooks depends on it (__split_vma).
 */
const cutVma = (mm: Mm, vma: VmAreaRecord, address: number, newBelow: boolean): number => {
  const refused = vma.ops?.maySplit?.(vma, address) ?? 0;
  if (refused < 0) return refused;
  const made = vma.clone();
  const pgoff = vma.pgoffOf(address);
  if (newBelow) {
    made.end = address;
    vma.start = address;
    vma.pgoff = pgoff;
  } else {
    made.start = address;
    made.pgoff = pgoff;
    vma.end = address;
  }
  if (made.file !== null) mm.host.getFile(made.file);
  mm.link(made);
  made.ops?.open?.(made);
  return 0;
};

/** Makes [start, end) begin and end at borders of mappings (split_vma at both ends); 0 or -errno. */
const isolate = (mm: Mm, start: number, end: number): number => {
  const first = mm.vmas.lookup(start);
  if (first !== undefined && first.start < start) {
    // A cut in the middle makes one mapping more than there was.
    if (first.end > end && mm.vmas.length >= mm.host.maxMapCount) return -ENOMEM;
    const error = cutVma(mm, first, start, true);
    if (error < 0) return error;
  }
  const last = mm.vmas.lookup(end - 1);
  if (last !== undefined && last.end > end) return cutVma(mm, last, end, false);
  return 0;
};

/** Takes the pages of [start, end) out of the page table: references of entries end, pages may be freed. */
export const zapRange = (mm: Mm, start: number, end: number): void => {
  const { pages } = mm.host;
  mm.endPins(start, end);
  mm.table.update(start, end, (_va, pte) => {
    if (!pteSpecial(pte)) {
      const page = pages.pfnToPage(ptePfn(pte));
      page.mapcount--;
      pages.putPage(page);
    }
    return 0;
  });
  mm.flush(start, end);
};

/**
 * Unmaps whole mappings that lie in [start, end): pages first, then each mapping's close hook, in order of address. An
 * Oops in a hook is thrown on when all is done.
 */
const unmapRegion = (mm: Mm, start: number, end: number): void => {
  const victims = mm.vmas.takeOut(start, end);
  if (victims.length === 0) return;
  for (const vma of victims) zapRange(mm, vma.start, vma.end);
  const oopses = victims.flatMap((vma) => [...attempt(() => vma.ops?.close?.(vma)), ...attempt(() => mm.forget(vma))]);
  const { floor, ceiling } = mm.vmas.gapAround(start);
  mm.table.freeTables(floor, Math.min(ceiling, TASK_SIZE));
  if (oopses.length > 0) throw oopses[0];
};

/** What was thrown, if anything. */
const attempt = (work: () => void): unknown[] => {
  try {
    work();
    return [];
  } catch (error) {
    return [error];
  }
};

/** do_munmap: `length` is in bytes, rounded up to pages. */
export const munmap = (mm: Mm, start: number, length: number): number => {
  // "addr must be a multiple of the page size (but length need not be)", munmap(2): else EINVAL.
  if (start % PAGE_SIZE !== 0 || start < 0 || start > TASK_SIZE) return -EINVAL;
  if (length <= 0 || length > TASK_SIZE - start) return -EINVAL;
  const end = start + PAGE_ALIGN(length);
  if (mm.vmas.overlapping(start, end).length === 0) return 0;
  const error = isolate(mm, start, end);
  if (error < 0) return error;
  unmapRegion(mm, start, end);
  return 0;
};

/** One process less runs in it; the last one takes it away (mmput). */
export const putMm = (mm: Mm): void => {
  if (--mm.users === 0) exitMmap(mm);
};

/** Everything goes: the last act of a process (exit_mmap). */
export const exitMmap = (mm: Mm): void => {
  try {
    unmapRegion(mm, 0, TASK_SIZE);
  } finally {
    mm.table.destroy();
    mm.host.machine.exports.sfenceVma(0, mm.asid, 2);
    mm.host.asids.give(mm.asid);
  }
};
