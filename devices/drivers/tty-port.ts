/**
 * The host's end of a terminal (struct tty_port): where its output goes, where what is typed comes from, and what the
 * host tells it. The driver's end is tty.ts.
 */
import type { File } from "./driver.ts";
import { HostInput } from "./host-input.ts";

/** In characters. */
export interface TtySize {
  readonly columns: number;
  readonly rows: number;
}

/** What shows a terminal's output: a host's terminal, or a screen of the machine's own. */
export interface TtySink {
  write(bytes: Uint8Array): void;
  readonly size: TtySize;
  /** It shows UTF-8: ERASE takes whole characters at once (IUTF8), until a program sets the terminal otherwise. */
  readonly isUtf8?: boolean;
  /** Commands of the device itself (VT_…, KD…): the result, or undefined for one that it does not know. */
  ioctl?(file: File, command: number, argument: number): number | undefined;
}

/** What a terminal does when its host calls. */
export interface TtyEnd {
  /** The foreground process group; 0: none. */
  readonly foreground: number;
  resize(size: TtySize): void;
  hangUp(): void;
}

export class TtyPort {
  readonly sink: TtySink;
  readonly input: HostInput;
  #tty: TtyEnd | null = null;

  /** Without an input nothing is ever typed, and a read sees end of file at once. */
  constructor(sink: TtySink, input: HostInput = HostInput.ended()) {
    this.sink = sink;
    this.input = input;
  }

  /** By the driver, once. */
  attach(tty: TtyEnd): void {
    if (this.#tty !== null) throw new Error("assert: a port belongs to one terminal");
    this.#tty = tty;
  }

  /** Its foreground process group; 0: none. */
  get foreground(): number {
    return this.#tty?.foreground ?? 0;
  }

  /** The terminal has another size now: SIGWINCH to the foreground group. */
  resize(size: TtySize): void {
    this.#tty?.resize(size);
  }

  /** The terminal is gone: SIGHUP to its session, end of file for readers, EIO for writers. */
  hangUp(): void {
    this.#tty?.hangUp();
  }
}
