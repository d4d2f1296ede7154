/**
 * The echo buffer (n_tty.c of Linux 6.12): what is to be echoed, as bytes and little operations on the cursor, so that an
 * echo comes out in one piece, waits while ^S holds the output, and is forgotten when a signal flushes the terminal.
 */
import { ECHO, ECHOCTL, ECHONL, type Termios } from "../../abi/termios.ts";
import { iscntrl } from "./tty-ctype.ts";
import type { TtyOutput } from "./tty-output.ts";

const ECHO_OP_START = 0xff;
const ECHO_OP_MOVE_BACK_COL = 0x80;
const ECHO_OP_SET_CANON_COL = 0x81;
const ECHO_OP_ERASE_TAB = 0x82;
/** Bytes that are echoed without waiting for the end of what was typed. */
const ECHO_BLOCK = 256;
/** Above so many bytes the oldest are dropped: N_TTY_BUF_SIZE - (ECHO_BLOCK + 32). */
const ECHO_DISCARD_WATERMARK = 3808;

const TAB = 0x09;
const BS = 0x08;
const CARET = 0x5e;

export class TtyEcho {
  readonly #output: TtyOutput;
  #bytes: number[] = [];
  /** Bytes from the front that make whole echoes, and that may go out. */
  #mark = 0;
  #committed = 0;
  /** While ^S holds the output, echoes stay here. */
  isHeld = false;

  constructor(output: TtyOutput) {
    this.#output = output;
  }

  /** A byte as it is. */
  raw(c: number): void {
    if (c === ECHO_OP_START) this.#bytes.push(ECHO_OP_START);
    this.#bytes.push(c);
  }

  /** A byte; a control character other than TAB as "^X" when ECHOCTL is set. */
  char(c: number, termios: Termios): void {
    if (c === ECHO_OP_START || ((termios.c_lflag & ECHOCTL) !== 0 && iscntrl(c) && c !== TAB)) {
      this.#bytes.push(ECHO_OP_START);
    }
    this.#bytes.push(c);
  }

  moveBack(): void {
    this.#bytes.push(ECHO_OP_START, ECHO_OP_MOVE_BACK_COL);
  }

  /** The line begins where the cursor is. */
  setCanonColumn(): void {
    this.#bytes.push(ECHO_OP_START, ECHO_OP_SET_CANON_COL);
  }

  /** Steps back over a TAB that has `columns` characters before it, since another TAB or the beginning of the line. */
  eraseTab(columns: number, afterTab: boolean): void {
    this.#bytes.push(ECHO_OP_START, ECHO_OP_ERASE_TAB, (columns & 7) | (afterTab ? 0x80 : 0));
  }

  /** An echo is complete. It goes out with what follows, or at once when much has gathered (commit_echoes). */
  commit(termios: Termios): void {
    const gathered = this.#bytes.length;
    const before = this.#committed;
    this.#mark = gathered;
    if (gathered < ECHO_BLOCK || gathered % ECHO_BLOCK > before % ECHO_BLOCK) return;
    this.#committed = gathered;
    this.#run(termios);
  }

  /** What was typed has been dealt with: the echoes of it go out. */
  flush(termios: Termios): void {
    if ((termios.c_lflag & (ECHO | ECHONL)) === 0 || this.#committed === this.#bytes.length) return;
    this.#committed = this.#bytes.length;
    this.#run(termios);
  }

  /** Complete echoes go out before anything else does (process_echoes). */
  process(termios: Termios): void {
    if (this.#mark === 0) return;
    this.#committed = this.#mark;
    this.#run(termios);
  }

  clear(): void {
    this.#bytes = [];
    this.#mark = 0;
    this.#committed = 0;
  }

  #run(termios: Termios): void {
    let at = 0;
    if (this.isHeld) while (this.#committed - at >= ECHO_DISCARD_WATERMARK) at += this.#sizeAt(at);
    else while (at < this.#committed) at += this.#echoAt(at, termios);
    this.#bytes.splice(0, at);
    this.#committed -= at;
    this.#mark = Math.max(0, this.#mark - at);
  }

  #sizeAt(at: number): number {
    if (this.#bytes[at] !== ECHO_OP_START) return 1;
    return this.#bytes[at + 1] === ECHO_OP_ERASE_TAB ? 3 : 2;
  }

  /** Puts out what stands at `at`; how many bytes it took. */
  #echoAt(at: number, termios: Termios): number {
    const output = this.#output;
    const c = this.#bytes[at]!;
    const op = this.#bytes[at + 1]!;
    if (c !== ECHO_OP_START) output.put(c, termios);
    else if (op === ECHO_OP_ERASE_TAB) this.#stepBack(this.#bytes[at + 2]!);
    else if (op === ECHO_OP_SET_CANON_COL) output.canonColumn = output.column;
    else if (op === ECHO_OP_MOVE_BACK_COL) output.moveBack();
    else if (op === ECHO_OP_START) {
      output.raw(ECHO_OP_START);
      output.column++;
    } else {
      output.raw(CARET);
      output.raw(op ^ 0x40);
      output.column += 2;
    }
    return this.#sizeAt(at);
  }

  #stepBack(operand: number): void {
    const columns = (operand & 0x80) === 0 ? operand + this.#output.canonColumn : operand;
    for (let steps = 8 - (columns & 7); steps > 0; steps--) {
      this.#output.raw(BS);
      this.#output.moveBack();
    }
  }
}
