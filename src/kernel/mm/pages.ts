/**
 * Physical pages: struct page and a buddy allocator (mm/page_alloc.c). A page that is freed while it is reserved or
 * still mapped is reported as Linux reports it, and leaked.
 */
import { RAM_BASE } from "../../../assembly/memory-map.ts";
import type { Page } from "../../../devices/drivers/driver.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Machine } from "../../machine.ts";
import { type BadPageReporter, badPageReason } from "./bad-page.ts";

export class PageRecord implements Page {
  readonly pfn: number;
  refcount = 0;
  mapcount = 0;
  flags = 0;
  /** A private page of a process: copy-on-write may take it over when nobody else maps it (PageAnon). */
  anon = false;
  /** In the allocator's hands. */
  free = true;
  /** Size of the block this page heads, as a power of two; 0 after splitPage. */
  order = 0;

  constructor(pfn: number) {
    this.pfn = pfn;
  }
}

/** The largest block: 2^10 pages, 4 MiB (MAX_PAGE_ORDER). */
export const MAX_PAGE_ORDER = 10;

export class PageAllocator {
  /** First page of RAM and number of pages. */
  readonly first: number;
  readonly total: number;
  /** Pages in the free lists. */
  available: number;
  readonly #machine: Machine;
  readonly #report: BadPageReporter;
  readonly #records: (PageRecord | undefined)[] = [];
  /** Heads of free blocks, by order. A Set keeps the order of insertion, so runs repeat. */
  /** Frees something that can be had again, when memory is short; false: there is nothing. */
  reclaim: () => boolean = () => false;
  readonly #free: Set<number>[] = Array.from({ length: MAX_PAGE_ORDER + 1 }, () => new Set());

  constructor(machine: Machine, report: BadPageReporter) {
    this.#machine = machine;
    this.#report = report;
    this.first = RAM_BASE / PAGE_SIZE;
    this.total = machine.ramSize / PAGE_SIZE;
    this.available = this.total;
    const block = 1 << MAX_PAGE_ORDER;
    for (let at = 0; at < this.total; ) {
      let order = MAX_PAGE_ORDER;
      while (at + (1 << order) > this.total) order--;
      this.#free[order]!.add(this.first + at);
      at += Math.min(block, 1 << order);
    }
  }

  /** Is this a page of RAM, with a struct page? (pfn_valid) */
  isValid(pfn: number): boolean {
    return pfn >= this.first && pfn < this.first + this.total;
  }

  pfnToPage(pfn: number): PageRecord {
    if (!this.isValid(pfn)) throw new RangeError(`pfn 0x${pfn.toString(16)} is not a page of RAM`);
    let page = this.#records[pfn - this.first];
    if (page === undefined) {
      page = new PageRecord(pfn);
      this.#records[pfn - this.first] = page;
    }
    return page;
  }

  /** Offset of the page in linear memory. */
  hostOf(page: Page): number {
    return this.#machine.hostOf(page.pfn * PAGE_SIZE);
  }

  /** One page with one reference, or null: no memory. */
  allocPage(zero: boolean): PageRecord | null {
    return this.allocPages(0, zero);
  }

  /** 2^order contiguous pages, one reference on the first, or null. */
  allocPages(order: number, zero: boolean): PageRecord | null {
    let pfn = this.#takeBlock(order);
    while (pfn === undefined && this.reclaim()) pfn = this.#takeBlock(order);
    if (pfn === undefined) return null;
    this.available -= 1 << order;
    for (let i = 0; i < 1 << order; i++) {
      const page = this.pfnToPage(pfn + i);
      page.free = false;
      page.refcount = i === 0 ? 1 : 0;
      page.mapcount = 0;
      page.flags = 0;
      page.anon = false;
      page.order = i === 0 ? order : 0;
    }
    // What the hart has decoded of the page's last content is not the code of its next.
    this.#machine.exports.invalidateCode(pfn * PAGE_SIZE, PAGE_SIZE << order);
    if (zero) {
      const host = this.#machine.hostOf(pfn * PAGE_SIZE);
      this.#machine.u8.fill(0, host, host + (PAGE_SIZE << order));
    }
    return this.pfnToPage(pfn);
  }

  splitPage(page: PageRecord, order: number): void {
    for (let i = 1; i < 1 << order; i++) this.pfnToPage(page.pfn + i).refcount = 1;
    page.order = 0;
  }

  getPage(page: PageRecord): void {
    page.refcount++;
  }

  /** Drops a reference; the last one frees the page (and the block that it heads). */
  putPage(page: PageRecord): void {
    if (page.free || page.refcount <= 0) {
      this.#report({ ...page, refcount: page.refcount - 1 }, "nonzero _refcount");
      return;
    }
    if (--page.refcount === 0) this.#freeBlock(page);
  }

  #takeBlock(order: number): number | undefined {
    for (let from = order; from <= MAX_PAGE_ORDER; from++) {
      const heads = this.#free[from]!;
      const head = heads.values().next().value;
      if (head === undefined) continue;
      heads.delete(head);
      for (let half = from - 1; half >= order; half--) this.#free[half]!.add(head + (1 << half));
      return head;
    }
    return undefined;
  }

  #freeBlock(head: PageRecord): void {
    const pages = Array.from({ length: 1 << head.order }, (_, i) => this.pfnToPage(head.pfn + i));
    const bad = pages.filter((page) => {
      const reason = badPageReason(page);
      if (reason !== null) this.#report(page, reason);
      return reason !== null;
    });
    if (bad.length === 0) {
      this.#giveBack(head.pfn, head.order);
      return;
    }
    // A bad page is never handed out again; the rest of its block is.
    for (const page of pages) if (!bad.includes(page)) this.#giveBack(page.pfn, 0);
  }

  #giveBack(pfn: number, blockOrder: number): void {
    for (let i = 0; i < 1 << blockOrder; i++) {
      const page = this.pfnToPage(pfn + i);
      page.free = true;
      page.order = 0;
      page.anon = false;
    }
    this.available += 1 << blockOrder;
    let head = pfn;
    let order = blockOrder;
    while (order < MAX_PAGE_ORDER) {
      // Blocks are aligned to their size from the first page of RAM.
      const buddy = this.first + ((head - this.first) ^ (1 << order));
      if (!this.#free[order]!.delete(buddy)) break;
      head = Math.min(head, buddy);
      order++;
    }
    this.#free[order]!.add(head);
  }
}
