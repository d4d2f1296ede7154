/** The shortest stream on which the two still differ: pieces are cut out while they do. */
import { difference } from "./batch.ts";
import { makeProgram, type Stream } from "./program.ts";
import type { Item } from "./stream.ts";

/** `items` without `count` of them from `from` on. */
const without = (items: readonly Item[], from: number, count: number): Item[] => [
  ...items.slice(0, from),
  ...items.slice(from + count),
];

/** Every way to make one loop simpler: its body alone, once round, or with one item less. */
const simplerLoops = (items: readonly Item[]): Item[][] =>
  items.flatMap((item, i) => {
    if (item.kind !== "loop") return [];
    const put = (...changed: Item[]) => [...items.slice(0, i), ...changed, ...items.slice(i + 1)];
    return [
      put(...item.body),
      put({ ...item, times: 1 }),
      ...item.body.map((_, at) => put({ ...item, body: without(item.body, at, 1) })),
    ];
  });

const size = (items: readonly Item[]): number =>
  items.reduce((sum, item) => sum + (item.kind === "loop" ? item.times + size(item.body) : 1), 0);

/** @param limit programs to run at most. */
export const shrink = async (stream: Stream, selfModifying: boolean, limit = 400): Promise<Stream> => {
  let { items } = stream;
  let runs = 0;
  const differs = async (candidate: readonly Item[]): Promise<boolean> =>
    ++runs <= limit && (await difference(makeProgram([{ ...stream, items: candidate }], selfModifying))) !== null;
  for (let count = Math.max(1, items.length >> 1); ; ) {
    let cut = false;
    for (let from = 0; from < items.length; ) {
      const candidate = without(items, from, count);
      if (await differs(candidate)) [items, cut] = [candidate, true];
      else from += count;
    }
    for (const candidate of count === 1 ? simplerLoops(items) : []) {
      if (size(candidate) < size(items) && (await differs(candidate))) {
        [items, cut] = [candidate, true];
        break;
      }
    }
    if (runs > limit || (count === 1 && !cut)) break;
    if (!cut) count = Math.max(1, count >> 1);
  }
  return { ...stream, items };
};
