/**
 * kmalloc: small objects cut from whole pages, in powers of two (mm/slub.c). Large ones are page blocks of their own. A
 * slab whose last object is freed goes back to the page allocator.
 *
 * Not modelled: the caches of 96 and 192 bytes; poisoning of freed objects.
 */
import { KERN_ERR, PAGE_SIZE, PG_slab } from "../../../devices/drivers/vm.ts";
import type { Log } from "../log.ts";
import { formatKernelAddress } from "../oops.ts";
import { MAX_PAGE_ORDER, type PageAllocator, type PageRecord } from "./pages.ts";

const SMALLEST = 8;
/** KMALLOC_MAX_CACHE_SIZE: above it, pages. */
const LARGEST_SLAB = 2 * PAGE_SIZE;
/** ZERO_SIZE_PTR: what kmalloc(0) gives; kfree takes it. */
export const ZERO_SIZE_PTR = 16;

/** Pages cut into objects of one size, or one large object. */
interface SlabPages {
  readonly head: PageRecord;
  /** Bytes of one object. */
  readonly size: number;
  /** Addresses of the objects that nobody has. */
  readonly free: number[];
  used: number;
}

export class Slab {
  readonly #pages: PageAllocator;
  readonly #log: Log;
  readonly #addressOf: (page: PageRecord) => number;
  /** Slabs with objects left, by size. */
  readonly #partial = new Map<number, Set<SlabPages>>();
  readonly #live = new Map<number, SlabPages>();

  constructor(pages: PageAllocator, log: Log, addressOf: (page: PageRecord) => number) {
    this.#pages = pages;
    this.#log = log;
    this.#addressOf = addressOf;
  }

  /** Kernel pointer, aligned to its size up to a page; or 0: no memory, or more than 4 MiB. */
  alloc(size: number): number {
    if (size === 0) return ZERO_SIZE_PTR;
    if (!(size > 0)) return 0;
    const rounded = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(size)));
    const [first] = this.#partialOf(rounded);
    const slab = first ?? this.#grow(rounded);
    if (slab === null) return 0;
    const address = slab.free.pop()!;
    slab.used++;
    if (slab.free.length === 0) this.#partialOf(rounded).delete(slab);
    this.#live.set(address, slab);
    return address;
  }

  free(address: number): void {
    if (address === 0 || address === ZERO_SIZE_PTR) return;
    const slab = this.#live.get(address);
    if (slab === undefined) {
      const text = `BUG kmalloc: Object already free or never allocated: ${formatKernelAddress(address)}`;
      this.#log.printk(`${KERN_ERR}${text}\n`);
      return;
    }
    this.#live.delete(address);
    slab.free.push(address);
    slab.used--;
    const partial = this.#partialOf(slab.size);
    if (slab.used > 0) {
      partial.add(slab);
      return;
    }
    partial.delete(slab);
    slab.head.flags &= ~PG_slab;
    this.#pages.putPage(slab.head);
  }

  /** Bytes that may be used at this address, or 0 when it is no live object (ksize). */
  sizeOf(address: number): number {
    return this.#live.get(address)?.size ?? 0;
  }

  #partialOf(size: number): Set<SlabPages> {
    const known = this.#partial.get(size) ?? new Set();
    this.#partial.set(size, known);
    return known;
  }

  #grow(size: number): SlabPages | null {
    const order = Math.max(0, Math.log2(size / PAGE_SIZE));
    if (order > MAX_PAGE_ORDER) return null;
    const head = this.#pages.allocPages(order, false);
    if (head === null) return null;
    // Large objects are pages as allocPages gives them: a driver may map them with vmInsertPage.
    if (size <= LARGEST_SLAB) head.flags |= PG_slab;
    const base = this.#addressOf(head);
    const free: number[] = [];
    for (let at = (PAGE_SIZE << order) - size; at >= 0; at -= size) free.push(base + at);
    const slab = { head, size, free, used: 0 };
    this.#partialOf(size).add(slab);
    return slab;
  }
}
