/**
 * mmap(2). The order of the checks decides which errno wins, so it is the order of do_mmap (mm/mmap.c, Linux 6.12);
 * beside each stands the manual page's sentence.
 */
import { EACCES, EBADF, EEXIST, EINVAL, ENODEV, ENOMEM, EOPNOTSUPP, EOVERFLOW } from "../../../abi/errno.ts";
import {
  MAP_ANONYMOUS,
  MAP_DENYWRITE,
  MAP_EXECUTABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_TYPE,
  MAP_UNINITIALIZED,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from "../../../abi/mman.ts";
import { S_ISREG } from "../../../abi/stat.ts";
import type { File, FileOperations, VmOperations } from "../../../devices/drivers/driver.ts";
import {
  PAGE_SIZE,
  VM_ACCOUNT,
  VM_GROWSDOWN,
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_NORESERVE,
  VM_SHARED,
  VM_WRITE,
} from "../../../devices/drivers/vm.ts";
import { populate } from "./fault.ts";
import { MMAP_BASE, MMAP_MIN_ADDR, type Mm, TASK_SIZE } from "./mm.ts";
import { munmap, zapRange } from "./munmap.ts";
import { protectionOf } from "./page-table.ts";
import { pageAlignSize, unsigned } from "./size.ts";
import { VmAreaRecord } from "./vma.ts";

/** Flags that MAP_SHARED_VALIDATE knows (LEGACY_MAP_MASK). */
const LEGACY_MAP_MASK =
  MAP_SHARED |
  MAP_PRIVATE |
  MAP_FIXED |
  MAP_ANONYMOUS |
  MAP_DENYWRITE |
  MAP_EXECUTABLE |
  MAP_UNINITIALIZED |
  MAP_GROWSDOWN |
  MAP_LOCKED |
  MAP_NORESERVE |
  MAP_POPULATE |
  MAP_NONBLOCK |
  MAP_STACK |
  MAP_HUGETLB |
  MAP_FIXED_NOREPLACE;

/** A file as mmap needs it: with its operations. */
export interface MappableFile extends File {
  readonly ops: FileOperations;
}

export interface MmapRequest {
  readonly address: number;
  /** Bytes; not rounded. */
  readonly length: number;
  readonly prot: number;
  readonly flags: number;
  readonly file: MappableFile | null;
  /** Byte offset in the file, page-aligned. */
  readonly offset: number;
}

/** What a file mapping has until its driver says more. None at all (null) means anonymous memory (vma_dummy_vm_ops). */
const NO_OPERATIONS: VmOperations = {};

/** PROT_… to VM_… : the three bits are the same. */
const protectionFlags = (prot: number): number => prot & (PROT_READ | PROT_WRITE | PROT_EXEC);

/** The address of the new mapping, or -errno. */
export const mmap = (mm: Mm, request: MmapRequest): number => {
  const { file } = request;
  const flags = (request.flags & MAP_FIXED_NOREPLACE) !== 0 ? request.flags | MAP_FIXED : request.flags;
  // "EINVAL: length was 0"
  if (request.length === 0) return -EINVAL;
  // "ENOMEM: No memory is available."; rounded up it may pass 2^64.
  const length = pageAlignSize(request.length);
  if (length === 0) return -ENOMEM;
  if (mm.vmas.length > mm.host.maxMapCount) return -ENOMEM;
  const address = unmappedArea(mm, request.address, length, flags);
  if (address < 0) return address;
  if ((flags & MAP_FIXED_NOREPLACE) !== 0 && mm.vmas.overlapping(address, address + length).length > 0) return -EEXIST;
  const vmFlags = file === null ? anonymousFlags(request.prot, flags) : fileFlags(request, flags, file, length);
  if (vmFlags < 0) return vmFlags;
  if (!mm.mayExpand(vmFlags, length)) return -ENOMEM;
  return mmapRegion(mm, address, length, vmFlags, request, flags);
};

/** Where the mapping goes (get_unmapped_area): the fixed address, the hint when it is free, or the highest gap. */
export const unmappedArea = (mm: Mm, hint: number, length: number, flags: number): number => {
  if (length > TASK_SIZE) return -ENOMEM;
  if ((flags & MAP_FIXED) !== 0) {
    if (hint < 0 || hint > TASK_SIZE - length) return -ENOMEM;
    return hint % PAGE_SIZE === 0 ? hint : -EINVAL;
  }
  // round_hint_to_min(): a hint within the first page is none at all.
  const wanted = hint - (hint % PAGE_SIZE);
  if (wanted > 0) {
    const address = Math.max(wanted, MMAP_MIN_ADDR);
    if (address <= TASK_SIZE - length && mm.vmas.isGap(address, address + length)) return address;
  }
  return (
    mm.vmas.findGapBelow(MMAP_BASE, MMAP_MIN_ADDR, length) ??
    mm.vmas.findGapBelow(TASK_SIZE, MMAP_MIN_ADDR, length) ??
    -ENOMEM
  );
};

const commonFlags = (prot: number, flags: number): number =>
  protectionFlags(prot) |
  VM_MAYREAD |
  VM_MAYWRITE |
  VM_MAYEXEC |
  ((flags & MAP_LOCKED) !== 0 ? VM_LOCKED : 0) |
  ((flags & MAP_NORESERVE) !== 0 ? VM_NORESERVE : 0);

const anonymousFlags = (prot: number, flags: number): number => {
  const vmFlags = commonFlags(prot, flags);
  switch (flags & MAP_TYPE) {
    case MAP_SHARED:
      if ((flags & MAP_GROWSDOWN) !== 0) return -EINVAL;
      return vmFlags | VM_SHARED | VM_MAYSHARE;
    case MAP_PRIVATE:
      return vmFlags | ((flags & MAP_GROWSDOWN) !== 0 ? VM_GROWSDOWN : 0);
    default:
      return -EINVAL;
  }
};

/** Is the range within what a file of this kind can have (file_mmap_ok)? Of regular files 2^63 bytes, of others all. */
const isInFileRange = (file: File, offset: number, length: number): boolean =>
  S_ISREG(file.inode.mode) ? offset >= 0 && offset + length < 2 ** 63 : unsigned(offset) + length < 2 ** 64;

const fileFlags = ({ prot, offset }: MmapRequest, flags: number, file: MappableFile, length: number): number => {
  // "EOVERFLOW: the number of pages used for length plus number of pages used for offset would overflow"
  if (!isInFileRange(file, offset, length)) return -EOVERFLOW;
  let vmFlags = commonFlags(prot, flags);
  switch (flags & MAP_TYPE) {
    // "EOPNOTSUPP: MAP_SHARED_VALIDATE … with an unsupported flag"; then as MAP_SHARED.
    case MAP_SHARED_VALIDATE:
    case MAP_SHARED:
      if ((flags & MAP_TYPE) === MAP_SHARED_VALIDATE && (flags & ~LEGACY_MAP_MASK) !== 0) return -EOPNOTSUPP;
      // "EACCES: … MAP_SHARED was requested and PROT_WRITE is set, but fd is not open in read/write mode"
      if ((prot & PROT_WRITE) !== 0 && !file.writable) return -EACCES;
      vmFlags |= VM_SHARED | VM_MAYSHARE;
      if (!file.writable) vmFlags &= ~(VM_MAYWRITE | VM_SHARED);
      break;
    case MAP_PRIVATE:
      break;
    default:
      return -EINVAL;
  }
  // "EACCES: … a file mapping was requested, but fd is not open for reading"
  if (!file.readable) return -EACCES;
  // "ENODEV: The underlying filesystem of the specified file does not support memory mapping."
  if (file.ops.mmap === undefined) return -ENODEV;
  if ((flags & MAP_GROWSDOWN) !== 0) return -EINVAL;
  return vmFlags;
};

/** Does the mapping count as memory that may be needed (accountable_mapping)? */
const isAccountable = (vmFlags: number): boolean => (vmFlags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) === VM_WRITE;

const mmapRegion = (
  mm: Mm,
  address: number,
  length: number,
  vmFlags: number,
  request: MmapRequest,
  flags: number,
): number => {
  // The heuristic of vm.overcommit_memory 0: a mapping larger than all of RAM is an obvious mistake.
  const accountable = isAccountable(vmFlags);
  if (accountable && length / PAGE_SIZE > mm.host.pages.total) return -ENOMEM;
  const gone = munmap(mm, address, length);
  if (gone < 0) return gone;
  const { file } = request;
  const anonymousPrivate = file === null && (vmFlags & VM_SHARED) === 0;
  const pgoff = file !== null ? request.offset / PAGE_SIZE : anonymousPrivate ? address / PAGE_SIZE : 0;
  const flagsInForce = accountable ? vmFlags | VM_ACCOUNT : vmFlags;
  const vma = new VmAreaRecord(address, address + length, flagsInForce, pgoff, null);
  const error = attach(mm, vma, file);
  if (error < 0) return error;
  mm.merge(vma);
  const wantPages = (flags & MAP_LOCKED) !== 0 || (flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE;
  if (wantPages) populate(mm, address, address + length);
  return address;
};

/** Lets the file's driver set the mapping up and links it; what a failing driver had mapped is taken back. */
const attach = (mm: Mm, vma: VmAreaRecord, file: MappableFile | null): number => {
  vma.pageProt = protectionOf(vma.flags);
  let error = 0;
  if (file !== null) {
    vma.file = file;
    vma.ops = NO_OPERATIONS;
    mm.host.getFile(file);
    error = driverMmap(mm, vma, file);
  } else if ((vma.flags & VM_SHARED) !== 0) {
    error = mm.host.shmemZeroSetup(vma);
  }
  if (error < 0) {
    takeBack(mm, vma);
    return error;
  }
  mm.link(vma);
  return 0;
};

/** An Oops in the driver leaves nothing behind either. */
const driverMmap = (mm: Mm, vma: VmAreaRecord, file: MappableFile): number => {
  try {
    return file.ops.mmap!(file, vma);
  } catch (error) {
    takeBack(mm, vma);
    throw error;
  }
};

/** No close hook: the driver's mmap never succeeded. */
const takeBack = (mm: Mm, vma: VmAreaRecord): void => {
  zapRange(mm, vma.start, vma.end);
  const { file } = vma;
  vma.file = null;
  if (file !== null) mm.host.putFile(file);
};

/** sys_mmap of riscv64: "EINVAL: … offset … (e.g., … not aligned on a page boundary)" comes before all. */
export const checkMmapArguments = (offset: number, flags: number, hasFile: boolean): number => {
  if (offset % PAGE_SIZE !== 0) return -EINVAL;
  // "EBADF: fd is not a valid file descriptor (and MAP_ANONYMOUS was not set)."
  if ((flags & MAP_ANONYMOUS) === 0 && !hasFile) return -EBADF;
  // There are no huge pages (hstate_sizelog finds none; of a file that is not in hugetlbfs, the same errno).
  return (flags & MAP_HUGETLB) !== 0 ? -EINVAL : 0;
};
