/** Many streams in one program, and where the two harts differ. */
import { Generator, SELF_MODIFYING, WEIGHTS } from "./generate.ts";
import { makeProgram, type Program, readOutput, type Stream } from "./program.ts";
import { Random } from "./random.ts";
import { type Ended, onQemu, onScanout } from "./run.ts";
import { randomState, WORDS, wordName } from "./state.ts";
import { assemble } from "./stream.ts";

const STREAM_ITEMS = 80;
/** The runtime's jumps reach 1 MiB: some 3.5 bytes an instruction. */
const BATCH_INSTRUCTIONS = 100_000;
/** Every store to code throws away what qemu knows of the page: fewer of them. */
const SELF_MODIFYING_INSTRUCTIONS = 20_000;
/** One batch of so many modifies itself. */
const SELF_MODIFYING_BATCH = 8;

export interface Batch {
  readonly streams: readonly Stream[];
  readonly instructions: number;
  readonly selfModifying: boolean;
}

/** The batch of a seed with a number; of at least `instructions` instructions, or as many as fit. */
export const makeBatch = (seed: number, number: number, instructions: number): Batch => {
  const selfModifying = number % SELF_MODIFYING_BATCH === 1;
  const limit = Math.min(instructions, selfModifying ? SELF_MODIFYING_INSTRUCTIONS : BATCH_INSTRUCTIONS);
  const streams: Stream[] = [];
  let made = 0;
  while (made < limit) {
    const random = new Random(seed, number, streams.length);
    const bases = { sp: random.between(-1024, -512), s1: random.below(1024) };
    if (random.oneIn(2)) bases.sp &= -16;
    const generator = new Generator(random, bases, selfModifying ? SELF_MODIFYING : WEIGHTS);
    const items = generator.items(random.between(1, Math.min(STREAM_ITEMS, limit - made)));
    streams.push({ items, state: randomState(random, bases) });
    made += assemble(items).length;
  }
  return { streams, instructions: made, selfModifying };
};

export interface Difference {
  /** The first stream that differs; -1 when the programs end differently and no stream tells. */
  readonly stream: number;
  /** A line for each thing that differs. */
  readonly lines: readonly string[];
}

const hex = (word: bigint): string => `0x${word.toString(16)}`;

/** What two runs of a program of `count` streams did differently; null: nothing. */
export const compare = (ours: Ended, qemu: Ended, count: number): Difference | null => {
  if (ours.end !== "exit 0" || qemu.end !== "exit 0") {
    const stream = count === 1 ? 0 : -1;
    const same = ours.end === qemu.end && Buffer.compare(ours.output, qemu.output) === 0;
    return same ? null : { stream, lines: [`ended with: scanout ${ours.end}, qemu ${qemu.end}`] };
  }
  const [our, their] = [readOutput(ours.output, count), readOutput(qemu.output, count)];
  for (let stream = 0; stream < count; stream++) {
    const lines: string[] = [];
    for (let word = 1; word < WORDS; word++) {
      const [a, b] = [our.blocks[WORDS * stream + word]!, their.blocks[WORDS * stream + word]!];
      if (a !== b) lines.push(`${wordName(word)}: scanout ${hex(a)}, qemu ${hex(b)}`);
    }
    if (lines.length > 0) return { stream, lines };
  }
  const at = our.arena.findIndex((byte, i) => byte !== their.arena[i]);
  return at < 0 ? null : { stream: count - 1, lines: [`the arena's byte ${at}`] };
};

/** Runs a program on both. Null: no difference. */
export const difference = async (program: Program): Promise<Difference | null> => {
  const [qemu, ours] = await Promise.all([onQemu(program.elf), onScanout(program.elf)]);
  return compare(ours, qemu, program.addresses.length);
};

/** The first stream of a batch on which the two differ, where it stands in the batch. */
export const failingStream = async (batch: Batch): Promise<(Stream & { lines: readonly string[] }) | null> => {
  const program = makeProgram(batch.streams, batch.selfModifying);
  const found = await difference(program);
  if (found === null) return null;
  const place = (index: number) => ({ ...batch.streams[index]!, address: program.addresses[index]!, index });
  if (found.stream >= 0) return { ...place(found.stream), lines: found.lines };
  // One of them died: each stream alone.
  for (const index of batch.streams.keys()) {
    const alone = await difference(makeProgram([place(index)], batch.selfModifying));
    if (alone !== null) return { ...place(index), lines: alone.lines };
  }
  throw new Error(`${found.lines.join("; ")}, but no stream of the batch differs alone`);
};
