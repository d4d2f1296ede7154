/**
 * A naive model of an address space: one entry a page, no ranges, no merging, no page tables. What mmap(2), munmap(2),
 * mprotect(2), mremap(2) and madvise(2) say of private anonymous memory, said page by page.
 */
export const PAGE = 4096;

export interface ModelPage {
  /** PROT_… */
  prot: number;
  /** The byte that the first byte of the page holds. */
  value: number;
}

export class PageModel {
  readonly pages = new Map<number, ModelPage>();

  map(start: number, count: number, prot: number): void {
    for (let i = 0; i < count; i++) this.pages.set(start + i * PAGE, { prot, value: 0 });
  }

  unmap(start: number, count: number): void {
    for (let i = 0; i < count; i++) this.pages.delete(start + i * PAGE);
  }

  /** mprotect(2): pages up to the first hole are changed. True when there was no hole. */
  protect(start: number, count: number, prot: number): boolean {
    for (let i = 0; i < count; i++) {
      const page = this.pages.get(start + i * PAGE);
      if (page === undefined) return false;
      page.prot = prot;
    }
    return true;
  }

  move(from: number, to: number, count: number): void {
    const moved = Array.from({ length: count }, (_, i) => this.pages.get(from + i * PAGE)!);
    this.unmap(from, count);
    moved.forEach((page, i) => {
      this.pages.set(to + i * PAGE, page);
    });
  }

  /** madvise(2), MADV_DONTNEED: "subsequent accesses … zero-fill-on-demand pages". */
  dontNeed(start: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const page = this.pages.get(start + i * PAGE);
      if (page !== undefined) page.value = 0;
    }
  }

  isMapped(start: number, count: number): boolean {
    return Array.from({ length: count }, (_, i) => this.pages.has(start + i * PAGE)).every(Boolean);
  }

  isFree(start: number, count: number): boolean {
    return Array.from({ length: count }, (_, i) => this.pages.has(start + i * PAGE)).every((there) => !there);
  }

  /** The longest runs of neighbouring pages with one protection: what a list of mappings must come to. */
  ranges(): { start: number; end: number; prot: number }[] {
    const found: { start: number; end: number; prot: number }[] = [];
    for (const start of [...this.pages.keys()].sort((a, b) => a - b)) {
      const { prot } = this.pages.get(start)!;
      const last = found.at(-1);
      if (last !== undefined && last.end === start && last.prot === prot) last.end = start + PAGE;
      else found.push({ start, end: start + PAGE, prot });
    }
    return found;
  }
}
