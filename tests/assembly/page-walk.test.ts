/**
 * The Sv39 walk, step by step. Truth: RISC-V privileged architecture (ratified 20240411), "Virtual Address Translation
 * Process" and "Sv39: Page-Based 39-bit Virtual-Memory System"; each test quotes the sentence it stands on.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { COUNTER_PAGE_WALKS } from "../../assembly/hart-layout.ts";
import { RAM_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import {
  ACCESS_FETCH,
  ACCESS_LOAD,
  ACCESS_STORE,
  CAUSE_FETCH_ACCESS,
  CAUSE_FETCH_PAGE_FAULT,
  CAUSE_LOAD_ACCESS,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_STORE_ACCESS,
  CAUSE_STORE_PAGE_FAULT,
  PRV_M,
  PRV_S,
  PRV_U,
  PTE_A,
  PTE_D,
  PTE_G,
  PTE_R,
  PTE_RSW,
  PTE_U,
  PTE_V,
  PTE_W,
  PTE_X,
} from "../../assembly/riscv.ts";
import { BareMachine, PageTables } from "./harness.ts";

const TABLES = RAM_BASE + 0x10_0000;
const PAGE = RAM_BASE + 0x20_0000;
const VA = 0x1234_5000;
const RWX = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;
const ACCESSES = [ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH] as const;
const PAGE_FAULTS = [CAUSE_LOAD_PAGE_FAULT, CAUSE_STORE_PAGE_FAULT, CAUSE_FETCH_PAGE_FAULT] as const;
const ACCESS_FAULTS = [CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS, CAUSE_FETCH_ACCESS] as const;

let machine: BareMachine;
let tables: PageTables;

beforeEach(() => {
  machine = new BareMachine();
  tables = new PageTables(machine, TABLES);
  machine.exports.setPrivilege(PRV_S);
  machine.setSatp(tables.satp());
});

/** The physical address, or the cause of the trap, as text. */
const translated = (va: number, access: number): string => {
  machine.exports.sfenceVma(0, 0, 0);
  const host = machine.exports.translate(va, access);
  if (host === 0) return `trap ${machine.exports.trapCause()} at ${machine.exports.trapValue()}`;
  return `pa ${host - machine.host(RAM_BASE) + RAM_BASE}`;
};
const everyKind = (va: number): string[] => ACCESSES.map((access) => translated(va, access));
const faults = (causes: readonly number[], va: number): string[] => causes.map((cause) => `trap ${cause} at ${va}`);
const reached = (pa: number): string[] => ACCESSES.map(() => `pa ${pa}`);

describe("satp", () => {
  it("translates with 4 KiB, 2 MiB and 1 GiB leaves: any level of PTE may be a leaf PTE", () => {
    tables.map(VA, PAGE, RWX);
    expect(everyKind(VA + 0xabc)).toEqual(reached(PAGE + 0xabc));
    tables.map(0x4000_0000, RAM_BASE, RWX, 1);
    expect(everyKind(0x4000_0000 + 0x1f_fffe)).toEqual(reached(RAM_BASE + 0x1f_fffe));
    tables.map(0x8000_0000, RAM_BASE, RWX, 2);
    expect(everyKind(0x8000_0000 + 0xff_ffff)).toEqual(reached(RAM_BASE + 0xff_ffff));
  });

  it("translates nothing in M-mode and in mode Bare: virtual addresses are physical ones", () => {
    machine.exports.setPrivilege(PRV_M);
    expect(everyKind(RAM_BASE + 5)).toEqual(reached(RAM_BASE + 5));
    machine.exports.setPrivilege(PRV_S);
    machine.setSatp(0n);
    expect(everyKind(RAM_BASE + 5)).toEqual(reached(RAM_BASE + 5));
    expect(everyKind(0)).toEqual(faults(ACCESS_FAULTS, 0));
    expect(everyKind(-4096)).toEqual(faults(ACCESS_FAULTS, -4096));
  });

  it("keeps its value when MODE is unsupported: 'the entire write has no effect'", () => {
    tables.map(VA, PAGE, RWX);
    for (const mode of [1n, 7n, 9n, 10n, 15n]) machine.setSatp((mode << 60n) | 1n);
    expect(everyKind(VA)).toEqual(reached(PAGE));
  });

  it("walks once for a page and kind of access, then not again", () => {
    tables.map(VA, PAGE, RWX);
    for (let i = 0; i < 10; i++) machine.exports.load32(VA + 4 * i);
    expect(machine.counter(COUNTER_PAGE_WALKS)).toBe(1);
    for (let i = 0; i < 10; i++) machine.exports.store32(VA + 4 * i, i);
    expect(machine.counter(COUNTER_PAGE_WALKS)).toBe(2);
  });
});

describe("the address", () => {
  it("must have bits 63–39 all equal to bit 38, or else a page-fault exception will occur", () => {
    for (const va of [0x3f_ffff_f000, -0x40_0000_0000]) {
      tables.map(va, PAGE, RWX);
      expect(everyKind(va)).toEqual(reached(PAGE));
    }
    for (const va of [0x40_0000_0000, 0x7f_ffff_f000, -0x40_0000_1000, 2 ** 39, 2 ** 62, -(2 ** 63)]) {
      expect(everyKind(va)).toEqual(faults(PAGE_FAULTS, va));
    }
  });

  it("of another half of the address space never hits an entry of the canonical one", () => {
    tables.map(VA, PAGE, RWX);
    expect(machine.exports.store32(VA, 1)).toBe(0);
    for (const va of [VA + 2 ** 39, VA + 2 ** 32, VA - 2 ** 40, VA - 2 ** 63]) {
      expect(machine.exports.store32(va, 7)).toBe(1);
      expect(machine.exports.trapCause()).toBe(CAUSE_STORE_PAGE_FAULT);
    }
    expect(machine.exports.load32(VA)).toBe(1);
  });
});

describe("step 2: if accessing pte violates a PMA or PMP check, raise an access-fault exception", () => {
  it.each([
    ["the root", 2, (0x2000n << 10n) | 1n],
    ["the second level", 1, (0xfff_ffff_ffffn << 10n) | 1n],
    ["the third level", 0, (BigInt((RAM_BASE + 0x100_0000) / 4096) << 10n) | 1n],
  ])("%s lies outside memory", (_, level, pointer) => {
    if (level === 2) machine.setSatp((8n << 60n) | 0x2000n);
    else machine.write64(tables.pte(VA, level + 1), pointer);
    expect(everyKind(VA)).toEqual(faults(ACCESS_FAULTS, VA));
  });

  it("tables may lie in video memory", () => {
    const inVideo = new PageTables(machine, VRAM_BASE);
    inVideo.map(VA, PAGE, RWX);
    machine.setSatp(inVideo.satp());
    expect(everyKind(VA)).toEqual(reached(PAGE));
  });
});

describe("step 3", () => {
  it("if pte.v = 0, page fault", () => {
    tables.map(VA, PAGE, RWX & ~PTE_V);
    expect(everyKind(VA)).toEqual(faults(PAGE_FAULTS, VA));
    for (const level of [1, 2]) {
      machine.write64(tables.pte(0x4000_0000, level), 0xff_fffen);
      expect(everyKind(0x4000_0000)).toEqual(faults(PAGE_FAULTS, 0x4000_0000));
    }
  });

  it("or if pte.r = 0 and pte.w = 1, with and without x", () => {
    for (const flags of [RWX & ~PTE_R, RWX & ~PTE_R & ~PTE_X]) {
      tables.map(VA, PAGE, flags);
      expect(everyKind(VA)).toEqual(faults(PAGE_FAULTS, VA));
    }
  });

  it.each([54, 55, 56, 57, 58, 59, 60, 61, 62, 63])("or if reserved bit %i is set, in a leaf or a pointer", (bit) => {
    tables.map(VA, PAGE, RWX);
    for (const level of [0, 1, 2]) {
      const at = tables.pte(VA, level);
      const pte = machine.read64(at);
      machine.write64(at, pte | (1n << BigInt(bit)));
      expect(everyKind(VA)).toEqual(faults(PAGE_FAULTS, VA));
      machine.write64(at, pte);
    }
    expect(everyKind(VA)).toEqual(reached(PAGE));
  });

  it("RSW and G are not for the walk: 'the implementation shall ignore' RSW", () => {
    tables.map(VA, PAGE, RWX | PTE_RSW | PTE_G);
    const pointer = tables.pte(VA, 1);
    machine.write64(pointer, machine.read64(pointer) | BigInt(PTE_RSW | PTE_G));
    expect(everyKind(VA)).toEqual(reached(PAGE));
  });
});

describe("step 4", () => {
  it("i < 0: a pointer at the last level is a page fault", () => {
    tables.map(VA, PAGE, PTE_V);
    expect(everyKind(VA)).toEqual(faults(PAGE_FAULTS, VA));
  });

  it.each([PTE_D, PTE_A, PTE_U])("for non-leaf PTEs, the D, A, and U bits are reserved (bit 0x%x)", (bit) => {
    tables.map(VA, PAGE, RWX);
    for (const level of [1, 2]) {
      const at = tables.pte(VA, level);
      const pte = machine.read64(at);
      machine.write64(at, pte | BigInt(bit));
      expect(everyKind(VA)).toEqual(faults(PAGE_FAULTS, VA));
      machine.write64(at, pte);
    }
  });
});

/** Which of load, store, fetch the flags allow; the list is the specification's, not ours. */
const allowed = (flags: number, prv: number, sum: number, mxr: number): boolean[] => {
  machine.exports.setPrivilege(prv);
  machine.exports.setStatus(sum, mxr);
  tables.map(VA, PAGE, flags | PTE_V | PTE_A | PTE_D);
  return everyKind(VA).map((text) => text.startsWith("pa"));
};

describe("step 5: determine if the requested memory access is allowed", () => {
  it("by r, w and x", () => {
    expect(allowed(PTE_R, PRV_S, 0, 0)).toEqual([true, false, false]);
    expect(allowed(PTE_R | PTE_W, PRV_S, 0, 0)).toEqual([true, true, false]);
    expect(allowed(PTE_X, PRV_S, 0, 0)).toEqual([false, false, true]);
    expect(allowed(PTE_R | PTE_X, PRV_S, 0, 0)).toEqual([true, false, true]);
    expect(allowed(PTE_R | PTE_W | PTE_X, PRV_S, 0, 0)).toEqual([true, true, true]);
  });

  it("MXR = 1: loads from pages marked either readable or executable will succeed", () => {
    expect(allowed(PTE_X, PRV_S, 0, 1)).toEqual([true, false, true]);
    expect(allowed(PTE_X | PTE_U, PRV_U, 0, 1)).toEqual([true, false, true]);
    expect(allowed(PTE_R, PRV_S, 0, 1)).toEqual([true, false, false]);
  });

  it("U-mode may only access pages with U = 1, whatever SUM is", () => {
    const rwx = PTE_R | PTE_W | PTE_X;
    for (const sum of [0, 1]) {
      expect(allowed(rwx, PRV_U, sum, 0)).toEqual([false, false, false]);
      expect(allowed(rwx | PTE_U, PRV_U, sum, 0)).toEqual([true, true, true]);
    }
  });

  it("SUM: S-mode loads and stores of U pages; 'irrespective of SUM, the supervisor may not execute code' there", () => {
    const rwx = PTE_R | PTE_W | PTE_X;
    expect(allowed(rwx | PTE_U, PRV_S, 0, 0)).toEqual([false, false, false]);
    expect(allowed(rwx | PTE_U, PRV_S, 1, 0)).toEqual([true, true, false]);
    expect(allowed(rwx, PRV_S, 1, 0)).toEqual([true, true, true]);
  });

  it("a refusal is a page fault of the access's kind", () => {
    tables.map(VA, PAGE, PTE_V | PTE_U);
    expect(everyKind(VA)).toEqual(faults(PAGE_FAULTS, VA));
  });
});

describe("step 6: if i > 0 and pte.ppn[i-1:0] ≠ 0, this is a misaligned superpage", () => {
  it.each([
    [1, 0x1000],
    [1, 0x10_0000],
    [2, 0x1000],
    [2, 0x20_0000],
    [2, 0x2000_0000],
  ])("level %i, off by %i bytes", (level, off) => {
    tables.map(0, RAM_BASE + off, RWX, level);
    expect(everyKind(0)).toEqual(faults(PAGE_FAULTS, 0));
  });
});

describe("step 7: set pte.a to 1 and, if the original memory access is a store, also set pte.d to 1", () => {
  const flagsAfter = (access: number, flags: number): number => {
    tables.map(VA, PAGE, flags);
    translated(VA, access);
    return Number(machine.read64(tables.pte(VA)) & 0x3ffn);
  };
  const clean = PTE_V | PTE_R | PTE_W | PTE_X;

  it("at every kind of access", () => {
    expect(flagsAfter(ACCESS_LOAD, clean)).toBe(clean | PTE_A);
    expect(flagsAfter(ACCESS_FETCH, clean)).toBe(clean | PTE_A);
    expect(flagsAfter(ACCESS_STORE, clean)).toBe(clean | PTE_A | PTE_D);
    expect(flagsAfter(ACCESS_STORE, clean | PTE_A)).toBe(clean | PTE_A | PTE_D);
  });

  it("at the leaf only, a superpage's too", () => {
    tables.map(VA, PAGE, clean);
    translated(VA, ACCESS_STORE);
    for (const level of [1, 2]) expect(machine.read64(tables.pte(VA, level)) & 0xffn).toBe(BigInt(PTE_V));
    tables.map(0x4000_0000, RAM_BASE, clean, 1);
    translated(0x4010_0000, ACCESS_STORE);
    expect(machine.read64(tables.pte(0x4000_0000, 1)) & 0xffn).toBe(BigInt(clean | PTE_A | PTE_D));
  });

  it("not when the access faults", () => {
    expect(flagsAfter(ACCESS_STORE, PTE_V | PTE_R)).toBe(PTE_V | PTE_R);
    tables.map(VA, 0x1000, clean);
    expect(translated(VA, ACCESS_STORE)).toBe(`trap ${CAUSE_STORE_ACCESS} at ${VA}`);
    expect(machine.read64(tables.pte(VA)) & 0xffn).toBe(BigInt(clean));
  });

  it("a store after a load still sets D: the load's entry is no permission to store", () => {
    tables.map(VA, PAGE, clean);
    machine.exports.load8(VA);
    machine.exports.store8(VA, 1);
    expect(machine.read64(tables.pte(VA)) & 0xffn).toBe(BigInt(clean | PTE_A | PTE_D));
  });

  it("a PTE in video memory is written like one in RAM, and its page counts as damaged", () => {
    const inVideo = new PageTables(machine, VRAM_BASE + 0x4000);
    inVideo.map(VA, PAGE, clean);
    machine.setSatp(inVideo.satp());
    translated(VA, ACCESS_LOAD);
    expect(machine.damage("live")).toEqual([6]);
    expect(machine.read64(inVideo.pte(VA)) & 0xffn).toBe(BigInt(clean | PTE_A));
  });
});

describe("step 8: the translation is successful", () => {
  it("a leaf that points outside memory, to no device, is an access fault of the access's kind", () => {
    for (const pa of [0, 0x3fff_f000, VRAM_BASE + 0x10_0000, RAM_BASE + 0x100_0000, 2 ** 55]) {
      tables.map(VA, pa, RWX);
      expect(everyKind(VA + 8)).toEqual(faults(ACCESS_FAULTS, VA + 8));
    }
  });
});
