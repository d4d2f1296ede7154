/** brk(2) (mm/mmap.c of Linux 6.12): the end of the heap, byte-exact; on failure the old end, never an errno. */
import {
  PAGE_ALIGN,
  PAGE_SIZE,
  VM_ACCOUNT,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYWRITE,
  VM_READ,
  VM_WRITE,
} from "../../../devices/drivers/vm.ts";
import { type Mm, TASK_SIZE } from "./mm.ts";
import { munmap } from "./munmap.ts";
import { protectionOf } from "./page-table.ts";
import { VmAreaRecord } from "./vma.ts";

const HEAP_FLAGS = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_ACCOUNT;

export const brk = (mm: Mm, wanted: number): number => {
  if (wanted < mm.startBrk || wanted > TASK_SIZE) return mm.brk;
  const oldEnd = PAGE_ALIGN(mm.brk);
  const newEnd = PAGE_ALIGN(wanted);
  if (newEnd < oldEnd) {
    if (munmap(mm, newEnd, oldEnd - newEnd) < 0) return mm.brk;
  } else if (newEnd > oldEnd) {
    // A guard page stays free above the heap, as for a stack that would grow into it.
    if (mm.vmas.overlapping(oldEnd, newEnd + PAGE_SIZE).length > 0) return mm.brk;
    if (mm.vmas.length > mm.host.maxMapCount || (newEnd - oldEnd) / PAGE_SIZE > mm.host.pages.total) return mm.brk;
    if (!mm.mayExpand(HEAP_FLAGS, newEnd - oldEnd)) return mm.brk;
    const vma = new VmAreaRecord(oldEnd, newEnd, HEAP_FLAGS, oldEnd / PAGE_SIZE, null);
    vma.pageProt = protectionOf(HEAP_FLAGS);
    mm.link(vma);
    mm.merge(vma);
  }
  mm.brk = wanted;
  return mm.brk;
};
