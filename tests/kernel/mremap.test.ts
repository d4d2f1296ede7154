/** mremap(2). Truth: its manual page; mm/mremap.c of Linux 6.12 where that says nothing. */
import { expect, test } from "vitest";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import {
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_READ,
} from "../../abi/mman.ts";
import { SEGV_MAPERR } from "../../abi/signal.ts";
import { SYS_mlock, SYS_mremap } from "../../abi/syscalls.ts";
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import type { Libc } from "../../guests/libc.ts";
import { catchFaults, deviceModule, faultOf, Lab, named, PAGE, result } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);
/** Marks each page with its number, from 1. */
const mark = (c: Libc, m: number, pages: number): void => {
  for (let i = 0; i < pages; i++) c.user.store8(m + i * PAGE, i + 1);
};
const marks = (c: Libc, m: number, pages: number): number[] =>
  Array.from({ length: pages }, (_, i) => c.user.load8(m + i * PAGE));

test("lengths are size_t: what rounds up past 2^64 is 0, what is above 2^63 is too long", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 2);
    mark(c, m, 2);
    const call = (...args: number[]) => named(c.user.syscall(SYS_mremap, m, ...args) as number);
    expect(call(PAGE, -1, MREMAP_MAYMOVE)).toBe("EINVAL");
    // old_len >= new_len, so it is a munmap of the rest, which is too long.
    expect(call(-PAGE, PAGE, MREMAP_MAYMOVE)).toBe("EINVAL");
    expect(call(-2 * PAGE, -PAGE, MREMAP_MAYMOVE)).toBe("EFAULT");
    expect(call(PAGE, -PAGE, MREMAP_MAYMOVE)).toBe("ENOMEM");
    expect(call(PAGE, 2 ** 38, MREMAP_MAYMOVE)).toBe("ENOMEM");
    expect(marks(c, m, 2)).toEqual([1, 2]);
    return 0;
  });
});

test('"MREMAP_MAYMOVE: … the kernel is permitted to relocate the mapping": content moves, the old range is gone', async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    const m = anonymous(c, 4);
    mark(c, m, 4);
    const q = c.mremap(m, 2 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);
    expect(q).not.toBe(m);
    expect(marks(c, q, 6)).toEqual([1, 2, 0, 0, 0, 0]);
    expect(faultOf(() => c.user.load8(m + PAGE))?.code).toBe(SEGV_MAPERR);
    expect(marks(c, m + 2 * PAGE, 2)).toEqual([3, 4]);
    return 0;
  });
});

test("a mapping with room above it grows where it is, without MREMAP_MAYMOVE too", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 4);
    c.munmap(m + 2 * PAGE, 2 * PAGE);
    mark(c, m, 2);
    expect(c.mremap(m, 2 * PAGE, 4 * PAGE, 0)).toBe(m);
    expect(marks(c, m, 4)).toEqual([1, 2, 0, 0]);
    return 0;
  });
});

test('"Any previous mapping at the address range specified by new_address and new_size is unmapped"; a shorter new size drops the tail', async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    const m = anonymous(c, 3);
    const to = anonymous(c, 3);
    mark(c, m, 3);
    c.user.fill(to, 9, 3 * PAGE);
    expect(c.mremap(m, 3 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to)).toBe(to);
    expect(marks(c, to, 3)).toEqual([1, 2, 9]);
    expect([0, 1, 2].map((i) => faultOf(() => c.user.load8(m + i * PAGE))?.code)).toEqual([1, 1, 1]);
    return 0;
  });
});

test("shrinking works across several mappings (it is a munmap of the tail)", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 4);
    mark(c, m, 4);
    c.mprotect(m + PAGE, PAGE, PROT_READ);
    expect(c.mremap(m, 4 * PAGE, PAGE, 0)).toBe(m);
    expect(c.user.load8(m)).toBe(1);
    expect(result(c, c.mremap(m, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE))).toBe("EFAULT");
    return 0;
  });
});

test('"If the value of old_size is zero, and old_address refers to a shareable mapping …, then mremap() will create a new mapping of the same pages"', async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = c.mmap(0, 2 * PAGE, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    mark(c, m, 2);
    const q = c.mremap(m, 0, 2 * PAGE, MREMAP_MAYMOVE);
    expect(marks(c, q, 2)).toEqual([1, 2]);
    c.user.store8(q, 7);
    expect(c.user.load8(m)).toBe(7);
    // "EINVAL: … old_size was zero and old_address does not refer to a shareable mapping"
    expect(result(c, c.mremap(anonymous(c, 1), 0, PAGE, MREMAP_MAYMOVE))).toBe("EINVAL");
    return 0;
  });
});

test('MREMAP_DONTUNMAP "does not unmap the mapping at old_address": of anonymous memory it reads as zero from then on', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const flags = MREMAP_MAYMOVE | MREMAP_DONTUNMAP;
    const m = anonymous(c, 2);
    mark(c, m, 2);
    const q = c.mremap(m, 2 * PAGE, 2 * PAGE, flags);
    expect(marks(c, q, 2)).toEqual([1, 2]);
    expect(marks(c, m, 2)).toEqual([0, 0]);
    // Of a shared file the old range shows the file again.
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, PAGE);
    const file = c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
    c.user.store8(file, 5);
    const moved = c.mremap(file, PAGE, PAGE, flags);
    expect([c.user.load8(file), c.user.load8(moved)]).toEqual([5, 5]);
    expect(result(c, c.mremap(file, PAGE, 2 * PAGE, flags))).toBe("EINVAL");
    return 0;
  });
});

test("a mapping of a device (VM_PFNMAP) moves, and neither grows nor is left behind", async () => {
  const lab = await Lab.boot();
  const screen = deviceModule("screen", (kernel) => ({
    mmap: (_file, vma) => kernel.remapPfnRange(vma, vma.start, VRAM_BASE / PAGE, vma.end - vma.start, vma.pageProt),
  }));
  expect(lab.kernel.insmod(screen)).toBe(0);
  await lab.run(async (c) => {
    const fd = await c.open("/dev/screen", O_RDWR);
    const m = c.mmap(0, 2 * PAGE, 3, MAP_SHARED, fd, 0);
    mark(c, m, 2);
    expect(result(c, c.mremap(m, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP))).toBe("EINVAL");
    expect(result(c, c.mremap(m, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE))).toBe("EFAULT");
    const q = c.mremap(m, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, m - 16 * PAGE);
    expect(marks(c, q, 2)).toEqual([1, 2]);
    return 0;
  });
});

test("a private writable mapping cannot grow beyond all memory", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 1);
    expect(result(c, c.mremap(m, PAGE, 2 ** 30, MREMAP_MAYMOVE))).toBe("ENOMEM");
    return 0;
  });
});

test('"If the memory segment … is locked …, then this lock is maintained when the segment is resized": its new pages are in memory', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 1);
    const vector = c.malloc(4);
    expect(await c.syscall(SYS_mlock, m, PAGE)).toBe(0);
    const q = c.mremap(m, PAGE, 4 * PAGE, MREMAP_MAYMOVE);
    expect(c.mincore(q, 4 * PAGE, vector)).toBe(0);
    expect([...c.user.read(vector, 4)]).toEqual([1, 1, 1, 1]);
    return 0;
  });
});

test("a moved part of a mapping takes its file offset with it", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, 4 * PAGE);
    const m = c.mmap(0, 4 * PAGE, 3, MAP_SHARED, fd, 0);
    const q = c.mremap(m + 2 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, m - 16 * PAGE);
    c.user.store8(q, 3);
    const t = c.malloc(1);
    expect(c.pread(fd, t, 1, 2 * PAGE)).toBe(1);
    expect(c.user.load8(t)).toBe(3);
    return 0;
  });
});
