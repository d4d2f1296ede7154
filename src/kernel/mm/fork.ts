/** The address space of a child (dup_mmap in kernel/fork.c, copy_page_range in mm/memory.c of Linux 6.12). */
import { PTE_W } from "../../../assembly/riscv.ts";
import { VM_DONTCOPY, VM_LOCKED, VM_MIXEDMAP, VM_PFNMAP, VM_WIPEONFORK } from "../../../devices/drivers/vm.ts";
import { Mm } from "./mm.ts";
import { exitMmap } from "./munmap.ts";
import { ptePfn, pteSpecial } from "./page-table.ts";
import { isCowMapping, type VmAreaRecord } from "./vma.ts";

/** A copy whose private pages are shared until one side writes; null: no memory. Calls each mapping's open hook. */
export const dupMm = (parent: Mm): Mm | null => {
  const child = Mm.create(parent.host);
  if (child === null) return null;
  child.startBrk = parent.startBrk;
  child.brk = parent.brk;
  for (const vma of [...parent.vmas]) {
    if ((vma.flags & VM_DONTCOPY) !== 0) continue;
    const copy = vma.clone();
    copy.flags &= ~VM_LOCKED;
    if (copy.file !== null) parent.host.getFile(copy.file);
    child.link(copy);
    const wiped = (vma.flags & VM_WIPEONFORK) !== 0;
    if (wiped) copy.hasAnon = false;
    const enough = wiped || !needsCopy(vma) || copyPageRange(parent, child, vma);
    copy.ops?.open?.(copy);
    if (!enough) {
      exitMmap(child);
      return null;
    }
  }
  return child;
};

/** Entries that a fault would make again are left to the fault (vma_needs_copy). */
const needsCopy = (vma: VmAreaRecord): boolean => (vma.flags & (VM_PFNMAP | VM_MIXEDMAP)) !== 0 || vma.hasAnon;

const copyPageRange = (parent: Mm, child: Mm, vma: VmAreaRecord): boolean => {
  const { pages } = parent.host;
  const cow = isCowMapping(vma.flags);
  let enough = true;
  parent.table.update(vma.start, vma.end, (va, pte) => {
    // Both sides lose the right to write: whoever stores first gets the copy.
    const shared = cow ? (pte & ~PTE_W) >>> 0 : pte;
    if (!enough || !child.table.set(va, shared)) {
      enough = false;
      return pte;
    }
    if (!pteSpecial(pte)) {
      const page = pages.pfnToPage(ptePfn(pte));
      pages.getPage(page);
      page.mapcount++;
    }
    return shared;
  });
  if (cow) parent.flush(vma.start, vma.end);
  return enough;
};
