/** The results as a table on a terminal. */
import type { MethodName } from "../../../guests/bench/methods.ts";
import { type Case, type GuestKind, guestKinds, sizeName } from "../../bench/case.ts";
import { HEADLINE } from "../../bench/cases.ts";
import type { GoalResult } from "../../bench/goals.ts";
import type { CaseResult, MethodResult } from "../../bench/measure.ts";
import type { ReferenceResult } from "../../bench/references.ts";
import { columns, duration, interval, times, whole } from "./format.ts";

export const GUESTS: Readonly<Record<GuestKind, string>> = {
  views: "TypeScript, through pinned views",
  mmu: "TypeScript, through the MMU",
  hart: "C on the hart",
};

/** "sweep 0.1 %". */
export const sceneName = ({ scene, fraction }: Pick<Case, "scene" | "fraction">): string =>
  fraction === null ? scene : `${scene} ${Number((100 * fraction).toPrecision(6))} %`;

export const modeName = ({ size, format }: Pick<Case, "size" | "format">): string => `${sizeName(size)} ${format}`;

export const isHeadline = (one: Case): boolean => modeName(one) === modeName(HEADLINE);

const ratioOf = (methods: readonly MethodResult[], name: MethodName, full: boolean): string => {
  const ratio = methods.find(({ method }) => method === name)?.ratio ?? null;
  if (ratio === null) return "–";
  return full ? interval(ratio) : times(ratio.median);
};

const timed = ({ case: one, methods }: CaseResult): string[] => [
  `  ${sceneName(one)}`,
  duration(methods[0]!.time!.median),
  ratioOf(methods, "write", true),
  ...(["memcpy", "rows", "shadow", "poke", "engine"] as const).map((name) => ratioOf(methods, name, false)),
];

const TIMED = ["", "direct", "write / direct (95 %)", "memcpy", "rows", "shadow", "poke", "engine"];

/** One table for each kind of guest: modes and in them scenes. */
const timeTables = (cases: readonly CaseResult[]): string =>
  guestKinds
    .map((guest) => {
      const own = cases.filter(({ case: one, methods }) => one.guest === guest && methods[0]!.time !== null);
      const modes = [...new Set(own.map(({ case: one }) => modeName(one)))];
      const rows = modes.flatMap((mode) => [
        [mode, ...TIMED.slice(1).map(() => "")],
        ...own.filter(({ case: one }) => modeName(one) === mode).map(timed),
      ]);
      return rows.length === 0 ? "" : `${columns([[GUESTS[guest], ...TIMED.slice(1)], ...rows])}\n`;
    })
    .join("");

const COUNTED = [
  "instructions",
  "loads",
  "stores",
  "TLB misses",
  "page faults",
  "calls",
  "bytes copied",
  "first faults",
];

export const countedCells = ({ counts, firstFaults }: MethodResult): string[] =>
  [
    counts.instructions,
    counts.loads,
    counts.stores,
    counts.tlbMisses,
    counts.pageFaults,
    counts.systemCalls,
    counts.bytesCopied,
    firstFaults,
  ].map(whole);

/** What one frame costs on any computer: direct and write, in the headline mode, or in all when nothing was timed. */
const countTable = (cases: readonly CaseResult[]): string => {
  const isTimed = cases.some(({ methods }) => methods[0]!.time !== null);
  const name = (one: Case): string =>
    isTimed ? `${one.guest} ${sceneName(one)}` : `${one.guest} ${sceneName(one)}, ${modeName(one)}`;
  const rows = cases
    .filter(({ case: one }) => !isTimed || isHeadline(one))
    .flatMap(({ case: one, methods }) =>
      methods
        .filter(({ method }) => !isTimed || method === "direct" || method === "write")
        .map((result) => [`${name(one)}, ${result.method}`, ...countedCells(result)]),
    );
  const title = isTimed ? `Counted, a frame of ${modeName(HEADLINE)}` : "Counted, a frame";
  return rows.length === 0 ? "" : `${columns([[title, ...COUNTED], ...rows])}\n`;
};

const referenceTable = (references: readonly ReferenceResult[]): string =>
  references.length === 0
    ? ""
    : `${columns([
        [`References, ${modeName(HEADLINE)}`, "a frame", "/ memcpy (95 %)"],
        ...references.map(({ name, time, ratio }) => [`  ${name}`, duration(time.median), interval(ratio)]),
      ])}\n`;

const goalTable = (goals: readonly GoalResult[]): string =>
  goals.length === 0
    ? ""
    : columns([
        ["Goals", "", "", ""],
        ...goals.map(({ name, goal, value, met }) => [`  ${name}`, goal, interval(value), met ? "met" : "MISSED"]),
      ]);

export const formatResults = (
  cases: readonly CaseResult[],
  references: readonly ReferenceResult[],
  goals: readonly GoalResult[],
): string => timeTables(cases) + countTable(cases) + referenceTable(references) + goalTable(goals);
