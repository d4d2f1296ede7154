/** One mapping (struct vm_area_struct), and the ordered list of them in an address space. */
import type { File, VmArea, VmOperations } from "../../../devices/drivers/driver.ts";
import { PAGE_SIZE, VM_GROWSDOWN, VM_MAYWRITE, VM_SHARED, VM_SPECIAL } from "../../../devices/drivers/vm.ts";

/** stack_guard_gap: what stays free below a mapping that grows downwards. */
export const STACK_GUARD_GAP = 256 * PAGE_SIZE;

export class VmAreaRecord implements VmArea {
  start: number;
  end: number;
  pgoff: number;
  flags: number;
  pageProt = 0;
  file: File | null;
  ops: VmOperations | null = null;
  privateData: unknown = null;
  /** A private page was made in it: fork copies its entries (vma->anon_vma). */
  hasAnon = false;

  constructor(start: number, end: number, flags: number, pgoff: number, file: File | null) {
    this.start = start;
    this.end = end;
    this.flags = flags;
    this.pgoff = pgoff;
    this.file = file;
  }

  /** A copy that a split, a fork or a move makes (vm_area_dup). */
  clone(): VmAreaRecord {
    const copy = new VmAreaRecord(this.start, this.end, this.flags, this.pgoff, this.file);
    copy.pageProt = this.pageProt;
    copy.ops = this.ops;
    copy.privateData = this.privateData;
    copy.hasAnon = this.hasAnon;
    return copy;
  }

  /** Where room for other mappings ends below this one (vm_start_gap). */
  get startGap(): number {
    return (this.flags & VM_GROWSDOWN) === 0 ? this.start : Math.max(0, this.start - STACK_GUARD_GAP);
  }

  /** The page offset in the file of an address. */
  pgoffOf(address: number): number {
    return this.pgoff + Math.floor((address - this.start) / PAGE_SIZE);
  }
}

/** Private and writable, now or later: a store makes a copy (is_cow_mapping). */
export const isCowMapping = (flags: number): boolean => (flags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE;

/** May `right`, which begins where `left` ends, become part of it (can_vma_merge_after)? */
const canMerge = (left: VmAreaRecord, right: VmAreaRecord): boolean =>
  left.end === right.start &&
  left.flags === right.flags &&
  (left.flags & VM_SPECIAL) === 0 &&
  left.file === right.file &&
  left.ops === right.ops &&
  left.ops?.close === undefined &&
  left.privateData === right.privateData &&
  left.pgoff + (left.end - left.start) / PAGE_SIZE === right.pgoff;

/** Mappings in the order of their addresses. */
export class VmAreaList {
  readonly #areas: VmAreaRecord[] = [];

  get length(): number {
    return this.#areas.length;
  }

  [Symbol.iterator](): IterableIterator<VmAreaRecord> {
    return this.#areas.values();
  }

  /** The mapping that holds the address (vma_lookup). */
  lookup(address: number): VmAreaRecord | undefined {
    const vma = this.find(address);
    return vma !== undefined && vma.start <= address ? vma : undefined;
  }

  /** The first mapping that ends above the address (find_vma). */
  find(address: number): VmAreaRecord | undefined {
    return this.#areas[this.#indexAbove(address)];
  }

  /** The mappings that share at least a byte with [start, end), as a list of its own. */
  overlapping(start: number, end: number): VmAreaRecord[] {
    const found: VmAreaRecord[] = [];
    for (let i = this.#indexAbove(start); i < this.#areas.length && this.#areas[i]!.start < end; i++) {
      found.push(this.#areas[i]!);
    }
    return found;
  }

  /** The free room around an address that no mapping holds: the end below it and the start above it. */
  gapAround(start: number): { floor: number; ceiling: number } {
    const index = this.#indexAbove(start);
    return {
      floor: this.#areas[index - 1]?.end ?? 0,
      ceiling: this.#areas[index]?.start ?? Number.POSITIVE_INFINITY,
    };
  }

  /** The last mapping that ends at or below the address (find_vma_prev). */
  before(address: number): VmAreaRecord | undefined {
    return this.#areas[this.#indexAbove(address) - 1];
  }

  /** May a mapping that nobody placed there by force lie in [start, end)? */
  isGap(start: number, end: number): boolean {
    const next = this.find(start);
    return next === undefined || next.startGap >= end;
  }

  insert(vma: VmAreaRecord): void {
    const index = this.#indexAbove(vma.start);
    this.#areas.splice(index, 0, vma);
  }

  /** Takes out the mappings that lie in [start, end). */
  takeOut(start: number, end: number): VmAreaRecord[] {
    return this.#areas.splice(this.#indexAbove(start), this.overlapping(start, end).length);
  }

  /** Joins a mapping with its neighbours where Linux would. The neighbours that went, for their files to be put. */
  merge(vma: VmAreaRecord): VmAreaRecord[] {
    const index = this.#indexAbove(vma.start);
    const next = this.#areas[index + 1];
    const previous = this.#areas[index - 1];
    const gone: VmAreaRecord[] = [];
    if (next !== undefined && canMerge(vma, next)) {
      vma.end = next.end;
      vma.hasAnon ||= next.hasAnon;
      gone.push(...this.#areas.splice(index + 1, 1));
    }
    if (previous !== undefined && canMerge(previous, vma)) {
      vma.start = previous.start;
      vma.pgoff = previous.pgoff;
      vma.hasAnon ||= previous.hasAnon;
      gone.push(...this.#areas.splice(index - 1, 1));
    }
    return gone;
  }

  /** The highest place for `length` free bytes that end at or below `highest` and begin at or above `lowest`. */
  findGapBelow(highest: number, lowest: number, length: number): number | undefined {
    let top = highest;
    for (let i = Math.min(this.#indexAbove(highest - 1), this.#areas.length - 1); i >= 0; i--) {
      const vma = this.#areas[i]!;
      if (top - vma.end >= length) break;
      top = Math.min(top, vma.startGap);
    }
    return top - length >= lowest ? top - length : undefined;
  }

  #indexAbove(address: number): number {
    let low = 0;
    let high = this.#areas.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#areas[middle]!.end > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
