/** A whole run: the cases one after the other, then the references. */
import { type Case, caseName } from "./case.ts";
import { checkGoals, copyingWins, type GoalResult } from "./goals.ts";
import { type CaseResult, type MeasureOptions, measureCase } from "./measure.ts";
import { measureReferences, type ReferenceResult } from "./references.ts";

export interface RunResult {
  readonly cases: readonly CaseResult[];
  readonly references: readonly ReferenceResult[];
  readonly goals: readonly GoalResult[];
}

/** Times as many turns as usual for a case that is measured again, and how often that may be. */
const MORE_TURNS = 3;
const AGAIN = 2;

/**
 * Of a thousand intervals of 95 % some miss by chance: a case in which copying seems to win is measured again, for
 * longer, and that result counts.
 */
const measureSurely = async (one: Case, options: MeasureOptions): Promise<CaseResult> => {
  let result = await measureCase(one, options);
  for (let again = 0; again < AGAIN && copyingWins(result); again++) {
    result = await measureCase(one, { ...options, turns: options.turns * MORE_TURNS });
  }
  return result;
};

/** `onProgress` hears what comes next, and how much of all is done. @throws the signal's reason when it is aborted. */
export const runBench = async (
  cases: readonly Case[],
  options: MeasureOptions,
  onProgress: (done: number, of: number, next: string) => void = () => {},
): Promise<RunResult> => {
  const results: CaseResult[] = [];
  for (const [i, one] of cases.entries()) {
    onProgress(i, cases.length + 1, caseName(one));
    results.push(await measureSurely(one, options));
  }
  onProgress(cases.length, cases.length + 1, "references");
  const references = options.turns > 0 ? await measureReferences(options) : [];
  return { cases: results, references, goals: checkGoals(results, references) };
};
