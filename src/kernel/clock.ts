/**
 * Time in the machine. Virtual by default: it stands still while a TypeScript program runs, an instruction on the hart
 * takes a nanosecond of it, and it jumps to the next thing that somebody waits for when all sleep: the same run gives
 * the same times, frames and bytes. By choice it follows the host's clock.
 */

interface Timer {
  readonly deadline: number;
  readonly fire: () => void;
  /** Does somebody wait for it? If not, it alone does not move virtual time. */
  readonly awaited: boolean;
}

/** Something that happens at every multiple of a period, like a vertical blank. */
export interface Beat {
  /** Nanoseconds. */
  readonly period: number;
  /** Does somebody sleep until the next one? If not, the beat alone does not move time. */
  wanted(): boolean;
  fire(): void;
}

/** More real time than this at once is time in which the host itself stood still: the machine does not catch up. */
const GAP_MAX = 1e9;

export class Clock {
  /** Nanoseconds since the machine started (CLOCK_MONOTONIC). */
  now = 0;
  /** Reads real time, in nanoseconds from any origin; null: time is virtual. */
  #read: (() => number) | null = null;
  /** Real time at `now`; null while it does not count. */
  #mark: number | null = null;
  #beat: Beat | null = null;
  /** Beats that have been. */
  #beats = 0;
  /** Waiting timers, the earliest first; those of one deadline in the order they were set. */
  readonly #timers: Timer[] = [];

  get beat(): Beat | null {
    return this.#beat;
  }

  /** A beat that begins later than the machine has missed none. */
  set beat(beat: Beat | null) {
    this.#beat = beat;
    this.#beats = beat === null ? 0 : Math.floor(this.now / beat.period);
  }

  get isReal(): boolean {
    return this.#read !== null;
  }

  /** Time follows `read` from now on, in nanoseconds from any origin. */
  follow(read: () => number): void {
    this.#read = read;
  }

  /** Real time begins to count, or no longer counts. */
  set counts(counts: boolean) {
    this.catchUp();
    this.#mark = counts ? (this.#read?.() ?? null) : null;
  }

  /** What became due in real time happens. */
  catchUp(): void {
    if (this.#read === null || this.#mark === null) return;
    const read = this.#read();
    const passed = Math.floor(read - this.#mark);
    this.#mark += passed;
    this.elapse(Math.min(Math.max(0, passed), GAP_MAX));
  }

  /** The next moment that somebody waits for, or Infinity. */
  get next(): number {
    // Real time passes by itself: there every timer is waited for.
    const timer = this.isReal
      ? this.#firstTimer
      : (this.#timers.find(({ awaited }) => awaited)?.deadline ?? Number.POSITIVE_INFINITY);
    return Math.min(timer, this.#beat?.wanted() ? this.#nextBeat : Number.POSITIVE_INFINITY);
  }

  /** The next moment at which anything happens, waited for or not. */
  get nextEvent(): number {
    return Math.min(this.#firstTimer, this.#nextBeat);
  }

  get #firstTimer(): number {
    return this.#timers[0]?.deadline ?? Number.POSITIVE_INFINITY;
  }

  /** Calls `fire` at a time; what comes back cancels it. One that is not `awaited` does not move virtual time. */
  at(deadline: number, fire: () => void, awaited = true): () => void {
    const timer = { deadline, fire, awaited };
    let index = this.#timers.length;
    while (index > 0 && this.#timers[index - 1]!.deadline > deadline) index--;
    this.#timers.splice(index, 0, timer);
    return () => {
      const where = this.#timers.indexOf(timer);
      if (where >= 0) this.#timers.splice(where, 1);
    };
  }

  /** Goes to the next moment that somebody waits for; false: nobody waits for a time. */
  advance(): boolean {
    const next = this.next;
    if (next === Number.POSITIVE_INFINITY) return false;
    // What nobody waits for comes on the way.
    const target = Math.min(next, this.#firstTimer);
    this.#beatUntil(target);
    this.now = Math.max(this.now, target);
    // A beat may have cancelled the timer that we came for, or set another.
    if (this.#firstTimer <= this.now) this.#timers.shift()!.fire();
    return true;
  }

  /** Time goes on while a program runs: what becomes due on the way happens. */
  elapse(nanoseconds: number): void {
    const end = this.now + nanoseconds;
    for (;;) {
      const due = this.#firstTimer;
      if (due > end) break;
      this.#beatUntil(due);
      this.now = Math.max(this.now, due);
      if (this.#firstTimer <= this.now) this.#timers.shift()!.fire();
    }
    this.#beatUntil(end);
    this.now = end;
  }

  get #nextBeat(): number {
    return this.#beat === null ? Number.POSITIVE_INFINITY : (this.#beats + 1) * this.#beat.period;
  }

  #beatUntil(target: number): void {
    while (this.#nextBeat <= target) {
      this.now = Math.max(this.now, this.#nextBeat);
      this.#beats++;
      this.#beat!.fire();
    }
  }
}
