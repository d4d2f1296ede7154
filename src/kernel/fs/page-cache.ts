/**
 * The pages of a regular file in memory (struct address_space). A page that is not there is a hole and reads as zeros;
 * the bytes of the last page behind the end of the file are zero whenever the file grows over them.
 */
import { EFAULT, ENOMEM, ENOSPC } from "../../../abi/errno.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import type { PageRecord } from "../mm/pages.ts";
import type { SuperBlock } from "./inode.ts";

export class PageCache {
  readonly #core: Core;
  readonly #superBlock: SuperBlock;
  /** By page offset in the file. The cache holds one reference on each. */
  readonly #pages = new Map<number, PageRecord>();

  constructor(core: Core, superBlock: SuperBlock) {
    this.#core = core;
    this.#superBlock = superBlock;
  }

  /** Pages in memory. */
  get count(): number {
    return this.#pages.size;
  }

  find(pgoff: number): PageRecord | undefined {
    return this.#pages.get(pgoff);
  }

  /** The page, made of zeros when it is a hole; -ENOSPC when the file system is full, -ENOMEM without memory. */
  findOrCreate(pgoff: number): PageRecord | number {
    const found = this.#pages.get(pgoff);
    if (found !== undefined) return found;
    if (this.#superBlock.usedPages >= this.#superBlock.maxPages) return -ENOSPC;
    const page = this.#core.pages.allocPage(true);
    if (page === null) return -ENOMEM;
    this.#superBlock.usedPages++;
    this.#pages.set(pgoff, page);
    return page;
  }

  /** File bytes [position, position + count) to user memory: bytes copied, -EFAULT when none could be. */
  copyToUser(to: number, position: number, count: number): number {
    return this.#inPages(position, count, (pgoff, offset, done, length) => {
      const page = this.#pages.get(pgoff);
      if (page === undefined) return this.#core.clearUser(to + done, length);
      return this.#core.copyHostToUser(to + done, this.#core.pages.hostOf(page) + offset, length);
    });
  }

  /** User memory to file bytes: bytes copied, or why there is none of them. A page that got no byte is not kept. */
  copyFromUser(from: number, position: number, count: number): number {
    return this.#inPages(position, count, (pgoff, offset, done, length) => {
      const isNew = !this.#pages.has(pgoff);
      const page = this.findOrCreate(pgoff);
      if (typeof page === "number") return page;
      const missed = this.#core.copyUserToHost(this.#core.pages.hostOf(page) + offset, from + done, length);
      this.#changed(page);
      // Reading the source can map this very page, when the source is a mapping of this file: then it stays.
      if (missed === length && isNew && page.refcount === 1) this.#drop(pgoff, page);
      return missed;
    });
  }

  /** The host's own bytes. -ENOSPC or -ENOMEM when they do not all fit. */
  write(position: number, bytes: Uint8Array): number {
    return this.#inPages(position, bytes.length, (pgoff, offset, done, length) => {
      const page = this.findOrCreate(pgoff);
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
      if (page === undefined) return 0;
      const host = this.#core.pages.hostOf(page) + offset;
      bytes.set(this.#core.machine.u8.subarray(host, host + length), done);
      return 0;
    });
    return bytes;
  }

  /** Drops what lies behind `size` bytes: whole pages, and the rest of the last one is zeroed. */
  truncate(size: number): void {
    const first = Math.ceil(size / PAGE_SIZE);
    for (const [pgoff, page] of this.#pages) if (pgoff >= first) this.#drop(pgoff, page);
    this.zeroTail(size);
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

  /** The page may be mapped as code: the hart must decode it anew. */
  #changed(page: PageRecord): void {
    this.#core.machine.exports.invalidateCode(page.pfn * PAGE_SIZE, PAGE_SIZE);
  }

  #drop(pgoff: number, page: PageRecord): void {
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
