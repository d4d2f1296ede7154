/** The kernel log: printk into a ring of lines, dmesg out of it (kernel/printk/printk.c of Linux 6.12). */

export interface LogLine {
  /** 0 (KERN_EMERG) … 7 (KERN_DEBUG). */
  readonly level: number;
  /** CLOCK_MONOTONIC, in nanoseconds. */
  readonly time: number;
  readonly text: string;
}

/** A line without a prefix has Linux's default level, KERN_WARNING. */
const DEFAULT_LEVEL = 4;
/** Lines kept; the oldest go first. */
const CAPACITY = 8192;
/** What a printk's prefix begins with (KERN_SOH). */
const KERN_SOH = "\u0001";
/** KERN_CONT: what follows goes on with a line that had no end. */
const CONTINUE = "c";

/** The level that a line's prefix says, null without one, "c" for KERN_CONT; and the text behind the prefix. */
const parsePrefix = (line: string): { level: number | typeof CONTINUE | null; text: string } => {
  if (!line.startsWith(KERN_SOH)) return { level: null, text: line };
  const letter = line[1] ?? "";
  const text = line.slice(2);
  if (letter === CONTINUE) return { level: CONTINUE, text };
  return { level: letter >= "0" && letter <= "7" ? Number(letter) : null, text };
};

export class Log {
  /** Sees each line when it is complete (a host that follows the console). */
  onLine: ((line: LogLine) => void) | undefined;
  readonly #now: () => number;
  readonly #lines: LogLine[] = [];
  /** The last line when it has no end yet. */
  #open: LogLine | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** All lines, the one without an end too. */
  get lines(): readonly LogLine[] {
    return this.#open === null ? this.#lines : [...this.#lines, this.#open];
  }

  /** Text with an optional KERN_… prefix at the start of each line. Only KERN_CONT goes on with a line without "\n". */
  printk(text: string): void {
    const pieces = text.split("\n");
    const last = pieces.pop()!;
    // A line of several in one call keeps the level of the one before it, as in one record of Linux's ring.
    let level = DEFAULT_LEVEL;
    for (const piece of pieces) {
      level = this.#begin(piece, level);
      this.#end();
    }
    if (last !== "") this.#begin(last, level);
  }

  /** As dmesg(1) prints it: "[    0.000000] text". */
  dmesg(): string {
    return this.lines.map((line) => `${stamp(line.time)} ${line.text}\n`).join("");
  }

  #begin(piece: string, before: number): number {
    const { level, text } = parsePrefix(piece);
    if (level === CONTINUE && this.#open !== null) {
      this.#open = { ...this.#open, text: this.#open.text + text };
      return this.#open.level;
    }
    this.#end();
    this.#open = { level: typeof level === "number" ? level : before, time: this.#now(), text };
    return this.#open.level;
  }

  #end(): void {
    const line = this.#open;
    if (line === null) return;
    this.#open = null;
    if (this.#lines.length === CAPACITY) this.#lines.shift();
    this.#lines.push(line);
    this.onLine?.(line);
  }
}

const stamp = (time: number): string => {
  const seconds = Math.floor(time / 1e9);
  const micros = Math.floor((time % 1e9) / 1e3);
  return `[${String(seconds).padStart(5)}.${String(micros).padStart(6, "0")}]`;
};
