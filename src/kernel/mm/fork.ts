/** The address space of a child (dup_mmap in kernel/fork.c, copy_page_range in mm/memory.c of Linux 6.12). */
import { PTE_PPN_SHIFT, PTE_W } from "../../../assembly/riscv.ts";
import { VM_DONTCOPY, VM_LOCKED, VM_MIXEDMAP, VM_PFNMAP, VM_WIPEONFORK } from "../../../devices/drivers/vm.ts";
import { copyPage } from "./fault.ts";
import { Mm } from "./mm.ts";
import { exitMmap } from "./munmap.ts";
import { makePte, ptePfn, pteSpecial } from "./page-table.ts";
import { isCowMapping, type VmAreaRecord } from "./vma.ts";

/** A copy whose private pages are shared until one side writes; null: no memory. Calls each mapping's open hook. */
export const dupMm = (parent: Mm): Mm | null => {
  const child = Mm.create(parent.host);
  if (child === null) return null;
  child.startBrk = parent.startBrk;
  child.brk = parent.brk;
  child.limits = parent.limits;
  child.layout = parent.layout;
  try {
    if ([...parent.vmas].every((vma) => dupVma(parent, child, vma))) return child;
  } catch (error) {
    // An Oops in a driver's open hook: the child never comes to be.
    exitMmap(child);
    throw error;
  }
  exitMmap(child);
  return null;
};

/** One mapping of the child; false: no memory. */
const dupVma = (parent: Mm, child: Mm, vma: VmAreaRecord): boolean => {
  if ((vma.flags & VM_DONTCOPY) !== 0) return true;
  const copy = vma.clone();
  copy.flags &= ~VM_LOCKED;
  if (copy.file !== null) parent.host.getFile(copy.file);
  child.link(copy);
  const wiped = (vma.flags & VM_WIPEONFORK) !== 0;
  if (wiped) copy.hasAnon = false;
  const enough = wiped || !needsCopy(vma) || copyPageRange(parent, child, vma);
  copy.ops?.open?.(copy);
  return enough;
};

/** Entries that a fault would make again are left to the fault (vma_needs_copy). */
const needsCopy = (vma: VmAreaRecord): boolean => (vma.flags & (VM_PFNMAP | VM_MIXEDMAP)) !== 0 || vma.hasAnon;

const copyPageRange = (parent: Mm, child: Mm, vma: VmAreaRecord): boolean => {
  const cow = isCowMapping(vma.flags);
  let enough = true;
  parent.table.update(vma.start, vma.end, (va, pte) => {
    if (!enough) return pte;
    if (cow && parent.isPinned(va) && isAnon(parent, pte)) {
      enough = copyPinned(parent, child, va, pte);
      return pte;
    }
    // Both sides lose the right to write: whoever stores first gets the copy.
    const shared = cow ? (pte & ~PTE_W) >>> 0 : pte;
    enough = child.table.set(va, shared);
    if (!enough) return pte;
    if (!pteSpecial(pte)) {
      const page = parent.host.pages.pfnToPage(ptePfn(pte));
      parent.host.pages.getPage(page);
      page.mapcount++;
    }
    return shared;
  });
  if (cow) parent.flush(vma.start, vma.end);
  return enough;
};

const isAnon = (mm: Mm, pte: number): boolean => !pteSpecial(pte) && mm.host.pages.pfnToPage(ptePfn(pte)).anon;

/** A page that the parent has pinned stays the parent's: the child gets its copy now (copy_present_page). */
const copyPinned = (parent: Mm, child: Mm, va: number, pte: number): boolean => {
  const copy = copyPage(parent.host, ptePfn(pte));
  if (copy === null) return false;
  if (!child.table.set(va, makePte(copy.pfn, pte & PTE_FLAGS))) {
    parent.host.pages.putPage(copy);
    return false;
  }
  copy.mapcount++;
  return true;
};

/** What an entry holds besides the page number. */
const PTE_FLAGS = (1 << PTE_PPN_SHIFT) - 1;
