/** What the machine's ways are measured against, in the same run: the host's own memset and memcpy, and plain wasm. */
import { bytesPerPixel, type Case } from "./case.ts";
import { HEADLINE } from "./cases.ts";
import { type Drawer, startDrawer } from "./drawer.ts";
import { type MeasureOptions, ratioOf } from "./measure.ts";
import { loadReferenceModule } from "./reference-module.ts";
import { type Estimate, estimate } from "./statistics.ts";
import { type Contestant, timeByTurns } from "./turns.ts";

export interface ReferenceResult {
  readonly name: string;
  /** Milliseconds for a frame of the headline mode. */
  readonly time: Estimate;
  /** Its time over that of `memcpy`, by turns. */
  readonly ratio: Estimate;
}

export const MEMCPY = "memcpy: Uint8Array.set";
export const MAP_VIEWS = "copy into the map: a view's set";
export const MAP_MMU = "copy into the map: User.copy, through the MMU";
export const MAP_WRITE = "copy into the map: write(2)";

const nothing = (guest: Case["guest"]): Case => ({ guest, scene: "nothing", ...HEADLINE, fraction: null, methods: [] });

export const measureReferences = async (options: MeasureOptions): Promise<ReferenceResult[]> => {
  const { size, format } = HEADLINE;
  const bytes = size.width * size.height * bytesPerPixel(format);
  const from = new Uint8Array(bytes).fill(1);
  const to = new Uint8Array(bytes);
  const wasm = await loadReferenceModule();
  const repeated =
    (work: () => void): Contestant =>
    (count) => {
      const started = options.now();
      for (let i = 0; i < count; i++) work();
      return options.now() - started;
    };
  const drawers: readonly (readonly [string, Drawer])[] = [
    [MAP_VIEWS, await startDrawer(nothing("views"), "memcpy", options)],
    [MAP_MMU, await startDrawer(nothing("mmu"), "memcpy", options)],
    [MAP_WRITE, await startDrawer(nothing("mmu"), "write", options)],
  ];
  const times = await timeByTurns(
    new Map<string, Contestant>([
      ["memset: Uint8Array.fill", repeated(() => to.fill(7))],
      [MEMCPY, repeated(() => to.set(from))],
      ["memory.fill", repeated(() => wasm.fill(0, 7, bytes))],
      ["memory.copy", repeated(() => wasm.copy(bytes, 0, bytes))],
      ["wasm's 32-bit stores, one by one", repeated(() => wasm.store(0, 7, bytes))],
      ...drawers.map(([name, { draw }]) => [name, draw] as const),
    ]),
    options,
  );
  for (const [, drawer] of drawers) await drawer.end();
  const memcpy = times.get(MEMCPY)!;
  return [...times].map(([name, samples]) => ({
    name,
    time: estimate(samples.flat()),
    ratio: ratioOf(samples, memcpy),
  }));
};
