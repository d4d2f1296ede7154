/**
 * One open file of /dev/input/eventN: its queue of events (struct evdev_client, drivers/input/evdev.c of Linux 6.12). A
 * reader sees whole packets only; when the queue runs over, all that was not read is dropped and SYN_DROPPED says so.
 *
 *     tail ── whole packets, can be read ──▶ packetHead ── the packet that is coming in ──▶ head
 */
import { EINVAL } from "../../abi/errno.ts";
import { EV_SYN, type InputEvent, SYN_DROPPED, SYN_REPORT } from "../../abi/input.ts";
import { CLOCK_BOOTTIME, CLOCK_MONOTONIC, CLOCK_REALTIME, type Timeval } from "../../abi/time.ts";
import type { InputReport } from "../hardware/input-port.ts";
import type { Kernel, WaitQueue } from "./driver.ts";
import type { InputHandle } from "./input-dev.ts";

export class EvdevClient implements InputHandle {
  readonly queue: WaitQueue;
  revoked = false;
  readonly #kernel: Kernel;
  /** A power of two. */
  readonly #size: number;
  readonly #events: InputEvent[];
  #head = 0;
  #tail = 0;
  #packetHead = 0;
  #clock = CLOCK_REALTIME;

  /** `size` events, one of which is never used; a power of two. */
  constructor(kernel: Kernel, size: number) {
    this.#kernel = kernel;
    this.#size = size;
    this.#events = new Array<InputEvent>(size);
    this.queue = kernel.waitQueue();
  }

  get isEmpty(): boolean {
    return this.#packetHead === this.#tail;
  }

  /** evdev_pass_values. */
  events(packet: readonly InputReport[]): void {
    if (this.revoked) return;
    const time = this.#now();
    let wake = false;
    for (const report of packet) {
      if (isReport(report)) {
        // An empty packet: a program flushed what was in it.
        if (this.#packetHead === this.#head) continue;
        wake = true;
      }
      this.#pass({ time, type: report.type, code: report.code, value: report.value });
    }
    if (wake) this.queue.wakeUp();
  }

  /** The oldest event of a whole packet, or null. */
  next(): InputEvent | null {
    if (this.isEmpty) return null;
    const event = this.#events[this.#tail]!;
    this.#tail = this.#after(this.#tail);
    return event;
  }

  /** EVIOCSCLOCKID: what is in the queue was stamped by the other clock, and goes. 0 or -EINVAL. */
  setClock(clock: number): number {
    if (clock !== CLOCK_REALTIME && clock !== CLOCK_MONOTONIC && clock !== CLOCK_BOOTTIME) return -EINVAL;
    if (clock === this.#clock) return 0;
    this.#clock = clock;
    if (this.#head !== this.#tail) {
      this.#packetHead = this.#tail;
      this.#head = this.#tail;
      this.#queueDropped();
    }
    return 0;
  }

  /** Takes the queued events of a type out: the program reads the state itself (__evdev_flush_queue). */
  flush(type: number): void {
    let head = this.#tail;
    this.#packetHead = this.#tail;
    // So that a leading SYN_REPORT stays.
    let count = 1;
    for (let at = this.#tail; at !== this.#head; at = this.#after(at)) {
      const event = this.#events[at]!;
      if (event.type === type || (isReport(event) && count === 0)) continue;
      this.#events[head] = event;
      head = this.#after(head);
      count++;
      if (isReport(event)) {
        count = 0;
        this.#packetHead = head;
      }
    }
    this.#head = head;
  }

  /** The state that was flushed for did not reach the program (__evdev_queue_syn_dropped). */
  dropped(): void {
    this.#queueDropped();
  }

  #pass(event: InputEvent): void {
    this.#events[this.#head] = event;
    this.#head = this.#after(this.#head);
    if (this.#head === this.#tail) {
      this.#tail = (this.#head - 2) & (this.#size - 1);
      this.#events[this.#tail] = { time: event.time, type: EV_SYN, code: SYN_DROPPED, value: 0 };
      this.#packetHead = this.#tail;
    }
    if (isReport(event)) this.#packetHead = this.#head;
  }

  #queueDropped(): void {
    this.#events[this.#head] = { time: this.#now(), type: EV_SYN, code: SYN_DROPPED, value: 0 };
    this.#head = this.#after(this.#head);
    if (this.#head === this.#tail) {
      this.#tail = (this.#head - 1) & (this.#size - 1);
      this.#packetHead = this.#tail;
    }
  }

  #after(index: number): number {
    return (index + 1) & (this.#size - 1);
  }

  #now(): Timeval {
    if (this.#clock === CLOCK_REALTIME) {
      const { tv_sec, tv_nsec } = this.#kernel.ktimeGetRealTs64();
      return { tv_sec, tv_usec: Math.floor(tv_nsec / 1000) };
    }
    const now = this.#kernel.ktimeGet();
    return { tv_sec: Math.floor(now / 1e9), tv_usec: Math.floor((now % 1e9) / 1000) };
  }
}

const isReport = ({ type, code }: InputReport): boolean => type === EV_SYN && code === SYN_REPORT;
