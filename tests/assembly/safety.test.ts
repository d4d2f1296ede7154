/**
 * Whatever number a guest makes up as an address, a value or a length: the call returns, and no byte changes that the
 * guest may not write. Truth: issue's rule that guest pointers are never trusted; the expected memory is the memory
 * before the call, outside the two pages that are mapped writable.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { HEAP_SIZE, PALETTE, PALETTE_SIZE, PICTURE, RAM, STAGING, VIDEO_MEMORY } from "../../assembly/layout.ts";
import { RAM_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { PRV_U, PTE_A, PTE_D, PTE_R, PTE_U, PTE_V, PTE_W } from "../../assembly/riscv.ts";
import { BareMachine, PageTables } from "./harness.ts";

const FUZZ = Number(process.env.SCANOUT_FUZZ ?? 1);
const RW = PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D;
const VA = 0x10_0000;
const RAM_PAGE = RAM_BASE + 0x50_0000;
const VIDEO_PAGE = VRAM_BASE + 0x8000;

const edges = [0, VA, VA + 4096, VA + 8192, 2 ** 31, 2 ** 32, 2 ** 38, 2 ** 39, 2 ** 52, 2 ** 53, 2 ** 63, 2 ** 64];
const wild = fc.oneof(
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.5, 1e300, -1e300),
  fc.tuple(fc.constantFrom(...edges), fc.integer({ min: -9, max: 9 })).map(([edge, step]) => edge + step),
  fc.tuple(fc.constantFrom(...edges), fc.integer({ min: -9, max: 9 })).map(([edge, step]) => -edge + step),
  fc.constantFrom(RAM, VIDEO_MEMORY, PICTURE, STAGING, HEAP_SIZE, RAM_BASE, VRAM_BASE, 0xffff_ffff),
  fc.double(),
);

it("nothing outside the guest's writable memory changes", { timeout: 600_000 }, () => {
  const machine = new BareMachine();
  const { exports, memory } = machine;
  const tables = new PageTables(machine, RAM_BASE + 0x10_0000);
  tables.map(VA, RAM_PAGE, RW);
  tables.map(VA + 4096, VIDEO_PAGE, RW);
  tables.map(VA + 8192, RAM_PAGE + 0x1000, RW & ~PTE_W & ~PTE_D);
  machine.setSatp(tables.satp());
  exports.setPrivilege(PRV_U);

  // All of linear memory but the hart record, the damage bitmaps and lists, the TLB and the two pages.
  const kept: (readonly [start: number, end: number])[] = [
    // Static data; the coverage build counts in there.
    ["coverageCounters" in exports ? HEAP_SIZE : 0, HEAP_SIZE],
    [PALETTE, PALETTE + PALETTE_SIZE],
    [STAGING, machine.host(VIDEO_PAGE)],
    [machine.host(VIDEO_PAGE) + 4096, machine.host(RAM_PAGE)],
    [machine.host(RAM_PAGE) + 4096, memory.length],
  ];
  memory.fill(0x5a, STAGING, STAGING + 4096);
  memory.fill(0x5a, machine.host(RAM_PAGE) + 4096, machine.host(RAM_PAGE) + 8192);
  const before = kept.map(([start, end]) => memory.slice(start, end));

  const calls: ((a: number, b: number, c: number) => unknown)[] = [
    (a) => exports.load8(a),
    (a) => exports.load16(a),
    (a) => exports.load32(a),
    (a) => exports.load64(a),
    (a, b) => exports.store8(a, b),
    (a, b) => exports.store16(a, b),
    (a, b) => exports.store32(a, b),
    (a, b, c) => exports.store64(a, b, c),
    (a, b) => exports.translate(a, Math.abs(Math.trunc(b) || 0) % 3),
    (a, b, c) => exports.fillUser(a, b, c),
    (a, b, c) => exports.copyUserToUser(a, b, c),
    (a, b) => exports.copyToUser(a, STAGING, Math.abs(b) < 4096 ? b : 4096),
    (a, b) => exports.markDamage(a, b),
    (a, b, c) => exports.sfenceVma(a, b, c),
    () => exports.takeDamage(),
  ];
  const call = fc.tuple(fc.nat(calls.length - 1), wild, wild, wild);
  fc.assert(
    fc.property(call, ([which, a, b, c]) => {
      const result = calls[which]!(a, b, c);
      expect(Number.isNaN(result)).toBe(false);
    }),
    { numRuns: 20_000 * FUZZ, seed: 39 },
  );

  for (const [i, [start, end]] of kept.entries()) {
    expect(Buffer.compare(before[i]!, memory.subarray(start, end)), `from 0x${start.toString(16)}`).toBe(0);
  }
});

it("the calls did reach the guest's own pages", () => {
  const machine = new BareMachine();
  const tables = new PageTables(machine, RAM_BASE + 0x10_0000);
  tables.map(VA, RAM_PAGE, RW);
  machine.setSatp(tables.satp());
  machine.exports.setPrivilege(PRV_U);
  expect(machine.exports.fillUser(VA, 0x77, Number.POSITIVE_INFINITY)).toBe(4096);
  expect(machine.bytes(RAM_PAGE, 4096).every((byte) => byte === 0x77)).toBe(true);
});
