/** The shortest stream on which the two still differ: pieces are cut out while they do. */
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

/** The fewest items for which `differs` holds still; it is asked at most `limit` times. */
export const shrink = async (
  all: readonly Item[],
  differs: (items: readonly Item[]) => Promise<boolean>,
  limit = 400,
): Promise<readonly Item[]> => {
  let items = all;
  let asked = 0;
  const still = async (candidate: readonly Item[]): Promise<boolean> => ++asked <= limit && (await differs(candidate));
  for (let count = Math.max(1, items.length >> 1); asked <= limit; ) {
    let cut = false;
    for (let from = 0; from < items.length; ) {
      const candidate = without(items, from, count);
      if (await still(candidate)) [items, cut] = [candidate, true];
      else from += count;
    }
    for (const candidate of count === 1 ? simplerLoops(items) : []) {
      if (size(candidate) < size(items) && (await still(candidate))) {
        [items, cut] = [candidate, true];
        break;
      }
    }
    if (count === 1 && !cut) break;
    if (!cut) count >>= 1;
  }
  return items;
};
