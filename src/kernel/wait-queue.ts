/** Tasks that sleep until somebody wakes them (wait_queue_head_t). */
import type { WaitQueue } from "../../devices/drivers/driver.ts";

/** Who can sleep on a queue. */
export interface Sleeper {
  wake(): void;
}

export class WaitQueueHead implements WaitQueue {
  readonly #sleepers = new Set<Sleeper>();

  add(sleeper: Sleeper): void {
    this.#sleepers.add(sleeper);
  }

  remove(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
  }

  wakeUp(): void {
    const woken = [...this.#sleepers];
    this.#sleepers.clear();
    for (const sleeper of woken) sleeper.wake();
  }
}
