/**
 * The pages of a regular file in memory (struct address_space). A page that is not there is a hole and reads as zeros,
 * or is read from where the file came from; the bytes of the last page behind the end of the file are zero whenever the
 * file grows over them.
 */
import { EFAULT, ENOMEM, ENOSPC } from "../../../abi/errno.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import type { PageRecord } from "../mm/pages.ts";
import type { SuperBlock } from "./inode.ts";

/** Where the content of pages comes from that are not in memory. */
export interface PageSource {
  /** Bytes of the file that it has; what lies behind reads as zeros. */
  size: number;
  /** Fills `into` from `position`; 0, or -errno. What lies behind `size` is not asked for. */
  read(into: Uint8Array, position: number): number;
}

export class PageCache {
  readonly #core: Core;
  readonly #superBlock: SuperBlock;
  readonly #source: PageSource | null;
  /** By page offset in the file. The cache holds one reference on each. */
  readonly #pages = new Map<number, PageRecord>();
  /** Of a source: pages that nobody has changed. */
  readonly #clean = new Set<number>();

  constructor(core: Core, superBlock: SuperBlock, source: PageSource | null = null) {
    this.#core = core;
    this.#superBlock = superBlock;
    this.#source = source;
  }

  /** Pages in memory. */
  get count(): number {
    return this.#pages.size;
  }

  /** Has any page been changed since it was read or written back? */
  get isChanged(): boolean {
    return this.#pages.size > this.#clean.size;
  }

  find(pgoff: number): PageRecord | undefined {
    return this.#pages.get(pgoff);
  }

  /** The page, made when it is not there; -ENOSPC when the file system is full, -ENOMEM without memory, -EIO. */
  findOrCreate(pgoff: number): PageRecord | number {
    const found = this.#pages.get(pgoff);
    if (found !== undefined) return found;
    if (this.#source === null && this.#isFull) return -ENOSPC;
    const page = this.#core.pages.allocPage(true);
    if (page === null) return -ENOMEM;
    const error = this.#fill(page, pgoff);
    if (error < 0) {
      this.#core.pages.putPage(page);
      return error;
    }
    this.#superBlock.usedPages++;
    this.#pages.set(pgoff, page);
    if (this.#source !== null) this.#setClean(pgoff);
    return page;
  }

  /** Somebody is about to change the page: -ENOSPC when the file system cannot keep one more. */
  touch(pgoff: number): number {
    if (!this.#clean.has(pgoff)) return 0;
    if (this.#isFull) return -ENOSPC;
    this.#unsetClean(pgoff);
    return 0;
  }

  /** File bytes [position, position + count) to user memory: bytes copied, -EFAULT when none could be. */
  copyToUser(to: number, position: number, count: number): number {
    return this.#inPages(position, count, (pgoff, offset, done, length) => {
      const page = this.#pages.get(pgoff);
      if (page !== undefined) return this.#copyPageToUser(page, offset, to + done, length);
      if (!this.#isInSource(pgoff)) return this.#core.clearUser(to + done, length);
      const bytes = new Uint8Array(length);
      const error = this.#readSource(bytes, position + done);
      return error < 0 ? error : this.#core.copyToUser(to + done, bytes);
    });
  }

  /** Making room for the user's page must not take the file's. */
  #copyPageToUser(page: PageRecord, offset: number, to: number, length: number): number {
    const { pages } = this.#core;
    pages.getPage(page);
    try {
      return this.#core.copyHostToUser(to, pages.hostOf(page) + offset, length);
    } finally {
      pages.putPage(page);
    }
  }

  /** User memory to file bytes: bytes copied, or why there is none of them. A page that got no byte is not kept. */
  copyFromUser(from: number, position: number, count: number): number {
    return this.#inPages(position, count, (pgoff, offset, done, length) => {
      const isNew = !this.#pages.has(pgoff);
      const page = this.#writable(pgoff);
      if (typeof page === "number") return page;
      const missed = this.#core.copyUserToHost(this.#core.pages.hostOf(page) + offset, from + done, length);
      this.#changed(page);
      // Reading the source can map this very page, when the source is a mapping of this file: then it stays.
      if (missed === length && isNew && page.refcount === 1) this.#drop(pgoff, page);
      return missed;
    });
  }

  /** A page that the caller is about to write. */
  #writable(pgoff: number): PageRecord | number {
    const page = this.findOrCreate(pgoff);
    if (typeof page === "number") return page;
    const error = this.touch(pgoff);
    return error < 0 ? error : page;
  }

  /** The host's own bytes. -ENOSPC or -ENOMEM when they do not all fit. */
  write(position: number, bytes: Uint8Array): number {
    return this.#inPages(position, bytes.length, (pgoff, offset, done, length) => {
      const page = this.#writable(pgoff);
      if (typeof page === "number") return page;
      this.#core.machine.u8.set(bytes.subarray(done, done + length), this.#core.pages.hostOf(page) + offset);
      this.#changed(page);
      return 0;
    });
  }

  read(position: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    this.#inPages(position, count, (pgoff, offset, done, length) => {
      const page = this.#pages.get(pgoff);
      if (page === undefined) {
        if (!this.#isInSource(pgoff)) return 0;
        return Math.min(0, this.#readSource(bytes.subarray(done, done + length), position + done));
      }
      const host = this.#core.pages.hostOf(page) + offset;
      bytes.set(this.#core.machine.u8.subarray(host, host + length), done);
      return 0;
    });
    return bytes;
  }

  /** Drops what lies behind `size` bytes: whole pages, and the rest of the last one is zeroed. */
  truncate(size: number): void {
    if (this.#source !== null) this.#source.size = Math.min(this.#source.size, size);
    const first = Math.ceil(size / PAGE_SIZE);
    for (const [pgoff, page] of this.#pages) if (pgoff >= first) this.#drop(pgoff, page);
    this.zeroTail(size);
  }

  /**
   * Makes bytes [start, end) zeros (fallocate's FALLOC_FL_PUNCH_HOLE); 0, or -errno. Whole pages go, unless they would
   * be read again.
   */
  punch(start: number, end: number): number {
    if (this.#source === null) {
      for (const [pgoff, page] of this.#pages) {
        if (pgoff * PAGE_SIZE >= start && (pgoff + 1) * PAGE_SIZE <= end) this.#drop(pgoff, page);
      }
    }
    // Of a file without a source only the two ends can be left; a source is no longer than its host's file.
    const pages =
      this.#source === null
        ? new Set([Math.floor(start / PAGE_SIZE), Math.floor((end - 1) / PAGE_SIZE)])
        : new Set([...this.#pages.keys(), ...pagesOf(start, Math.min(end, this.#source.size))]);
    for (const pgoff of pages) {
      const at = Math.max(start, pgoff * PAGE_SIZE);
      if (at >= Math.min(end, (pgoff + 1) * PAGE_SIZE) || (this.#source === null && !this.#pages.has(pgoff))) continue;
      const length = Math.min(end, (pgoff + 1) * PAGE_SIZE) - at;
      const error = this.write(at, new Uint8Array(length));
      if (error < 0) return error;
    }
    return 0;
  }

  /** What a mapping wrote behind the end of the file must not come to light when the file grows. */
  zeroTail(size: number): void {
    const offset = size % PAGE_SIZE;
    const page = offset === 0 ? undefined : this.#pages.get(Math.floor(size / PAGE_SIZE));
    if (page === undefined) return;
    const host = this.#core.pages.hostOf(page);
    this.#core.machine.u8.fill(0, host + offset, host + PAGE_SIZE);
  }

  /** The file is gone. */
  release(): void {
    for (const [pgoff, page] of this.#pages) this.#drop(pgoff, page);
  }

  /**
   * Gives the changed pages to `write` in the order of the file, each cut at `size`, and counts them as unchanged; ends
   * with the first -errno.
   */
  writeBack(size: number, write: (bytes: Uint8Array, position: number) => number): number {
    const changed = [...this.#pages.keys()].filter((pgoff) => !this.#clean.has(pgoff)).sort((a, b) => a - b);
    for (const pgoff of changed) {
      const position = pgoff * PAGE_SIZE;
      const host = this.#core.pages.hostOf(this.#pages.get(pgoff)!);
      const length = Math.min(PAGE_SIZE, size - position);
      const error = length > 0 ? write(this.#core.machine.u8.subarray(host, host + length), position) : 0;
      if (error < 0) return error;
      this.#setClean(pgoff);
    }
    return 0;
  }

  /** Frees up to `most` pages that can be read again and that nobody else uses: how many. */
  reclaim(most: number): number {
    let freed = 0;
    for (const pgoff of this.#clean) {
      if (freed >= most) break;
      const page = this.#pages.get(pgoff)!;
      if (page.refcount > 1) continue;
      this.#drop(pgoff, page);
      freed++;
    }
    return freed;
  }

  /** The source has changed: pages that only repeat it are forgotten, mapped ones filled anew. */
  refresh(): void {
    this.reclaim(Number.POSITIVE_INFINITY);
    for (const pgoff of this.#clean) {
      const page = this.#pages.get(pgoff)!;
      const host = this.#core.pages.hostOf(page);
      this.#core.machine.u8.fill(0, host, host + PAGE_SIZE);
      this.#fill(page, pgoff);
      this.#changed(page);
    }
  }

  get #isFull(): boolean {
    const { usedPages, cleanPages, maxPages } = this.#superBlock;
    return usedPages - cleanPages >= maxPages;
  }

  #isInSource(pgoff: number): boolean {
    return this.#source !== null && pgoff * PAGE_SIZE < this.#source.size;
  }

  /** A new page of zeros gets what the source has of it: 0, or -errno. */
  #fill(page: PageRecord, pgoff: number): number {
    if (!this.#isInSource(pgoff)) return 0;
    const host = this.#core.pages.hostOf(page);
    return this.#readSource(this.#core.machine.u8.subarray(host, host + PAGE_SIZE), pgoff * PAGE_SIZE);
  }

  #readSource(into: Uint8Array, position: number): number {
    const source = this.#source!;
    const length = Math.max(0, Math.min(into.length, source.size - position));
    const error = source.read(into.subarray(0, length), position);
    return error < 0 ? error : 0;
  }

  #setClean(pgoff: number): void {
    if (this.#clean.has(pgoff)) return;
    this.#clean.add(pgoff);
    this.#superBlock.cleanPages++;
    this.#superBlock.reclaimable.add(this);
  }

  #unsetClean(pgoff: number): void {
    if (!this.#clean.delete(pgoff)) return;
    this.#superBlock.cleanPages--;
    if (this.#clean.size === 0) this.#superBlock.reclaimable.delete(this);
  }

  /** The page may be mapped as code: the hart must decode it anew. */
  #changed(page: PageRecord): void {
    this.#core.machine.exports.invalidateCode(page.pfn * PAGE_SIZE, PAGE_SIZE);
  }

  #drop(pgoff: number, page: PageRecord): void {
    this.#unsetClean(pgoff);
    this.#pages.delete(pgoff);
    this.#superBlock.usedPages--;
    this.#core.pages.putPage(page);
  }

  /**
   * Visits a range page by page. `visit` returns the number of bytes that it could not copy, or -errno. The bytes done,
   * or the reason why there are none.
   */
  #inPages(
    position: number,
    count: number,
    visit: (pgoff: number, offset: number, done: number, length: number) => number,
  ): number {
    let done = 0;
    while (done < count) {
      const offset = (position + done) % PAGE_SIZE;
      const length = Math.min(PAGE_SIZE - offset, count - done);
      const missed = visit(Math.floor((position + done) / PAGE_SIZE), offset, done, length);
      if (missed < 0) return done > 0 ? done : missed;
      done += length - missed;
      if (missed > 0) return done > 0 ? done : -EFAULT;
    }
    return done;
  }
}

/** Pages that hold a byte of [start, end). */
function* pagesOf(start: number, end: number): Iterable<number> {
  for (let pgoff = Math.floor(start / PAGE_SIZE); pgoff * PAGE_SIZE < end; pgoff++) yield pgoff;
}
