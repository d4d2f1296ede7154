/**
 * The host's stdin, stdout and stderr as a program on the machine sees them: those that are a terminal make one terminal
 * of the machine, the others are pipes.
 */
import { spawnSync } from "node:child_process";
import { writeSync } from "node:fs";
import type { WriteStream } from "node:tty";
import { HostInput } from "../../devices/drivers/host-input.ts";
import { TtyPort, type TtySize } from "../../devices/drivers/tty-port.ts";
import type { StandardFileOptions } from "../standard-files.ts";

const { stdin, stdout, stderr } = process;
const CTRL_C = 3;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/** So many Ctrl-C within so many milliseconds end the machine, whatever its programs do. */
export const WAY_OUT = { presses: 3, within: 1000 };

const MOST_HELD = 1000;

/** For a terminal that only stdin is. */
const UNKNOWN_SIZE: TtySize = { columns: 80, rows: 24 };

/** A terminal that we have not set to raw makes "\r\n" of "\n" itself. */
const withoutReturns = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((byte, i) => byte !== CARRIAGE_RETURN || bytes[i + 1] !== NEWLINE);

export class HostStdio {
  readonly #isTerminal: readonly [boolean, boolean, boolean] = [stdin.isTTY, stdout.isTTY, stderr.isTTY];
  /** Who shows the terminal. */
  readonly #screen: WriteStream | null = stdout.isTTY ? stdout : stderr.isTTY ? stderr : null;
  readonly #input = new HostInput();
  readonly #terminal: TtyPort | null;
  readonly #undo: (() => void)[] = [];
  #presses: number[] = [];
  /** Sees what is typed before the machine does; what it returns is typed. */
  filter: ((bytes: Uint8Array) => Uint8Array) | null = null;
  /** What was written while somebody else has the terminal. */
  #held: { readonly stream: WriteStream; readonly bytes: Uint8Array | string }[] | null = null;
  /** Told of the third Ctrl-C. */
  onWayOut: () => void = () => {};

  constructor() {
    this.#terminal = this.#isTerminal.includes(true) ? this.#makeTerminal() : null;
  }

  #makeTerminal(): TtyPort {
    const screen = this.#screen;
    const write = (bytes: Uint8Array): void => {
      if (screen === null) writeSync(stdin.fd, bytes);
      else this.#write(screen, stdin.isTTY ? bytes : withoutReturns(bytes));
    };
    return new TtyPort({ write, size: this.#size, isUtf8: true }, stdin.isTTY ? this.#input : HostInput.ended());
  }

  get #size(): TtySize {
    const { columns = 0, rows = 0 } = this.#screen ?? {};
    return columns > 0 && rows > 0 ? { columns, rows } : UNKNOWN_SIZE;
  }

  /** For Computer.create. */
  get standardFiles(): StandardFileOptions {
    return {
      onOutput: (bytes) => this.#write(stdout, bytes),
      onError: (bytes) => this.#write(stderr, bytes),
      ...(stdin.isTTY ? {} : { input: this.#input }),
      ...(this.#terminal === null ? {} : { terminal: this.#terminal, onTerminal: this.#isTerminal }),
    };
  }

  /** Begins: what comes in on stdin goes to the machine. A terminal is left to the machine's own line discipline. */
  open(): void {
    if (stdin.isTTY) this.#openTerminal();
    else this.#openPipe();
    if (this.#screen !== null) this.#listen(this.#screen, "resize", () => this.#terminal?.resize(this.#size));
  }

  /** Gives everything back; the process can end. */
  close(): void {
    for (const undo of this.#undo.splice(0)) undo();
    stdin.pause();
    stdin.unref?.();
  }

  /** Does somebody type? */
  get isInteractive(): boolean {
    return stdin.isTTY;
  }

  /** Does somebody type, and read the answers? */
  get isConversation(): boolean {
    return stdin.isTTY && stdout.isTTY;
  }

  /** The terminal's foreground process group; 0: there is no terminal, or nobody in front of it. */
  get foreground(): number {
    return this.#terminal?.foreground ?? 0;
  }

  /** The terminal is gone. */
  hangUp(): void {
    this.#terminal?.hangUp();
  }

  /** A line of our own on stderr: in raw mode nobody else returns the carriage. */
  say(text: string): void {
    this.#write(stderr, stdin.isRaw && stderr.isTTY ? text.replaceAll("\n", "\r\n") : text);
  }

  /** From now on what goes to a terminal is kept: a picture is shown there. The last MOST_HELD pieces of it. */
  holdOutput(): void {
    this.#held ??= [];
  }

  releaseOutput(): void {
    for (const { stream, bytes } of this.#held ?? []) stream.write(bytes);
    this.#held = null;
  }

  #write(stream: WriteStream, bytes: Uint8Array | string): void {
    if (this.#held === null || !stream.isTTY) {
      stream.write(bytes);
      return;
    }
    this.#held.push({ stream, bytes });
    if (this.#held.length > MOST_HELD) this.#held.shift();
  }

  #listen(on: NodeJS.EventEmitter, event: string, listener: (...args: never[]) => void): void {
    on.on(event, listener as () => void);
    this.#undo.push(() => on.off(event, listener as () => void));
  }

  /** Only what the machine asks for is read: a pipe's writer waits, and what is not read is left to who comes next. */
  #openPipe(): void {
    const input = this.#input;
    stdin.pause();
    this.#listen(stdin, "data", (bytes: Uint8Array) => {
      input.feed(bytes);
      stdin.pause();
    });
    this.#listen(stdin, "end", () => input.end());
    // A directory, or a file that went: as a pipe whose writer has gone.
    this.#listen(stdin, "error", () => input.end());
    input.onWanted = () => void stdin.resume();
  }

  #openTerminal(): void {
    const restore = (): void => void stdin.setRawMode(false);
    this.#setRaw();
    this.#undo.push(restore);
    this.#listen(process, "exit", restore);
    this.#listen(process, "SIGCONT", () => this.#setRaw());
    this.#listen(stdin, "data", (bytes: Uint8Array) => this.#typed(bytes));
    this.#listen(stdin, "end", () => this.hangUp());
    this.#listen(stdin, "error", () => this.hangUp());
  }

  /** Another may have had the terminal in between, and set it: off and on again. */
  #setRaw(): void {
    stdin.setRawMode(false);
    stdin.setRawMode(true);
    // Node leaves ONLCR on, which breaks programs that move the cursor down by "\n". Where there is no stty, so be it.
    spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
  }

  #typed(raw: Uint8Array): void {
    const bytes = this.filter?.(raw) ?? raw;
    if (bytes.length > 0) this.#input.feed(bytes);
    const now = performance.now();
    for (const byte of bytes) if (byte === CTRL_C) this.#presses.push(now);
    this.#presses = this.#presses.filter((press) => now - press <= WAY_OUT.within);
    if (this.#presses.length >= WAY_OUT.presses) this.onWayOut();
  }
}
