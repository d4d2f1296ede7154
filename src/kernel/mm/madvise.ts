/** madvise(2), msync(2), mincore(2), mlock(2) (mm/madvise.c, msync.c, mincore.c, mlock.c of Linux 6.12). */
import { EBADF, EBUSY, EFAULT, EINVAL, ENODEV, ENOMEM } from "../../../abi/errno.ts";
import * as advice from "../../../abi/mman.ts";
import { ACCESS_LOAD, ACCESS_STORE } from "../../../assembly/riscv.ts";
import type { File, FileOperations } from "../../../devices/drivers/driver.ts";
import {
  PAGE_ALIGN,
  PAGE_SIZE,
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_IO,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_PFNMAP,
  VM_SHARED,
  VM_SPECIAL,
  VM_WIPEONFORK,
} from "../../../devices/drivers/vm.ts";
import { populate } from "./fault.ts";
import { type Mm, TASK_SIZE } from "./mm.ts";
import { splitVma, zapRange } from "./munmap.ts";
import { ptePresent } from "./page-table.ts";
import type { VmAreaRecord } from "./vma.ts";

/** Advice about paging order that a machine without a disk takes note of and has nothing to do for. */
const TAKEN_NOTE = new Set([
  advice.MADV_NORMAL,
  advice.MADV_RANDOM,
  advice.MADV_SEQUENTIAL,
  advice.MADV_COLD,
  advice.MADV_PAGEOUT,
  advice.MADV_MERGEABLE,
  advice.MADV_UNMERGEABLE,
  advice.MADV_HUGEPAGE,
  advice.MADV_NOHUGEPAGE,
]);

type Step = (mm: Mm, vma: VmAreaRecord, start: number, end: number) => number;

/** Each advice and what it does to one mapping's part: 0 or -errno. */
const STEPS = new Map<number, Step>([
  ...[...TAKEN_NOTE].map((one): [number, Step] => [one, () => 0]),
  [advice.MADV_WILLNEED, (_mm, vma) => (vma.file === null ? -EBADF : 0)],
  [advice.MADV_DONTNEED, (mm, vma, start, end) => dontNeed(mm, vma, start, end, VM_LOCKED | VM_PFNMAP)],
  [advice.MADV_DONTNEED_LOCKED, (mm, vma, start, end) => dontNeed(mm, vma, start, end, VM_PFNMAP)],
  [advice.MADV_FREE, (mm, vma, start, end) => (vma.ops !== null ? -EINVAL : dontNeed(mm, vma, start, end, VM_LOCKED))],
  [advice.MADV_REMOVE, (_mm, vma) => remove(vma)],
  [advice.MADV_DONTFORK, (mm, vma, start, end) => setFlags(mm, vma, start, end, VM_DONTCOPY, 0)],
  [
    advice.MADV_DOFORK,
    (mm, vma, start, end) => ((vma.flags & VM_SPECIAL) !== 0 ? -EINVAL : setFlags(mm, vma, start, end, 0, VM_DONTCOPY)),
  ],
  [advice.MADV_DONTDUMP, (mm, vma, start, end) => setFlags(mm, vma, start, end, VM_DONTDUMP, 0)],
  [
    advice.MADV_DODUMP,
    (mm, vma, start, end) =>
      (vma.flags & (VM_SPECIAL & ~VM_DONTEXPAND)) !== 0 ? -EINVAL : setFlags(mm, vma, start, end, 0, VM_DONTDUMP),
  ],
  [
    advice.MADV_WIPEONFORK,
    (mm, vma, start, end) =>
      vma.file !== null || (vma.flags & VM_SHARED) !== 0 ? -EINVAL : setFlags(mm, vma, start, end, VM_WIPEONFORK, 0),
  ],
  [advice.MADV_KEEPONFORK, (mm, vma, start, end) => setFlags(mm, vma, start, end, 0, VM_WIPEONFORK)],
  [advice.MADV_POPULATE_READ, (mm, vma, start, end) => populateBy(mm, vma, start, end, ACCESS_LOAD)],
  [advice.MADV_POPULATE_WRITE, (mm, vma, start, end) => populateBy(mm, vma, start, end, ACCESS_STORE)],
]);

/** MADV_DONTNEED: the pages go; anonymous memory reads as zero again, a file's pages come back from the file. */
const dontNeed = (mm: Mm, vma: VmAreaRecord, start: number, end: number, refused: number): number => {
  if ((vma.flags & refused) !== 0) return -EINVAL;
  zapRange(mm, start, end);
  return 0;
};

/** MADV_REMOVE punches a hole into the file: none of our file systems can. */
const remove = (vma: VmAreaRecord): number => {
  if ((vma.flags & VM_LOCKED) !== 0 || vma.file === null) return -EINVAL;
  return -ENODEV;
};

const populateBy = (mm: Mm, vma: VmAreaRecord, start: number, end: number, access: number): number => {
  if ((vma.flags & (VM_IO | VM_PFNMAP)) !== 0) return -EFAULT;
  return populate(mm, start, end, access) ? 0 : -EFAULT;
};

/** madvise_update_vma: flags of a part of a mapping, which is cut out for it. */
const setFlags = (mm: Mm, vma: VmAreaRecord, start: number, end: number, set: number, clear: number): number => {
  const flags = (vma.flags | set) & ~clear;
  if (flags === vma.flags) return 0;
  if (start > vma.start) {
    const error = splitVma(mm, vma, start, true);
    if (error < 0) return error;
  }
  if (end < vma.end) {
    const error = splitVma(mm, vma, end, false);
    if (error < 0) return error;
  }
  vma.flags = flags;
  mm.merge(vma);
  return 0;
};

/** Walks the mappings of [start, end): `ENOMEM` for a hole, but the mapped parts are done. */
const forEachPart = (
  mm: Mm,
  start: number,
  end: number,
  visit: (vma: VmAreaRecord, start: number, end: number) => number,
): number => {
  let hole = false;
  for (let at = start; at < end; ) {
    const vma = mm.vmas.find(at);
    if (vma === undefined || vma.start >= end) return -ENOMEM;
    hole ||= vma.start > at;
    const from = Math.max(at, vma.start);
    const to = Math.min(vma.end, end);
    const error = visit(vma, from, to);
    if (error < 0) return error;
    at = to;
  }
  return hole ? -ENOMEM : 0;
};

/** The end of a page range, or null: the start is not aligned, or the length passes the end of the address space. */
const rangeEnd = (start: number, length: number): number | null =>
  start % PAGE_SIZE === 0 && length >= 0 && start >= 0 ? start + PAGE_ALIGN(length) : null;

export const madvise = (mm: Mm, start: number, length: number, behaviour: number): number => {
  const step = STEPS.get(behaviour);
  // "EINVAL: advice is not a valid."
  if (step === undefined) return -EINVAL;
  const end = rangeEnd(start, length);
  if (end === null) return -EINVAL;
  if (end === start) return 0;
  return forEachPart(mm, start, end, (vma, from, to) => step(mm, vma, from, to));
};

/** Files as msync needs them. */
interface SyncableFile extends File {
  readonly ops: FileOperations;
}

export const msync = (mm: Mm, start: number, length: number, flags: number): number => {
  if ((flags & ~(advice.MS_ASYNC | advice.MS_INVALIDATE | advice.MS_SYNC)) !== 0) return -EINVAL;
  if (start % PAGE_SIZE !== 0) return -EINVAL;
  if ((flags & advice.MS_ASYNC) !== 0 && (flags & advice.MS_SYNC) !== 0) return -EINVAL;
  const end = start + PAGE_ALIGN(length);
  if (length < 0 || start < 0) return -ENOMEM;
  if (end === start) return 0;
  return forEachPart(mm, start, end, (vma) => {
    // "EBUSY: MS_INVALIDATE was specified in flags, and a memory lock exists for the specified address range."
    if ((flags & advice.MS_INVALIDATE) !== 0 && (vma.flags & VM_LOCKED) !== 0) return -EBUSY;
    if ((flags & advice.MS_SYNC) === 0 || vma.file === null || (vma.flags & VM_MAYSHARE) === 0) return 0;
    const file = vma.file as SyncableFile;
    return file.ops.fsync === undefined ? -EINVAL : file.ops.fsync(file);
  });
};

/** One byte a page (bit 0: in memory), handed to `put` in pieces; -EFAULT when that cannot take them. */
export const mincore = (
  mm: Mm,
  start: number,
  length: number,
  put: (offset: number, bytes: Uint8Array) => boolean,
): number => {
  if (start % PAGE_SIZE !== 0) return -EINVAL;
  if (length < 0 || start < 0 || start > TASK_SIZE || length > TASK_SIZE - start) return -ENOMEM;
  const end = start + PAGE_ALIGN(length);
  let at = start;
  while (at < end) {
    const vma = mm.vmas.lookup(at);
    if (vma === undefined) return -ENOMEM;
    const stop = Math.min(vma.end, end, at + PAGE_SIZE * PAGE_SIZE);
    const bytes = new Uint8Array((stop - at) / PAGE_SIZE);
    mm.table.update(at, stop, (va, pte) => {
      if (ptePresent(pte) && (vma.flags & VM_PFNMAP) === 0) bytes[(va - at) / PAGE_SIZE] = 1;
      return pte;
    });
    if (!put((at - start) / PAGE_SIZE, bytes)) return -EFAULT;
    at = stop;
  }
  return 0;
};

/** mlock(2) and munlock(2): the flag, and the pages brought in. */
export const mlock = (mm: Mm, start: number, length: number, lock: boolean): number => {
  const from = start - (start % PAGE_SIZE);
  const end = from + PAGE_ALIGN(length + (start % PAGE_SIZE));
  if (length < 0 || end < from || start < 0) return -EINVAL;
  if (end === from) return 0;
  const error = forEachPart(mm, from, end, (vma, start, stop) =>
    (vma.flags & VM_SPECIAL) !== 0 ? 0 : setFlags(mm, vma, start, stop, lock ? VM_LOCKED : 0, lock ? 0 : VM_LOCKED),
  );
  if (error < 0 || !lock) return error;
  for (const vma of mm.vmas.overlapping(from, end)) {
    if ((vma.flags & (VM_IO | VM_PFNMAP)) !== 0) continue;
    if (!populate(mm, Math.max(from, vma.start), Math.min(end, vma.end))) return -ENOMEM;
  }
  return 0;
};
