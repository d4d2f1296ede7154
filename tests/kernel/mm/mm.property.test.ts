/**
 * Random sequences of mmap, munmap, mprotect, mremap, madvise, loads, stores and forks against a page-by-page model.
 * A failing run prints its seed: SCANOUT_SEED=n repeats it; SCANOUT_FUZZ=n runs n sequences.
 */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from "../../../abi/mman.ts";
import { SEGV_ACCERR, SEGV_MAPERR, SIGSEGV } from "../../../abi/signal.ts";
import { dupMm } from "../../../src/kernel/mm/fork.ts";
import { madvise } from "../../../src/kernel/mm/madvise.ts";
import type { Mm } from "../../../src/kernel/mm/mm.ts";
import { mmap } from "../../../src/kernel/mm/mmap.ts";
import { mprotect } from "../../../src/kernel/mm/mprotect.ts";
import { mremap } from "../../../src/kernel/mm/mremap.ts";
import { exitMmap, munmap } from "../../../src/kernel/mm/munmap.ts";
import { MmHarness } from "./harness.ts";
import { PAGE, PageModel } from "./model.ts";

/** The arena: few pages, so that actions meet, across a 2 MiB border, so that leaf tables come and go. */
const PAGES = 8;
const BASE = 0x20_0000 * 300 - (PAGES / 2) * PAGE;
const ENOMEM = -12;
const EEXIST = -17;

const page = fc.integer({ min: 0, max: PAGES - 1 });
const count = fc.integer({ min: 1, max: 5 });
const prot = fc.constantFrom(0, PROT_READ, PROT_READ | PROT_WRITE, PROT_WRITE, PROT_EXEC, 7);
const action = fc.oneof(
  fc.record({ kind: fc.constant("map" as const), page, count, prot, keep: fc.boolean() }),
  fc.record({ kind: fc.constant("unmap" as const), page, count }),
  fc.record({ kind: fc.constant("protect" as const), page, count, prot }),
  fc.record({ kind: fc.constant("move" as const), page, count, to: page }),
  fc.record({ kind: fc.constant("dontneed" as const), page, count }),
  fc.record({ kind: fc.constant("store" as const), page, value: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant("load" as const), page }),
  fc.record({ kind: fc.constant("fork" as const), page, value: fc.integer({ min: 1, max: 255 }) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

let harness: MmHarness;

beforeAll(async () => {
  harness = await MmHarness.create();
});

const at = (index: number): number => BASE + index * PAGE;
const clip = (index: number, wanted: number): number => Math.min(wanted, PAGES - index);

/** The VMA list as the model counts it: neighbours that are alike in protection are one range. */
const rangesOf = (mm: Mm): { start: number; end: number; prot: number }[] => {
  const found: { start: number; end: number; prot: number }[] = [];
  for (const vma of mm.vmas) {
    const last = found.at(-1);
    const protection = vma.flags & 7;
    if (last !== undefined && last.end === vma.start && last.prot === protection) last.end = vma.end;
    else found.push({ start: vma.start, end: vma.end, prot: protection });
  }
  return found;
};

const faultOf = (model: PageModel, va: number, needed: number) =>
  model.pages.has(va)
    ? (model.pages.get(va)!.prot & needed) === 0
      ? { signo: SIGSEGV, code: SEGV_ACCERR, address: va }
      : null
    : { signo: SIGSEGV, code: SEGV_MAPERR, address: va };

const step = (mm: Mm, model: PageModel, one: Action): void => {
  const va = at(one.page);
  switch (one.kind) {
    case "map": {
      const n = clip(one.page, one.count);
      const flags = MAP_PRIVATE | MAP_ANONYMOUS | (one.keep ? MAP_FIXED_NOREPLACE : MAP_FIXED);
      const taken = one.keep && !model.isFree(va, n);
      const result = mmap(mm, { address: va, length: n * PAGE, prot: one.prot, flags, file: null, offset: 0 });
      expect(result).toBe(taken ? EEXIST : va);
      if (!taken) model.map(va, n, one.prot);
      return;
    }
    case "unmap": {
      const n = clip(one.page, one.count);
      expect(munmap(mm, va, n * PAGE)).toBe(0);
      model.unmap(va, n);
      return;
    }
    case "protect": {
      const n = clip(one.page, one.count);
      const whole = model.protect(va, n, one.prot);
      expect(mprotect(mm, va, n * PAGE, one.prot)).toBe(whole ? 0 : ENOMEM);
      return;
    }
    case "dontneed": {
      const n = clip(one.page, one.count);
      expect(madvise(mm, va, n * PAGE, MADV_DONTNEED)).toBe(model.isMapped(va, n) ? 0 : ENOMEM);
      model.dontNeed(va, n);
      return;
    }
    case "move": {
      const n = Math.min(clip(one.page, one.count), clip(one.to, one.count));
      const vma = mm.vmas.lookup(va);
      const to = at(one.to);
      // A move is of one mapping (EFAULT else), to a place that it does not overlap (EINVAL else).
      if (vma === undefined || vma.end < va + n * PAGE) return;
      if (va + n * PAGE > to && to + n * PAGE > va) return;
      const flags = MREMAP_MAYMOVE | MREMAP_FIXED;
      expect(mremap(mm, va, n * PAGE, n * PAGE, flags, to)).toBe(to);
      model.unmap(to, n);
      model.move(va, to, n);
      return;
    }
    case "store": {
      const fault = faultOf(model, va, PROT_WRITE);
      expect(harness.store(mm, va, one.value)).toEqual(fault);
      if (fault === null) model.pages.get(va)!.value = one.value;
      return;
    }
    case "load": {
      // PROT_WRITE alone implies reading on riscv, PROT_EXEC alone does not.
      const fault = faultOf(model, va, PROT_READ | PROT_WRITE);
      expect(harness.load(mm, va)).toEqual(fault ?? model.pages.get(va)!.value);
      return;
    }
    case "fork": {
      const child = dupMm(mm)!;
      // Private memory: neither side sees what the other stores after the fork.
      for (const [start, known] of model.pages) {
        if ((known.prot & (PROT_READ | PROT_WRITE)) === 0) continue;
        expect(harness.load(child, start)).toBe(known.value);
      }
      if (faultOf(model, va, PROT_WRITE) === null) {
        const before = model.pages.get(va)!.value;
        const [first, second] = one.value % 2 === 0 ? [child, mm] : [mm, child];
        expect(harness.store(first, va, one.value)).toBe(null);
        expect(harness.load(second, va)).toBe(before);
        expect(harness.store(second, va, one.value ^ 0xff)).toBe(null);
        expect(harness.load(first, va)).toBe(one.value);
        model.pages.get(va)!.value = harness.load(mm, va) as number;
      }
      exitMmap(child);
    }
  }
};

test("mappings, permissions and contents are those of a page-by-page model, and no page is lost", () => {
  const runs = Number(process.env.SCANOUT_FUZZ ?? 300);
  const seed = process.env.SCANOUT_SEED === undefined ? 20241117 : Number(process.env.SCANOUT_SEED);
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80, size: "max" }), (actions) => {
      const before = harness.pages.available;
      const mm = harness.newMm();
      const model = new PageModel();
      step(mm, model, { kind: "map", page: 0, count: PAGES, prot: PROT_READ | PROT_WRITE, keep: false });
      for (const one of actions) {
        step(mm, model, one);
        expect(rangesOf(mm)).toEqual(model.ranges());
      }
      exitMmap(mm);
      expect(harness.pages.available).toBe(before);
      expect(harness.log.dmesg()).toBe("");
    }),
    { numRuns: runs, seed },
  );
});
