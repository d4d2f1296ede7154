/**
 * Time in the machine. Virtual by default: it stands still while a program runs and jumps to the next thing that
 * somebody waits for when all sleep, so the same run gives the same times, frames and bytes.
 */

interface Timer {
  readonly deadline: number;
  readonly fire: () => void;
}

export class Clock {
  /** Nanoseconds since the machine started (CLOCK_MONOTONIC). */
  now = 0;
  /** Waiting timers, the earliest first; those of one deadline in the order they were set. */
  readonly #timers: Timer[] = [];

  /** Calls `fire` at a time; what comes back cancels it. */
  at(deadline: number, fire: () => void): () => void {
    const timer = { deadline, fire };
    let index = this.#timers.length;
    while (index > 0 && this.#timers[index - 1]!.deadline > deadline) index--;
    this.#timers.splice(index, 0, timer);
    return () => {
      const where = this.#timers.indexOf(timer);
      if (where >= 0) this.#timers.splice(where, 1);
    };
  }

  /** Goes to the next timer and fires it; false: nobody waits for a time. */
  advance(): boolean {
    const timer = this.#timers.shift();
    if (timer === undefined) return false;
    this.now = Math.max(this.now, timer.deadline);
    timer.fire();
    return true;
  }
}
