/**
 * Damage: which pages of video memory were written since the last look. Truth: the rules in src/machine-exports.ts and
 * docs ("the first store to a video page misses, sets the page's bit; takeDamage() collects and clears").
 */
import { beforeEach, describe, expect, it } from "vitest";
import { COUNTER_PAGE_WALKS, COUNTER_TLB_MISSES } from "../../assembly/hart-layout.ts";
import { DAMAGE_LIST_SIZE, TLB_ENTRIES } from "../../assembly/layout.ts";
import { RAM_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import {
  ACCESS_FETCH,
  ACCESS_LOAD,
  ACCESS_STORE,
  PRV_U,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
  PTE_X,
} from "../../assembly/riscv.ts";
import { BareMachine, PageTables } from "./harness.ts";

const RW = PTE_V | PTE_R | PTE_W | PTE_X | PTE_U;
const VA = 0x4000_0000;
const VRAM_PAGES = 256;

let machine: BareMachine;
let tables: PageTables;
const page = (n: number): number => VA + n * 4096;

beforeEach(() => {
  machine = new BareMachine();
  tables = new PageTables(machine, RAM_BASE);
  for (let n = 0; n < VRAM_PAGES; n++) tables.map(page(n), VRAM_BASE + n * 4096, RW);
  machine.setSatp(tables.satp());
  machine.exports.setPrivilege(PRV_U);
});

/** takeDamage() and what it collected; the number must be that of the bits. */
const take = (): number[] => {
  const count = machine.exports.takeDamage();
  const taken = machine.damage("taken");
  expect(count).toBe(taken.length);
  expect(machine.damage("live")).toEqual([]);
  return taken;
};

describe("stores", () => {
  it("of every width mark their page, once, and are seen again after every look", () => {
    for (let look = 0; look < 3; look++) {
      machine.exports.store8(page(0) + 5, 1);
      machine.exports.store16(page(2), 1);
      machine.exports.store32(page(4), 1);
      machine.exports.store64(page(255) + 4088, 1, 1);
      for (let again = 0; again < 10; again++) machine.exports.store32(page(4) + again * 4, 1);
      expect(take()).toEqual([0, 2, 4, 255]);
    }
    expect(take()).toEqual([]);
  });

  /** Page walks that a store makes. */
  const walksOf = (va: number): number => {
    const before = machine.counter(COUNTER_PAGE_WALKS);
    machine.exports.store32(va, 1);
    return machine.counter(COUNTER_PAGE_WALKS) - before;
  };

  // A translation may be kept until sfence.vma (privileged specification, "Supervisor Memory-Management Fence").
  it("need no walk after a look, until a fence or another page took the entry", () => {
    expect(walksOf(page(1))).toBe(1);
    take();
    const misses = machine.counter(COUNTER_TLB_MISSES + ACCESS_STORE);
    expect(walksOf(page(1))).toBe(0);
    expect(machine.counter(COUNTER_TLB_MISSES + ACCESS_STORE)).toBe(misses + 1);
    expect(take()).toEqual([1]);
    take();
    expect(walksOf(page(1))).toBe(0);
    take();
    machine.exports.sfenceVma(page(1), 0, 1);
    expect(walksOf(page(1))).toBe(1);
    take();
    // A page of RAM with the same index.
    tables.map(page(1) + TLB_ENTRIES * 4096, RAM_BASE + 0x8000, RW);
    expect(walksOf(page(1) + TLB_ENTRIES * 4096)).toBe(1);
    expect(walksOf(page(1))).toBe(1);
    expect(take()).toEqual([1]);
  });

  it("after a look do what the tables say after a fence, not what they said", () => {
    machine.exports.store32(page(3), 1);
    take();
    tables.map(page(3), VRAM_BASE + 5 * 4096, RW);
    machine.exports.sfenceVma(0, 0, 0);
    machine.exports.store32(page(3), 1);
    expect(take()).toEqual([5]);
    tables.map(page(3), VRAM_BASE + 5 * 4096, RW & ~PTE_W);
    machine.exports.sfenceVma(page(3), 0, 1);
    expect(machine.exports.store32(page(3), 1)).toBe(1);
    expect(take()).toEqual([]);
  });

  // "… must have bits 63–39 all equal to bit 38, or else a page-fault exception will occur."
  it("to an address that is not valid do not pass for its watched page", () => {
    machine.exports.store32(page(2), 1);
    take();
    expect(machine.exports.store32(page(2) + 2 ** 45, 1)).toBe(1);
    expect(machine.exports.store32(page(2) + 2 ** 39, 1)).toBe(1);
    expect(take()).toEqual([]);
  });

  it("across a page border mark both pages, a trapped one none", () => {
    machine.exports.store32(page(7) + 4094, -1);
    expect(take()).toEqual([7, 8]);
    machine.write64(tables.pte(page(8)), 0n);
    machine.exports.sfenceVma(0, 0, 0);
    expect(machine.exports.store32(page(7) + 4094, -1)).toBe(1);
    expect(take()).toEqual([]);
  });

  it("cost nothing after the first: the rest of the frame hits the TLB", () => {
    const misses = () => machine.counter(COUNTER_TLB_MISSES + ACCESS_STORE);
    for (let n = 0; n < 4; n++) machine.exports.store32(page(n), 1);
    const before = misses();
    for (let i = 0; i < 4096; i++) machine.exports.store32(VA + 4 * i, i);
    expect(misses()).toBe(before);
    take();
    for (let i = 0; i < 4096; i++) machine.exports.store32(VA + 4 * i, i);
    expect(misses()).toBe(before + 4);
  });

  it("to RAM mark nothing, and keep their entries when damage is taken", () => {
    tables.map(0x1000, RAM_BASE + 0x50_0000, RW);
    machine.exports.store32(0x1000, 1);
    machine.exports.store32(page(0), 1);
    take();
    const before = machine.counter(COUNTER_TLB_MISSES + ACCESS_STORE);
    machine.exports.store32(0x1000, 1);
    expect(machine.counter(COUNTER_TLB_MISSES + ACCESS_STORE)).toBe(before);
  });

  it("through two mappings and from several address spaces are all seen", () => {
    tables.map(0x9000, VRAM_BASE + 0x5000, RW);
    const spaces = [1, 2, 3].map((asid) => tables.satp(asid));
    for (let look = 0; look < 3; look++) {
      for (const satp of spaces) {
        machine.setSatp(satp);
        machine.exports.store8(page(6), 1);
        machine.exports.store8(0x9000, 1);
      }
      expect(take()).toEqual([5, 6]);
      for (const satp of spaces) {
        machine.setSatp(satp);
        machine.exports.store8(0x9000, 1);
        expect(take()).toEqual([5]);
      }
    }
  });

  it("by way of translate() count as a store does; loads and fetches do not count", () => {
    machine.exports.translate(page(3), ACCESS_STORE);
    machine.exports.translate(page(4), ACCESS_LOAD);
    machine.exports.translate(page(5), ACCESS_FETCH);
    machine.exports.load32(page(6));
    expect(take()).toEqual([3]);
  });
});

describe("more store entries than the list of them holds", () => {
  it("are all dropped all the same", () => {
    // Two pages with one TLB index evict each other: every store makes a new entry.
    const rival = VA + TLB_ENTRIES * 4096;
    tables.map(rival, VRAM_BASE + 0x9000, RW);
    for (let n = 0; n < VRAM_PAGES; n++) machine.exports.store8(page(n), 1);
    for (let i = 0; i <= DAMAGE_LIST_SIZE / 4; i++) machine.exports.store8(i & 1 ? rival : page(0), i);
    expect(take().length).toBe(VRAM_PAGES);
    for (const n of [0, 1, 100, 255]) machine.exports.store8(page(n), 1);
    machine.exports.store8(rival, 1);
    expect(take()).toEqual([0, 1, 9, 100, 255]);
  });
});

describe("takeDamage", () => {
  it("replaces what the last one collected", () => {
    machine.exports.store8(page(1), 1);
    expect(take()).toEqual([1]);
    machine.exports.store8(page(2), 1);
    expect(take()).toEqual([2]);
  });
});

describe("markDamage", () => {
  it.each([
    [0, 1, [0]],
    [0, 4096, [0]],
    [0, 4097, [0, 1]],
    [4095, 2, [0, 1]],
    [0x7000, 0x3000, [7, 8, 9]],
    [0xf_f000, 2 ** 40, [255]],
    [0xf_ffff, 1, [255]],
  ])("offset %i, length %i", (offset, length, pages) => {
    machine.exports.markDamage(offset, length);
    expect(take()).toEqual(pages);
  });

  it("marks nothing for an empty range, or one outside video memory", () => {
    for (const [offset, length] of [
      [0, 0],
      [100, Number.NaN],
      [0x10_0000, 1],
      [2 ** 53, 2 ** 53],
      [0, -5],
    ] as const) {
      machine.exports.markDamage(offset, length);
    }
    expect(take()).toEqual([]);
  });
});
