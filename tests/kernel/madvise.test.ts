/** madvise(2). Truth: its manual page; mm/madvise.c of Linux 6.12. */
import { expect, test } from "vitest";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import {
  MADV_COLD,
  MADV_DODUMP,
  MADV_DONTDUMP,
  MADV_DONTNEED,
  MADV_DONTNEED_LOCKED,
  MADV_FREE,
  MADV_HWPOISON,
  MADV_KEEPONFORK,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_REMOVE,
  MADV_WILLNEED,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_READ,
} from "../../abi/mman.ts";
import { SYS_madvise, SYS_mlock } from "../../abi/syscalls.ts";
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import type { Libc } from "../../guests/libc.ts";
import { deviceModule, Lab, named, PAGE, result } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);
const incore = (c: Libc, va: number, pages: number): number[] => {
  const vector = c.malloc(pages);
  expect(c.mincore(va, pages * PAGE, vector)).toBe(0);
  return [...c.user.read(vector, pages)];
};
const screen = deviceModule("screen", (kernel) => ({
  mmap: (_file, vma) => kernel.remapPfnRange(vma, vma.start, VRAM_BASE / PAGE, vma.end - vma.start, vma.pageProt),
}));

test('MADV_DONTNEED: "zero-fill-on-demand pages for anonymous private mappings", "the up-to-date contents of the underlying mapped file" for others', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, PAGE);
    const shared = c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
    const copy = c.mmap(0, PAGE, 3, MAP_PRIVATE, fd, 0);
    const common = c.mmap(0, PAGE, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const own = anonymous(c, 1);
    c.user.store8(shared, 1);
    c.user.store8(copy, 2);
    c.user.store8(common, 3);
    c.user.store8(own, 4);
    for (const m of [shared, copy, common, own]) expect(c.madvise(m, PAGE, MADV_DONTNEED)).toBe(0);
    expect([shared, copy, common, own].map((m) => c.user.load8(m))).toEqual([1, 1, 3, 0]);
    return 0;
  });
});

test('"ENOMEM: Addresses in the specified range are not currently mapped": the parts that are have been dealt with', async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 4);
    c.user.fill(m, 1, 4 * PAGE);
    c.munmap(m + PAGE, PAGE);
    expect(result(c, c.madvise(m, 4 * PAGE, MADV_DONTNEED))).toBe("ENOMEM");
    expect([0, 2, 3].map((i) => c.user.load8(m + i * PAGE))).toEqual([0, 0, 0]);
    return 0;
  });
});

test("a locked page is dropped by MADV_DONTNEED_LOCKED only", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 1);
    c.user.store8(m, 1);
    await c.syscall(SYS_mlock, m, PAGE);
    expect(result(c, c.madvise(m, PAGE, MADV_DONTNEED))).toBe("EINVAL");
    expect(c.user.load8(m)).toBe(1);
    expect(c.madvise(m, PAGE, MADV_DONTNEED_LOCKED)).toBe(0);
    expect(c.user.load8(m)).toBe(0);
    return 0;
  });
});

test("what each advice says to a mapping it is not for", async () => {
  const lab = await Lab.boot();
  expect(lab.kernel.insmod(screen)).toBe(0);
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, PAGE);
    const dev = await c.open("/dev/screen", O_RDWR);
    const m = {
      anon: anonymous(c, 1),
      file: c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0),
      copy: c.mmap(0, PAGE, 3, MAP_PRIVATE, fd, 0),
      common: c.mmap(0, PAGE, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
      device: c.mmap(0, PAGE, 3, MAP_SHARED, dev, 0),
    };
    const advise = (advice: number) =>
      Object.fromEntries(Object.entries(m).map(([name, va]) => [name, result(c, c.madvise(va, PAGE, advice))]));
    // "EINVAL: advice is MADV_FREE or MADV_WIPEONFORK but the specified address range includes file, … MAP_SHARED, or VM_PFNMAP ranges."
    const einval = "EINVAL";
    expect(advise(MADV_FREE)).toEqual({ anon: 0, file: einval, copy: einval, common: einval, device: einval });
    // "EACCES: advice is MADV_REMOVE, but the specified address range is not a shared writable mapping": after EINVAL
    // for no file (madvise_remove); then what fallocate(2) says.
    expect(advise(MADV_REMOVE)).toMatchObject({ anon: einval, copy: "EACCES", device: "ENODEV" });
    expect(advise(MADV_WIPEONFORK)).toEqual({ anon: 0, file: einval, copy: einval, common: einval, device: einval });
    expect(advise(MADV_KEEPONFORK)).toEqual({ anon: 0, file: 0, copy: 0, common: 0, device: 0 });
    // "EBADF: The map exists, but the area maps something that isn't a file."
    expect(advise(MADV_WILLNEED)).toMatchObject({ anon: "EBADF", file: 0, copy: 0, device: 0 });
    // VM_SPECIAL cannot be dumped.
    expect(advise(MADV_DONTDUMP)).toEqual({ anon: 0, file: 0, copy: 0, common: 0, device: 0 });
    expect(advise(MADV_DODUMP)).toEqual({ anon: 0, file: 0, copy: 0, common: 0, device: einval });
    // "EINVAL: advice is MADV_COLD or MADV_PAGEOUT and the specified address range includes … VM_PFNMAP pages."
    for (const advice of [MADV_COLD, MADV_PAGEOUT]) expect(advise(advice)).toMatchObject({ anon: 0, device: einval });
    expect(advise(MADV_DONTNEED)).toMatchObject({ device: einval });
    expect(advise(MADV_HWPOISON).anon).toBe(einval);
    return 0;
  });
});

test("MADV_POPULATE_READ and _WRITE bring the pages in, or say why not", async () => {
  const lab = await Lab.boot();
  expect(lab.kernel.insmod(screen)).toBe(0);
  await lab.run(async (c) => {
    const m = anonymous(c, 2);
    const free = lab.kernel.pages.available;
    expect(c.madvise(m, PAGE, MADV_POPULATE_READ)).toBe(0);
    expect(incore(c, m, 2)).toEqual([1, 0]);
    c.mprotect(m, PAGE, PROT_READ);
    expect(c.madvise(m + PAGE, PAGE, MADV_POPULATE_WRITE)).toBe(0);
    expect(lab.kernel.pages.available).toBeLessThan(free);
    // "EINVAL: … the specified address range includes ranges with insufficient permissions or special mappings"
    expect(result(c, c.madvise(m, PAGE, MADV_POPULATE_WRITE))).toBe("EINVAL");
    const dev = await c.open("/dev/screen", O_RDWR);
    const device = c.mmap(0, PAGE, 3, MAP_SHARED, dev, 0);
    expect(result(c, c.madvise(device, PAGE, MADV_POPULATE_READ))).toBe("EINVAL");
    // "EFAULT: … populating (prefaulting) page tables failed because a SIGBUS would have been generated"
    const fd = await c.open("empty", O_RDWR | O_CREAT, 0o600);
    const beyond = c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
    expect(result(c, c.madvise(beyond, PAGE, MADV_POPULATE_READ))).toBe("EFAULT");
    return 0;
  });
});

test("ranges: lengths are size_t, and their end must not pass 2^64", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 1);
    const call = (start: number, length: number) =>
      named(c.user.syscall(SYS_madvise, start, length, MADV_DONTNEED) as number);
    expect(call(m, -1)).toBe("EINVAL");
    expect(call(m, -PAGE)).toBe("EINVAL");
    expect(call(m, 2 ** 40)).toBe("ENOMEM");
    expect(call(-2 * PAGE, PAGE)).toBe("ENOMEM");
    expect(call(-PAGE, PAGE)).toBe("EINVAL");
    expect(call(-PAGE, 0)).toBe(0);
    return 0;
  });
});
