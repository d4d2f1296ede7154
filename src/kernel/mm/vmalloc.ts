/**
 * Virtually contiguous kernel memory (mm/vmalloc.c). The pages of an area are deliberately not contiguous: a driver
 * that takes vmalloc memory for one physical range must fail here, as it would on a machine that has run for a while.
 */
import { KERN_ERR, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Log } from "../log.ts";
import { formatKernelAddress, KernelOops } from "../oops.ts";
import type { PageAllocator, PageRecord } from "./pages.ts";

/** 0xffffffc6_0000_0000, sign-extended; 64 GiB of addresses follow. */
export const VMALLOC_START = -0x3a_0000_0000;
export const VMALLOC_END = -0x2a_0000_0000;

export interface VmallocArea {
  readonly start: number;
  readonly pages: readonly PageRecord[];
  /** May remapVmallocRange show it to user space (VM_USERMAP). */
  readonly user: boolean;
}

export class Vmalloc {
  readonly #pages: PageAllocator;
  readonly #log: Log;
  readonly #areas = new Map<number, VmallocArea>();
  readonly #pageAt = new Map<number, PageRecord>();
  #next = VMALLOC_START;

  constructor(pages: PageAllocator, log: Log) {
    this.#pages = pages;
    this.#log = log;
  }

  /** The address of `size` bytes, rounded up to pages; 0: size 0 or no memory. */
  alloc(size: number, zero: boolean, user: boolean): number {
    const count = Math.ceil(size / PAGE_SIZE);
    // Addresses are not used twice, and a guard page lies between two areas: a stale pointer is always caught.
    const start = this.#next;
    const end = start + (count + 1) * PAGE_SIZE;
    if (!(count > 0) || count > this.#pages.available || end > VMALLOC_END) return 0;
    const taken: PageRecord[] = [];
    while (taken.length < count) {
      const page = this.#pages.allocPage(zero);
      if (page === null) {
        for (const one of taken) this.#pages.putPage(one);
        return 0;
      }
      taken.push(page);
    }
    const pages = scatter(taken);
    this.#next = end;
    this.#areas.set(start, { start, pages, user });
    for (const [i, page] of pages.entries()) this.#pageAt.set(start + i * PAGE_SIZE, page);
    return start;
  }

  free(address: number): void {
    if (address === 0) return;
    const area = this.#areas.get(address);
    if (area === undefined) {
      this.#log.printk(`${KERN_ERR}Trying to vfree() nonexistent vm area (${formatKernelAddress(address)})\n`);
      return;
    }
    this.#areas.delete(address);
    area.pages.forEach((page, i) => {
      this.#pageAt.delete(address + i * PAGE_SIZE);
      this.#pages.putPage(page);
    });
  }

  /** The page at any address inside an area. @throws KernelOops when there is none (use after vfree). */
  pageAt(address: number): PageRecord {
    const page = this.#pageAt.get(Math.floor(address / PAGE_SIZE) * PAGE_SIZE);
    if (page === undefined) throw new KernelOops(address);
    return page;
  }

  /** The area that begins at `address` (find_vm_area). */
  areaAt(address: number): VmallocArea | undefined {
    return this.#areas.get(address);
  }
}

/** From the highest page to the lowest: none is followed by its physical neighbour. */
const scatter = (pages: readonly PageRecord[]): PageRecord[] => pages.toSorted((a, b) => b.pfn - a.pfn);
