/** A program that waits on a computer of its own, with its first picture shown, and draws frames when it is told to. */

import { VRAM_BASE } from "../../assembly/memory-map.ts";
import { directVsCopied } from "../../guests/bench/direct-vs-copied.ts";
import type { MethodName } from "../../guests/bench/methods.ts";
import { Computer } from "../computer.ts";
import type { MachineSource } from "../control/source.ts";
import type { Process } from "../kernel/spawn.ts";
import { type Case, formats, sweepSize } from "./case.ts";
import { ControlDevice } from "./control-device.ts";
import { type Counts, countsBetween, countsOf } from "./counts.ts";
import { fnv1a } from "./hash.ts";

const MIB = 0x10_0000;
/** Room for a private frame for each method. */
const RAM = 128 * MIB;

export interface DrawerOptions {
  /** guests/c/bin/direct-vs-copied.elf. */
  readonly program: Uint8Array;
  /** Milliseconds, from anywhere. */
  readonly now: () => number;
  /** The machine's WebAssembly; default is the package's. */
  readonly source?: MachineSource;
}

export interface Drawer {
  /** Draws so many frames, with a look at what was damaged after each, as a display has: the milliseconds in all. */
  draw(count: number): Promise<number>;
  /** Of the last frame, without the look. */
  counts(): Counts;
  /** Page faults since the program began. */
  faults(): number;
  /** Of the bytes of video memory that are shown. */
  hash(): number;
  /** Lets the program end. @throws Error when it does not end well. */
  end(): Promise<void>;
}

/** A computer in a case's mode, and what its programs have written. */
export interface Stage {
  readonly computer: Computer;
  said(): string;
}

export const makeStage = async (one: Case, { source }: DrawerOptions): Promise<Stage> => {
  let said = "";
  const computer = await Computer.create({
    ram: RAM,
    display: { ...one.size, format: formats[one.format] },
    onOutput: (bytes) => {
      said += new TextDecoder().decode(bytes);
    },
    ...(source === undefined ? {} : { source }),
  });
  // A program that waits for us is not waiting in vain.
  computer.kernel.inputOpen = () => true;
  return { computer, said: () => said };
};

/** A program on a stage of its own, or on one that it shares. @throws Error when it ends before it has drawn. */
export const startDrawer = async (
  one: Case,
  method: MethodName,
  options: DrawerOptions,
  stage?: Stage,
): Promise<Drawer> => {
  const { computer, said } = stage ?? (await makeStage(one, options));
  const start = one.guest === "hart" ? startOnHart : startTyped;
  const started = await start(computer, one, method, options);
  const early = started.process.exited.then((status) => {
    throw new Error(`the program ended early: ${JSON.stringify(status)} ${said()}`.trimEnd());
  });
  early.catch(() => {});
  return {
    draw: (count) => Promise.race([started.draw(count), early]),
    counts: started.counts,
    faults: () => started.process.task.mm.minorFaults + started.process.task.mm.majorFaults,
    hash: () => fnv1a(shownBytes(computer)),
    async end() {
      started.end();
      const status = await started.process.exited;
      if (!("code" in status) || status.code !== 0) {
        throw new Error(`the program ended badly: ${JSON.stringify(status)} ${said()}`.trimEnd());
      }
    },
  };
};

const shownBytes = ({ machine, card }: Computer): Uint8Array => {
  const { start, stride, height } = card.state.frame;
  return machine.bytes(VRAM_BASE + start, stride * height);
};

interface Started {
  readonly process: Process;
  draw(count: number): Promise<number>;
  counts(): Counts;
  end(): void;
}

/** What a display does at each vertical blank before it converts rows. */
const look = ({ kernel, machine }: Computer): void => {
  kernel.videoPins.markDamage(machine);
  machine.exports.takeDamage();
};

const startOnHart = async (
  computer: Computer,
  one: Case,
  method: MethodName,
  { program, now }: DrawerOptions,
): Promise<Started> => {
  let before: Counts | null = null;
  let counts: Counts | null = null;
  const control = new ControlDevice({
    now,
    begin() {
      before = countsOf(computer, task, true);
    },
    end() {
      const after = countsOf(computer, task, true);
      // The read that ends the frame is ours, not the method's.
      counts = countsBetween(before!, { ...after, systemCalls: after.systemCalls - 1 });
    },
    look: () => look(computer),
  });
  const error = computer.kernel.insmod(control.module);
  if (error !== 0) throw new Error(`assert: /dev/bench did not load: ${error}`);
  const { width, height } = sweepSize(one);
  const argv = ["direct-vs-copied", one.scene, method, String(width), String(height)];
  // Turns are taken here, one after the other: what the host's event loop takes between two is not the machine's time.
  const { scheduler } = computer.kernel;
  scheduler.pace = () => {};
  const started = computer.spawnFile("/bin/direct-vs-copied", program, { argv });
  const { task } = started;
  const run = (): void => {
    while (scheduler.isDue && !control.waits) scheduler.turn();
  };
  run();
  return {
    process: started,
    async draw(count) {
      control.allow(count);
      run();
      if (!control.waits) await started.exited;
      return control.elapsed;
    },
    counts: () => counts!,
    end() {
      control.end();
      run();
    },
  };
};

const startTyped = async (
  computer: Computer,
  one: Case,
  method: MethodName,
  { now }: DrawerOptions,
): Promise<Started> => {
  const { promise: over, resolve: end } = makeSignal<void>();
  const { promise: ready, resolve: setReady } = makeSignal<(n: number) => void>();
  const path = one.guest === "views" ? "views" : "mmu";
  const job = { path, scene: one.scene, method, sweep: sweepSize(one) } as const;
  const spawned = computer.spawn(
    directVsCopied(job, (frame) => {
      setReady(frame);
      return over;
    }),
    { argv: ["direct-vs-copied"] },
  );
  const { task } = spawned;
  let counts: Counts | null = null;
  let n = 0;
  const drawAll = (frame: (n: number) => void, count: number): number => {
    const started = now();
    for (let i = 1; i < count; i++) {
      frame(n++);
      look(computer);
    }
    const before = countsOf(computer, task, false);
    frame(n++);
    counts = countsBetween(before, countsOf(computer, task, false));
    look(computer);
    return now() - started;
  };
  return {
    process: spawned,
    draw: async (count) => drawAll(await ready, count),
    counts: () => counts!,
    end,
  };
};

const makeSignal = <T>(): { promise: Promise<T>; resolve: (value: T) => void } => {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};
