/**
 * The machine's serial terminal, /dev/ttyS0, as its user sees it. What it shows goes to the option `onConsole`; it echoes
 * and edits as Linux's terminals do, unless a program sets it otherwise.
 */
import type { TtyPort, TtySize } from "../../devices/drivers/tty-port.ts";

export class Console {
  readonly #port: TtyPort;
  readonly #alive: () => void;

  constructor(port: TtyPort, alive: () => void) {
    this.#port = port;
    this.#alive = alive;
  }

  /** Types bytes, or text as UTF-8: "\r" is the Enter key, "\x03" Ctrl-C. @throws ScanoutError when disposed of. */
  type(keys: string | Uint8Array): void {
    this.#alive();
    this.#port.input.feed(keys);
  }

  /** Its size in characters, 80 × 24 at first. Programs in the foreground hear of it (SIGWINCH). */
  resize(size: TtySize): void {
    this.#alive();
    this.#port.resize(size);
  }

  /** The user has gone: SIGHUP to the session, end of file for readers. There is no way back. */
  hangUp(): void {
    this.#alive();
    this.#port.hangUp();
  }
}
