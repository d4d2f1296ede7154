/** mprotect(2). Truth: its manual page; do_mprotect_pkey (mm/mprotect.c of Linux 6.12) for the order of checks. */
import { expect, test } from "vitest";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_GROWSDOWN,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_EXEC,
  PROT_GROWSDOWN,
  PROT_GROWSUP,
  PROT_NONE,
  PROT_READ,
  PROT_SEM,
  PROT_WRITE,
} from "../../abi/mman.ts";
import { SEGV_ACCERR, SIGSEGV } from "../../abi/signal.ts";
import { SYS_mprotect } from "../../abi/syscalls.ts";
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import type { Libc } from "../../guests/libc.ts";
import { catchFaults, deviceModule, faultOf, Lab, named, PAGE, result } from "./lab.ts";

const RW = PROT_READ | PROT_WRITE;
const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, RW, PRIVATE, -1, 0);

test("a page keeps its content through every protection", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    const m = anonymous(c, 1);
    c.user.store32(m, 0x1234_5678);
    for (const prot of [PROT_NONE, PROT_READ, PROT_EXEC, PROT_WRITE, PROT_NONE, RW]) {
      expect(c.mprotect(m, PAGE, prot)).toBe(0);
      const mayLoad = (prot & RW) !== 0;
      const mayStore = (prot & PROT_WRITE) !== 0;
      const denied = { signo: SIGSEGV, code: SEGV_ACCERR, address: m };
      expect(
        faultOf(() => c.user.load32(m)),
        `load with ${prot}`,
      ).toEqual(mayLoad ? null : denied);
      expect(
        faultOf(() => c.user.store32(m + 4, 1)),
        `store with ${prot}`,
      ).toEqual(mayStore ? null : { ...denied, address: m + 4 });
    }
    expect(c.user.load32(m)).toBe(0x1234_5678);
    return 0;
  });
});

test("a store right after mprotect takes the right away is refused: no translation is remembered", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    for (const pages of [1, 200]) {
      const m = anonymous(c, pages);
      c.user.fill(m, 1, pages * PAGE);
      c.mprotect(m, pages * PAGE, PROT_READ);
      for (const at of [m, m + (pages - 1) * PAGE + 8]) expect(faultOf(() => c.user.store8(at, 2))?.address).toBe(at);
    }
    return 0;
  });
});

test("errnos and their order", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 2);
    const call = (start: number, length: number, prot: number) =>
      named(c.user.syscall(SYS_mprotect, start, length, prot) as number);
    const both = PROT_GROWSDOWN | PROT_GROWSUP;
    expect(call(m, 0, both)).toBe("EINVAL");
    expect(call(m + 1, 0, 1)).toBe("EINVAL");
    expect(call(m, 0, 0x1000)).toBe(0);
    // end <= start, before the protection is looked at.
    expect(call(m, -1, 0x1000)).toBe("ENOMEM");
    expect(call(m, 2 ** 38, 0x1000)).toBe("EINVAL");
    expect(call(m, 2 ** 38, 1)).toBe("ENOMEM");
    expect(call(-(2 ** 40), PAGE, 1)).toBe("ENOMEM");
    expect(call(-(2 ** 40), PAGE, 0x1000)).toBe("EINVAL");
    expect(call(m, PAGE, PROT_SEM | RW)).toBe(0);
    // Neither grows: VM_GROWSDOWN is not set, and VM_GROWSUP is 0 on riscv.
    expect(call(m, PAGE, PROT_READ | PROT_GROWSDOWN)).toBe("EINVAL");
    expect(call(m, PAGE, PROT_READ | PROT_GROWSUP)).toBe("EINVAL");
    return 0;
  });
});

test('PROT_GROWSDOWN: "Apply the protection mode down to the beginning of a mapping that grows downward"', async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    const m = c.mmap(0x5000_0000, 4 * PAGE, RW, PRIVATE | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
    expect(c.mprotect(m + 2 * PAGE, PAGE, PROT_READ | PROT_GROWSDOWN)).toBe(0);
    expect([0, 1, 2, 3].map((i) => faultOf(() => c.user.store8(m + i * PAGE, 1))?.code ?? 0)).toEqual([2, 2, 2, 0]);
    return 0;
  });
});

test("a shared mapping of a file that is open for reading only can never become writable; a private one can", async () => {
  // "EACCES: … if you mmap(2) a file to which you have read-only access, then ask mprotect() to mark it PROT_WRITE."
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const rw = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(rw, PAGE);
    const ro = await c.open("f", 0);
    const shared = c.mmap(0, PAGE, PROT_READ, MAP_SHARED, ro, 0);
    const copy = c.mmap(0, PAGE, PROT_READ, MAP_PRIVATE, ro, 0);
    expect(result(c, c.mprotect(shared, PAGE, RW))).toBe("EACCES");
    expect(c.mprotect(copy, PAGE, RW)).toBe(0);
    c.user.store8(copy, 1);
    expect(c.user.load8(shared)).toBe(0);
    return 0;
  });
});

test("a private device page that was read stays a copy on write when it becomes writable", async () => {
  const lab = await Lab.boot();
  const screen = deviceModule("screen", (kernel) => ({
    mmap: (_file, vma) => kernel.remapPfnRange(vma, vma.start, VRAM_BASE / PAGE, vma.end - vma.start, vma.pageProt),
  }));
  expect(lab.kernel.insmod(screen)).toBe(0);
  await lab.run(async (c) => {
    const fd = await c.open("/dev/screen", O_RDWR);
    const copy = c.mmap(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    const shared = c.mmap(0, PAGE, RW, MAP_SHARED, fd, 0);
    expect(c.user.load8(copy)).toBe(0);
    expect(c.mprotect(copy, PAGE, RW)).toBe(0);
    c.user.store8(copy, 1);
    expect([c.user.load8(copy), c.user.load8(shared)]).toEqual([1, 0]);
    return 0;
  });
});

test("parts of a mapping with the same protection are one mapping again (vma_merge)", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 4);
    const inMine = () =>
      [...lab.kernel.current.mm.vmas].filter((vma) => vma.start >= m && vma.end <= m + 4 * PAGE).length;
    expect(inMine()).toBe(1);
    c.mprotect(m + PAGE, PAGE, PROT_READ);
    expect(inMine()).toBe(3);
    c.mprotect(m + PAGE, PAGE, RW);
    expect(inMine()).toBe(1);
    return 0;
  });
});
