/** Times several things turn by turn (tinybench takes the samples), so that what disturbs one disturbs the others too. */
import { Bench } from "tinybench";

/** Does its work `count` times: the milliseconds that it took. */
export type Contestant = (count: number) => number | Promise<number>;

export interface TurnOptions {
  /** How often each contestant has its turn, and for how many milliseconds. */
  readonly turns: number;
  readonly turnTime: number;
  /** Milliseconds, from anywhere. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** A sample is at least so many milliseconds: a clock of a browser has steps. */
const SAMPLE = 0.5;

/** Milliseconds for doing it once, by name, by turn. @throws the signal's reason when it is aborted. */
export const timeByTurns = async (
  contestants: ReadonlyMap<string, Contestant>,
  options: TurnOptions,
): Promise<ReadonlyMap<string, readonly (readonly number[])[]>> => {
  const bench = new Bench({
    time: options.turnTime,
    iterations: 1,
    warmup: false,
    retainSamples: true,
    throws: true,
    now: options.now,
  });
  for (const [name, work] of contestants) {
    const count = await warmUp(work, options.turnTime);
    bench.add(
      name,
      async () => {
        const spent = await work(count);
        return { overriddenDuration: spent / count, overriddenIterationCost: spent };
      },
      { async: true },
    );
  }
  const times = new Map<string, number[][]>([...contestants.keys()].map((name) => [name, []]));
  for (let turn = 0; turn < options.turns; turn++) {
    await breathe();
    options.signal?.throwIfAborted();
    // What has run is not run again until it is set back.
    bench.reset();
    for (const task of await bench.run()) times.get(task.name)!.push(samplesOf(task));
  }
  return times;
};

/** Lets the host's event loop have a turn: somebody may have pressed Ctrl-C. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const samplesOf = ({ name, result }: Bench["tasks"][number]): number[] => {
  if (result.state !== "completed" || result.latency.samples === undefined) {
    throw new Error(`assert: ${name} was not measured: ${result.state}`);
  }
  return [...result.latency.samples];
};

/** Lets the engines compile what they are going to: a turn's time, at most. How many make a sample. */
const warmUp = async (work: Contestant, time: number): Promise<number> => {
  let count = 1;
  let spent = await work(count);
  for (let all = spent; all < time; all += spent) {
    if (spent < SAMPLE) count *= 2;
    spent = await work(count);
  }
  return Math.max(1, Math.ceil((count * SAMPLE) / Math.max(spent, SAMPLE / 16)));
};
