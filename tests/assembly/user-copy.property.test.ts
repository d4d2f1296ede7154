/**
 * Range copies against a loop of single bytes: two machines with the same page tables, one copies by range, one by
 * load8 and store8. Truth: the loop; abi/program.ts calls a range "what a memcpy loop of loads, or of stores, does".
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { STAGING } from "../../assembly/layout.ts";
import { RAM_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { PRV_U, PTE_R, PTE_U, PTE_V, PTE_W } from "../../assembly/riscv.ts";
import { BareMachine, PageTables } from "./harness.ts";

const FUZZ = Number(process.env.SCANOUT_FUZZ ?? 1);
const VA = 0x10_0000;
const PAGES = 6;
const LENGTH = PAGES * 4096;
const FRAMES = [...[0, 1, 2, 3, 4, 5].map((n) => RAM_BASE + n * 4096), VRAM_BASE, VRAM_BASE + 4096];

const TABLES = RAM_BASE + 0x10_0000;
const machines = [new BareMachine(), new BareMachine()] as const;
const [byRange, byByte] = machines;

/** A page: which frame, or a hole; writable or not. */
type Page = readonly [frame: number, kind: number];

const prepare = (pages: readonly Page[], contiguous: boolean): void => {
  for (const machine of machines) {
    machine.exports.reset(machine.ramSize, machine.vramSize);
    machine.bytes(TABLES, 0x4000).fill(0);
    const tables = new PageTables(machine, TABLES);
    for (const [n, [frame, kind]] of pages.entries()) {
      const flags = kind === 0 ? 0 : PTE_V | PTE_R | PTE_U | (kind === 1 ? 0 : PTE_W);
      tables.map(VA + n * 4096, FRAMES[contiguous ? n : frame]!, flags);
    }
    for (const [n, base] of FRAMES.entries()) {
      machine.bytes(base, 4096).forEach((_, i, bytes) => {
        bytes[i] = i * 7 + n;
      });
    }
    machine.memory.subarray(STAGING, STAGING + LENGTH).forEach((_, i, bytes) => {
      bytes[i] = i * 13;
    });
    machine.setSatp(tables.satp());
    machine.exports.setPrivilege(PRV_U);
  }
};

/** The loop: how many bytes `step` did before it said no. */
const loop = (length: number, step: (i: number) => boolean): number => {
  let done = 0;
  while (done < length && step(done)) done++;
  return done;
};

const operations = {
  toUser: [
    (to: number, _: number, length: number) => byRange.exports.copyToUser(VA + to, STAGING, length),
    (to: number, _: number, length: number) =>
      loop(length, (i) => byByte.exports.store8(VA + to + i, byByte.memory[STAGING + i]!) === 0),
  ],
  fromUser: [
    (_: number, from: number, length: number) => byRange.exports.copyFromUser(STAGING, VA + from, length),
    (_: number, from: number, length: number) =>
      loop(length, (i) => {
        const byte = byByte.exports.load8(VA + from + i);
        if (byte >= 0) byByte.memory[STAGING + i] = byte;
        return byte >= 0;
      }),
  ],
  fill: [
    (to: number, byte: number, length: number) => byRange.exports.fillUser(VA + to, byte, length),
    (to: number, byte: number, length: number) => loop(length, (i) => byByte.exports.store8(VA + to + i, byte) === 0),
  ],
  userToUser: [
    (to: number, from: number, length: number) => byRange.exports.copyUserToUser(VA + to, VA + from, length),
    (to: number, from: number, length: number) =>
      loop(length, (i) => {
        const byte = byByte.exports.load8(VA + from + i);
        return byte >= 0 && byByte.exports.store8(VA + to + i, byte) === 0;
      }),
  ],
} as const;

const state = ({ exports }: BareMachine): unknown => [exports.trapCause(), exports.trapValue()];
const sameMemory = (): boolean =>
  [
    [RAM_BASE, 0x6000],
    [TABLES, 0x4000],
    [VRAM_BASE, 0x2000],
  ].every(([pa, size]) => Buffer.compare(byRange.bytes(pa!, size!), byByte.bytes(pa!, size!)) === 0) &&
  Buffer.compare(
    byRange.memory.subarray(STAGING, STAGING + LENGTH),
    byByte.memory.subarray(STAGING, STAGING + LENGTH),
  ) === 0;

const page = fc.tuple(fc.nat(FRAMES.length - 1), fc.constantFrom(2, 2, 2, 2, 2, 1, 0));
const operation = fc.tuple(
  fc.constantFrom(...(Object.keys(operations) as (keyof typeof operations)[])),
  fc.nat(LENGTH),
  fc.nat(LENGTH),
  fc.nat(LENGTH),
);

it("a range does what a loop of bytes does", { timeout: 600_000 }, () => {
  const pages = fc.array(page, { minLength: PAGES, maxLength: PAGES });
  const property = fc.property(
    pages,
    fc.boolean(),
    fc.array(operation, { minLength: 1, maxLength: 4 }),
    (mapped, contiguous, calls) => {
      prepare(mapped, contiguous);
      for (const [name, to, from, length] of calls) {
        // Overlap with the target above, and two names for one frame, are memcpy's undefined cases.
        if (name === "userToUser" && !(contiguous && (to <= from || to >= from + length))) continue;
        const [range, bytes] = operations[name];
        expect(range(to, from, length)).toBe(bytes(to, from, length));
        expect(state(byRange)).toEqual(state(byByte));
        expect(byRange.damage("live")).toEqual(byByte.damage("live"));
        expect(sameMemory()).toBe(true);
      }
    },
  );
  fc.assert(property, { numRuns: 400 * FUZZ, seed: 12 });
});
