/**
 * brk(2) and malloc(3) over it. Blocks are powers of two from a region that grows at the break; a freed block goes to
 * the list of its size. From MMAP_THRESHOLD on a block is a mapping of its own and goes back to the kernel.
 */
import { ENOMEM } from "../../abi/errno.ts";
import { MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { SYS_brk, SYS_mmap, SYS_munmap } from "../../abi/syscalls.ts";
import type { SystemCalls } from "./calls.ts";

/** malloc's alignment: max_align_t of riscv64. */
const ALIGN = 16;
/** glibc's M_MMAP_THRESHOLD and M_TOP_PAD. */
const MMAP_THRESHOLD = 128 * 1024;
const TOP_PAD = 128 * 1024;

/** What a fork copies along with the memory. */
export interface HeapState {
  /** The break as the kernel last told it, or -1 before the first call (glibc's __curbrk). */
  curbrk: number;
  /** The part of the region that no block has had yet. */
  top: number;
  end: number;
  /** Size of each block in use, and the free blocks of each size. */
  readonly sizes: Map<number, number>;
  readonly unused: Map<number, number[]>;
}

const emptyHeap = (): HeapState => ({ curbrk: -1, top: 0, end: 0, sizes: new Map(), unused: new Map() });

export class Heap {
  readonly #calls: SystemCalls;
  readonly #state: HeapState;

  constructor(calls: SystemCalls, state: HeapState = emptyHeap()) {
    this.#calls = calls;
    this.#state = state;
  }

  /** For the child of a fork, whose memory is a copy of ours. */
  copyState(): HeapState {
    return structuredClone(this.#state);
  }

  /** brk(2): 0, or -1 with ENOMEM. "The actual Linux system call returns the new program break on success." */
  brk(va: number): number {
    this.#state.curbrk = this.#calls.call(SYS_brk, va);
    return this.#state.curbrk < va ? this.#calls.fail(ENOMEM) : 0;
  }

  /** sbrk(2): the break before, or -1 with ENOMEM. */
  sbrk(increment: number): number {
    if (this.#state.curbrk < 0) this.brk(0);
    const before = this.#state.curbrk;
    return increment === 0 || this.brk(before + increment) === 0 ? before : -1;
  }

  /** malloc(3): 16-aligned, its bytes undefined; 0 (NULL) with ENOMEM. malloc(0) is a block of its own. */
  malloc(size: number): number {
    if (size >= MMAP_THRESHOLD) return this.#map(size);
    let block = ALIGN;
    while (block < size) block *= 2;
    const va = this.#state.unused.get(block)?.pop() ?? this.#carve(block);
    if (va !== 0) this.#state.sizes.set(va, block);
    return va;
  }

  /** free(3). Throws for an address that malloc did not give, as glibc aborts: "free(): invalid pointer". */
  free(va: number): void {
    if (va === 0) return;
    const size = this.#state.sizes.get(va);
    if (size === undefined) throw new Error(`free(): invalid pointer 0x${va.toString(16)}`);
    this.#state.sizes.delete(va);
    if (size >= MMAP_THRESHOLD) {
      this.#calls.call(SYS_munmap, va, size);
      return;
    }
    const list = this.#state.unused.get(size);
    if (list === undefined) this.#state.unused.set(size, [va]);
    else list.push(va);
  }

  /** `use` of `size` bytes that are free again when it has ended, or when its promise has. -1: no memory. */
  temporary<T>(size: number, use: (va: number) => T): T | -1 {
    const va = this.malloc(size);
    if (va === 0) return -1;
    let sleeping = false;
    try {
      const result = use(va);
      if (!(result instanceof Promise)) return result;
      sleeping = true;
      return result.finally(() => this.free(va)) as T;
    } finally {
      if (!sleeping) this.free(va);
    }
  }

  #map(size: number): number {
    const va = this.#calls.call(SYS_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (va === MAP_FAILED) return 0;
    this.#state.sizes.set(va, size);
    return va;
  }

  /** A block never used before, or 0. */
  #carve(block: number): number {
    if (this.#state.top + block > this.#state.end && !this.#grow(block)) return 0;
    const va = this.#state.top;
    this.#state.top += block;
    return va;
  }

  #grow(block: number): boolean {
    const from = this.sbrk(block + TOP_PAD);
    if (from === -1) return false;
    // The program may move the break too: then the region starts anew.
    if (from !== this.#state.end) this.#state.top = Math.ceil(from / ALIGN) * ALIGN;
    this.#state.end = this.#state.curbrk;
    return true;
  }
}
