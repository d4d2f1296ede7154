/**
 * What a call across the boundary costs: raw, and bound by as-bind. After `npm run build`:
 * `node --import jiti/register bench/boundary.ts`.
 */
import { pathToFileURL } from "node:url";
import { RAM } from "../assembly/layout.ts";
import { bindControl } from "../src/control/binding.ts";

const MIB = 0x10_0000;
const ROUNDS = 15;

/** Nanoseconds a call: the median of ROUNDS rounds of `calls` calls. */
const cost = (calls: number, call: () => unknown): number => {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let n = 0; n < calls; n++) call();
    rounds.push(((performance.now() - start) * 1e6) / calls);
  }
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1]!;
};

/** Nanoseconds of one call each; `create` is one machine of 16 MiB, its module compiled. */
export const measureBoundary = async (): Promise<Record<string, number>> => {
  const bus = { read: () => -1, high: () => 0, write: () => 0 };
  const create = () => bindControl(undefined, bus, (RAM + 16 * MIB) / 0x1_0000);
  const { control, exports } = await create();
  exports.reset(16 * MIB, MIB);
  const start = performance.now();
  await create();
  const created = (performance.now() - start) * 1e6;
  return {
    "raw: trapCause()": cost(1_000_000, () => exports.trapCause()),
    "raw: load32(va)": cost(1_000_000, () => exports.load32(0x8000_0000)),
    "bound: causeName(13)": cost(100_000, () => control.causeName(13)),
    "bound: videoMemory()": cost(100_000, () => control.videoMemory()),
    "bound: describe()": cost(20_000, () => control.describe()),
    "create a machine": created,
  };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [what, ns] of Object.entries(await measureBoundary()))
    console.log(`${ns.toFixed(1).padStart(12)} ns  ${what}`);
}
