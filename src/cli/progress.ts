/** One line on a terminal that says how far a run is; nothing in a pipe. */
import type { WriteStream } from "node:tty";

const CLEAR_LINE = "\r\u001b[2K";

export class Progress {
  readonly #stream: Pick<WriteStream, "isTTY" | "columns" | "write"> | { isTTY?: false };
  readonly #started = performance.now();

  constructor(stream: Pick<WriteStream, "isTTY" | "columns" | "write"> | { isTTY?: false }) {
    this.#stream = stream;
  }

  show(done: number, of: number, next: string): void {
    const stream = this.#stream;
    if (stream.isTTY !== true) return;
    const seconds = (performance.now() - this.#started) / 1000;
    const left = done === 0 ? "" : `, ${Math.ceil((seconds / done) * (of - done))} s left`;
    stream.write(`${CLEAR_LINE}${`${done}/${of} ${next}${left}`.slice(0, stream.columns - 1)}`);
  }

  end(): void {
    if (this.#stream.isTTY === true) this.#stream.write(CLEAR_LINE);
  }
}
