/**
 * The line discipline N_TTY (n_tty.c of Linux 6.12): what typed bytes mean. Names and the order of checks are its own, so
 * that the two can be read side by side. Parity and break do not happen.
 */
import { SIGINT, SIGQUIT, SIGTSTP } from "../../abi/signal.ts";
import {
  ECHO,
  ECHOCTL,
  ECHONL,
  EXTPROC,
  ICANON,
  ICRNL,
  IEXTEN,
  IGNCR,
  INLCR,
  ISIG,
  ISTRIP,
  IUCLC,
  IXANY,
  IXON,
  NOFLSH,
  PARMRK,
  type Termios,
  VEOF,
  VEOL,
  VEOL2,
  VERASE,
  VINTR,
  VKILL,
  VLNEXT,
  VMIN,
  VQUIT,
  VREPRINT,
  VSTART,
  VSTOP,
  VSUSP,
  VTIME,
  VWERASE,
} from "../../abi/termios.ts";
import { N_TTY_BUF_SIZE, TtyBuffer } from "./tty-buffer.ts";
import { tolower } from "./tty-ctype.ts";
import { TtyEcho } from "./tty-echo.ts";
import { TtyEraser } from "./tty-erase.ts";
import { TtyOutput } from "./tty-output.ts";
import { DISABLED_CHAR } from "./tty-settings.ts";

const BS = 0x08;
const NL = 0x0a;
const CR = 0x0d;
const CARET = 0x5e;

/** What a line discipline asks of its terminal. */
export interface LineHost {
  /** Bytes for the screen. */
  show(bytes: Uint8Array): void;
  /** To the foreground process group. */
  signal(signo: number): void;
  /** There is more to read, or to write: who waits should look. */
  changed(): void;
}

export class LineDiscipline {
  readonly #host: LineHost;
  #termios: Termios;
  readonly #buffer = new TtyBuffer();
  readonly #output = new TtyOutput();
  readonly #echo = new TtyEcho(this.#output);
  readonly #eraser = new TtyEraser(this.#buffer, this.#echo);
  /** 1 for each byte that may mean something (char_map). */
  #special = new Uint8Array(256);
  #lnext = false;
  /** Held by ^S, and by TCXONC, which ^Q does not end. */
  #stopped = false;
  #tcoStopped = false;

  constructor(host: LineHost, termios: Termios) {
    this.#host = host;
    this.#termios = termios;
    this.#special = specialsOf(termios);
  }

  get termios(): Termios {
    return this.#termios;
  }

  /** Is the output held? */
  get isStopped(): boolean {
    return this.#stopped;
  }

  #l(flag: number): boolean {
    return (this.#termios.c_lflag & flag) !== 0;
  }

  #i(flag: number): boolean {
    return (this.#termios.c_iflag & flag) !== 0;
  }

  #is(c: number, which: number): boolean {
    return c === this.#termios.c_cc[which];
  }

  /** Lines are edited and read one by one. */
  get isCanonical(): boolean {
    return this.#l(ICANON) && !this.#l(EXTPROC);
  }

  /** n_tty_set_termios(). */
  set termios(termios: Termios) {
    const before = this.#termios;
    this.#termios = termios;
    if (((before.c_lflag ^ termios.c_lflag) & (ICANON | EXTPROC)) !== 0) {
      this.#buffer.changeMode(this.#l(ICANON));
      this.#eraser.forget();
      this.#lnext = false;
    }
    this.#special = specialsOf(termios);
    if (!this.#i(IXON) && (before.c_iflag & IXON) !== 0 && !this.#tcoStopped) this.#startAndEcho();
    this.#flushOutput();
    this.#host.changed();
  }

  // Reading

  /** Bytes as FIONREAD tells them. */
  get available(): number {
    return this.isCanonical ? this.#buffer.canonicalCount : this.#buffer.count;
  }

  /** Would a read get something (input_available_p)? For poll, VMIN counts unless VTIME does. */
  hasInput(forPoll: boolean): boolean {
    const { tail, canonHead, commitHead } = this.#buffer;
    if (this.isCanonical) return canonHead !== tail;
    const { c_cc } = this.#termios;
    const amount = forPoll && c_cc[VTIME] === 0 && c_cc[VMIN]! > 0 ? c_cc[VMIN]! : 1;
    return commitHead - tail >= amount;
  }

  /** At most `count` bytes: of the next line, or of all that is there. Look at hasInput first: a line may be empty (EOF). */
  read(count: number): Uint8Array {
    if (this.isCanonical) return this.#buffer.readLine(count);
    const bytes = this.#buffer.readRaw(count);
    // "Turn single EOF into zero-length read", where the other end edits the line.
    const isEof = this.#l(ICANON) && bytes.length === 1 && this.#is(bytes[0]!, VEOF) && this.#buffer.count === 0;
    return isEof ? bytes.subarray(1) : bytes;
  }

  // Writing

  /** A program's output. The caller has seen that it is not held. */
  write(bytes: Uint8Array): void {
    this.#echo.process(this.#termios);
    for (const c of bytes) this.#output.put(c, this.#termios);
    this.#flushOutput();
  }

  #flushOutput(): void {
    const bytes = this.#output.take();
    if (bytes.length > 0) this.#host.show(bytes);
  }

  // Input

  /** Takes typed bytes as far as there is room: how many it took (n_tty_receive_buf_common). */
  receive(bytes: Uint8Array): number {
    let done = 0;
    while (done < bytes.length) {
      const buffer = this.#buffer;
      const free = N_TTY_BUF_SIZE - buffer.count;
      let room = (this.#i(PARMRK) ? Math.ceil(free / 3) : free) - 1;
      if (room <= 0) {
        // "If we are doing input canonicalization, and there are no pending newlines, let characters through without
        // limit, so that erase characters will be handled."
        const overflows = this.#l(ICANON) && buffer.canonHead === buffer.tail;
        if (overflows && room < 0) buffer.head--;
        room = overflows ? 1 : 0;
      }
      if (room === 0) break;
      const piece = bytes.subarray(done, done + room);
      this.#receiveBuf(piece);
      done += piece.length;
    }
    return done;
  }

  /** The source has ended: an unfinished line is one all the same. */
  receiveEnd(): void {
    const { head, canonHead } = this.#buffer;
    if (this.isCanonical && head !== canonHead) this.#buffer.putLineEnd(DISABLED_CHAR);
    this.#host.changed();
  }

  #receiveBuf(bytes: Uint8Array): void {
    for (const c of bytes) this.#receiveByte(c);
    this.#echo.flush(this.#termios);
    this.#flushOutput();
    if (this.isCanonical) return;
    this.#buffer.commitHead = this.#buffer.head;
    if (this.#buffer.count > 0) this.#host.changed();
  }

  #receiveByte(typed: number): void {
    let c = this.#i(ISTRIP) ? typed & 0x7f : typed;
    if (this.#i(IUCLC) && this.#l(IEXTEN)) c = tolower(c);
    if (this.#l(EXTPROC)) this.#buffer.put(c);
    else if (this.#lnext) {
      this.#lnext = false;
      this.#receiveChar(c);
    } else if (this.#special[c] === 1) this.#receiveSpecial(c);
    else this.#receiveChar(c);
  }

  #receiveChar(c: number): void {
    this.#restartOnAny();
    if (this.#l(ECHO)) this.#echoTyped(c);
    this.#putDoubled(c);
  }

  /** With PARMRK a byte 0xff is doubled, so that it cannot be taken for a mark. */
  #putDoubled(c: number): void {
    if (c === 0xff && this.#i(PARMRK)) this.#buffer.put(c);
    this.#buffer.put(c);
  }

  #echoTyped(c: number): void {
    this.#eraser.finish();
    this.#noteLineStart();
    this.#echo.char(c, this.#termios);
    this.#echo.commit(this.#termios);
  }

  #noteLineStart(): void {
    if (this.#buffer.canonHead === this.#buffer.head) this.#echo.setCanonColumn();
  }

  #restartOnAny(): void {
    if (this.#stopped && !this.#tcoStopped && this.#i(IXON) && this.#i(IXANY)) this.#startAndEcho();
  }

  #receiveSpecial(c: number): void {
    if (this.#i(IXON) && this.#flowControl(c)) return;
    if (this.#l(ISIG) && this.#signalChar(c)) return;
    this.#restartOnAny();
    let mapped = c;
    if (c === CR) {
      if (this.#i(IGNCR)) return;
      if (this.#i(ICRNL)) mapped = NL;
    } else if (c === NL && this.#i(INLCR)) mapped = CR;
    if (this.#l(ICANON) && this.#receiveCanon(mapped)) return;
    if (this.#l(ECHO)) {
      if (mapped === NL) {
        this.#eraser.finish();
        this.#echo.raw(NL);
        this.#echo.commit(this.#termios);
      } else this.#echoTyped(mapped);
    }
    this.#putDoubled(mapped);
  }

  #flowControl(c: number): boolean {
    if (this.#is(c, VSTART)) this.#startAndEcho();
    else if (this.#is(c, VSTOP)) this.#stop();
    else return false;
    return true;
  }

  /** INTR, QUIT, SUSP: the signal, and, without NOFLSH, what was typed and not read is forgotten (isig). */
  #signalChar(c: number): boolean {
    const signo = this.#is(c, VINTR) ? SIGINT : this.#is(c, VQUIT) ? SIGQUIT : this.#is(c, VSUSP) ? SIGTSTP : 0;
    if (signo === 0) return false;
    this.#host.signal(signo);
    if (!this.#l(NOFLSH)) {
      // What was on its way out is flushed too.
      this.#echo.clear();
      this.#output.take();
      this.flush();
    }
    if (this.#i(IXON)) this.#start();
    if (this.#l(ECHO)) {
      this.#echo.char(c, this.#termios);
      this.#echo.commit(this.#termios);
    } else this.#echo.process(this.#termios);
    return true;
  }

  #receiveCanon(c: number): boolean {
    const extended = this.#l(IEXTEN);
    if (this.#is(c, VERASE) || this.#is(c, VKILL) || (this.#is(c, VWERASE) && extended)) {
      this.#eraser.erase(c, this.#termios);
      this.#echo.commit(this.#termios);
    } else if (this.#is(c, VLNEXT) && extended) this.#literalNext();
    else if (this.#is(c, VREPRINT) && this.#l(ECHO) && extended) this.#reprint(c);
    else if (c === NL) this.#newline();
    else if (this.#is(c, VEOF)) this.#endLine(DISABLED_CHAR);
    else if (this.#is(c, VEOL) || (this.#is(c, VEOL2) && extended)) {
      if (this.#l(ECHO)) {
        this.#noteLineStart();
        this.#echo.char(c, this.#termios);
        this.#echo.commit(this.#termios);
      }
      if (c === 0xff && this.#i(PARMRK)) this.#buffer.put(c);
      this.#endLine(c);
    } else return false;
    return true;
  }

  #newline(): void {
    if (this.#l(ECHO) || this.#l(ECHONL)) {
      this.#echo.raw(NL);
      this.#echo.commit(this.#termios);
    }
    this.#endLine(NL);
  }

  #endLine(c: number): void {
    this.#buffer.putLineEnd(c);
    this.#host.changed();
  }

  #literalNext(): void {
    this.#lnext = true;
    if (!this.#l(ECHO)) return;
    this.#eraser.finish();
    if (!this.#l(ECHOCTL)) return;
    this.#echo.raw(CARET);
    this.#echo.raw(BS);
    this.#echo.commit(this.#termios);
  }

  #reprint(c: number): void {
    const buffer = this.#buffer;
    this.#eraser.finish();
    this.#echo.char(c, this.#termios);
    this.#echo.raw(NL);
    for (let at = buffer.canonHead; at % N_TTY_BUF_SIZE !== buffer.head % N_TTY_BUF_SIZE; at++) {
      this.#echo.char(buffer.at(at), this.#termios);
    }
    this.#echo.commit(this.#termios);
  }

  /** Forgets what was typed and not read (n_tty_flush_buffer). */
  flush(): void {
    this.#buffer.clear();
    this.#eraser.forget();
  }

  // Flow control

  #stop(): void {
    this.#stopped = true;
    this.#echo.isHeld = true;
  }

  #start(): void {
    if (!this.#stopped || this.#tcoStopped) return;
    this.#stopped = false;
    this.#echo.isHeld = false;
    this.#host.changed();
  }

  #startAndEcho(): void {
    this.#start();
    this.#echo.process(this.#termios);
  }

  /** TCXONC's TCOOFF and TCOON. */
  suspendOutput(suspend: boolean): void {
    if (suspend === this.#tcoStopped) return;
    this.#tcoStopped = suspend;
    if (suspend) this.#stop();
    else this.#startAndEcho();
    this.#flushOutput();
  }
}

/** The bytes that take the long way (char_map of n_tty_set_termios). */
const specialsOf = ({ c_iflag, c_lflag, c_cc }: Termios): Uint8Array<ArrayBuffer> => {
  const map = new Uint8Array(256);
  const mark = (...which: number[]): void => {
    for (const one of which) map[c_cc[one]!] = 1;
  };
  if ((c_iflag & (IGNCR | ICRNL)) !== 0) map[CR] = 1;
  if ((c_iflag & INLCR) !== 0) map[NL] = 1;
  if ((c_lflag & ICANON) !== 0) {
    mark(VERASE, VKILL, VEOF, VEOL);
    map[NL] = 1;
    if ((c_lflag & IEXTEN) !== 0) mark(VWERASE, VLNEXT, VEOL2);
    if ((c_lflag & (IEXTEN | ECHO)) === (IEXTEN | ECHO)) mark(VREPRINT);
  }
  if ((c_iflag & IXON) !== 0) mark(VSTART, VSTOP);
  if ((c_lflag & ISIG) !== 0) mark(VINTR, VQUIT, VSUSP);
  map[DISABLED_CHAR] = 0;
  return map;
};
