/**
 * /dev/console: what a program writes goes to the host, what the host types can be read a line at a time.
 *
 * The host's own terminal does what a line discipline would: it echoes, it edits the line, it makes a new line of "\n".
 * TCGETS says so (a fresh terminal's settings), so that isatty(3) holds and a C library buffers by line.
 *
 * Not modelled: other settings (TCSETS is ENOTTY), job control, signals from the keyboard, /dev/tty.
 */
import { EAGAIN, EFAULT, ENOTTY, ESPIPE } from "../../abi/errno.ts";
import { O_NONBLOCK } from "../../abi/fcntl.ts";
import { FIONREAD, TCGETS, TIOCGWINSZ, winsize } from "../../abi/ioctl.ts";
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../../abi/poll.ts";
import {
  B38400,
  CREAD,
  CS8,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ICANON,
  ICRNL,
  IEXTEN,
  ISIG,
  IXON,
  ONLCR,
  OPOST,
  termios,
} from "../../abi/termios.ts";
import type { File, FileOperations, Kernel, Module, WaitQueue } from "./driver.ts";
import { MKDEV } from "./vm.ts";

const DEV_CONSOLE = MKDEV(5, 1);
/** Bytes of one write that are fetched at a time, all or nothing (tty_io.c). */
const CHUNK = 2048;
const NEWLINE = 0x0a;
/** asm-generic/termbits.h: hang up on the last close. */
const HUPCL = 0x400;

/** tty_std_termios; c_cc is INIT_C_CC: ^C ^\ DEL ^U ^D, VMIN 1, ^Q ^S ^Z, then ^R ^O ^W ^V. */
const STANDARD_TERMIOS = termios.encode({
  c_iflag: ICRNL | IXON,
  c_oflag: OPOST | ONLCR,
  c_cflag: B38400 | CS8 | CREAD | HUPCL,
  c_lflag: ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
  c_cc: [3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0],
});

/** What the host types. One input belongs to one console. */
export class ConsoleInput {
  #bytes = new Uint8Array(0);
  #ended = false;
  #onChange: () => void = () => {};

  /** May more be typed? */
  get isOpen(): boolean {
    return !this.#ended;
  }

  /** Bytes typed and not read. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Types; a read gets it once the line is complete. Throws after end(). */
  feed(text: string | Uint8Array): void {
    if (this.#ended) throw new Error("the console's input has ended");
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    this.#bytes = all;
    this.#onChange();
  }

  /** Nothing more comes: reads get what is there, then end of file. */
  end(): void {
    this.#ended = true;
    this.#onChange();
  }

  /** The next line with its newline, at most `count` bytes of it; null while it is not complete. */
  peekLine(count: number): Uint8Array | null {
    const newline = this.#bytes.indexOf(NEWLINE);
    if (newline < 0 && !this.#ended) return null;
    return this.#bytes.subarray(0, Math.min(count, newline < 0 ? this.#bytes.length : newline + 1));
  }

  consume(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
  }

  /** Who is told when something was typed. */
  attach(onChange: () => void): void {
    this.#onChange = onChange;
  }
}

export interface ConsoleOptions {
  /** Without it, a read sees end of file at once. */
  readonly input?: ConsoleInput;
  /** In characters, as TIOCGWINSZ tells it. Default 80 × 24. */
  readonly columns?: number;
  readonly rows?: number;
}

/** The console's driver; `output` gets each piece that is written, in bytes. */
export const consoleDriver = (output: (bytes: Uint8Array) => void, options: ConsoleOptions = {}): Module => ({
  name: "console",
  create: (kernel) => ({
    init() {
      const error = kernel.registerChrdevRegion(DEV_CONSOLE, 1, "/dev/console");
      if (error < 0) return error;
      const failed = kernel.cdevAdd(kernel.cdevInit(consoleOperations(kernel, output, options)), DEV_CONSOLE, 1);
      if (failed < 0) return failed;
      kernel.deviceCreate("console", DEV_CONSOLE, 0o600);
      return 0;
    },
  }),
});

const endedInput = (): ConsoleInput => {
  const input = new ConsoleInput();
  input.end();
  return input;
};

const consoleOperations = (
  kernel: Kernel,
  output: (bytes: Uint8Array) => void,
  { input = endedInput(), columns = 80, rows = 24 }: ConsoleOptions,
): FileOperations => {
  const typed = kernel.waitQueue();
  input.attach(() => typed.wakeUp());
  const put = (argument: number, bytes: Uint8Array): number => (kernel.copyToUser(argument, bytes) === 0 ? 0 : -EFAULT);
  return {
    read: (file, buffer, count) => read(kernel, input, typed, file, buffer, count),
    write: (_file, buffer, count) => write(kernel, output, buffer, count),
    kernelWrite(_file, bytes) {
      output(bytes);
      return bytes.length;
    },
    llseek: () => -ESPIPE,
    poll(_file, table) {
      table.pollWait(typed);
      return POLLOUT | POLLWRNORM | (input.peekLine(1) === null ? 0 : POLLIN | POLLRDNORM);
    },
    ioctl(_file, command, argument) {
      switch (command) {
        case TCGETS:
          return put(argument, STANDARD_TERMIOS);
        case TIOCGWINSZ:
          return put(argument, winsize.encode({ ws_row: rows, ws_col: columns }));
        case FIONREAD:
          return put(argument, new Uint8Array(new Int32Array([input.length]).buffer));
        default:
          return -ENOTTY;
      }
    },
  };
};

/** "In canonical mode … input is made available line by line … read(2) returns at most one line", termios(3). */
const read = (
  kernel: Kernel,
  input: ConsoleInput,
  typed: WaitQueue,
  file: File,
  buffer: number,
  count: number,
): number => {
  if (count === 0) return 0;
  const line = input.peekLine(count);
  if (line === null) return (file.flags & O_NONBLOCK) !== 0 ? -EAGAIN : kernel.sleepOn(typed);
  if (kernel.copyToUser(buffer, line) !== 0) return -EFAULT;
  input.consume(line.length);
  return line.length;
};

const write = (kernel: Kernel, output: (bytes: Uint8Array) => void, buffer: number, count: number): number => {
  let done = 0;
  while (done < count) {
    const piece = new Uint8Array(Math.min(CHUNK, count - done));
    if (kernel.copyFromUser(piece, buffer + done) !== 0) return done > 0 ? done : -EFAULT;
    output(piece);
    done += piece.length;
  }
  return done;
};
