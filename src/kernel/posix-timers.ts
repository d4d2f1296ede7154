/** The timers of timer_create(2) of one process. All times in nanoseconds; a timer that is off has no expiry. */
import type { SignalInfo } from "../../abi/program.ts";
import { SI_TIMER } from "../../abi/signal.ts";

/** What timer_getoverrun(2) counts up to. */
const DELAYTIMER_MAX = 0x7fff_ffff;

export class PosixTimer {
  readonly id: number;
  /** Counts the process's time on the hart, and not the machine's. */
  readonly countsCpuTime: boolean;
  /** What it sends; null: nothing (SIGEV_NONE). */
  readonly signal: { readonly signo: number; readonly value: number } | null;
  expiry = Number.POSITIVE_INFINITY;
  /** Seconds that its clock shows more than the machine's: times that are asked for are of its clock. */
  origin = 0;
  /** As it was asked for; 0: it expires once. */
  interval = 0;
  /** Takes it off the machine's clock. */
  cancel: (() => void) | null = null;
  /** Expiries that found the signal of an earlier one still pending. */
  #waiting = 0;
  #delivered = 0;
  #sent: SignalInfo | null = null;

  constructor(id: number, countsCpuTime: boolean, signal: PosixTimer["signal"]) {
    this.id = id;
    this.countsCpuTime = countsCpuTime;
    this.signal = signal;
  }

  /** It has expired: what to send, or null when its last signal has not been taken yet. */
  expired(times: number, pending: readonly SignalInfo[]): SignalInfo | null {
    if (this.signal === null) return null;
    const isPending = this.#settle(pending);
    this.#waiting = Math.min(this.#waiting + (isPending ? times : times - 1), DELAYTIMER_MAX);
    if (isPending) return null;
    const { signo, value } = this.signal;
    const timer = this;
    // si_tid and si_overrun lie where other signals have the sender; the overrun is what it is when the signal is taken.
    const sent = {
      ...{ signo, code: SI_TIMER, address: 0, pid: this.id, value },
      get uid(): number {
        return timer.#waiting;
      },
    };
    this.#sent = sent;
    return sent;
  }

  /** "the overrun count for the timer expiration" of the last signal that was taken, timer_getoverrun(2). */
  overrun(pending: readonly SignalInfo[]): number {
    this.#settle(pending);
    return this.#delivered;
  }

  /** Is its signal still pending? When it is not, the count belongs to it. */
  #settle(pending: readonly SignalInfo[]): boolean {
    if (this.#sent === null) return false;
    if (pending.includes(this.#sent)) return true;
    this.#delivered = this.#waiting;
    this.#waiting = 0;
    this.#sent = null;
    return false;
  }
}

export class PosixTimers {
  readonly #timers = new Map<number, PosixTimer>();
  #next = 0;

  create(countsCpuTime: boolean, signalOf: (id: number) => PosixTimer["signal"]): PosixTimer {
    const id = this.#next++;
    const timer = new PosixTimer(id, countsCpuTime, signalOf(id));
    this.#timers.set(id, timer);
    return timer;
  }

  get(id: number): PosixTimer | undefined {
    return this.#timers.get(id);
  }

  get size(): number {
    return this.#timers.size;
  }

  delete(timer: PosixTimer): void {
    timer.cancel?.();
    this.#timers.delete(timer.id);
  }

  /** By the end of the process, and by execve. */
  clear(): void {
    for (const timer of [...this.#timers.values()]) this.delete(timer);
    this.#next = 0;
  }

  /** Those that run on the process's own time. */
  get ofCpuTime(): PosixTimer[] {
    return [...this.#timers.values()].filter(
      ({ countsCpuTime, expiry }) => countsCpuTime && expiry < Number.POSITIVE_INFINITY,
    );
  }
}
