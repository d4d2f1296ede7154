/** The three timers of setitimer(2). All times in nanoseconds; a timer that is off has no expiry. */
import { ITIMER_PROF, ITIMER_REAL, ITIMER_VIRTUAL } from "../../abi/time.ts";

interface IntervalTimer {
  /** On its own clock: the machine's for ITIMER_REAL, the process's time on the hart for the other two. */
  expiry: number;
  interval: number;
}

const off = (): IntervalTimer => ({ expiry: Number.POSITIVE_INFINITY, interval: 0 });

export class IntervalTimers {
  readonly #timers = { [ITIMER_REAL]: off(), [ITIMER_VIRTUAL]: off(), [ITIMER_PROF]: off() };
  /** Takes ITIMER_REAL off the machine's clock. */
  cancelReal: (() => void) | null = null;

  get(which: number): IntervalTimer {
    return this.#timers[which as typeof ITIMER_REAL];
  }

  /** Is there a timer that runs on the process's own time? */
  get countsCpuTime(): boolean {
    return (
      this.get(ITIMER_VIRTUAL).expiry < Number.POSITIVE_INFINITY ||
      this.get(ITIMER_PROF).expiry < Number.POSITIVE_INFINITY
    );
  }

  /** Has it expired at `now`? Then it is set anew, or is off. */
  fire(which: number, now: number): boolean {
    const timer = this.get(which);
    if (now < timer.expiry) return false;
    timer.expiry =
      timer.interval === 0
        ? Number.POSITIVE_INFINITY
        : timer.expiry + Math.max(1, Math.ceil((now - timer.expiry + 1) / timer.interval)) * timer.interval;
    return true;
  }
}
