/** A random instruction stream: items that stand on their own, so that any of them can be cut out. */

export type Item =
  /** Instructions, 2 bytes long when their low bits are not both set. */
  | { readonly kind: "words"; readonly words: readonly number[] }
  /** A jump or branch over the next `count` items; `encode` gets the distance in bytes from its first instruction. */
  | {
      readonly kind: "skip";
      readonly count: number;
      readonly size: number;
      /** The longest distance. */
      readonly reach: number;
      readonly encode: (distance: number) => readonly number[];
    }
  | { readonly kind: "loop"; readonly times: number; readonly body: readonly Item[] };

/** addi tp, x0, times before a loop's body. */
const LOOP_HEAD = 4;
/** addi tp, tp, -1; bne tp, x0, body behind it. */
const LOOP_TAIL = 8;

export const lengthOf = (word: number): 2 | 4 => ((word & 3) === 3 ? 4 : 2);

const bytesOf = (words: readonly number[]): number => words.reduce((sum, word) => sum + lengthOf(word), 0);

const sizeOf = (item: Item): number => {
  if (item.kind === "words") return bytesOf(item.words);
  if (item.kind === "skip") return item.size;
  return LOOP_HEAD + item.body.reduce((sum, inner) => sum + sizeOf(inner), 0) + LOOP_TAIL;
};

/** B-type: bne tp, x0, -distance. */
const bneTp = (distance: number): number => {
  const at = (high: number, low: number) => (-distance >>> low) & (2 ** (high - low + 1) - 1);
  return ((at(12, 12) << 31) | (at(10, 5) << 25) | (4 << 15) | 0x1063 | (at(4, 1) << 8) | (at(11, 11) << 7)) >>> 0;
};

/** The instructions, in order. */
export const assemble = (items: readonly Item[]): number[] => {
  const starts = [0];
  for (const item of items) starts.push(starts.at(-1)! + sizeOf(item));
  return items.flatMap((item, i) => {
    if (item.kind === "words") return item.words;
    if (item.kind === "loop") {
      const body = assemble(item.body);
      return [(item.times << 20) | 0x0213, ...body, 0xfff2_0213, bneTp(bytesOf(body) + 4)];
    }
    let target = Math.min(i + 1 + item.count, items.length);
    while (starts[target]! - starts[i]! > item.reach) target--;
    return item.encode(starts[target]! - starts[i]!);
  });
};

/** The instructions' bytes. */
export const bytes = (words: readonly number[]): Uint8Array => {
  const all = new Uint8Array(bytesOf(words));
  let at = 0;
  for (const word of words) {
    for (let i = 0; i < lengthOf(word); i++) all[at++] = word >>> (8 * i);
  }
  return all;
};
