/** mremap(2) (mm/mremap.c of Linux 6.12): growing, shrinking and moving a mapping with the pages in it. */
import { EFAULT, EINVAL, ENOMEM } from "../../../abi/errno.ts";
import { MAP_FIXED, MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from "../../../abi/mman.ts";
import {
  PAGE_SIZE,
  VM_ACCOUNT,
  VM_DONTEXPAND,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_PFNMAP,
} from "../../../devices/drivers/vm.ts";
import { populate } from "./fault.ts";
import { type Mm, TASK_SIZE } from "./mm.ts";
import { unmappedArea } from "./mmap.ts";
import { munmap } from "./munmap.ts";
import { ptePresent } from "./page-table.ts";
import { pageAlignSize } from "./size.ts";
import type { VmAreaRecord } from "./vma.ts";

const KNOWN_FLAGS = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
/** move_vma asks for room for the splits that a move can make. */
const SPARE_MAPPINGS = 3;

/** The new address, or -errno. Lengths in bytes, rounded up to pages. */
export const mremap = (
  mm: Mm,
  address: number,
  oldBytes: number,
  newBytes: number,
  flags: number,
  newAddress: number,
): number => {
  if ((flags & ~KNOWN_FLAGS) !== 0) return -EINVAL;
  if ((flags & MREMAP_FIXED) !== 0 && (flags & MREMAP_MAYMOVE) === 0) return -EINVAL;
  // "EINVAL: MREMAP_DONTUNMAP was specified, but one or more pages … / old_size and new_size differ"
  if ((flags & MREMAP_DONTUNMAP) !== 0 && ((flags & MREMAP_MAYMOVE) === 0 || oldBytes !== newBytes)) return -EINVAL;
  if (address % PAGE_SIZE !== 0) return -EINVAL;
  const oldLength = pageAlignSize(oldBytes);
  const newLength = pageAlignSize(newBytes);
  // "EINVAL: The new_size argument was zero."; rounded up it may pass 2^64 and be zero too.
  if (newLength === 0) return -EINVAL;
  const vma = mm.vmas.lookup(address);
  // "EFAULT: Some address in the range old_address to old_address+old_size is an invalid virtual memory address"
  if (vma === undefined) return -EFAULT;
  if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) !== 0) {
    return moveTo(mm, address, oldLength, newLength, flags, newAddress);
  }
  if (oldLength >= newLength) return shrink(mm, address, oldLength, newLength);
  const error = checkResize(vma, address, oldLength, newLength, flags);
  if (error < 0) return error;
  if (!isEnough(mm, vma, newLength - oldLength) || !mm.mayExpand(vma.flags, newLength - oldLength)) return -ENOMEM;
  if (expandInPlace(mm, vma, address, oldLength, newLength)) return address;
  if ((flags & MREMAP_MAYMOVE) === 0) return -ENOMEM;
  const to = unmappedArea(mm, 0, newLength, 0);
  return to < 0 ? to : moveVma(mm, vma, address, oldLength, newLength, to, flags);
};

const shrink = (mm: Mm, address: number, oldLength: number, newLength: number): number => {
  if (oldLength === newLength) return address;
  const error = munmap(mm, address + newLength, oldLength - newLength);
  return error < 0 ? error : address;
};

/** vma_to_resize: may this mapping become so long? */
const checkResize = (
  vma: VmAreaRecord,
  address: number,
  oldLength: number,
  newLength: number,
  flags: number,
): number => {
  // Length 0 asks for a second view of a shared mapping.
  if (oldLength === 0 && (vma.flags & VM_MAYSHARE) === 0) return -EINVAL;
  if ((flags & MREMAP_DONTUNMAP) !== 0 && (vma.flags & (VM_DONTEXPAND | VM_PFNMAP)) !== 0) return -EINVAL;
  if (oldLength > vma.end - address) return -EFAULT;
  if (newLength === oldLength) return 0;
  if ((vma.flags & (VM_DONTEXPAND | VM_PFNMAP)) !== 0) return -EFAULT;
  return 0;
};

/** The heuristic of vm.overcommit_memory 0, as for mmap: does what is added fit into RAM at all? */
const isEnough = (mm: Mm, vma: VmAreaRecord, added: number): boolean =>
  (vma.flags & VM_ACCOUNT) === 0 || added / PAGE_SIZE <= mm.host.pages.total;

const expandInPlace = (mm: Mm, vma: VmAreaRecord, address: number, oldLength: number, newLength: number): boolean => {
  const end = address + newLength;
  if (vma.end !== address + oldLength || end > TASK_SIZE) return false;
  if (mm.vmas.overlapping(vma.end, end).length > 0) return false;
  const from = vma.end;
  vma.end = end;
  mm.merge(vma);
  if ((vma.flags & VM_LOCKED) !== 0) populate(mm, from, end);
  return true;
};

/** mremap_to: to an address that the caller names (MREMAP_FIXED), or to any while the old range stays. */
const moveTo = (
  mm: Mm,
  address: number,
  oldLength: number,
  newLength: number,
  flags: number,
  newAddress: number,
): number => {
  const fixed = (flags & MREMAP_FIXED) !== 0;
  if (newAddress % PAGE_SIZE !== 0) return -EINVAL;
  if (newAddress < 0 || newLength > TASK_SIZE || newAddress > TASK_SIZE - newLength) return -EINVAL;
  // "EINVAL: … the old address range and the new address range overlap"
  if (address + oldLength > newAddress && newAddress + newLength > address) return -EINVAL;
  if (mm.vmas.length + 2 >= mm.host.maxMapCount - SPARE_MAPPINGS) return -ENOMEM;
  if (fixed) {
    const gone = munmap(mm, newAddress, newLength);
    if (gone < 0) return gone;
  }
  let length = oldLength;
  if (oldLength > newLength) {
    const gone = munmap(mm, address + newLength, oldLength - newLength);
    if (gone < 0) return gone;
    length = newLength;
  }
  const vma = mm.vmas.lookup(address);
  if (vma === undefined) return -EFAULT;
  const error = checkResize(vma, address, length, newLength, flags);
  if (error < 0) return error;
  if (!isEnough(mm, vma, newLength - length)) return -ENOMEM;
  const to = unmappedArea(mm, newAddress, newLength, fixed ? MAP_FIXED : 0);
  return to < 0 ? to : moveVma(mm, vma, address, length, newLength, to, flags);
};

/** move_vma: a new mapping takes over the entries; the old one is unmapped, or stays empty with DONTUNMAP. */
const moveVma = (
  mm: Mm,
  vma: VmAreaRecord,
  from: number,
  oldLength: number,
  newLength: number,
  to: number,
  flags: number,
): number => {
  if (mm.vmas.length >= mm.host.maxMapCount - SPARE_MAPPINGS) return -ENOMEM;
  const refused = askSplit(vma, from, from + oldLength);
  if (refused < 0) return refused;
  const moved = vma.clone();
  // Anonymous memory that nobody wrote counts its pages from where it lies now: it can merge there (copy_vma).
  moved.pgoff = vma.ops === null && !vma.hasAnon ? to / PAGE_SIZE : vma.pgoffOf(from);
  moved.start = to;
  moved.end = to + newLength;
  if (moved.file !== null) mm.host.getFile(moved.file);
  mm.link(moved);
  moved.ops?.open?.(moved);
  const error = moveEntries(mm, from, oldLength, to) ? (moved.ops?.mremap?.(moved) ?? 0) : -ENOMEM;
  if (error < 0) {
    moveEntries(mm, to, oldLength, from);
    munmap(mm, to, newLength);
    return error;
  }
  // A second view of a shared mapping (old length 0) leaves the first one as it is.
  if ((flags & MREMAP_DONTUNMAP) !== 0) vma.flags &= ~VM_LOCKED;
  else if (oldLength > 0) munmap(mm, from, oldLength);
  mm.merge(moved);
  if ((moved.flags & VM_LOCKED) !== 0) populate(mm, to + oldLength, to + newLength);
  return to;
};

const askSplit = (vma: VmAreaRecord, start: number, end: number): number => {
  const below = vma.start === start ? 0 : (vma.ops?.maySplit?.(vma, start) ?? 0);
  if (below < 0 || vma.end === end) return below;
  return vma.ops?.maySplit?.(vma, end) ?? 0;
};

/** move_page_tables: pages move without a fault. False: no memory for tables at the new place; what moved stays moved. */
const moveEntries = (mm: Mm, from: number, length: number, to: number): boolean => {
  let enough = true;
  mm.endPins(from, from + length);
  mm.table.update(from, from + length, (va, pte) => {
    if (!enough || !ptePresent(pte)) return pte;
    enough = mm.table.set(to + (va - from), pte);
    return enough ? 0 : pte;
  });
  mm.flush(from, from + length);
  return enough;
};
