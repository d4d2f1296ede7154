/**
 * /dev/bench: how the host and the C program take turns. The program reads four bytes for each frame; a frame lasts from
 * the end of that read to the next one, so what is between two reads is timed and counted, and sleeping is not.
 */
import { EFAULT } from "../../abi/errno.ts";
import type { FileOperations, Kernel, Module, WaitQueue } from "../../devices/drivers/driver.ts";

/** What happens between two frames of a program. */
export interface Between {
  /** Milliseconds, from anywhere. */
  now(): number;
  /** A frame begins, after this. */
  begin(): void;
  /** A frame is done. */
  end(): void;
}

/** Bytes that a read takes. */
const TURN = 4;

export class ControlDevice {
  readonly module: Module;
  readonly #between: Between;
  #queue: WaitQueue | null = null;
  #left = 0;
  #drawing = false;
  #over = false;
  #started = 0;
  #elapsed = 0;
  #done: ((milliseconds: number) => void) | null = null;

  constructor(between: Between) {
    this.#between = between;
    this.module = { name: "bench", create: (kernel) => this.#create(kernel) };
  }

  /** Lets the program draw `count` frames: the milliseconds that they took, one after the other. */
  draw(count: number): Promise<number> {
    return new Promise((resolve) => {
      this.#left = count;
      this.#elapsed = 0;
      this.#done = resolve;
      this.#queue?.wakeUp();
    });
  }

  /** The program's next read is at the end of the file. */
  end(): void {
    this.#over = true;
    this.#queue?.wakeUp();
  }

  #create(kernel: Kernel): { init(): number } {
    const queue = kernel.waitQueue();
    this.#queue = queue;
    const ops: FileOperations = { read: (_file, buffer, count) => this.#read(kernel, queue, buffer, count) };
    const cdev = kernel.cdevInit(ops);
    return {
      init() {
        const dev = kernel.allocChrdevRegion(0, 1, "bench");
        if (dev < 0) return dev;
        kernel.deviceCreate("bench", dev, 0o400);
        return kernel.cdevAdd(cdev, dev, 1);
      },
    };
  }

  #read(kernel: Kernel, queue: WaitQueue, buffer: number, count: number): number {
    if (this.#drawing) this.#finish();
    if (this.#over) return 0;
    if (this.#left === 0) {
      const done = this.#done;
      this.#done = null;
      done?.(this.#elapsed);
      return kernel.sleepOn(queue);
    }
    if (count < TURN || kernel.copyToUser(buffer, new Uint8Array(TURN)) !== 0) return -EFAULT;
    this.#left--;
    this.#drawing = true;
    this.#between.begin();
    this.#started = this.#between.now();
    return TURN;
  }

  #finish(): void {
    this.#between.end();
    this.#elapsed += this.#between.now() - this.#started;
    this.#drawing = false;
  }
}
