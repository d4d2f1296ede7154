/**
 * Loads and stores: widths, alignment, page borders, registers. Truth: RISC-V unprivileged architecture, "Load and
 * Store Instructions" (little-endian, EEI may support misaligned accesses), privileged architecture, "Machine Trap
 * Value (mtval) Register" and the rules of src/machine-exports.ts.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { COUNTER_REGISTER_ACCESSES } from "../../assembly/hart-layout.ts";
import { RAM_BASE, UART_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import {
  ACCESS_LOAD,
  ACCESS_STORE,
  CAUSE_LOAD_ACCESS,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_STORE_ACCESS,
  CAUSE_STORE_PAGE_FAULT,
  PRV_U,
  PTE_A,
  PTE_D,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
} from "../../assembly/riscv.ts";
import { BareMachine, PageTables } from "./harness.ts";

const RW = PTE_V | PTE_R | PTE_W | PTE_U;
const FIRST = RAM_BASE + 0x20_0000;
/** Not the page after FIRST: a page-crossing access must not take what follows in memory. */
const SECOND = RAM_BASE + 0x30_0000;
const VA = 0x10_0000;

/** A toy device: 4 KiB at UART_BASE that answers its offset and notes what is written. */
const answersItsOffset = () => {
  const written: string[] = [];
  const reads: string[] = [];
  const inside = (pa: number): boolean => pa >= UART_BASE && pa < UART_BASE + 0x1000;
  return {
    written,
    reads,
    bus: {
      read(pa: number, width: number): number {
        reads.push(`${pa.toString(16)}/${width}`);
        return inside(pa) ? 0xf000_0000 + (pa - UART_BASE) : -1;
      },
      high: () => 0x8765_4321,
      write(pa: number, width: number, lo: number, hi: number): number {
        if (!inside(pa)) return 0;
        written.push(`${pa.toString(16)}/${width} ${hi.toString(16)} ${lo.toString(16)}`);
        return 1;
      },
    },
  };
};

let machine: BareMachine;
let tables: PageTables;
let device: ReturnType<typeof answersItsOffset>;

beforeEach(() => {
  device = answersItsOffset();
  machine = new BareMachine({ bus: device.bus });
  tables = new PageTables(machine, RAM_BASE + 0x10_0000);
  tables.map(VA, FIRST, RW);
  tables.map(VA + 0x1000, SECOND, RW);
  machine.setSatp(tables.satp());
  machine.exports.setPrivilege(PRV_U);
});

const trap = (): [number, number] => [machine.exports.trapCause(), machine.exports.trapValue()];

describe("values", () => {
  it("are little-endian and unsigned, at every alignment", () => {
    const bytes = machine.bytes(FIRST, 24);
    bytes.set([0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0xf7, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let i = 0; i < 8; i++) {
      expect(machine.exports.load8(VA + i)).toBe(view.getUint8(i));
      expect(machine.exports.load16(VA + i)).toBe(view.getUint16(i, true));
      expect(machine.exports.load32(VA + i)).toBe(view.getUint32(i, true));
      expect(machine.load64(VA + i)).toBe(view.getBigUint64(i, true));
    }
  });

  it("a store writes its bytes and no other", () => {
    const bytes = machine.bytes(FIRST, 16);
    for (let i = 0; i < 8; i++) {
      for (const [width, write] of [
        [1, () => machine.exports.store8(VA + i, 0xffff_ff5a)],
        [2, () => machine.exports.store16(VA + i, 0xffff_5a5a)],
        [4, () => machine.exports.store32(VA + i, 0x5a5a_5a5a)],
        [8, () => machine.exports.store64(VA + i, 0x5a5a_5a5a, 0x5a5a_5a5a)],
      ] as const) {
        bytes.fill(0);
        expect(write()).toBe(0);
        const expected = new Uint8Array(16).fill(0x5a, i, i + width);
        expect(bytes).toEqual(expected);
      }
    }
  });

  it("a trapped load64 is told from a loaded zero by trapPending()", () => {
    expect([machine.exports.load64(VA), machine.exports.trapPending()]).toEqual([0n, 0]);
    expect([machine.exports.load64(0x5000), machine.exports.trapPending()]).toEqual([0n, 1]);
    expect([machine.exports.load64(VA), machine.exports.trapPending()]).toEqual([0n, 0]);
  });
});

describe("across a page border", () => {
  const borders = [2, 4, 8].flatMap((size) => Array.from({ length: size - 1 }, (_, i) => [size, i + 1] as const));
  const loadOf = (size: number, va: number): bigint =>
    size === 8 ? machine.load64(va) : BigInt(size === 4 ? machine.exports.load32(va) : machine.exports.load16(va));
  const storeOf = (size: number, va: number, lo: number, hi: number): number =>
    size === 8
      ? machine.exports.store64(va, lo, hi)
      : size === 4
        ? machine.exports.store32(va, lo)
        : machine.exports.store16(va, lo);

  it.each(borders)("width %i with %i bytes on the first page", (size, before) => {
    const va = VA + 0x1000 - before;
    for (const warm of [false, true]) {
      expect(storeOf(size, va, 0x4433_2211, 0x8877_6655), `warm ${warm}`).toBe(0);
      const sequence = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88].slice(0, size);
      expect([...machine.bytes(FIRST + 0x1000 - before, before)]).toEqual(sequence.slice(0, before));
      expect([...machine.bytes(SECOND, size - before)]).toEqual(sequence.slice(before));
      expect(machine.bytes(FIRST + 0x1000, 8)).toEqual(new Uint8Array(8));
      expect(loadOf(size, va)).toBe(sequence.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n));
    }
  });

  it.each(borders)(
    "width %i, %i bytes first: a fault on the second page has its first byte as value and writes nothing",
    (size, before) => {
      const va = VA + 0x1000 - before;
      const pte = tables.pte(VA + 0x1000);
      machine.bytes(FIRST, 0x1000).fill(0xee);
      for (const warm of [false, true]) {
        if (warm) machine.exports.store8(VA, 0xee);
        machine.write64(pte, 0n);
        machine.exports.sfenceVma(VA + 0x1000, 0, 1);
        expect(storeOf(size, va, -1, -1)).toBe(1);
        expect(trap()).toEqual([CAUSE_STORE_PAGE_FAULT, VA + 0x1000]);
        expect(machine.bytes(FIRST, 0x1000).every((byte) => byte === 0xee)).toBe(true);
        expect(loadOf(size, va)).toBe(size === 8 ? 0n : -1n);
        expect(trap()).toEqual([CAUSE_LOAD_PAGE_FAULT, VA + 0x1000]);
        // "updates to the D bit must be exact (i.e., not speculative)"
        if (!warm) expect(machine.read64(tables.pte(VA)) & BigInt(PTE_D)).toBe(0n);
      }
    },
  );

  it("a fault on the first page comes first", () => {
    machine.write64(tables.pte(VA), 0n);
    machine.write64(tables.pte(VA + 0x1000), 0n);
    expect(machine.exports.store32(VA + 0xffe, 1)).toBe(1);
    expect(trap()).toEqual([CAUSE_STORE_PAGE_FAULT, VA + 0xffe]);
    expect(machine.exports.load32(VA + 0xffe)).toBe(-1);
    expect(trap()).toEqual([CAUSE_LOAD_PAGE_FAULT, VA + 0xffe]);
  });

  it("from the last user address into the hole is a page fault at the hole", () => {
    tables.map(0x3f_ffff_f000, FIRST, RW);
    expect(machine.exports.load64(0x3f_ffff_fffc)).toBe(0n);
    expect(trap()).toEqual([CAUSE_LOAD_PAGE_FAULT, 0x40_0000_0000]);
  });

  it("from the last address of all goes on at 0: the address space is circular", () => {
    tables.map(-4096, FIRST, RW);
    tables.map(0, SECOND, RW);
    expect(machine.exports.store32(-2, 0x4433_2211)).toBe(0);
    expect([...machine.bytes(FIRST + 0xffe, 2)]).toEqual([0x11, 0x22]);
    expect([...machine.bytes(SECOND, 2)]).toEqual([0x33, 0x44]);
  });

  it("a border between memory and a register page is an access fault at the register page", () => {
    tables.map(VA + 0x1000, UART_BASE, RW);
    expect(machine.exports.store32(VA + 0xffe, 1)).toBe(1);
    expect(trap()).toEqual([CAUSE_STORE_ACCESS, VA + 0x1000]);
    expect(machine.exports.load32(VA + 0xffe)).toBe(-1);
    expect(trap()).toEqual([CAUSE_LOAD_ACCESS, VA + 0x1000]);
    expect([...device.written, ...device.reads]).toEqual([]);
    expect(machine.bytes(FIRST + 0xffe, 2)).toEqual(new Uint8Array(2));
  });
});

describe("registers", () => {
  beforeEach(() => tables.map(VA, UART_BASE, RW));

  it("are read and written at their physical address, in all four widths", () => {
    expect(machine.exports.load8(VA + 5)).toBe(5);
    expect(machine.exports.load16(VA + 6)).toBe(6);
    expect(machine.exports.load32(VA + 8)).toBe(0xf000_0008);
    expect(machine.load64(VA + 16)).toBe(0x8765_4321_f000_0010n);
    expect(device.reads).toEqual(["10000005/1", "10000006/2", "10000008/4", "10000010/8"]);
    expect(machine.exports.store8(VA + 1, 0xff)).toBe(0);
    expect(machine.exports.store16(VA + 2, 0xfffe)).toBe(0);
    expect(machine.exports.store32(VA + 4, 0xffff_fffd)).toBe(0);
    expect(machine.exports.store64(VA + 8, 0xffff_fffc, 0x8000_0001)).toBe(0);
    expect(device.written).toEqual([
      "10000001/1 0 ff",
      "10000002/2 0 fffe",
      "10000004/4 0 fffffffd",
      "10000008/8 80000001 fffffffc",
    ]);
    expect(machine.counter(COUNTER_REGISTER_ACCESSES)).toBe(8);
  });

  it("are asked every time: a register page never becomes an entry of the TLB", () => {
    for (let i = 0; i < 3; i++) machine.exports.load32(VA);
    expect(device.reads.length).toBe(3);
  });

  it("a misaligned access is an access fault, and reaches no device", () => {
    for (const [access, cause] of [
      [() => machine.exports.load16(VA + 1), CAUSE_LOAD_ACCESS],
      [() => machine.exports.load32(VA + 2), CAUSE_LOAD_ACCESS],
      [() => machine.exports.load64(VA + 4), CAUSE_LOAD_ACCESS],
      [() => machine.exports.store16(VA + 1, 0), CAUSE_STORE_ACCESS],
      [() => machine.exports.store32(VA + 2, 0), CAUSE_STORE_ACCESS],
      [() => machine.exports.store64(VA + 4, 0, 0), CAUSE_STORE_ACCESS],
    ] as const) {
      access();
      expect(machine.exports.trapCause()).toBe(cause);
    }
    expect([...device.reads, ...device.written]).toEqual([]);
  });

  it("an address at which nobody answers is an access fault", () => {
    tables.map(VA, 0x2000_0000, RW);
    expect(machine.exports.load32(VA + 4)).toBe(-1);
    expect(trap()).toEqual([CAUSE_LOAD_ACCESS, VA + 4]);
    expect(machine.exports.store32(VA + 4, 1)).toBe(1);
    expect(trap()).toEqual([CAUSE_STORE_ACCESS, VA + 4]);
  });

  it("A and D are set for a page of registers too", () => {
    machine.exports.load8(VA);
    expect(machine.read64(tables.pte(VA)) & 0xffn).toBe(BigInt(RW | PTE_A));
    machine.exports.store8(VA, 1);
    expect(machine.read64(tables.pte(VA)) & 0xffn).toBe(BigInt(RW | PTE_A | PTE_D));
  });

  it("have no host address: translate() is an access fault without effect", () => {
    for (const [access, cause] of [
      [ACCESS_LOAD, CAUSE_LOAD_ACCESS],
      [ACCESS_STORE, CAUSE_STORE_ACCESS],
    ] as const) {
      expect(machine.exports.translate(VA, access)).toBe(0);
      expect(trap()).toEqual([cause, VA]);
    }
    expect(machine.read64(tables.pte(VA)) & 0xffn).toBe(BigInt(RW));
    expect(device.reads).toEqual([]);
  });
});

describe("memory's ends", () => {
  it("the last bytes of RAM and of video memory are memory, the next are not", () => {
    for (const [base, size] of [
      [RAM_BASE, machine.ramSize],
      [VRAM_BASE, machine.vramSize],
    ] as const) {
      tables.map(VA, base + size - 0x1000, RW);
      tables.map(VA + 0x1000, base + size, RW);
      machine.exports.sfenceVma(0, 0, 0);
      expect(machine.exports.store64(VA + 0xff8, 1, 2)).toBe(0);
      expect(machine.exports.store64(VA + 0xff9, 1, 2)).toBe(1);
      expect(trap()).toEqual([CAUSE_STORE_ACCESS, VA + 0x1000]);
    }
  });
});
