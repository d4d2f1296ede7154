/** The host's ends of a program's standard files. A pipe holds 64 KiB: a program that finds it full sleeps. */
import type { HostEnd } from "../kernel/fs/pipe.ts";

/** What the host writes into a program's standard input. */
export class InputStream {
  readonly #end: HostEnd;
  readonly #pieces: Uint8Array[] = [];
  #ended = false;
  #closed = false;

  constructor(end: HostEnd) {
    this.#end = end;
  }

  /** May more be written? */
  get isOpen(): boolean {
    return !this.#ended;
  }

  /** Bytes that the pipe had no room for yet. */
  get pending(): number {
    return this.#pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** Writes bytes, or text as UTF-8. What nobody reads any more is dropped. @throws Error after end(). */
  write(data: string | Uint8Array): void {
    if (this.#ended) throw new Error("the program's standard input has ended");
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data.slice();
    if (bytes.length > 0) this.#pieces.push(bytes);
    this.deliver();
  }

  /** The program reads the end of the file behind what was written. */
  end(data?: string | Uint8Array): void {
    if (data !== undefined) this.write(data);
    this.#ended = true;
    this.deliver();
  }

  /** The machine calls it: fills the pipe. */
  deliver(): void {
    for (let piece = this.#pieces[0]; piece !== undefined; piece = this.#pieces[0]) {
      const given = this.#end.give(piece);
      if (given < 0) this.#pieces.length = 0;
      else if (given < piece.length) {
        this.#pieces[0] = piece.subarray(given);
        return;
      } else this.#pieces.shift();
    }
    if (this.#ended && !this.#closed) {
      this.#closed = true;
      this.#end.close();
    }
  }
}

/** What a program writes to its standard output or error: `for await (const bytes of program.stdout)`, or text(). */
export class OutputStream implements AsyncIterable<Uint8Array> {
  readonly #end: HostEnd;
  readonly #onData: ((bytes: Uint8Array) => void) | null;
  readonly #readers: ((result: IteratorResult<Uint8Array, undefined>) => void)[] = [];
  #closed = false;

  /** With `onData` the bytes go there, as they come, and there is nothing to iterate over. */
  constructor(end: HostEnd, onData: ((bytes: Uint8Array) => void) | null) {
    this.#end = end;
    this.#onData = onData;
  }

  /** The machine calls it: hands out what is in the pipe, if somebody waits for it. True: somebody got something. */
  deliver(): boolean {
    if (this.#closed) return this.#finish();
    if (this.#onData !== null) {
      const bytes = this.#end.take();
      if (bytes.length > 0) this.#onData(bytes);
      return bytes.length > 0;
    }
    const reader = this.#readers[0];
    if (reader === undefined) return false;
    const bytes = this.#end.take();
    if (bytes.length > 0) {
      this.#readers.shift();
      reader({ done: false, value: bytes });
      return true;
    }
    return this.#end.isAlone ? this.#finish() : false;
  }

  /** Nothing comes any more. */
  close(): void {
    if (!this.#closed) this.#end.close();
    this.#closed = true;
    this.#finish();
  }

  #finish(): boolean {
    const waiting = this.#readers.splice(0);
    for (const reader of waiting) reader({ done: true, value: undefined });
    return waiting.length > 0;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return {
      next: () =>
        new Promise((resolve) => {
          this.#readers.push(resolve);
          // What is there already comes at once; the rest when the machine runs.
          this.deliver();
        }),
      // Who stops reading closes the pipe: the program's next write is SIGPIPE.
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  /** All of it, to the end, as UTF-8. */
  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of this) text += decoder.decode(bytes, { stream: true });
    return text + decoder.decode();
  }
}
