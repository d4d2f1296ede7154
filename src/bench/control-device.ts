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
  /** A frame is done: a part of its time. */
  look(): void;
  /** After that. */
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
  /** Milliseconds that the frames of the last turn took. */
  elapsed = 0;
  /** Does the program wait in a read? */
  waits = false;

  constructor(between: Between) {
    this.#between = between;
    this.module = { name: "bench", create: (kernel) => this.#create(kernel) };
  }

  /** The program may draw `count` frames when it runs next. */
  allow(count: number): void {
    this.#left = count;
    this.elapsed = 0;
    this.waits = false;
    this.#queue?.wakeUp();
  }

  /** The program's next read is at the end of the file. */
  end(): void {
    this.#over = true;
    this.waits = false;
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
      this.waits = true;
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
    this.#between.look();
    this.elapsed += this.#between.now() - this.#started;
    this.#between.end();
    this.#drawing = false;
  }
}
