/** brk(2). Truth: its manual page ("the actual Linux system call returns the new program break"); sys_brk of Linux 6.12. */
import { expect, test } from "vitest";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE } from "../../abi/mman.ts";
import { SEGV_MAPERR } from "../../abi/signal.ts";
import { SYS_brk } from "../../abi/syscalls.ts";
import type { Libc } from "../../guests/libc.ts";
import { catchFaults, faultOf, Lab, PAGE } from "./lab.ts";

const brk = (c: Libc, va: number): number => c.user.syscall(SYS_brk, va) as number;

test("what grew, shrank and grew again is zero, and its pages went back in between", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    const start = Math.ceil(brk(c, 0) / PAGE) * PAGE;
    brk(c, start + 4 * PAGE);
    c.user.fill(start, 1, 4 * PAGE);
    const before = lab.kernel.pages.available;
    expect(brk(c, start + PAGE)).toBe(start + PAGE);
    expect(lab.kernel.pages.available).toBe(before + 3);
    expect(faultOf(() => c.user.load8(start + PAGE))?.code).toBe(SEGV_MAPERR);
    brk(c, start + 4 * PAGE);
    expect([0, 1, 2, 3].map((i) => c.user.load8(start + i * PAGE))).toEqual([1, 0, 0, 0]);
    return 0;
  });
});

test("the last page of a byte-exact heap is there as a whole", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const start = Math.ceil(brk(c, 0) / PAGE) * PAGE;
    expect(brk(c, start + 1)).toBe(start + 1);
    c.user.store8(start + PAGE - 1, 1);
    expect(brk(c, start + 2)).toBe(start + 2);
    expect(c.user.load8(start + PAGE - 1)).toBe(1);
    return 0;
  });
});

test("where it cannot go it stays: below the start, into a mapping, beyond memory, into the kernel's half", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const now = Math.ceil(brk(c, 0) / PAGE) * PAGE;
    brk(c, now);
    const m = c.mmap(now + 4 * PAGE, PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    // A page stays free above it, so the last one below the mapping is refused too.
    for (const wanted of [1, -1, -PAGE, m + PAGE, m + 1, m, m - PAGE + 1, 2 ** 38, 2 ** 53, -(2 ** 63)]) {
      expect(brk(c, wanted), `brk(${wanted})`).toBe(now);
    }
    expect(brk(c, m - PAGE)).toBe(m - PAGE);
    c.munmap(m, PAGE);
    expect(brk(c, now + 2 ** 30)).toBe(m - PAGE);
    return 0;
  });
});

test("a child has the heap of its parent, and moves its own break", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const va = c.malloc(64);
    c.strcpy(va, "heap");
    const before = brk(c, 0);
    await lab.child(c, (child) => {
      expect(child.loadCString(va)).toBe("heap");
      expect(brk(child, 0)).toBe(before);
      child.strcpy(va, "mine");
      brk(child, before + PAGE);
      return 0;
    });
    expect(c.loadCString(va)).toBe("heap");
    expect(brk(c, 0)).toBe(before);
    return 0;
  });
});
