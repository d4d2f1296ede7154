/** System calls as they happen, but never more of them than a reader can follow. */
import type { ScanoutMachine } from "../src/index.ts";

const INTERVAL = 200;
const LINES = 40;

export class TraceBuffer {
  readonly #tell: (lines: readonly string[], dropped: number) => void;
  #lines: string[] = [];
  #dropped = 0;
  #stop: (() => void) | null = null;

  constructor(tell: (lines: readonly string[], dropped: number) => void) {
    this.#tell = tell;
  }

  follow(machine: ScanoutMachine): void {
    const end = machine.inspect.trace((line) => {
      if (this.#lines.length < LINES) this.#lines.push(line);
      else this.#dropped++;
    });
    const timer = setInterval(() => this.#flush(), INTERVAL);
    this.#stop = () => {
      end();
      clearInterval(timer);
      this.#flush();
    };
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#tell(this.#lines, this.#dropped);
    this.#lines = [];
    this.#dropped = 0;
  }
}
