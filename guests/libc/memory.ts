/** Mappings, and C's strings in the program's memory: mmap(2) and its relatives, memcpy(3), strlen(3). */
import {
  SYS_madvise,
  SYS_mincore,
  SYS_mmap,
  SYS_mprotect,
  SYS_mremap,
  SYS_msync,
  SYS_munmap,
} from "../../abi/syscalls.ts";
import type { SystemCalls } from "./calls.ts";
import type { Heap } from "./heap.ts";

const PAGE_SIZE = 4096;

export interface MemoryCalls {
  /** sysconf(_SC_PAGESIZE). */
  getpagesize(): number;
  /** The address, or MAP_FAILED (-1). `offset` in bytes. */
  mmap(va: number, length: number, prot: number, flags: number, fd: number, offset: number): number;
  munmap(va: number, length: number): number;
  mprotect(va: number, length: number, prot: number): number;
  /** The new address, or MAP_FAILED. `newVa` counts with MREMAP_FIXED only. */
  mremap(va: number, oldLength: number, newLength: number, flags: number, newVa?: number): number;
  msync(va: number, length: number, flags: number): number;
  /** One byte for each page into `vector`: bit 0 says that the page is there. */
  mincore(va: number, length: number, vector: number): number;
  madvise(va: number, length: number, advice: number): number;

  brk(va: number): number;
  sbrk(increment: number): number;
  malloc(size: number): number;
  free(va: number): void;

  /** `to`, as in C. The ranges may overlap (so it is memmove too). */
  memcpy(to: number, from: number, length: number): number;
  memset(va: number, byte: number, length: number): number;
  /** Bytes before the NUL. */
  strlen(va: number): number;
  /** Stores `text` as UTF-8 with its NUL; `to`, as in C. */
  strcpy(to: number, text: string): number;
  /** The NUL-terminated UTF-8 string at `va`, cut after `limit` bytes. */
  loadCString(va: number, limit?: number): string;
}

export function memoryCalls(calls: SystemCalls, heap: Heap): MemoryCalls {
  const { user } = calls;
  return {
    getpagesize: () => PAGE_SIZE,
    mmap: (va, length, prot, flags, fd, offset) => calls.call(SYS_mmap, va, length, prot, flags, fd, offset),
    munmap: (va, length) => calls.call(SYS_munmap, va, length),
    mprotect: (va, length, prot) => calls.call(SYS_mprotect, va, length, prot),
    mremap: (va, oldLength, newLength, flags, newVa = 0) =>
      calls.call(SYS_mremap, va, oldLength, newLength, flags, newVa),
    msync: (va, length, flags) => calls.call(SYS_msync, va, length, flags),
    mincore: (va, length, vector) => calls.call(SYS_mincore, va, length, vector),
    madvise: (va, length, advice) => calls.call(SYS_madvise, va, length, advice),

    brk: (va) => heap.brk(va),
    sbrk: (increment) => heap.sbrk(increment),
    malloc: (size) => heap.malloc(size),
    free: (va) => heap.free(va),

    memcpy(to, from, length) {
      user.copy(to, from, length);
      return to;
    },
    memset(va, byte, length) {
      user.fill(va, byte, length);
      return va;
    },
    strlen: (va) => cBytes(calls, va, Number.POSITIVE_INFINITY).length,
    strcpy(to, text) {
      user.write(to, cString(text));
      return to;
    },
    loadCString: (va, limit = Number.POSITIVE_INFINITY) => new TextDecoder().decode(cBytes(calls, va, limit)),
  };
}

/** UTF-8 with its NUL. */
export const cString = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

/** The bytes before the NUL. Reads no page that the string does not reach: the next one may not be there. */
function cBytes({ user }: SystemCalls, va: number, limit: number): Uint8Array {
  const bytes: number[] = [];
  while (bytes.length < limit) {
    const at = va + bytes.length;
    const piece = user.read(at, Math.min(limit - bytes.length, PAGE_SIZE - (at % PAGE_SIZE)));
    const end = piece.indexOf(0);
    bytes.push(...(end < 0 ? piece : piece.subarray(0, end)));
    if (end >= 0) break;
  }
  return Uint8Array.from(bytes);
}
