/**
 * Ratios of two ways to do the same work, measured in one run: turn by turn, so that a noisy machine disturbs both
 * alike, and by the median.
 */

export interface Comparison {
  readonly name: string;
  /** What the other way is measured against. */
  readonly base: () => void;
  readonly work: () => void;
  /** "time": work's time is at most `goal` × base's. "speed": work's speed is at least `goal` × base's. */
  readonly goal: { readonly kind: "time" | "speed"; readonly ratio: number };
}

export interface Result {
  readonly name: string;
  /** Medians in milliseconds. */
  readonly base: number;
  readonly work: number;
  readonly ratio: number;
  readonly goal: string;
  readonly met: boolean;
}

const ROUNDS = 41;
const WARM_UP = 20;

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;

const milliseconds = (run: () => void): number => {
  const start = performance.now();
  run();
  return performance.now() - start;
};

export const compare = ({ name, base, work, goal }: Comparison): Result => {
  const times: { base: number[]; work: number[] } = { base: [], work: [] };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const [first, second] = [milliseconds(base), milliseconds(work)];
    if (round < 0) continue;
    times.base.push(first);
    times.work.push(second);
  }
  const [baseTime, workTime] = [median(times.base), median(times.work)];
  const ratio = goal.kind === "time" ? workTime / baseTime : baseTime / workTime;
  return {
    name,
    base: baseTime,
    work: workTime,
    ratio,
    goal: `${goal.kind === "time" ? "≤" : "≥"} ${goal.ratio}`,
    met: goal.kind === "time" ? ratio <= goal.ratio : ratio >= goal.ratio,
  };
};

/** One line a result, in columns. */
export const table = (results: readonly Result[]): string => {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results
    .map(
      ({ name, base, work, ratio, goal, met }) =>
        `${name.padEnd(width)}  ${ratio.toFixed(2).padStart(6)}×  goal ${goal.padEnd(6)} ${met ? "met   " : "MISSED"}` +
        `  (${work.toFixed(3)} ms against ${base.toFixed(3)} ms)`,
    )
    .join("\n");
};
