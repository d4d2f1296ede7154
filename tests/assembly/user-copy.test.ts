/**
 * Range copies between guest memory and the host. Truth: the rules in src/machine-exports.ts (bytes copied before a
 * trap, page by page), and a byte-by-byte copy for the contents.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { COUNTER_BYTES_COPIED } from "../../assembly/hart-layout.ts";
import { STAGING, STAGING_SIZE, VIDEO_MEMORY } from "../../assembly/layout.ts";
import { RAM_BASE, UART_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import {
  CAUSE_LOAD_ACCESS,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_STORE_ACCESS,
  CAUSE_STORE_PAGE_FAULT,
  PRV_U,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
} from "../../assembly/riscv.ts";
import { BareMachine, PageTables } from "./harness.ts";

const RW = PTE_V | PTE_R | PTE_W | PTE_U;
/** Six pages from VA on, scattered backwards in physical memory; what comes after them is not mapped. */
const VA = 0x20_0000;
const PAGES = 6;
const frame = (page: number): number => RAM_BASE + 0x80_0000 - page * 0x3000;
const LENGTHS = [0, 1, 2, 4095, 4096, 4097, 3 * 4096 + 17];
const OFFSETS = [0, 1, 7, 2048, 4095];

let machine: BareMachine;
let tables: PageTables;

beforeEach(() => {
  machine = new BareMachine({ bus: { read: () => 0, high: () => 0, write: () => 1 } });
  tables = new PageTables(machine, RAM_BASE + 0x10_0000);
  for (let page = 0; page < PAGES; page++) tables.map(VA + page * 4096, frame(page), RW);
  machine.setSatp(tables.satp());
  machine.exports.setPrivilege(PRV_U);
});

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
/** The six pages as one array, read by physical address. */
const userBytes = (): Uint8Array => {
  const all = new Uint8Array(PAGES * 4096);
  for (let page = 0; page < PAGES; page++) all.set(machine.bytes(frame(page), 4096), page * 4096);
  return all;
};
const setUserBytes = (bytes: Uint8Array): void => {
  for (let page = 0; page < PAGES; page++)
    machine.bytes(frame(page), 4096).set(bytes.subarray(page * 4096).subarray(0, 4096));
};
/** Index of the first byte that differs, or -1 (toEqual is slow on whole pages). */
const firstDifference = (actual: Uint8Array, expected: Uint8Array): number => {
  if (Buffer.compare(actual, expected) === 0) return -1;
  return actual.findIndex((byte, i) => byte !== expected[i]);
};
const staging = (length: number): Uint8Array => machine.memory.subarray(STAGING, STAGING + length);
const trap = (): [number, number] => [machine.exports.trapCause(), machine.exports.trapValue()];

describe("every length and alignment", () => {
  const cases = LENGTHS.flatMap((length) => OFFSETS.map((offset) => [length, offset] as const));

  it.each(cases)("%i bytes at offset %i", (length, offset) => {
    const bytes = pattern(length);
    staging(length).set(bytes);
    const expected = new Uint8Array(PAGES * 4096);
    expected.set(bytes, offset);
    expect(machine.exports.copyToUser(VA + offset, STAGING, length)).toBe(length);
    expect(firstDifference(userBytes(), expected)).toBe(-1);

    staging(length + 1).fill(0xcc);
    expect(machine.exports.copyFromUser(STAGING, VA + offset, length)).toBe(length);
    expect(firstDifference(staging(length), bytes)).toBe(-1);
    expect(machine.memory[STAGING + length]).toBe(0xcc);

    expect(machine.exports.copyUserToUser(VA + 9, VA + offset, offset >= 9 ? length : 0)).toBe(
      offset >= 9 ? length : 0,
    );
    if (offset >= 9) expect(firstDifference(userBytes().subarray(9, 9 + length), bytes)).toBe(-1);

    expect(machine.exports.fillUser(VA + offset, 0x1ab, length)).toBe(length);
    expect(firstDifference(userBytes().subarray(offset, offset + length), new Uint8Array(length).fill(0xab))).toBe(-1);
  });

  it("counts the bytes", () => {
    machine.exports.fillUser(VA, 0, 5000);
    machine.exports.copyUserToUser(VA, VA + 4096, 100);
    expect(machine.counter(COUNTER_BYTES_COPIED)).toBe(5100);
  });
});

describe("a trap in the middle", () => {
  const end = VA + PAGES * 4096;

  it("leaves the bytes before it done and says how many", () => {
    const bytes = pattern(3000);
    staging(3000).set(bytes);
    expect(machine.exports.copyToUser(end - 2000, STAGING, 3000)).toBe(2000);
    expect(trap()).toEqual([CAUSE_STORE_PAGE_FAULT, end]);
    expect(firstDifference(userBytes().subarray(-2000), bytes.subarray(0, 2000))).toBe(-1);

    staging(3000).fill(0);
    expect(machine.exports.copyFromUser(STAGING, end - 2000, 3000)).toBe(2000);
    expect(trap()).toEqual([CAUSE_LOAD_PAGE_FAULT, end]);
    expect(staging(2000)).toEqual(bytes.subarray(0, 2000));
    expect(staging(3000).subarray(2000)).toEqual(new Uint8Array(1000));

    expect(machine.exports.fillUser(end - 10, 1, 11)).toBe(10);
    expect(trap()).toEqual([CAUSE_STORE_PAGE_FAULT, end]);
    expect(machine.exports.copyUserToUser(VA, end - 100, 200)).toBe(100);
    expect(trap()).toEqual([CAUSE_LOAD_PAGE_FAULT, end]);
    expect(machine.exports.copyUserToUser(end - 100, VA, 200)).toBe(100);
    expect(trap()).toEqual([CAUSE_STORE_PAGE_FAULT, end]);
  });

  it("at the first byte does nothing", () => {
    expect(machine.exports.copyToUser(end, STAGING, 1)).toBe(0);
    expect(machine.exports.copyFromUser(STAGING, end, 1)).toBe(0);
    expect(machine.exports.fillUser(end, 0, 1)).toBe(0);
    expect(machine.exports.copyUserToUser(end, end, 1)).toBe(0);
  });

  it("comes from a read-only page for writers only", () => {
    tables.map(VA + 4096, frame(1), RW & ~PTE_W);
    expect(machine.exports.copyFromUser(STAGING, VA, 8192)).toBe(8192);
    expect(machine.exports.copyToUser(VA, STAGING, 8192)).toBe(4096);
    expect(trap()).toEqual([CAUSE_STORE_PAGE_FAULT, VA + 4096]);
  });

  it("comes from a register page: it is not memory", () => {
    tables.map(VA + 4096, UART_BASE, RW);
    expect(machine.exports.copyFromUser(STAGING, VA, 8192)).toBe(4096);
    expect(trap()).toEqual([CAUSE_LOAD_ACCESS, VA + 4096]);
    expect(machine.exports.copyToUser(VA, STAGING, 8192)).toBe(4096);
    expect(trap()).toEqual([CAUSE_STORE_ACCESS, VA + 4096]);
  });
});

describe("lengths", () => {
  it("beyond 2^32 do not wrap: the copy goes to the first page that is not there", () => {
    for (const length of [2 ** 32, 2 ** 32 + 5, 2 ** 53, 2 ** 63, 2 ** 64, Number.POSITIVE_INFINITY]) {
      expect(machine.exports.fillUser(VA, 0x77, length)).toBe(PAGES * 4096);
      expect(machine.exports.copyUserToUser(VA, VA + 1, length)).toBe(PAGES * 4096 - 1);
    }
  });

  it("of nothing, or of no number, do nothing", () => {
    for (const length of [0, -1, -(2 ** 60), Number.NaN, 0.9]) {
      expect(machine.exports.fillUser(VA, 0x77, length)).toBe(0);
      expect(machine.exports.copyToUser(VA, STAGING, length)).toBe(0);
    }
    expect(firstDifference(userBytes(), new Uint8Array(PAGES * 4096))).toBe(-1);
  });

  it("end at the end of the address space and go on at 0 only where 0 is mapped", () => {
    tables.map(-4096, frame(0), RW);
    expect(machine.exports.fillUser(-100, 0x11, 200)).toBe(100);
    expect(trap()).toEqual([CAUSE_STORE_PAGE_FAULT, 0]);
  });

  it("that leave the host's side are our mistake, not the guest's: the call throws and writes nothing", () => {
    machine.memory.fill(0xdd, STAGING, STAGING + STAGING_SIZE);
    for (const [host, length] of [
      [STAGING, STAGING_SIZE + 1],
      [STAGING + STAGING_SIZE - 1, 2],
      [STAGING - 1, 1],
      [STAGING, 2 ** 32],
      [STAGING, 2 ** 64],
      [0, 1],
      [machine.host(RAM_BASE) + machine.ramSize - 1, 2],
      [VIDEO_MEMORY + machine.vramSize, 1],
    ] as const) {
      expect(() => machine.exports.copyToUser(VA, host, length)).toThrow(WebAssembly.RuntimeError);
      expect(() => machine.exports.copyFromUser(host, VA, length)).toThrow(WebAssembly.RuntimeError);
    }
    expect(firstDifference(userBytes(), new Uint8Array(PAGES * 4096))).toBe(-1);
  });
});

describe("overlapping ranges", () => {
  it("are moved right when the target is below the source", () => {
    for (const distance of [1, 100, 4095, 4096, 5000]) {
      const before = pattern(PAGES * 4096);
      setUserBytes(before);
      const length = PAGES * 4096 - distance;
      expect(machine.exports.copyUserToUser(VA, VA + distance, length)).toBe(length);
      expect(firstDifference(userBytes().subarray(0, length), before.subarray(distance))).toBe(-1);
    }
  });

  it("are moved right within one page, whichever is below", () => {
    const before = pattern(PAGES * 4096);
    setUserBytes(before);
    machine.exports.copyUserToUser(VA + 10, VA, 1000);
    expect(firstDifference(userBytes().subarray(10, 1010), before.subarray(0, 1000))).toBe(-1);
  });
});

describe("video memory", () => {
  it("written by any of the four is damaged, read is not", () => {
    tables.map(VA, VRAM_BASE + 0x3000, RW);
    tables.map(VA + 4096, VRAM_BASE + 0x8000, RW);
    const damagedBy = (work: () => void): number[] => {
      machine.exports.takeDamage();
      work();
      return machine.damage("live");
    };
    expect(damagedBy(() => machine.exports.copyToUser(VA + 4000, STAGING, 200))).toEqual([3, 8]);
    expect(damagedBy(() => machine.exports.fillUser(VA, 0, 1))).toEqual([3]);
    expect(damagedBy(() => machine.exports.copyUserToUser(VA + 4096, VA, 10))).toEqual([8]);
    expect(damagedBy(() => machine.exports.copyFromUser(STAGING, VA, 8192))).toEqual([]);
    // By host address, as a driver's write() reaches it.
    expect(damagedBy(() => machine.exports.copyFromUser(VIDEO_MEMORY + 0xfff, VA + 8192, 2))).toEqual([0, 1]);
  });
});
