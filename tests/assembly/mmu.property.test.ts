/**
 * The MMU against the model: random page tables × privilege × SUM and MXR × address spaces × accesses × fences. Truth:
 * reference-walker.ts, written from the specification. SCANOUT_FUZZ multiplies the number of runs; SCANOUT_SEED
 * replays one.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bits, decodeAccess, decodeContext, decodePte, decodeVa, ram, World } from "./mmu-world.ts";

const FUZZ = Number(process.env.SCANOUT_FUZZ ?? 1);
const SEED = Number(process.env.SCANOUT_SEED ?? 20240411);

const word = fc.nat(2 ** 30 - 1);
const tablesArbitrary = fc.array(word, { minLength: 54, maxLength: 54 });
const operationsArbitrary = fc.array(fc.tuple(fc.nat(15), word, word, word), {
  minLength: 20,
  maxLength: 80,
  size: "max",
});
const firstContext = { satp: (8n << 60n) | BigInt(ram(0) / 4096), privilege: 0 };

describe("the MMU does what the specification's walker does", () => {
  const world = new World();

  it("with an empty TLB: one right outcome", { timeout: 600_000 }, () => {
    world.accesses = 0;
    const property = fc.property(tablesArbitrary, operationsArbitrary, (tables, operations) => {
      world.start(tables);
      world.setContext(firstContext);
      for (const [kind, a, b, c] of operations) {
        if (kind > 12) world.setContext(decodeContext(a));
        world.fence(0n, 0, 0);
        world.access(decodeAccess(a, decodeVa(b), c));
      }
      world.takeDamage();
    });
    fc.assert(property, { numRuns: 800 * FUZZ, seed: SEED });
    world.finish();
    expect(world.accesses).toBeGreaterThan(37_000 * FUZZ);
  });

  it("with a warm one: after sfence.vma the new mapping, before it the old or the new", { timeout: 600_000 }, () => {
    // Few addresses, so that an access often meets what an earlier one left behind.
    const addresses = fc.array(word, { minLength: 3, maxLength: 3 });
    world.accesses = 0;
    const property = fc.property(tablesArbitrary, addresses, operationsArbitrary, (tables, places, operations) => {
      world.start(tables);
      world.setContext(firstContext);
      for (const [kind, a, b, c] of operations) {
        const place = decodeVa(places[b % 3]!);
        const va = b % 5 === 4 ? decodeVa(b) : place;
        if (kind < 9) world.access(decodeAccess(a, va, c));
        else if (kind < 11) world.setContext(decodeContext(a));
        else if (kind < 12) world.takeDamage();
        else if (kind < 13) world.fence(va, a % 3, c % 4);
        else {
          const level = new Bits(a).of([0, 0, 1, 2]);
          world.writePte(world.pteAddress(place, level), decodePte(level, c));
          // As an operating system does it, or later, or not at all.
          if (b % 4 === 0) world.fence(place, 0, level === 0 ? 1 : 0);
        }
      }
      world.takeDamage();
    });
    fc.assert(property, { numRuns: 1200 * FUZZ, seed: SEED });
    world.finish();
    expect(world.accesses).toBeGreaterThan(31_000 * FUZZ);
  });
});
