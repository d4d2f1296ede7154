/** Loops timed by turns: a change of the machine's speed meets all of them alike. */

/** `prepare` is not timed. */
export type Loops = Readonly<Record<string, { readonly run: () => void; readonly prepare?: () => void }>>;

/** Rounds before those that count: V8 compiles twice. */
const WARM_UP = 0.3;

/** The median time of each loop over `rounds` rounds, in nanoseconds. */
export const timeByTurns = (loops: Loops, rounds: number): ReadonlyMap<string, number> => {
  const samples = new Map(Object.keys(loops).map((name): [string, number[]] => [name, []]));
  for (let round = -Math.ceil(rounds * WARM_UP); round < rounds; round++) {
    for (const [name, { run, prepare }] of Object.entries(loops)) {
      prepare?.();
      const begin = process.hrtime.bigint();
      run();
      const time = Number(process.hrtime.bigint() - begin);
      if (round >= 0) samples.get(name)!.push(time);
    }
  }
  return new Map([...samples].map(([name, times]) => [name, times.sort((a, b) => a - b)[times.length >> 1]!]));
};
