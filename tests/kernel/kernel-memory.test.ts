/**
 * Memory of drivers. Truth: Documentation/core-api/memory-allocation.rst and mm-api.rst of Linux 6.12 (kmalloc: "The
 * address of a chunk allocated with kmalloc is aligned to at least ARCH_KMALLOC_MINALIGN bytes. For sizes which are a
 * power of two, the alignment is also guaranteed to be at least the respective size."); mm/vmalloc.c, slub.c.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { GFP_KERNEL, GFP_ZERO } from "../../devices/drivers/vm.ts";
import type { KernelCore } from "../../src/kernel/kernel.ts";
import { Lab, PAGE } from "./lab.ts";

let lab: Lab;
let kernel: KernelCore;
let before: number;

beforeEach(async () => {
  lab = await Lab.boot();
  kernel = lab.kernel;
  before = lab.pagesInUse();
});
const expectAllBack = (): void => expect(lab.pagesInUse()).toBe(before);
const PAGE_OFFSET = -0x2a_0000_0000;

describe("kmalloc", () => {
  const sizes = [1, 7, 8, 9, 31, 64, 100, 192, 256, 1000, 2048, 4096, 5000, 8192, 8193, 20_000, 2 ** 20, 2 ** 22];

  test.each(sizes)("%i bytes: in the linear map, aligned, contiguous, and nobody else's", (size) => {
    const power = 2 ** Math.ceil(Math.log2(size));
    const taken = Array.from({ length: size > 2 ** 20 ? 1 : 5 }, () => kernel.kmalloc(size, GFP_KERNEL));
    for (const [i, address] of taken.entries()) {
      expect(address).toBeGreaterThanOrEqual(PAGE_OFFSET);
      expect((address - PAGE_OFFSET) % Math.min(power, PAGE)).toBe(0);
      kernel.memset(address, i + 1, size);
    }
    for (const [i, address] of taken.entries()) {
      const bytes = kernel.read(address, size);
      expect(bytes.every((byte) => byte === i + 1)).toBe(true);
      const [first, last] = [kernel.virtToPage(address), kernel.virtToPage(address + size - 1)];
      const span = Math.floor((((address - PAGE_OFFSET) % PAGE) + size - 1) / PAGE);
      expect(last.pfn - first.pfn).toBe(span);
      kernel.kfree(address);
    }
    expectAllBack();
  });

  test("kzalloc is zero, also of memory that was used", () => {
    for (const size of [64, 3 * PAGE]) {
      const first = kernel.kmalloc(size, GFP_KERNEL);
      kernel.memset(first, 0xff, size);
      kernel.kfree(first);
      const again = kernel.kzalloc(size, GFP_KERNEL);
      expect(again).toBe(first);
      expect(kernel.read(again, size).every((byte) => byte === 0)).toBe(true);
      kernel.kfree(again);
    }
    expectAllBack();
  });

  test("too much is 0; 0 bytes are ZERO_SIZE_PTR, which kfree takes and nobody may use", () => {
    expect([2 ** 22 + 1, 2 ** 40, -1, Number.NaN].map((size) => kernel.kmalloc(size, GFP_KERNEL))).toEqual([
      0, 0, 0, 0,
    ]);
    const nothing = kernel.kmalloc(0, GFP_KERNEL);
    expect(nothing).toBe(16);
    expect(() => kernel.load32(nothing)).toThrow(/NULL pointer dereference at virtual address 0000000000000010/);
    kernel.kfree(nothing);
    kernel.kfree(0);
    expect(lab.log()).toEqual([]);
  });

  test("a double kfree, one of no object's start, or of another allocator's memory, is reported and does nothing", () => {
    const one = kernel.kmalloc(64, GFP_KERNEL);
    const other = kernel.kmalloc(64, GFP_KERNEL);
    const area = kernel.vmalloc(PAGE);
    kernel.kfree(one);
    for (const address of [one, other + 8, area]) kernel.kfree(address);
    expect(lab.log()).toHaveLength(3);
    expect(lab.log()[0]).toMatch(/^BUG kmalloc: Object already free or never allocated: ffffffd6[0-9a-f]{8}$/);
    // Neither is handed out twice.
    const next = [kernel.kmalloc(64, GFP_KERNEL), kernel.kmalloc(64, GFP_KERNEL)];
    expect(new Set([...next, other]).size).toBe(3);
    for (const address of [...next, other]) kernel.kfree(address);
    kernel.vfree(area);
    expectAllBack();
  });

  test("without memory it is 0, and works again when there is some", () => {
    const taken: number[] = [];
    for (let one = kernel.kmalloc(2 ** 20, GFP_KERNEL); one !== 0; one = kernel.kmalloc(2 ** 20, GFP_KERNEL))
      taken.push(one);
    for (let one = kernel.kmalloc(64, GFP_KERNEL); one !== 0; one = kernel.kmalloc(64, GFP_KERNEL)) taken.push(one);
    expect(kernel.pages.available).toBe(0);
    expect([kernel.getZeroedPage(GFP_KERNEL), kernel.vmalloc(1), kernel.allocPages(GFP_KERNEL, 0)]).toEqual([
      0,
      0,
      null,
    ]);
    for (const one of taken) kernel.kfree(one);
    expectAllBack();
  });
});

describe("vmalloc", () => {
  test.each([1, 2, 3, 4, 5, 16, 37, 300])(
    "%i pages: contiguous addresses, and no page is followed by its neighbour",
    (count) => {
      const area = kernel.vmalloc(count * PAGE - 5);
      const pfns = Array.from({ length: count }, (_, i) => kernel.vmallocToPfn(area + i * PAGE));
      expect(new Set(pfns).size).toBe(count);
      for (let i = 1; i < count; i++) expect(pfns[i]).not.toBe(pfns[i - 1]! + 1);
      const bytes = Uint8Array.from({ length: count * PAGE }, (_, i) => i * 7);
      kernel.write(area, bytes);
      expect(Buffer.compare(kernel.read(area, count * PAGE), bytes)).toBe(0);
      expect(kernel.vmallocToPage(area + 5).pfn).toBe(pfns[0]);
      kernel.vfree(area);
      expectAllBack();
    },
  );

  test("also of pages that were given back in any order", () => {
    const taken = Array.from({ length: 64 }, () => kernel.allocPages(GFP_KERNEL, 0)!);
    for (const i of [3, 60, 2, 61, 1, 62, 5, 4, 7, 6, 40, 41, 42, 43]) kernel.freePages(taken[i]!, 0);
    const area = kernel.vmalloc(14 * PAGE);
    for (let i = 1; i < 14; i++) {
      expect(kernel.vmallocToPfn(area + i * PAGE)).not.toBe(kernel.vmallocToPfn(area + (i - 1) * PAGE) + 1);
    }
  });

  test("a guard page follows each area, and vmalloc memory is not in the linear map", () => {
    const [one, two] = [kernel.vmalloc(PAGE), kernel.vmalloc(PAGE)];
    expect(Math.abs(two - one)).toBeGreaterThanOrEqual(2 * PAGE);
    expect(() => kernel.load32(one + PAGE)).toThrow(/paging request/);
    expect(() => kernel.write(one + PAGE - 2, new Uint8Array(4))).toThrow(/paging request/);
    expect(() => kernel.virtToPage(one)).toThrow(/paging request/);
    expect(() => kernel.vmallocToPfn(kernel.getZeroedPage(GFP_KERNEL))).toThrow(/paging request/);
  });

  test("vzalloc and vmallocUser are zero; sizes that cannot be are 0", () => {
    const dirty = kernel.vmalloc(8 * PAGE);
    kernel.memset(dirty, 0xff, 8 * PAGE);
    kernel.vfree(dirty);
    for (const make of ["vzalloc", "vmallocUser"] as const) {
      const area = kernel[make](8 * PAGE);
      expect(kernel.read(area, 8 * PAGE).every((byte) => byte === 0)).toBe(true);
      kernel.vfree(area);
    }
    expect([0, -1, Number.NaN, 2 ** 40].map((size) => kernel.vmalloc(size))).toEqual([0, 0, 0, 0]);
    expectAllBack();
  });

  test("a double vfree, or one of no area's start, is reported and does nothing", () => {
    const area = kernel.vmalloc(2 * PAGE);
    kernel.vfree(area + PAGE);
    kernel.vfree(area);
    kernel.vfree(area);
    kernel.vfree(0);
    const text = /^Trying to vfree\(\) nonexistent vm area \(ffffffc6[0-9a-f]{8}\)$/;
    expect(lab.log()).toEqual([expect.stringMatching(text), expect.stringMatching(text)]);
    expectAllBack();
  });
});

describe("pages", () => {
  test("a block is aligned to its size, one page stands for it, and it comes back whole", () => {
    for (let order = 0; order <= 10; order++) {
      const page = kernel.allocPages(GFP_KERNEL | GFP_ZERO, order)!;
      expect([page.pfn % 2 ** order, page.refcount]).toEqual([0, 1]);
      expect(kernel.read(kernel.pageAddress(page), PAGE * 2 ** order).every((byte) => byte === 0)).toBe(true);
      kernel.freePages(page, order);
      expectAllBack();
    }
    expect(kernel.allocPages(GFP_KERNEL, 11)).toBe(null);
  });

  test("splitPage gives each page a life of its own", () => {
    const first = kernel.allocPages(GFP_KERNEL, 2)!;
    kernel.splitPage(first, 2);
    for (let i = 3; i >= 0; i--) {
      const page = kernel.pfnToPage(first.pfn + i);
      expect(page.refcount).toBe(1);
      kernel.putPage(page);
      expect(lab.pagesInUse()).toBe(before + i);
    }
    expect(lab.log()).toEqual([]);
  });

  test("the last reference frees", () => {
    const address = kernel.getZeroedPage(GFP_KERNEL);
    const page = kernel.virtToPage(address);
    kernel.getPage(page);
    kernel.freePage(address);
    expect(page.refcount).toBe(1);
    kernel.putPage(page);
    expectAllBack();
    expect(kernel.pageAddress(page)).toBe(address);
    expect(kernel.pfnToPage(kernel.pageToPfn(page))).toBe(page);
  });

  test("what is freed in any order joins again to the largest blocks", () => {
    const taken = [];
    for (let page = kernel.allocPages(GFP_KERNEL, 0); page !== null; page = kernel.allocPages(GFP_KERNEL, 0))
      taken.push(page);
    // A walk that visits all: 7 and the number of pages have no common divisor but 1.
    expect(taken.length % 7).not.toBe(0);
    for (let i = 0; i < taken.length; i++) kernel.putPage(taken[(i * 7) % taken.length]!);
    expectAllBack();
    const large = kernel.allocPages(GFP_KERNEL, 10);
    expect(large).not.toBe(null);
    kernel.freePages(large!, 10);
  });

  test("an address that is no page of RAM is an Oops", () => {
    for (const address of [0, 0x1000, -PAGE, PAGE_OFFSET - PAGE, PAGE_OFFSET + 2 ** 31, Number.NaN]) {
      expect(() => kernel.freePage(address === 0 ? 8 : address), `${address}`).toThrow(/virtual address/);
    }
  });
});
