/**
 * A terminal (struct tty_struct; drivers/tty of Linux 6.12): a port, a line discipline, and the session that it controls.
 *
 * Not modelled: a terminal per process rather than per session (TIOCNOTTY of one that leads no session), modem lines,
 * exclusive use, a hang-up that one can open again after.
 */
import { EAGAIN, EFAULT, EIO } from "../../abi/errno.ts";
import { O_NONBLOCK } from "../../abi/fcntl.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../../abi/poll.ts";
import { SIGCONT, SIGHUP, SIGTTIN, SIGTTOU, SIGWINCH } from "../../abi/signal.ts";
import { ICANON, IUTF8, TOSTOP, VMIN, VTIME } from "../../abi/termios.ts";
import type { File, Kernel, PollTable, WaitQueue } from "./driver.ts";
import { JobControl } from "./tty-job-control.ts";
import { LineDiscipline } from "./tty-line.ts";
import type { TtyEnd, TtyPort, TtySize } from "./tty-port.ts";
import { standardTermios } from "./tty-settings.ts";

/** Bytes of one write that are fetched at a time, all or nothing (tty_io.c). */
const CHUNK = 2048;
const PIECE = 4096;
/** VTIME counts tenths of a second, in nanoseconds. */
const TENTH = 1e8;

/** What a read that is not canonical must remember while it sleeps. */
interface RawRead {
  /** Of the first read of the call: the later buffers of a readv wait for nothing. */
  readonly buffer: number;
  /** Until when the next byte must come (VTIME), once one has. */
  deadline: number;
}

export class Tty implements TtyEnd {
  readonly #kernel: Kernel;
  readonly port: TtyPort;
  readonly line: LineDiscipline;
  readonly jobs: JobControl;
  size: { ws_row: number; ws_col: number; ws_xpixel: number; ws_ypixel: number };
  isHungUp = false;
  readonly #changed: WaitQueue;
  readonly #reads = new WeakMap<object, RawRead>();

  constructor(kernel: Kernel, port: TtyPort) {
    this.#kernel = kernel;
    this.port = port;
    this.#changed = kernel.waitQueue();
    this.jobs = new JobControl(kernel);
    const { size, isUtf8 = false } = port.sink;
    const { columns, rows } = size;
    const settings = standardTermios();
    this.size = { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    this.line = new LineDiscipline(
      {
        show: (bytes) => port.sink.write(bytes),
        signal: (signo) => this.jobs.signal(signo),
        changed: () => this.#changed.wakeUp(),
      },
      isUtf8 ? { ...settings, c_iflag: settings.c_iflag | IUTF8 } : settings,
    );
    port.attach(this);
    port.input.attach(() => this.#pull());
    this.#pull();
  }

  /** Takes what was typed as far as the line discipline has room. */
  #pull(): void {
    const { input } = this.port;
    while (input.length > 0) {
      const taken = this.line.receive(input.peek(PIECE));
      if (taken === 0) return;
      input.consume(taken);
    }
    if (!input.isOpen) this.line.receiveEnd();
  }

  get foreground(): number {
    return this.jobs.foreground;
  }

  /** Will nothing more come? */
  get #isEnded(): boolean {
    return this.isHungUp || (!this.port.input.isOpen && this.port.input.length === 0);
  }

  read(file: File, buffer: number, count: number, isConsole: boolean): number {
    if (this.isHungUp) return 0;
    const refused = isConsole ? 0 : this.jobs.check(SIGTTIN);
    if (refused !== 0) return refused;
    if (count === 0) return 0;
    const result = this.line.isCanonical ? this.#readLine(file, buffer, count) : this.#readRaw(file, buffer, count);
    this.#pull();
    return result;
  }

  /** "In canonical mode … input is made available line by line … read(2) returns at most one line", termios(3). */
  #readLine(file: File, buffer: number, count: number): number {
    if (!this.line.hasInput(false)) {
      if (this.#isEnded) return 0;
      this.port.input.want();
      return (file.flags & O_NONBLOCK) !== 0 ? -EAGAIN : this.#kernel.sleepOn(this.#changed);
    }
    return this.#hand(buffer, this.line.read(count));
  }

  /** What a read takes from the terminal is gone, also when the reader's buffer is not there. */
  #hand(buffer: number, bytes: Uint8Array): number {
    const missed = this.#kernel.copyToUser(buffer, bytes);
    return missed > 0 && missed === bytes.length ? -EFAULT : bytes.length - missed;
  }

  /** "In noncanonical mode input is available immediately": the four cases of MIN and TIME, termios(3). */
  #readRaw(file: File, buffer: number, count: number): number {
    const { call } = this.#kernel.current;
    if (call === null) throw new Error("assert: a read outside a system call");
    const { c_cc, c_lflag } = this.line.termios;
    // With EXTPROC the other end of the line edits it: what has come is there, and MIN and TIME do not count.
    const isEdited = (c_lflag & ICANON) !== 0;
    const least = isEdited ? 1 : c_cc[VMIN]!;
    const time = isEdited ? 0 : c_cc[VTIME]! * TENTH;
    const state = this.#reads.get(call) ?? { buffer, deadline: Number.POSITIVE_INFINITY };
    this.#reads.set(call, state);
    const isFirst = state.buffer === buffer;
    let done = isFirst ? call.moved : 0;
    if (this.line.hasInput(false)) {
      const read = this.#hand(buffer + done, this.line.read(count - done));
      if (read <= 0) return done > 0 ? done : read;
      done += read;
      if (least > 0 && time > 0) state.deadline = this.#kernel.ktimeGet() + time;
    }
    if (!isFirst || done >= Math.min(Math.max(least, 1), count) || this.#isEnded) return done;
    // "MIN == 0, TIME > 0 (read with timeout): TIME specifies the limit for a timer … started when read(2) is called."
    const deadline = least > 0 ? state.deadline : call.started + time;
    if (deadline <= this.#kernel.ktimeGet()) return done;
    this.port.input.want();
    if ((file.flags & O_NONBLOCK) !== 0) return done > 0 ? done : -EAGAIN;
    call.moved = done;
    const slept =
      deadline === Number.POSITIVE_INFINITY
        ? this.#kernel.sleepOn(this.#changed)
        : this.#kernel.sleepOn(this.#changed, deadline - call.started);
    return slept === 0 ? done : slept;
  }

  write(file: File, buffer: number, count: number, isConsole: boolean): number {
    if (this.isHungUp) return -EIO;
    const refused = (this.line.termios.c_lflag & TOSTOP) === 0 || isConsole ? 0 : this.jobs.check(SIGTTOU);
    if (refused !== 0) return refused;
    if (this.line.isStopped && count > 0) {
      return (file.flags & O_NONBLOCK) !== 0 ? -EAGAIN : this.#kernel.sleepOn(this.#changed);
    }
    let done = 0;
    while (done < count) {
      const piece = new Uint8Array(Math.min(CHUNK, count - done));
      if (this.#kernel.copyFromUser(piece, buffer + done) !== 0) return done > 0 ? done : -EFAULT;
      this.line.write(piece);
      done += piece.length;
    }
    return done;
  }

  poll(table: PollTable): number {
    if (this.isHungUp) return POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDNORM | POLLWRNORM;
    table.pollWait(this.#changed);
    const readable = this.line.hasInput(true) || this.#isEnded;
    if (!readable) this.port.input.want();
    return (readable ? POLLIN | POLLRDNORM : 0) | (this.line.isStopped ? 0 : POLLOUT | POLLWRNORM);
  }

  /** Forgets what was typed and not read (TCIFLUSH). */
  flushInput(): void {
    this.line.flush();
    this.port.input.clear();
  }

  /** TIOCSWINSZ: a size that is not new is not told (tty_do_resize). */
  setSize(size: Tty["size"]): void {
    const { ws_row, ws_col, ws_xpixel, ws_ypixel } = this.size;
    const same = size.ws_row === ws_row && size.ws_col === ws_col;
    if (same && size.ws_xpixel === ws_xpixel && size.ws_ypixel === ws_ypixel) return;
    this.size = size;
    this.jobs.signal(SIGWINCH);
  }

  resize({ columns, rows }: TtySize): void {
    this.setSize({ ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 });
  }

  /** tty_hangup(): the session's leader hears of it, open files are dead. */
  hangUp(): void {
    if (this.isHungUp) return;
    this.isHungUp = true;
    const { session } = this.jobs;
    this.jobs.clear();
    // A leader's process group has the session's number.
    if (session !== 0) for (const signo of [SIGHUP, SIGCONT]) this.#kernel.killPgrp(session, signo);
    this.#changed.wakeUp();
  }
}
