/** Goals: the figures, and what counts as reaching them. */
import { expect, test } from "vitest";
import type { MethodName } from "../../guests/bench/methods.ts";
import type { Case, GuestKind } from "../../src/bench/case.ts";
import { checkGoals, copyingWins } from "../../src/bench/goals.ts";
import type { CaseResult } from "../../src/bench/measure.ts";
import { MAP_WRITE, MEMCPY } from "../../src/bench/references.ts";
import type { Estimate } from "../../src/bench/statistics.ts";

const counts = {
  instructions: null,
  loads: 0,
  stores: 0,
  tlbMisses: 0,
  pageWalks: 0,
  pageFaults: 0,
  systemCalls: 0,
  bytesCopied: 0,
};
const near = (median: number): Estimate => ({ median, low: median * 0.95, high: median * 1.05 });

const result = (
  guest: GuestKind,
  scene: Case["scene"],
  fraction: number | null,
  ratios: Partial<Record<MethodName, number>>,
): CaseResult => ({
  case: {
    guest,
    scene,
    size: { width: 1024, height: 768 },
    format: "xrgb8888",
    fraction,
    methods: Object.keys(ratios) as MethodName[],
  },
  hash: 0,
  methods: Object.entries(ratios).map(([method, ratio]) => ({
    method: method as MethodName,
    counts,
    firstFaults: 0,
    time: near(1),
    ratio: near(ratio),
  })),
});

test("copying wins when the interval of a way that copies lies below 1", () => {
  expect(copyingWins(result("mmu", "plasma", null, { write: 0.97 }))).toBe(false);
  expect(copyingWins(result("mmu", "plasma", null, { write: 1.2, memcpy: 0.9 }))).toBe(true);
  // The engine is no copy, and a part of a frame is none either.
  expect(copyingWins(result("hart", "scroll", null, { write: 1.1, engine: 0.1, draw: 0.5, call: 0.5 }))).toBe(false);
  // Nothing changed, so shadow copies nothing.
  expect(copyingWins(result("hart", "nothing", null, { shadow: 0.9 }))).toBe(false);
});

test("each goal is looked for where the issue states it", () => {
  const cases = [
    result("views", "fill", null, { write: 2.5 }),
    result("views", "sweep", 0.01, { write: 8 }),
    result("views", "sweep", 0.001, { write: 29 }),
    result("hart", "sweep", 0.01, { write: 1.7 }),
    result("hart", "sweep", 0.001, { write: 9 }),
    result("hart", "fill", null, { write: 1.05, draw: 0.8 }),
  ];
  const references = [
    { name: MEMCPY, time: near(1), ratio: { median: 1, low: 1, high: 1 } },
    { name: MAP_WRITE, time: near(2), ratio: near(2) },
  ];
  const goals = checkGoals(cases, references).map(({ goal, value, met }) => [
    goal,
    Number(value.median.toFixed(3)),
    met,
  ]);
  expect(goals).toEqual([
    ["≥ 1", 1.05, true],
    ["≥ 2", 2.5, true],
    // 8 × 1.05 = 8.4
    ["≥ 9", 8, false],
    // 29 × 1.05 = 30.45: the interval reaches it.
    ["≥ 30", 29, true],
    // 1.7 × 1.05 = 1.785
    ["≥ 1.8", 1.7, false],
    ["≥ 8", 9, true],
    // Filling private memory takes 0.8 of filling the map: a store to the map takes 1.25 of one to RAM.
    ["≤ 1.1", 1.25, false],
    // Twice memcpy's time is half its speed.
    ["≥ 0.7", 0.5, false],
  ]);
});
