/** A whole run: the cases one after the other, then the references. */
import { type Case, caseName } from "./case.ts";
import { checkGoals, type GoalResult } from "./goals.ts";
import { type CaseResult, type MeasureOptions, measureCase } from "./measure.ts";
import { measureReferences, type ReferenceResult } from "./references.ts";

export interface RunResult {
  readonly cases: readonly CaseResult[];
  readonly references: readonly ReferenceResult[];
  readonly goals: readonly GoalResult[];
}

/** `onProgress` hears what comes next, and how much of all is done. @throws the signal's reason when it is aborted. */
export const runBench = async (
  cases: readonly Case[],
  options: MeasureOptions,
  onProgress: (done: number, of: number, next: string) => void = () => {},
): Promise<RunResult> => {
  const results: CaseResult[] = [];
  for (const [i, one] of cases.entries()) {
    onProgress(i, cases.length + 1, caseName(one));
    results.push(await measureCase(one, options));
  }
  onProgress(cases.length, cases.length + 1, "references");
  const references = options.turns > 0 ? await measureReferences(options) : [];
  return { cases: results, references, goals: checkGoals(results, references) };
};
