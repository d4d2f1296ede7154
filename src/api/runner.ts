/**
 * Who lets a machine run: for a budget, or until it is stopped. Nothing of the machine runs outside of it, but for the
 * JavaScript of a TypeScript program that waits for something of the host's own.
 */
import type { KernelCore } from "../kernel/kernel.ts";
import { makeLater } from "../kernel/later.ts";
import { ScanoutError } from "./error.ts";

/** How far to run; without any number: until nothing can go on by itself. */
export interface Budget {
  /** Exactly so many instructions on the hart (TypeScript programs retire none). */
  readonly instructions?: number;
  /** Up to so many vertical blanks, 60 a second of the machine's time. Time passes for their sake. */
  readonly frames?: number;
  /** When nothing can go on by itself, wait for the host to do something; unless said so, the run ends there. */
  readonly wait?: boolean;
}

/**
 * Why a run ended: the budget; all programs have; those that live sleep, and only the host can wake them (or, without
 * any who can, a deadlock); stop().
 */
export type RunEnd = "instructions" | "frames" | "exited" | "idle" | "stopped";

export interface RunResult {
  readonly ended: RunEnd;
  /** Retired on the hart in this run. */
  readonly instructions: number;
  /** Vertical blanks in this run. */
  readonly frames: number;
}

/** What the machine's other parts have to do with running. */
export interface RunnerHost {
  readonly kernel: KernelCore;
  /** Vertical blanks so far. */
  readonly frames: number;
  /** From now on blanks are waited for, or no longer. */
  wantFrames(wanted: boolean): void;
  /** Moves what stands in the pipes between programs and the host; true: a consumer of the host's has something. */
  deliver(): boolean;
  /** The machine pauses: what was drawn is shown. */
  flush(): void;
}

/** Milliseconds after which the host's event loop has a turn. */
const PATIENCE = 8;
/** setTimeout takes no more. */
const TIMEOUT_MAX = 2 ** 31 - 1;

export class Runner {
  readonly #host: RunnerHost;
  readonly #later = makeLater();
  #wake: () => void = () => {};
  #runs = false;
  #stopping = false;
  #loop: Promise<void> | null = null;
  /** What ended the loop of start(), when something of the host's did. */
  failure: unknown = null;

  constructor(host: RunnerHost) {
    this.#host = host;
    host.kernel.scheduler.pace = () => this.#wake();
  }

  get isRunning(): boolean {
    return this.#runs || this.#loop !== null;
  }

  async run(budget: Budget): Promise<RunResult> {
    if (this.isRunning) throw new ScanoutError("EBUSY_RUN", "the machine runs already: stop() it first");
    checkBudget(budget);
    this.#stopping = false;
    return await this.#run(budget);
  }

  /** Runs until stop(); when nothing can go on, it waits for the host to do something. */
  start(onFailure: (error: unknown) => void): void {
    if (this.isRunning) throw new ScanoutError("EBUSY_RUN", "the machine runs already: stop() it first");
    this.#stopping = false;
    this.#loop = this.#forever()
      .catch((error: unknown) => {
        this.failure = error;
        onFailure(error);
      })
      .finally(() => {
        this.#loop = null;
      });
  }

  /** Ends a run at its next step; the promise is kept once nothing runs. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#loop;
  }

  async #forever(): Promise<void> {
    while (!this.#stopping) {
      await this.#run({ wait: true });
      if (!this.#stopping && !this.#host.kernel.scheduler.isDue) await this.#woken();
    }
  }

  async #run(budget: Budget): Promise<RunResult> {
    const { instructions = Number.POSITIVE_INFINITY, frames = Number.POSITIVE_INFINITY, wait = false } = budget;
    const host = this.#host;
    const { scheduler, hart, clock } = host.kernel;
    const before = { instructions: hart.instret, frames: host.frames };
    this.#runs = true;
    scheduler.allowance = instructions;
    clock.counts = true;
    host.wantFrames(frames !== Number.POSITIVE_INFINITY);
    try {
      const ended = await this.#until(() => host.frames - before.frames >= frames, wait);
      host.flush();
      return { ended, instructions: hart.instret - before.instructions, frames: host.frames - before.frames };
    } finally {
      this.#runs = false;
      clock.counts = false;
      host.wantFrames(false);
    }
  }

  async #until(enoughFrames: () => boolean, wait: boolean): Promise<RunEnd> {
    const { scheduler, tasks, clock } = this.#host.kernel;
    let since = performance.now();
    for (;;) {
      if (this.#stopping) return "stopped";
      if (tasks.isEmpty) {
        // The last one's end was a reason to look again: the next start must be one too.
        if (scheduler.isDue) scheduler.turn();
        // What it wrote while the event loop had its turn.
        this.#host.deliver();
        return "exited";
      }
      if (enoughFrames()) return "frames";
      if (scheduler.allowance <= 0) return "instructions";
      const isDue = scheduler.isDue;
      if (isDue) scheduler.turn();
      const delivered = this.#host.deliver();
      if (isDue || delivered) {
        if (!delivered && !scheduler.isAwaited && performance.now() - since < PATIENCE) continue;
        await this.#hop();
        since = performance.now();
      } else if (clock.isReal && clock.next < Number.POSITIVE_INFINITY) {
        await this.#sleep((clock.next - clock.now) / 1e6);
        clock.catchUp();
      } else if (scheduler.isAwaited) {
        await this.#woken();
      } else if (wait) {
        this.#host.flush();
        await this.#woken();
      } else {
        return "idle";
      }
    }
  }

  /** After everything that is ready now, and before the machine goes on. */
  #hop(): Promise<void> {
    return new Promise((resolve) => this.#later(resolve));
  }

  /** Until the scheduler has something to do, or stop(). */
  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = () => {};
        resolve();
      };
    });
  }

  async #sleep(milliseconds: number): Promise<void> {
    const woken = this.#woken();
    const timer = setTimeout(() => this.#wake(), Math.min(Math.max(0, milliseconds), TIMEOUT_MAX));
    await woken;
    clearTimeout(timer);
  }
}

const checkBudget = (budget: Budget): void => {
  for (const name of ["instructions", "frames"] as const) {
    const value = budget[name];
    if (value === undefined || (value >= 0 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)))
      continue;
    throw new ScanoutError("ERANGE_OPTION", `run: ${name}: ${value} is not a whole number from 0 up`);
  }
};
