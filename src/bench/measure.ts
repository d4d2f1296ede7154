/**
 * Measures a case: every method ends with the same picture, is counted, and is then timed against the others, turn by
 * turn, so that a computer that is busy with other things disturbs all of them alike.
 */
import type { MethodName } from "../../guests/bench/methods.ts";
import type { MachineSource } from "../control/source.ts";
import { type Case, caseName } from "./case.ts";
import type { Counts } from "./counts.ts";
import { type Drawer, type DrawerOptions, makeStage, startDrawer } from "./drawer.ts";
import { type Estimate, estimate, median } from "./statistics.ts";
import { type TurnOptions, timeByTurns } from "./turns.ts";

/** Samples by turn. */
type Turns = readonly (readonly number[])[];

/** A method in a case. */
export interface MethodResult {
  readonly method: MethodName;
  /** One frame in the steady state. */
  readonly counts: Counts;
  /** Page faults of everything before it: of the first picture, and of a frame drawn for the first time. */
  readonly firstFaults: number;
  /** Milliseconds a frame; null when only counted. */
  readonly time: Estimate | null;
  /** This method's time over direct's, by turns; null for direct itself and when only counted. */
  readonly ratio: Estimate | null;
}

export interface CaseResult {
  readonly case: Case;
  /** FNV-1a of the shown bytes of video memory after CHECKED_FRAMES frames: the same for every method that shows. */
  readonly hash: number;
  readonly methods: readonly MethodResult[];
}

/** With 0 turns nothing is timed, only counted. */
export interface MeasureOptions extends DrawerOptions, TurnOptions {
  /** The machine that counts loads and stores. */
  readonly countingSource: MachineSource;
}

/** Frames drawn before the picture is compared. The last one is the one that is counted. */
export const CHECKED_FRAMES = 3;
/** Methods that show nothing: parts of others. */
const PARTS: ReadonlySet<MethodName> = new Set(["draw", "call"]);

/** @throws Error when two methods end with different pictures, or a program fails. */
export const measureCase = async (one: Case, options: MeasureOptions): Promise<CaseResult> => {
  const { hash, counted } = await countAll(one, options);
  const times = options.turns > 0 ? await timeAll(one, options) : null;
  return {
    case: one,
    hash,
    methods: one.methods.map((method) => ({
      method,
      ...counted.get(method)!,
      time: times === null ? null : estimate(times.get(method)!.flat()),
      ratio: times === null || method === "direct" ? null : ratioOf(times.get(method)!, times.get("direct")!),
    })),
  };
};

type Counted = Pick<MethodResult, "counts" | "firstFaults">;

const countAll = async (
  one: Case,
  options: MeasureOptions,
): Promise<{ hash: number; counted: Map<MethodName, Counted> }> => {
  const counted = new Map<MethodName, Counted>();
  let hash: number | null = null;
  for (const method of one.methods) {
    options.signal?.throwIfAborted();
    const drawer = await startDrawer(one, method, { ...options, source: options.countingSource });
    await drawer.draw(CHECKED_FRAMES);
    counted.set(method, { counts: drawer.counts(), firstFaults: drawer.faults() - drawer.counts().pageFaults });
    if (!PARTS.has(method)) {
      const shown = drawer.hash();
      hash ??= shown;
      if (shown !== hash) throw new Error(`${caseName(one)}: ${method} ends with another picture than direct`);
    }
    await drawer.end();
  }
  return { hash: hash ?? 0, counted };
};

/** Milliseconds a frame, by method and by turn. */
const timeAll = async (one: Case, options: MeasureOptions): Promise<ReadonlyMap<string, Turns>> => {
  // TypeScript programs share a machine: what engines know of one machine's functions does not hold for another's, so
  // that two machines differ in speed by more than some methods do.
  const stage = one.guest === "hart" ? undefined : await makeStage(one, options);
  const drawers = new Map<MethodName, Drawer>();
  for (const method of one.methods) drawers.set(method, await startDrawer(one, method, options, stage));
  const times = await timeByTurns(new Map([...drawers].map(([method, { draw }]) => [method, draw])), options);
  for (const drawer of drawers.values()) await drawer.end();
  return times;
};

/** How many times as long the first takes as the second: the median of the turns. */
export const ratioOf = (copied: Turns, direct: Turns): Estimate =>
  estimate(copied.map((samples, turn) => median(samples) / median(direct[turn]!)));
