/**
 * The TLB: what survives a switch of address space, what sfence.vma drops. Truth: RISC-V privileged architecture
 * (ratified 20240411), "Supervisor Memory-Management Fence Instruction". The TLB is seen through the counter of walks.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { COUNTER_BANKS_TAKEN, COUNTER_PAGE_WALKS, COUNTER_TLB_MISSES } from "../../assembly/hart-layout.ts";
import { TLB_CONTEXTS, TLB_ENTRIES } from "../../assembly/layout.ts";
import { RAM_BASE } from "../../assembly/memory-map.ts";
import {
  ACCESS_FETCH,
  ACCESS_LOAD,
  ACCESS_STORE,
  PRV_S,
  PRV_U,
  PTE_A,
  PTE_D,
  PTE_G,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
  PTE_X,
} from "../../assembly/riscv.ts";
import { BareMachine, PageTables } from "./harness.ts";

const RWXU = PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D;
const PAGE = RAM_BASE + 0x40_0000;
const OTHER = RAM_BASE + 0x50_0000;
const VA = 0x7000_0000;
const ADDRESS = 1;
const ASID = 2;

let machine: BareMachine;
let tables: PageTables;

beforeEach(() => {
  machine = new BareMachine();
  tables = new PageTables(machine, RAM_BASE);
  tables.map(VA, PAGE, RWXU);
  machine.setSatp(tables.satp(1));
  machine.exports.setPrivilege(PRV_U);
});

const walksDuring = (work: () => void): number => {
  const before = machine.counter(COUNTER_PAGE_WALKS);
  work();
  return machine.counter(COUNTER_PAGE_WALKS) - before;
};

describe("entries", () => {
  it("load, store and fetch are apart; each misses once", () => {
    for (let round = 0; round < 3; round++) {
      for (const access of [ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH]) machine.exports.translate(VA, access);
    }
    for (const access of [ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH]) {
      expect(machine.counter(COUNTER_TLB_MISSES + access)).toBe(1);
    }
  });

  it("two pages with the same index take turns, and neither answers for the other", () => {
    const far = VA + TLB_ENTRIES * 4096;
    tables.map(far, OTHER, RWXU);
    machine.write64(PAGE, 1n);
    machine.write64(OTHER, 2n);
    for (let i = 0; i < 3; i++) {
      expect(machine.exports.load8(VA)).toBe(1);
      expect(machine.exports.load8(far)).toBe(2);
    }
  });

  it("an empty TLB answers for no address: page 0, page 1 and the last page fault when they are not mapped", () => {
    for (const va of [0, 8, 0x1000, 0xfff, -8, -4096, 0x3f_ffff_f000, TLB_ENTRIES * 4096]) {
      for (const round of [1, 2]) {
        expect([machine.exports.load8(va), machine.exports.store8(va, 1), machine.exports.translate(va, ACCESS_FETCH)])
          // each of the three must trap
          .toEqual([-1, 1, 0]);
        if (round === 1) machine.exports.sfenceVma(va, 0, ADDRESS);
      }
    }
  });

  it("page 0 can be mapped, and unmapped again", () => {
    tables.map(0, PAGE, RWXU);
    expect(machine.exports.store8(0, 9)).toBe(0);
    machine.write64(tables.pte(0), 0n);
    machine.exports.sfenceVma(0, 0, ADDRESS);
    expect(machine.exports.store8(0, 9)).toBe(1);
    expect(machine.exports.load8(0)).toBe(-1);
  });
});

describe("switching contexts", () => {
  it("keeps the translations of TLB_CONTEXTS address spaces", () => {
    const spaces = Array.from({ length: TLB_CONTEXTS }, (_, asid) => tables.satp(asid + 100));
    const visitAll = () => {
      for (const satp of spaces) {
        machine.setSatp(satp);
        machine.exports.load8(VA);
      }
    };
    // Boot's and beforeEach's contexts make way: "least recently used" goes first.
    expect(walksDuring(visitAll)).toBe(TLB_CONTEXTS);
    expect(walksDuring(visitAll)).toBe(0);
  });

  it("takes the bank of the context that was left longest ago, and empties it", () => {
    const space = (n: number): bigint => tables.satp(200 + n);
    for (let n = 0; n < TLB_CONTEXTS; n++) {
      machine.setSatp(space(n));
      machine.exports.load8(VA);
    }
    machine.setSatp(space(0));
    const taken = machine.counter(COUNTER_BANKS_TAKEN);
    machine.setSatp(space(TLB_CONTEXTS));
    expect(machine.counter(COUNTER_BANKS_TAKEN)).toBe(taken + 1);
    const walks = (n: number): number =>
      walksDuring(() => {
        machine.setSatp(space(n));
        machine.exports.load8(VA);
      });
    expect(walks(0)).toBe(0);
    expect(walks(TLB_CONTEXTS - 1)).toBe(0);
    expect(walks(1)).toBe(1);
  });

  it("two page tables with one address-space identifier never mix", () => {
    const second = new PageTables(machine, RAM_BASE + 0x10_0000);
    second.map(VA, OTHER, RWXU);
    machine.write64(PAGE, 1n);
    machine.write64(OTHER, 2n);
    for (let i = 0; i < 2; i++) {
      machine.setSatp(tables.satp(5));
      expect(machine.exports.load8(VA)).toBe(1);
      machine.setSatp(second.satp(5));
      expect(machine.exports.load8(VA)).toBe(2);
    }
  });

  it("privilege, SUM and MXR are part of the context: what one may do, another may not", () => {
    const may = (): boolean => machine.exports.translate(VA, ACCESS_LOAD) !== 0;
    expect(may()).toBe(true);
    machine.exports.setPrivilege(PRV_S);
    expect(may()).toBe(false);
    machine.exports.setStatus(1, 0);
    expect(may()).toBe(true);
    machine.exports.setStatus(0, 0);
    expect(may()).toBe(false);
    tables.map(VA, PAGE, PTE_V | PTE_X | PTE_A);
    machine.exports.sfenceVma(0, 0, 0);
    machine.exports.setStatus(0, 1);
    expect(may()).toBe(true);
    machine.exports.setStatus(0, 0);
    expect(may()).toBe(false);
  });

  it("and switching between them walks again for none", () => {
    tables.map(VA + 0x1000, OTHER, RWXU & ~PTE_U);
    const visit = () => {
      machine.exports.setPrivilege(PRV_U);
      machine.exports.load8(VA);
      machine.exports.setPrivilege(PRV_S);
      machine.exports.load8(VA + 0x1000);
      machine.exports.setStatus(1, 0);
      machine.exports.load8(VA);
      machine.exports.setStatus(0, 0);
    };
    visit();
    expect(walksDuring(visit)).toBe(0);
  });
});

/** Whether the TLB still knows `va` for loads in the address space. */
const knows = (asid: number, va: number): boolean => {
  machine.setSatp(tables.satp(asid));
  return walksDuring(() => machine.exports.translate(va, ACCESS_LOAD)) === 0;
};
const warm = (asid: number, ...pages: number[]): void => {
  machine.setSatp(tables.satp(asid));
  for (const va of pages) {
    for (const access of [ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH]) machine.exports.translate(va, access);
  }
};

describe("sfence.vma", () => {
  const NEXT = VA + 0x1000;
  beforeEach(() => {
    tables.map(NEXT, OTHER, RWXU);
    warm(1, VA, NEXT);
    warm(2, VA, NEXT);
  });

  it("rs1 = x0, rs2 = x0: all address-translation cache entries, for all address spaces", () => {
    machine.exports.sfenceVma(0, 0, 0);
    expect([knows(1, VA), knows(1, NEXT), knows(2, VA), knows(2, NEXT)]).toEqual([false, false, false, false]);
  });

  it("rs1 = x0, rs2 ≠ x0: those of the one address space; the other's stay", () => {
    machine.exports.sfenceVma(0, 2, ASID);
    expect([knows(1, VA), knows(1, NEXT), knows(2, VA), knows(2, NEXT)]).toEqual([true, true, false, false]);
  });

  it("rs1 ≠ x0, rs2 = x0: those of the address, for all address spaces; other pages stay", () => {
    machine.exports.sfenceVma(VA + 0xabc, 0, ADDRESS);
    expect([knows(1, VA), knows(1, NEXT), knows(2, VA), knows(2, NEXT)]).toEqual([false, true, false, true]);
  });

  it("rs1 ≠ x0, rs2 ≠ x0: those of the address in the one address space", () => {
    machine.exports.sfenceVma(VA, 2, ADDRESS | ASID);
    expect([knows(1, VA), knows(1, NEXT), knows(2, VA), knows(2, NEXT)]).toEqual([true, true, false, true]);
  });

  it("uses 16 bits of rs2", () => {
    machine.exports.sfenceVma(0, 0x7_0002, ASID);
    expect([knows(1, VA), knows(2, VA)]).toEqual([true, false]);
  });

  it("drops load, store and fetch alike", () => {
    machine.exports.sfenceVma(VA, 0, ADDRESS);
    expect(walksDuring(() => warm(1, VA))).toBe(3);
  });

  it("an rs1 that is not a valid virtual address has no effect", () => {
    machine.exports.sfenceVma(VA + 2 ** 40, 0, ADDRESS);
    machine.exports.sfenceVma(VA - 2 ** 62, 0, ADDRESS);
    expect([knows(1, VA), knows(2, VA)]).toEqual([true, true]);
  });

  it("makes a changed mapping seen, and a global one without an address-space identifier", () => {
    for (const flags of [RWXU, RWXU | PTE_G]) {
      tables.map(VA, PAGE, flags);
      machine.exports.sfenceVma(VA, 0, ADDRESS);
      machine.exports.store8(VA, 1);
      tables.map(VA, OTHER, flags);
      machine.exports.sfenceVma(VA, 0, ADDRESS);
      machine.exports.store8(VA, 2);
      expect([machine.bytes(PAGE, 1)[0], machine.bytes(OTHER, 1)[0]]).toEqual([1, 2]);
    }
  });
});

describe("sfence.vma by address and superpages: 'all … entries that contain leaf page table entries corresponding to the virtual address'", () => {
  it.each([
    ["2 MiB", 1, 0x20_0000],
    ["1 GiB", 2, 0x4000_0000],
  ])("any address in a %s page drops the translations of all of it", (_, level, size) => {
    const va = 0x1_4000_0000;
    tables.map(va, RAM_BASE, RWXU, level);
    const pages = [va, va + 0x5000, va + 0x1f_f000];
    for (const fenced of [va, va + 0x10_0000, va + size - 1]) {
      warm(1, ...pages);
      machine.exports.sfenceVma(fenced, 0, ADDRESS);
      expect(pages.map((page) => knows(1, page))).toEqual([false, false, false]);
    }
  });

  it("in one of several superpages, whichever was met last", () => {
    const superpages = [0x1_0040_0000, 0x1_0000_0000, 0x1_0080_0000, 0x1_0020_0000];
    for (const va of superpages) tables.map(va, RAM_BASE, RWXU, 1);
    for (const va of superpages) {
      for (const other of superpages) warm(1, other + 0x3000);
      tables.map(va, RAM_BASE + 0x20_0000, RWXU, 1);
      machine.exports.sfenceVma(va + 0x10_0000, 0, ADDRESS);
      machine.exports.store8(va + 0x3000, 1);
      expect(machine.bytes(RAM_BASE + 0x20_3000, 1)[0]).toBe(1);
      machine.bytes(RAM_BASE + 0x20_3000, 1)[0] = 0;
    }
  });

  it("are forgotten with their entries: afterwards a fence there drops one page alone", () => {
    tables.map(0x4000_0000, RAM_BASE, RWXU, 1);
    warm(1, 0x4000_9000);
    machine.write64(tables.pte(0x4000_0000, 1), 0n);
    machine.exports.sfenceVma(0, 0, 0);
    tables.map(0x4000_9000, PAGE, RWXU);
    warm(1, 0x4000_9000, VA);
    machine.exports.sfenceVma(0x4000_9000, 0, ADDRESS);
    expect([knows(1, 0x4000_9000), knows(1, VA)]).toEqual([false, true]);
  });

  it("fences of pages away from superpages still drop one page alone", () => {
    tables.map(0x4000_0000, RAM_BASE, RWXU, 1);
    tables.map(VA + 0x1000, OTHER, RWXU);
    const inSuperpage = 0x4000_9000;
    warm(1, inSuperpage, VA, VA + 0x1000);
    machine.exports.sfenceVma(VA, 0, ADDRESS);
    expect([knows(1, inSuperpage), knows(1, VA), knows(1, VA + 0x1000)]).toEqual([true, false, true]);
  });
});
