/** FBIO_WAITFORVSYNC: programs that sleep until the card's next vertical blank. */
import type { Kernel, WaitQueue } from "./driver.ts";

/** The card's interrupt line: calls `handler` after every vblank until the returned function is called (free_irq). */
export interface VblankInterrupt {
  onVblank(handler: () => void): () => void;
}

export class VblankWait {
  readonly #kernel: Kernel;
  readonly #interrupt: VblankInterrupt;
  readonly #queue: WaitQueue;
  /** Waiting system calls, and how many vblanks had been when each began. */
  readonly #waits = new WeakMap<object, number>();
  #vblanks = 0;
  /** Stops the interrupt, which is on only while somebody waits: it makes time pass. */
  #free: (() => void) | null = null;

  constructor(kernel: Kernel, interrupt: VblankInterrupt) {
    this.#kernel = kernel;
    this.#interrupt = interrupt;
    this.#queue = kernel.waitQueue();
  }

  /** 0 when a vblank came since the call began, else what sleepOn returns. */
  wait(): number {
    const { call } = this.#kernel.current;
    if (call === null) throw new Error("assert: FBIO_WAITFORVSYNC outside a system call");
    const began = this.#waits.get(call);
    if (began !== undefined && began !== this.#vblanks) return 0;
    this.#waits.set(call, this.#vblanks);
    this.#free ??= this.#interrupt.onVblank(() => this.#vblank());
    return this.#kernel.sleepOn(this.#queue);
  }

  stop(): void {
    this.#free?.();
    this.#free = null;
  }

  #vblank(): void {
    this.#vblanks++;
    this.stop();
    this.#queue.wakeUp();
  }
}
