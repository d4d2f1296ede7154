/**
 * kmalloc: small objects cut from whole pages, in powers of two (mm/slub.c). Large ones are page blocks of their own.
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

interface Live {
  readonly size: number;
  /** The block's head when the object is a page block. */
  readonly block: PageRecord | null;
}

export class Slab {
  readonly #pages: PageAllocator;
  readonly #log: Log;
  readonly #addressOf: (page: PageRecord) => number;
  readonly #free = new Map<number, number[]>();
  readonly #live = new Map<number, Live>();

  constructor(pages: PageAllocator, log: Log, addressOf: (page: PageRecord) => number) {
    this.#pages = pages;
    this.#log = log;
    this.#addressOf = addressOf;
  }

  /** Kernel pointer, or 0: no memory, or more than 4 MiB. */
  alloc(size: number): number {
    if (size === 0) return ZERO_SIZE_PTR;
    if (!(size > 0)) return 0;
    if (size > LARGEST_SLAB) return this.#allocBlock(size);
    const cache = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(size)));
    const free = this.#free.get(cache) ?? this.#newCache(cache);
    if (free.length === 0 && !this.#grow(cache, free)) return 0;
    const address = free.pop()!;
    this.#live.set(address, { size: cache, block: null });
    return address;
  }

  free(address: number): void {
    if (address === 0 || address === ZERO_SIZE_PTR) return;
    const live = this.#live.get(address);
    if (live === undefined) {
      this.#log.printk(
        `${KERN_ERR}BUG kmalloc: Object already free or never allocated: ${formatKernelAddress(address)}\n`,
      );
      return;
    }
    this.#live.delete(address);
    if (live.block !== null) this.#pages.putPage(live.block);
    else this.#free.get(live.size)!.push(address);
  }

  /** Bytes that may be used at this address, or 0 when it is no live object (ksize). */
  sizeOf(address: number): number {
    return this.#live.get(address)?.size ?? 0;
  }

  #newCache(size: number): number[] {
    const free: number[] = [];
    this.#free.set(size, free);
    return free;
  }

  #grow(size: number, free: number[]): boolean {
    const order = size > PAGE_SIZE ? 1 : 0;
    const page = this.#pages.allocPages(order, false);
    if (page === null) return false;
    page.flags |= PG_slab;
    const base = this.#addressOf(page);
    for (let at = (PAGE_SIZE << order) - size; at >= 0; at -= size) free.push(base + at);
    return true;
  }

  #allocBlock(size: number): number {
    const order = Math.max(0, Math.ceil(Math.log2(size / PAGE_SIZE)));
    if (order > MAX_PAGE_ORDER) return 0;
    const block = this.#pages.allocPages(order, false);
    if (block === null) return 0;
    const address = this.#addressOf(block);
    this.#live.set(address, { size: PAGE_SIZE << order, block });
    return address;
  }
}
