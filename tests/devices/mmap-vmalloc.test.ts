/** Truth: the text of the first seed, and what its port did on Linux 6.12 riscv64. */
import { beforeEach, describe, expect, test } from "vitest";
import { EBUSY, EIO, ENOMEM } from "../../abi/errno.ts";
import type { File, ModuleInstance } from "../../devices/drivers/driver.ts";
import { mmapVmalloc } from "../../devices/drivers/mmap-vmalloc.ts";
import { KERN_INFO, PAGE_SIZE, PG_reserved } from "../../devices/drivers/vm.ts";
import { FakeSeedKernel, fakeVma } from "./fake-seed-kernel.ts";

const NPAGES = 16;

let fake: FakeSeedKernel;
let file: File;

const load = (parameters: Record<string, number> = {}): ModuleInstance =>
  mmapVmalloc.create(fake.kernel, { ...mmapVmalloc.parameters, ...parameters });
const mmap = (pages: number, pgoff = 0): number => fake.ops!.mmap!(file, fakeVma(pages, pgoff));
/** Addresses of what the driver allocated, in order. */
const areas = (): number[] => [...fake.held].filter((held) => typeof held === "number");

beforeEach(() => {
  fake = new FakeSeedKernel();
  file = fake.open("node") as File;
});

describe("insmod", () => {
  test("stores the two messages and the number where the seed does", () => {
    expect(load().init()).toBe(0);
    const [area] = areas();
    expect(fake.text(area!)).toBe(" ------This is from kernel space");
    // (int *)vmalloc_area + 100, and + 100 + 4.
    expect(fake.read(area! + 400, 4)).toEqual(Uint8Array.of(0xe8, 0x03, 0, 0));
    expect(fake.text(area! + 416)).toBe(" ----This is second message from kernel space");
  });

  test.each([
    ["vmalloc", -ENOMEM],
    ["kmalloc", -ENOMEM],
    ["allocChrdevRegion", -EBUSY],
    ["cdevAdd", -EBUSY],
  ] as const)("when %s fails nothing stays behind", (failing, error) => {
    fake.failing = failing;
    expect(load({ kmalloc_area: 1 }).init()).toBe(error);
    expect([...fake.held]).toEqual([]);
  });
});

describe("mmap", () => {
  test("maps the area page by page, each by its own page number, with the mapping's protection", () => {
    load().init();
    const [area] = areas();
    expect(mmap(NPAGES)).toBe(0);
    expect(fake.remapped).toEqual(
      Array.from({ length: NPAGES }, (_, i) => ({
        address: fakeVma(NPAGES).start + i * PAGE_SIZE,
        pfn: fake.virtToPage(area! + i * PAGE_SIZE).pfn,
        size: PAGE_SIZE,
        prot: fakeVma(NPAGES).pageProt,
      })),
    );
    expect(fake.log).toEqual([`${KERN_INFO}mmap_mmap is invoked\n`, `${KERN_INFO}mmap_vmem is invoked\n`]);
  });

  // "A 17 pages: EIO", "A off 1pg: EIO", "A len 5000: ok"
  test.each([
    [17, 0, -EIO],
    [1, 1, -EIO],
    [1, NPAGES, -EIO],
    [2, 0, 0],
  ])("%i pages at page offset %i: %i", (pages, pgoff, result) => {
    load().init();
    expect(mmap(pages, pgoff)).toBe(result);
  });

  test("stops at the first page that cannot be mapped", () => {
    load().init();
    fake.failing = "remapPfnRange";
    expect(mmap(NPAGES)).toBe(-ENOMEM);
    expect(fake.remapped.length).toBe(3);
  });

  test("with kmalloc_area=1 page offset 16 is one physical range, with the same bounds", () => {
    load({ kmalloc_area: 1 }).init();
    const [, kmalloced] = areas();
    expect(mmap(NPAGES, NPAGES)).toBe(0);
    const { start, pageProt } = fakeVma(NPAGES);
    const { pfn } = fake.virtToPage(kmalloced!);
    expect(fake.remapped).toEqual([{ address: start, pfn, size: NPAGES * PAGE_SIZE, prot: pageProt }]);
    expect(mmap(NPAGES + 1, NPAGES)).toBe(-EIO);
    expect(mmap(1, NPAGES + 1)).toBe(-EIO);
  });
});

describe("rmmod", () => {
  const reservedAfterExit = (parameters: Record<string, number>): number => {
    const module = load({ kmalloc_area: 1, ...parameters });
    module.init();
    expect(fake.held.size).toBe(4);
    module.exit!();
    expect([...fake.held]).toEqual([]);
    return [...fake.pages.values()].filter((page) => page.flags & PG_reserved).length;
  };

  test("the seed's exit gives everything back, with sixteen pages reserved: sixteen reports", () => {
    expect(reservedAfterExit({})).toBe(NPAGES);
  });

  test("the repaired exit reserves none", () => {
    expect(reservedAfterExit({ fixed: 1 })).toBe(0);
  });
});
