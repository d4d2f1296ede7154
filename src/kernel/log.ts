/** The kernel log: printk into a ring of lines, dmesg out of it (kernel/printk/printk.c). */

export interface LogLine {
  /** 0 (KERN_EMERG) … 7 (KERN_DEBUG). */
  readonly level: number;
  /** CLOCK_MONOTONIC, in nanoseconds. */
  readonly time: number;
  readonly text: string;
}

/** A line without a prefix has Linux's default level, KERN_WARNING. */
const DEFAULT_LEVEL = 4;
const CAPACITY = 8192;
/** What a printk's prefix begins with (KERN_SOH). */
const KERN_SOH = "\u0001";

export class Log {
  readonly lines: LogLine[] = [];
  /** Sees each line as it is written (a host that follows the console). */
  onLine: ((line: LogLine) => void) | undefined;
  readonly #now: () => number;
  #open = "";
  #level = DEFAULT_LEVEL;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Text with an optional KERN_… prefix at the start of each line; a line ends with "\n". */
  printk(text: string): void {
    const parts = text.split("\n");
    parts.forEach((part, index) => {
      let body = part;
      if (body.startsWith(KERN_SOH)) {
        if (this.#open !== "") this.#end();
        this.#level = Number(body[1]);
        body = body.slice(2);
      }
      this.#open += body;
      if (index < parts.length - 1) this.#end();
    });
  }

  /** As dmesg(1) prints it: "[    0.000000] text". */
  dmesg(): string {
    return this.lines.map((line) => `${stamp(line.time)} ${line.text}\n`).join("");
  }

  #end(): void {
    const line = { level: this.#level, time: this.#now(), text: this.#open };
    this.#open = "";
    this.#level = DEFAULT_LEVEL;
    if (this.lines.length === CAPACITY) this.lines.shift();
    this.lines.push(line);
    this.onLine?.(line);
  }
}

const stamp = (time: number): string => {
  const seconds = Math.floor(time / 1e9);
  const micros = Math.floor((time % 1e9) / 1e3);
  return `[${String(seconds).padStart(5)}.${String(micros).padStart(6, "0")}]`;
};
