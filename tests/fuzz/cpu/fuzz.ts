/** Batch after batch until enough instructions were compared, or a stream differs. */
import { difference, failingStream, makeBatch } from "./batch.ts";
import { disassemble } from "./disassemble.ts";
import { makeProgram, type Stream } from "./program.ts";
import { shrink } from "./shrink.ts";
import { assemble, type Item } from "./stream.ts";

export interface Failure {
  readonly seed: number;
  readonly batch: number;
  readonly found: readonly string[];
  readonly disassembly: readonly string[];
  readonly elf: Uint8Array;
}

export interface Compared {
  readonly instructions: number;
  readonly streams: number;
  readonly failure: Failure | null;
}

const describe = async (seed: number, batch: number, stream: Stream, selfModifying: boolean): Promise<Failure> => {
  const program = makeProgram([stream], selfModifying);
  return {
    seed,
    batch,
    found: (await difference(program))?.lines ?? ["no longer, when alone"],
    disassembly: disassemble(assemble(stream.items), stream.address!),
    elf: program.elf,
  };
};

/** Instructions count as they stand in the streams, not as often as loops execute them. */
export const fuzz = async (seed: number, instructions: number, firstBatch = 0): Promise<Compared> => {
  let [done, streams] = [0, 0];
  for (let number = firstBatch; done < instructions; number++) {
    const batch = makeBatch(seed, number, instructions - done);
    const failing = await failingStream(batch);
    if (failing !== null) {
      const alone = (items: readonly Item[]) => makeProgram([{ ...failing, items }], batch.selfModifying);
      const items = await shrink(failing.items, async (some) => (await difference(alone(some))) !== null);
      const shrunk = { ...failing, items };
      return { instructions: done, streams, failure: await describe(seed, number, shrunk, batch.selfModifying) };
    }
    done += batch.instructions;
    streams += batch.streams.length;
  }
  return { instructions: done, streams, failure: null };
};
