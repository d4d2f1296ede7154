/** What direct access must be worth, and whether it was in a run. */
import type { MethodName } from "../../guests/bench/methods.ts";
import type { GuestKind } from "./case.ts";
import { caseName, sizeName } from "./case.ts";
import { HEADLINE } from "./cases.ts";
import type { CaseResult, MethodResult } from "./measure.ts";
import { MAP_MMU, MAP_VIEWS, MAP_WRITE, type ReferenceResult } from "./references.ts";
import type { Estimate } from "./statistics.ts";

export interface GoalResult {
  readonly name: string;
  readonly goal: string;
  readonly value: Estimate;
  /** Does the interval reach the goal? */
  readonly met: boolean;
}

/** Methods that show what they drew by copying it. */
export const COPYING: readonly MethodName[] = ["write", "memcpy", "rows", "shadow", "poke"];

/** The goals of which the run has the figures. */
export const checkGoals = (cases: readonly CaseResult[], references: readonly ReferenceResult[]): GoalResult[] => [
  ...directWins(cases),
  ...atLeast(cases, "views", "fill", null, 2),
  ...atLeast(cases, "views", "sweep", 0.01, 9),
  ...atLeast(cases, "views", "sweep", 0.001, 30),
  ...atLeast(cases, "hart", "sweep", 0.01, 1.8),
  ...atLeast(cases, "hart", "sweep", 0.001, 8),
  ...videoStore(cases),
  ...bulkCopy(references),
];

const percent = (fraction: number | null): string => (fraction === null ? "" : ` ${100 * fraction} %`);

const headline = (cases: readonly CaseResult[], guest: GuestKind, scene: string, fraction: number | null) =>
  cases.find(
    ({ case: one }) =>
      one.guest === guest &&
      one.scene === scene &&
      one.fraction === fraction &&
      one.format === HEADLINE.format &&
      sizeName(one.size) === sizeName(HEADLINE.size),
  );

const ratioIn = (result: CaseResult | undefined, method: MethodName): Estimate | null =>
  result?.methods.find((one) => one.method === method)?.ratio ?? null;

/** Does a way of copying take less time than direct, as far as its interval tells? */
export const copyingWins = ({ case: one, methods }: CaseResult): boolean =>
  methods.some(
    ({ method, ratio }) =>
      COPYING.includes(method) && !copiesNothing(one.scene, method) && ratio !== null && ratio.high < 1,
  );

/** A method and the case it is in. */
type Placed = { readonly name: string; readonly result: MethodResult };

/** Every way of copying in every case: the one whose interval lies lowest. */
const directWins = (cases: readonly CaseResult[]): GoalResult[] => {
  const copied: Placed[] = cases.flatMap(({ case: one, methods }) =>
    methods
      .filter(({ method, ratio }) => COPYING.includes(method) && ratio !== null && !copiesNothing(one.scene, method))
      .map((result) => ({ name: caseName(one), result })),
  );
  const [worst] = copied.toSorted((a, b) => a.result.ratio!.high - b.result.ratio!.high);
  if (worst === undefined) return [];
  const { method, ratio } = worst.result;
  const name = `copied / direct, the least of ${copied.length}: ${method}, ${worst.name}`;
  return [{ name, goal: "≥ 1", value: ratio!, met: ratio!.high >= 1 }];
};

/** A damaged part of nothing is nothing. */
const copiesNothing = (scene: string, method: MethodName): boolean =>
  scene === "nothing" && (method === "shadow" || method === "poke");

const atLeast = (
  cases: readonly CaseResult[],
  guest: GuestKind,
  scene: string,
  fraction: number | null,
  least: number,
): GoalResult[] => {
  const value = ratioIn(headline(cases, guest, scene, fraction), "write");
  if (value === null) return [];
  const name = `write / direct, ${guest}, ${scene}${percent(fraction)}`;
  return [{ name, goal: `≥ ${least}`, value, met: value.high >= least }];
};

/** Filling the map over filling private memory: `draw` is the latter. */
const videoStore = (cases: readonly CaseResult[]): GoalResult[] => {
  const draw = ratioIn(headline(cases, "hart", "fill", null), "draw");
  if (draw === null) return [];
  const value = { median: 1 / draw.median, low: 1 / draw.high, high: 1 / draw.low };
  return [{ name: "a store to video memory / a store to RAM, hart", goal: "≤ 1.1", value, met: value.low <= 1.1 }];
};

const bulkCopy = (references: readonly ReferenceResult[]): GoalResult[] =>
  references
    .filter(({ name }) => [MAP_VIEWS, MAP_MMU, MAP_WRITE].includes(name))
    .map(({ name, ratio }) => {
      const value = { median: 1 / ratio.median, low: 1 / ratio.high, high: 1 / ratio.low };
      return { name: `speed of ${name} / memcpy`, goal: "≥ 0.7", value, met: value.high >= 0.7 };
    });
