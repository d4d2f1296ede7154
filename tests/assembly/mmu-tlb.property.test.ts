/**
 * TLB on against TLB off: two machines, the same page tables, accesses and contexts. One drops all it knows before every
 * access, the other only what sfence.vma names after a page table changed. Truth: a TLB may not be seen by software that
 * fences ("Supervisor Memory-Management Fence Instruction"). SCANOUT_FUZZ multiplies the number of runs; SCANOUT_SEED
 * replays one.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { COUNTER_TLB_MISSES } from "../../assembly/hart-layout.ts";
import { RAM_BASE } from "../../assembly/memory-map.ts";
import { Bits, decodeAccess, decodeContext, decodePte, decodeVa, ram, TABLES, text, vram, World } from "./mmu-world.ts";

const FUZZ = Number(process.env.SCANOUT_FUZZ ?? 1);
const SEED = Number(process.env.SCANOUT_SEED ?? 20240411);
const RUNS = 400 * FUZZ;

const word = fc.nat(2 ** 30 - 1);
const tablesArbitrary = fc.array(word, { minLength: 54, maxLength: 54 });
const addressesArbitrary = fc.array(word, { minLength: 2, maxLength: 2 });
const operationsArbitrary = fc.array(fc.tuple(fc.nat(15), word, word, word), {
  minLength: 20,
  maxLength: 80,
  size: "max",
});

/** Every page that a start() fills, tables first. */
const PAGES = [...TABLES.flat(), ram(8), ram(9), ram(10), ram(512), vram(0), vram(1)];
const TABLE_PAGES = TABLES.flat();

class Pair {
  readonly on = new World();
  readonly off = new World();
  accesses = 0;

  both(work: (world: World) => void): void {
    work(this.on);
    work(this.off);
  }

  #tables(): Uint8Array {
    return Buffer.concat(TABLE_PAGES.map((page) => this.off.machine.bytes(page, 4096)));
  }

  access(operation: ReturnType<typeof decodeAccess>): void {
    if (this.on.mprv && operation.access === "fetch") return;
    this.accesses++;
    const before = operation.kind === "store" ? this.#tables() : null;
    this.off.fence(0n, 0, 0);
    const [warm, cold] = [this.on.perform(operation), this.off.perform(operation)];
    expect(text(warm), text(operation)).toBe(text(cold));
    // A store into a page table, as an operating system does it: with a fence.
    if (before !== null && Buffer.compare(before, this.#tables()) !== 0) this.both((world) => world.fence(0n, 0, 0));
  }

  /** The same memory, A and D bits included, and the same damage. */
  compare(): void {
    for (const page of PAGES) {
      const [a, b] = [this.on, this.off].map(({ machine }) => machine.bytes(page, 4096));
      if (Buffer.compare(a!, b!) !== 0) throw new Error(`the page at 0x${page.toString(16)} differs`);
    }
    expect(this.on.machine.damage("live")).toEqual(this.off.machine.damage("live"));
  }

  misses(world: World): number {
    return [0, 1, 2].reduce((sum, access) => sum + world.machine.counter(COUNTER_TLB_MISSES + access), 0);
  }
}

it("a warm TLB does what no TLB does", { timeout: 600_000 }, () => {
  const pair = new Pair();
  let [warm, cold] = [0, 0];
  const property = fc.property(
    tablesArbitrary,
    addressesArbitrary,
    operationsArbitrary,
    (tables, places, operations) => {
      pair.both((world) => {
        world.start(tables);
        world.setContext({ satp: (8n << 60n) | BigInt(ram(0) / 4096), privilege: 0 });
      });
      for (const [kind, a, b, c] of operations) {
        const va = decodeVa(b % 9 === 8 ? b : places[b % 2]!);
        if (kind < 14) {
          // A second one in the same page, and a third: they hit when the first was allowed.
          for (const [n, at] of [va, va ^ 8n, va ^ 0x100n].entries())
            pair.access(decodeAccess(n === 0 ? a : c + n, at, c));
        } else if (kind < 15) pair.both((world) => world.setContext(decodeContext(a)));
        else {
          const level = new Bits(a).of([0, 0, 1, 2]);
          const at = pair.off.pteAddress(va, level);
          pair.both((world) => {
            world.writePte(at, decodePte(level, c));
            world.fence(va, 0, 0);
          });
        }
      }
      pair.compare();
      warm += pair.misses(pair.on);
      cold += pair.misses(pair.off);
    },
  );
  fc.assert(property, { numRuns: RUNS, seed: SEED });
  // Superpages reach every page.
  const { ramSize } = pair.on.machine;
  const [on, off] = [pair.on, pair.off].map(({ machine }) => machine.bytes(RAM_BASE, ramSize));
  expect(Buffer.compare(on!, off!)).toBe(0);
  expect(pair.accesses).toBeGreaterThan(100 * RUNS);
  // It was not the same thing twice.
  expect(warm).toBeLessThan(0.9 * cold);
});
