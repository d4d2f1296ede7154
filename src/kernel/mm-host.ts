/** What address spaces need of the rest of the kernel: pages, files, who is to go when there is no memory left. */
import { SI_KERNEL, SIGKILL } from "../../abi/signal.ts";
import type { File, Inode, VmArea } from "../../devices/drivers/driver.ts";
import { KERN_ERR, PAGE_SIZE, VM_SHARED } from "../../devices/drivers/vm.ts";
import type { Machine } from "../machine.ts";
import type { Core } from "./core.ts";
import type { OpenFile } from "./fs/file.ts";
import { shmemZeroSetup } from "./fs/shmem.ts";
import { Asids, type FaultEvent, type Mm, type MmHost } from "./mm/mm.ts";
import { zapRange } from "./mm/munmap.ts";
import type { PageAllocator } from "./mm/pages.ts";
import type { VmAreaRecord } from "./mm/vma.ts";

export class KernelMmHost implements MmHost {
  readonly machine: Machine;
  readonly pages: PageAllocator;
  readonly asids = new Asids();
  readonly zeroPfn: number;
  readonly maxMapCount: number;
  onFault: ((fault: FaultEvent) => void) | null = null;
  readonly #core: Core;
  readonly #mappings = new WeakMap<Inode, Map<VmArea, Mm>>();

  constructor(core: Core) {
    this.#core = core;
    this.machine = core.machine;
    this.pages = core.pages;
    this.maxMapCount = core.limits.mappings;
    this.zeroPfn = core.pages.allocPage(true)!.pfn;
  }

  getFile(file: File): void {
    (file as OpenFile).get();
  }

  putFile(file: File): void {
    (file as OpenFile).put();
  }

  mappingsOf(inode: Inode): Map<VmArea, Mm> {
    const mappings = this.#mappings.get(inode) ?? new Map<VmArea, Mm>();
    this.#mappings.set(inode, mappings);
    return mappings;
  }

  /** Linux looks for a victim (mm/oom_kill.c); here it is who asked, killed on its way back to user mode. */
  outOfMemory(): void {
    const { current } = this.#core;
    // A copy that goes on in vain, page after page, is told once.
    if (current.pid === 0 || current.pending.some(({ signo }) => signo === SIGKILL)) return;
    const total = current.mm.totalBytes / 1024;
    this.#core.printk(
      `${KERN_ERR}Out of memory: Killed process ${current.pid} (${current.comm}) total-vm:${total}kB\n`,
    );
    this.#core.send(current, { signo: SIGKILL, code: SI_KERNEL, address: 0 });
  }

  isCached(file: File, pgoff: number): boolean {
    return (file as OpenFile).inode.cache?.find(pgoff) !== undefined;
  }

  shmemZeroSetup(vma: VmArea): number {
    return shmemZeroSetup(this.#core, vma as VmAreaRecord);
  }

  /** Removes the mappings of a file's bytes [start, end) from every address space. */
  unmapMappingRange(inode: Inode, start: number, end: number): void {
    for (const [vma, mm] of this.mappingsOf(inode)) {
      const offset = vma.pgoff * PAGE_SIZE;
      const from = vma.start + Math.max(0, start - offset);
      const to = Math.min(vma.end, vma.start + (end - offset));
      if (from < to) zapRange(mm, from, to);
    }
  }

  /** The next store through a shared mapping of the file faults again. */
  cleanMappings(inode: Inode): void {
    for (const [vma, mm] of this.mappingsOf(inode)) {
      if ((vma.flags & VM_SHARED) !== 0) zapRange(mm, vma.start, vma.end);
    }
  }
}
