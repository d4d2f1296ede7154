/** Where the time of a frame goes: into drawing, copying, faulting and calling. */
import type { MethodName } from "../../guests/bench/methods.ts";
import type { CaseResult, MethodResult } from "./measure.ts";

/** Milliseconds each; together they are the frame's time, but for what noise makes negative, which is 0 here. */
export interface Split {
  readonly drawing: number;
  readonly copying: number;
  /** What the TLB did not know: the first store to each page after a look at the damage. */
  readonly faulting: number;
  readonly calling: number;
}

/**
 * Drawing is the time of the same frame drawn in private memory and never sent ("draw"). A call is what a pwrite of no
 * bytes adds to that ("call"). What direct takes beyond drawing it spends on misses of the TLB, `missTime` each. The
 * rest of what a method takes is copying. null: the case has not been timed, or not with those two parts.
 */
export const splitOf = ({ methods }: CaseResult, method: MethodName, missTime: number): Split | null => {
  const find = (name: MethodName): MethodResult | undefined => methods.find((one) => one.method === name);
  const [draw, call, own] = [find("draw")?.time, find("call")?.time, find(method)];
  if (!draw || !call || !own?.time) return null;
  const total = own.time.median;
  const drawing = Math.min(total, draw.median);
  // Without a miss there is nothing but drawing, and noise.
  if (own.counts.tlbMisses === 0 && method === "direct") return { drawing: total, copying: 0, faulting: 0, calling: 0 };
  if (method === "direct") return { drawing, copying: 0, faulting: total - drawing, calling: 0 };
  const oneCall = Math.max(0, call.median - draw.median);
  const calling = Math.min(total - drawing, own.counts.systemCalls * oneCall);
  const faulting = Math.min(total - drawing - calling, own.counts.tlbMisses * missTime);
  return { drawing, calling, faulting, copying: total - drawing - calling - faulting };
};

/** Milliseconds for a miss of the TLB: what filling the map takes beyond filling private memory, over its misses. */
export const missTimeOf = (fill: CaseResult | undefined): number => {
  const direct = fill?.methods.find(({ method }) => method === "direct");
  const draw = fill?.methods.find(({ method }) => method === "draw");
  if (!direct?.time || !draw?.time || direct.counts.tlbMisses === 0) return 0;
  return Math.max(0, direct.time.median - draw.time.median) / direct.counts.tlbMisses;
};
