/** madvise(2), msync(2), mincore(2), mlock(2) (mm/madvise.c, msync.c, mincore.c, mlock.c of Linux 6.12). */
import { EACCES, EBADF, EBUSY, EFAULT, EINVAL, ENODEV, ENOMEM, EOPNOTSUPP } from "../../../abi/errno.ts";
import * as advice from "../../../abi/mman.ts";
import { S_ISREG } from "../../../abi/stat.ts";
import { ACCESS_LOAD, ACCESS_STORE } from "../../../assembly/riscv.ts";
import type { File, FileOperations } from "../../../devices/drivers/driver.ts";
import {
  PAGE_SIZE,
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_IO,
  VM_LOCKED,
  VM_MAYWRITE,
  VM_PFNMAP,
  VM_READ,
  VM_SHARED,
  VM_SPECIAL,
  VM_WIPEONFORK,
  VM_WRITE,
} from "../../../devices/drivers/vm.ts";
import { populate } from "./fault.ts";
import type { Mm } from "./mm.ts";
import { splitVma, zapRange } from "./munmap.ts";
import { pageAlignSize, rangeEnd, unsigned } from "./size.ts";
import type { VmAreaRecord } from "./vma.ts";

/** Advice about paging order that a machine without a disk takes note of and has nothing to do for. */
const TAKEN_NOTE = new Set([
  advice.MADV_NORMAL,
  advice.MADV_RANDOM,
  advice.MADV_SEQUENTIAL,
  advice.MADV_MERGEABLE,
  advice.MADV_UNMERGEABLE,
  advice.MADV_HUGEPAGE,
  advice.MADV_NOHUGEPAGE,
]);

type Step = (mm: Mm, vma: VmAreaRecord, start: number, end: number) => number;

/** Each advice and what it does to one mapping's part: 0 or -errno. */
const STEPS = new Map<number, Step>([
  ...[...TAKEN_NOTE].map((one): [number, Step] => [one, () => 0]),
  [advice.MADV_COLD, (_mm, vma) => refuse(vma, VM_LOCKED | VM_PFNMAP)],
  [advice.MADV_PAGEOUT, (_mm, vma) => refuse(vma, VM_LOCKED | VM_PFNMAP)],
  [advice.MADV_WILLNEED, (_mm, vma) => (vma.file === null ? -EBADF : 0)],
  [advice.MADV_DONTNEED, (mm, vma, start, end) => dontNeed(mm, vma, start, end, VM_LOCKED | VM_PFNMAP)],
  [advice.MADV_DONTNEED_LOCKED, (mm, vma, start, end) => dontNeed(mm, vma, start, end, VM_PFNMAP)],
  [advice.MADV_FREE, (mm, vma, start, end) => (vma.ops !== null ? -EINVAL : dontNeed(mm, vma, start, end, VM_LOCKED))],
  [advice.MADV_REMOVE, (_mm, vma) => remove(vma)],
  [advice.MADV_DONTFORK, (mm, vma, start, end) => setFlags(mm, vma, start, end, VM_DONTCOPY, 0)],
  [
    advice.MADV_DOFORK,
    (mm, vma, start, end) => ((vma.flags & VM_IO) !== 0 ? -EINVAL : setFlags(mm, vma, start, end, 0, VM_DONTCOPY)),
  ],
  [advice.MADV_DONTDUMP, (mm, vma, start, end) => setFlags(mm, vma, start, end, VM_DONTDUMP, 0)],
  [
    advice.MADV_DODUMP,
    (mm, vma, start, end) => ((vma.flags & VM_SPECIAL) !== 0 ? -EINVAL : setFlags(mm, vma, start, end, 0, VM_DONTDUMP)),
  ],
  [
    advice.MADV_WIPEONFORK,
    (mm, vma, start, end) =>
      vma.file !== null || (vma.flags & VM_SHARED) !== 0 ? -EINVAL : setFlags(mm, vma, start, end, VM_WIPEONFORK, 0),
  ],
  [advice.MADV_KEEPONFORK, (mm, vma, start, end) => setFlags(mm, vma, start, end, 0, VM_WIPEONFORK)],
]);

/** Advice that faults pages in, and the access that each page is made ready for. */
const POPULATING = new Map([
  [advice.MADV_POPULATE_READ, ACCESS_LOAD],
  [advice.MADV_POPULATE_WRITE, ACCESS_STORE],
]);

const refuse = (vma: VmAreaRecord, flags: number): number => ((vma.flags & flags) !== 0 ? -EINVAL : 0);

/** MADV_DONTNEED: the pages go; anonymous memory reads as zero again, a file's pages come back from the file. */
const dontNeed = (mm: Mm, vma: VmAreaRecord, start: number, end: number, refused: number): number => {
  if ((vma.flags & refused) !== 0) return -EINVAL;
  zapRange(mm, start, end);
  return 0;
};

/** MADV_REMOVE punches a hole into the file: none of our file systems can, and a device has none (vfs_fallocate). */
const remove = (vma: VmAreaRecord): number => {
  if ((vma.flags & VM_LOCKED) !== 0 || vma.file === null) return -EINVAL;
  if ((vma.flags & (VM_SHARED | VM_MAYWRITE)) !== (VM_SHARED | VM_MAYWRITE)) return -EACCES;
  return S_ISREG(vma.file.inode.mode) ? -EOPNOTSUPP : -ENODEV;
};

/** madvise_populate: page after page, up to the first that cannot be. */
const populateBy = (mm: Mm, start: number, end: number, access: number): number => {
  for (let at = start; at < end; ) {
    const vma = mm.vmas.lookup(at);
    if (vma === undefined) return -ENOMEM;
    // "EINVAL: … ranges with insufficient permissions or special mappings, for example, mappings marked with
    // kernel-internal flags such a VM_IO or VM_PFNMAP."
    const needed = access === ACCESS_STORE ? VM_WRITE : VM_READ;
    if ((vma.flags & (VM_IO | VM_PFNMAP)) !== 0 || (vma.flags & needed) === 0) return -EINVAL;
    const stop = Math.min(vma.end, end);
    if (!populate(mm, at, stop, access)) return -EFAULT;
    at = stop;
  }
  return 0;
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

export const madvise = (mm: Mm, address: number, length: number, behaviour: number): number => {
  const step = STEPS.get(behaviour);
  // "EINVAL: advice is not a valid."
  const access = POPULATING.get(behaviour);
  if (step === undefined && access === undefined) return -EINVAL;
  // "EINVAL: addr is not page-aligned or length is negative."
  if (address % PAGE_SIZE !== 0) return -EINVAL;
  const start = unsigned(address);
  const size = pageAlignSize(length);
  const end = rangeEnd(start, size);
  if (end === null || (length !== 0 && size === 0)) return -EINVAL;
  if (step === undefined) return populateBy(mm, start, end, access!);
  return forEachPart(mm, start, end, (vma, from, to) => step(mm, vma, from, to));
};

/** Files as msync needs them. */
interface SyncableFile extends File {
  readonly ops: FileOperations;
}

export const msync = (mm: Mm, address: number, length: number, flags: number): number => {
  if ((flags & ~(advice.MS_ASYNC | advice.MS_INVALIDATE | advice.MS_SYNC)) !== 0) return -EINVAL;
  if (address % PAGE_SIZE !== 0) return -EINVAL;
  if ((flags & advice.MS_ASYNC) !== 0 && (flags & advice.MS_SYNC) !== 0) return -EINVAL;
  const start = unsigned(address);
  const end = rangeEnd(start, pageAlignSize(length));
  if (end === null) return -ENOMEM;
  return forEachPart(mm, start, end, (vma) => {
    // "EBUSY: MS_INVALIDATE was specified in flags, and a memory lock exists for the specified address range."
    if ((flags & advice.MS_INVALIDATE) !== 0 && (vma.flags & VM_LOCKED) !== 0) return -EBUSY;
    if ((flags & advice.MS_SYNC) === 0 || vma.file === null || (vma.flags & VM_SHARED) === 0) return 0;
    const file = vma.file as SyncableFile;
    return file.ops.fsync === undefined ? -EINVAL : file.ops.fsync(file);
  });
};

/** Pages that mincore works on at once: what one page of answers holds. */
const MINCORE_PAGES = PAGE_SIZE;

/** One byte a page (bit 0: in memory), handed to `put` in pieces; -EFAULT when that cannot take them. */
export const mincore = (
  mm: Mm,
  start: number,
  length: number,
  put: (offset: number, bytes: Uint8Array) => boolean,
): number => {
  for (let at = start; at < start + length; ) {
    const vma = mm.vmas.lookup(at);
    // "ENOMEM: addr to addr + length contained unmapped memory."
    if (vma === undefined) return -ENOMEM;
    const end = Math.min(vma.end, start + length, at + MINCORE_PAGES * PAGE_SIZE);
    if (!put((at - start) / PAGE_SIZE, residency(mm, vma, at, end))) return -EFAULT;
    at = end;
  }
  return 0;
};

/** do_mincore(): what the page table has; for the rest of a file's mapping, what the file has in memory. */
const residency = (mm: Mm, vma: VmAreaRecord, start: number, end: number): Uint8Array => {
  const bytes = new Uint8Array((end - start) / PAGE_SIZE);
  if ((vma.flags & VM_PFNMAP) === 0) {
    mm.table.update(start, end, (va, pte) => {
      bytes[(va - start) / PAGE_SIZE] = 1;
      return pte;
    });
  }
  const { file } = vma;
  if (file === null) return bytes;
  return bytes.map((there, i) => (there !== 0 || mm.host.isCached(file, vma.pgoffOf(start + i * PAGE_SIZE)) ? 1 : 0));
};

/** mlock(2) and munlock(2): the flag, and the pages brought in unless `onFault`. Stops at the first hole. */
export const mlock = (mm: Mm, address: number, length: number, lock: boolean, onFault = false): number => {
  const start = unsigned(address - (((address % PAGE_SIZE) + PAGE_SIZE) % PAGE_SIZE));
  const size = pageAlignSize(length + (unsigned(address) - start));
  const end = rangeEnd(start, size);
  // "EINVAL: The result of the addition addr+len was less than addr"
  if (end === null) return -EINVAL;
  for (let at = start; at < end; ) {
    const vma = mm.vmas.lookup(at);
    // "ENOMEM: Some of the specified address range does not correspond to mapped pages"
    if (vma === undefined) return -ENOMEM;
    const next = Math.min(vma.end, end);
    const special = (vma.flags & VM_SPECIAL) !== 0;
    const error = special ? 0 : setFlags(mm, vma, at, next, lock ? VM_LOCKED : 0, lock ? 0 : VM_LOCKED);
    if (error < 0) return error;
    at = next;
  }
  return lock && !onFault ? populateLocked(mm, start, end) : 0;
};

/** __mm_populate() of a range without holes: "ENOMEM: … some of the pages could not be locked". */
const populateLocked = (mm: Mm, start: number, end: number): number => {
  for (const vma of mm.vmas.overlapping(start, end)) {
    if ((vma.flags & (VM_IO | VM_PFNMAP)) !== 0) continue;
    if (!populate(mm, Math.max(start, vma.start), Math.min(end, vma.end))) return -ENOMEM;
  }
  return 0;
};
