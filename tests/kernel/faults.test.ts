/**
 * Faults of a program's own accesses. Truth: sigaction(2) for si_code and si_addr, mmap(2) for SIGBUS; the privileged
 * specification for the trap value of an access that crosses a page ("the address of the portion … that caused the
 * fault"); do_page_fault (arch/riscv/mm/fault.c of Linux 6.12).
 */
import { describe, expect, test } from "vitest";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.ts";
import { BUS_ADRERR, SEGV_ACCERR, SEGV_MAPERR, SIGBUS, SIGSEGV } from "../../abi/signal.ts";
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, VM_FAULT_SIGSEGV } from "../../devices/drivers/vm.ts";
import type { Libc } from "../../guests/libc.ts";
import { catchFaults, deviceModule, faultOf, Lab, PAGE } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);
const segv = (code: number, address: number) => ({ signo: SIGSEGV, code, address });

type Access = [
  name: string,
  size: number,
  load: (c: Libc, va: number) => unknown,
  store: (c: Libc, va: number) => unknown,
];
const ACCESSES: Access[] = [
  ["8 bits", 1, (c, va) => c.user.load8(va), (c, va) => c.user.store8(va, 0x11)],
  ["16 bits", 2, (c, va) => c.user.load16(va), (c, va) => c.user.store16(va, 0x1111)],
  ["32 bits", 4, (c, va) => c.user.load32(va), (c, va) => c.user.store32(va, 0x1111_1111)],
  ["64 bits", 8, (c, va) => c.user.load64(va), (c, va) => c.user.store64(va, 0x1111_1111_1111_1111n)],
  ["a range", 24, (c, va) => c.user.read(va, 24), (c, va) => c.user.write(va, new Uint8Array(24).fill(0x11))],
];

describe.each(ACCESSES)("loads and stores of %s", (_name, size, load, store) => {
  test("unmapped: SEGV_MAPERR at the exact address, aligned or not", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      catchFaults(c);
      for (const va of [0, 1, 3, 0x12_3456_7001, 2 ** 38 - size, 2 ** 38, -1, -0x8000_0000, -(2 ** 63)]) {
        expect(
          faultOf(() => load(c, va)),
          `load ${va}`,
        ).toEqual(segv(SEGV_MAPERR, va));
        expect(
          faultOf(() => store(c, va)),
          `store ${va}`,
        ).toEqual(segv(SEGV_MAPERR, va));
      }
      return 0;
    });
  });

  test("forbidden: SEGV_ACCERR, and a load where only the store is forbidden is fine", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      catchFaults(c);
      const m = anonymous(c, 1);
      c.mprotect(m, PAGE, 1);
      expect(faultOf(() => load(c, m + 5))).toBe(null);
      expect(faultOf(() => store(c, m + 5))).toEqual(segv(SEGV_ACCERR, m + 5));
      return 0;
    });
  });
});

describe.each(ACCESSES.filter(([, size]) => size > 1))("%s across a page border", (_name, size, load, store) => {
  const isRange = size > 8;

  test("both pages there", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 2);
      const at = m + PAGE - 1;
      store(c, at);
      load(c, at);
      expect([c.user.load8(at), c.user.load8(at + size - 1), c.user.load8(at + size)]).toEqual([0x11, 0x11, 0]);
      return 0;
    });
  });

  test("the second missing: its first byte is the address, and a store has written nothing", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      catchFaults(c);
      const m = anonymous(c, 2);
      c.munmap(m + PAGE, PAGE);
      const at = m + PAGE - 1;
      expect(faultOf(() => load(c, at))).toEqual(segv(SEGV_MAPERR, m + PAGE));
      expect(faultOf(() => store(c, at))).toEqual(segv(SEGV_MAPERR, m + PAGE));
      // A loop of stores has done the part before, one store has not.
      expect(c.user.load8(at)).toBe(isRange ? 0x11 : 0);
      return 0;
    });
  });

  test("the first missing: its own address", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      catchFaults(c);
      const m = anonymous(c, 2);
      c.munmap(m, PAGE);
      expect(faultOf(() => load(c, m + PAGE - 1))).toEqual(segv(SEGV_MAPERR, m + PAGE - 1));
      expect(faultOf(() => store(c, m + PAGE - 1))).toEqual(segv(SEGV_MAPERR, m + PAGE - 1));
      expect(c.user.load8(m + PAGE)).toBe(0);
      return 0;
    });
  });
});

test("fill and copy fault at the first byte that they cannot reach, with the part before it done", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    const m = anonymous(c, 3);
    const other = anonymous(c, 3);
    c.user.fill(other, 7, 3 * PAGE);
    c.munmap(m + 2 * PAGE, PAGE);
    expect(faultOf(() => c.user.fill(m + PAGE - 4, 5, 2 * PAGE))).toEqual(segv(SEGV_MAPERR, m + 2 * PAGE));
    expect([c.user.load8(m + PAGE - 5), c.user.load8(m + PAGE - 4), c.user.load8(m + 2 * PAGE - 1)]).toEqual([0, 5, 5]);
    expect(faultOf(() => c.user.copy(m, other, 3 * PAGE))).toEqual(segv(SEGV_MAPERR, m + 2 * PAGE));
    expect([c.user.load8(m), c.user.load8(m + 2 * PAGE - 1)]).toEqual([7, 7]);
    c.munmap(other + PAGE, PAGE);
    expect(faultOf(() => c.user.copy(m, other + PAGE - 8, 16))).toEqual(segv(SEGV_MAPERR, other + PAGE));
    return 0;
  });
});

test("a page beyond the end of a file: SIGBUS, BUS_ADRERR, the exact byte", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    catchFaults(c);
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, PAGE + 1);
    const m = c.mmap(0, 4 * PAGE, 3, MAP_SHARED, fd, 0);
    const bus = (address: number) => ({ signo: SIGBUS, code: BUS_ADRERR, address });
    expect(faultOf(() => c.user.load32(m + 2 * PAGE + 7))).toEqual(bus(m + 2 * PAGE + 7));
    // Across the border the second page is the one that is not there.
    expect(faultOf(() => c.user.store32(m + 2 * PAGE - 2, 1))).toEqual(bus(m + 2 * PAGE));
    expect(c.user.load16(m + 2 * PAGE - 2)).toBe(0);
    return 0;
  });
});

test("an uncaught fault ends the process by its signal, with its address", async () => {
  const lab = await Lab.boot();
  expect(await lab.end((c) => c.user.load32(0x7777))).toEqual({ signal: SIGSEGV, address: 0x7777 });
});

describe("what a driver's fault handler says", () => {
  const run = async (answer: number, given = false): Promise<{ lab: Lab; fault: unknown; end: unknown }> => {
    const lab = await Lab.boot();
    const device = deviceModule("faulty", (kernel) => ({
      mmap(_file, vma) {
        vma.ops = {
          fault(vmf) {
            if (given) vmf.page = kernel.allocPages(0xcc0, 0);
            return answer;
          },
        };
        return 0;
      },
    }));
    lab.kernel.insmod(device);
    let fault: unknown = "none";
    const end = await lab.end(async (c) => {
      catchFaults(c);
      const fd = await c.open("/dev/faulty", O_RDWR);
      const m = c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
      const info = faultOf(() => c.user.load8(m + 3));
      fault = info === null ? null : { ...info, address: info.address - m };
      return 0;
    });
    return { lab, fault, end };
  };

  test("VM_FAULT_SIGBUS is SIGBUS", async () => {
    expect((await run(VM_FAULT_SIGBUS)).fault).toEqual({ signo: SIGBUS, code: BUS_ADRERR, address: 3 });
  });

  test("VM_FAULT_SIGSEGV is SIGSEGV, SEGV_MAPERR (bad_area_nosemaphore with the code it began with)", async () => {
    expect((await run(VM_FAULT_SIGSEGV)).fault).toEqual({ signo: SIGSEGV, code: SEGV_MAPERR, address: 3 });
  });

  test("VM_FAULT_OOM kills", async () => {
    const { end, lab } = await run(VM_FAULT_OOM);
    expect(end).toMatchObject({ signal: 9 });
    expect(lab.log().join("\n")).toMatch(/^Out of memory: Killed process \d+ \(test\)/m);
  });

  test("0 with a page maps it", async () => {
    expect((await run(0, true)).fault).toBe(null);
  });

  test("0 without a page, or VM_FAULT_NOPAGE without an entry, is the driver's mistake: SIGBUS here", async () => {
    for (const answer of [0, VM_FAULT_NOPAGE]) {
      expect((await run(answer)).fault, `answer ${answer}`).toEqual({ signo: SIGBUS, code: BUS_ADRERR, address: 3 });
    }
  });
});

test("pageMkwrite is asked once, before the first store to a page, and may refuse it", async () => {
  const lab = await Lab.boot();
  const asked: number[] = [];
  const device = deviceModule("asks", (kernel) => {
    const page = kernel.allocPages(0xcc0 | 0x100, 1)!;
    kernel.splitPage(page, 1);
    return {
      mmap(_file, vma) {
        vma.ops = {
          fault(vmf) {
            const one = kernel.pfnToPage(page.pfn + vmf.pgoff);
            kernel.getPage(one);
            vmf.page = one;
            return 0;
          },
          pageMkwrite(vmf) {
            asked.push(vmf.pgoff, vmf.flags);
            return vmf.pgoff === 1 ? VM_FAULT_SIGBUS : 0;
          },
        };
        return 0;
      },
      unload() {
        for (const i of [0, 1]) kernel.putPage(kernel.pfnToPage(page.pfn + i));
      },
    };
  });
  const before = lab.pagesInUse();
  lab.kernel.insmod(device);
  await lab.run(async (c) => {
    catchFaults(c);
    const fd = await c.open("/dev/asks", O_RDWR);
    const m = c.mmap(0, 2 * PAGE, 3, MAP_SHARED, fd, 0);
    c.user.load8(m);
    expect(asked).toEqual([]);
    c.user.store8(m, 1);
    c.user.store8(m + 1, 1);
    // FAULT_FLAG_WRITE | FAULT_FLAG_MKWRITE, as do_page_mkwrite() passes them.
    expect(asked.splice(0)).toEqual([0, 3]);
    for (let i = 0; i < 2; i++) expect(faultOf(() => c.user.store8(m + PAGE, 1))?.signo).toBe(SIGBUS);
    expect(c.user.load8(m + PAGE)).toBe(0);
    expect(asked.splice(0)).toEqual([1, 3, 1, 3]);
    // A page that was made read-only asks again.
    c.mprotect(m, PAGE, 1);
    c.mprotect(m, PAGE, 3);
    c.user.store8(m, 2);
    expect(asked).toEqual([0, 3]);
    return 0;
  });
  expect(lab.kernel.rmmod("asks")).toBe(0);
  expect(lab.pagesInUse()).toBe(before);
});
