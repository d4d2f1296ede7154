/**
 * Output processing (do_output_char of n_tty.c, Linux 6.12): what OPOST makes of a byte on its way to the terminal, and
 * the column that it leaves the cursor in, by which tabs are expanded and erased.
 */
import { IUTF8, OCRNL, OLCUC, ONLCR, ONLRET, ONOCR, OPOST, TABDLY, type Termios, XTABS } from "../../abi/termios.ts";
import { iscntrl, toupper } from "./tty-ctype.ts";

const BS = 0x08;
const TAB = 0x09;
const NL = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** In UTF-8 mode: the second or later byte of a character, which takes no column. */
export const isContinuation = (c: number, termios: Termios): boolean =>
  (termios.c_iflag & IUTF8) !== 0 && (c & 0xc0) === 0x80;

export class TtyOutput {
  /** Where the cursor is, and where it was when the line being typed began. */
  column = 0;
  canonColumn = 0;
  #bytes: number[] = [];

  /** Puts a byte out as it is. The caller minds the column. */
  raw(c: number): void {
    this.#bytes.push(c);
  }

  /** Puts a byte out as OPOST wants it, or as it is without. */
  put(c: number, termios: Termios): void {
    if ((termios.c_oflag & OPOST) === 0) this.#bytes.push(c);
    else this.#process(c, termios);
  }

  /** What has been put since the last time. */
  take(): Uint8Array {
    const bytes = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    return bytes;
  }

  #process(c: number, termios: Termios): void {
    const flags = termios.c_oflag;
    switch (c) {
      case NL:
        if ((flags & ONLRET) !== 0) this.column = 0;
        if ((flags & ONLCR) !== 0) {
          this.column = 0;
          this.#bytes.push(CR);
        }
        this.canonColumn = this.column;
        break;
      case CR:
        this.#carriageReturn(flags);
        return;
      case TAB: {
        const spaces = 8 - (this.column & 7);
        this.column += spaces;
        if ((flags & TABDLY) !== XTABS) break;
        for (let i = 0; i < spaces; i++) this.#bytes.push(SPACE);
        return;
      }
      case BS:
        this.moveBack();
        break;
      default:
        if (iscntrl(c)) break;
        if (!isContinuation((flags & OLCUC) === 0 ? c : toupper(c), termios)) this.column++;
        this.#bytes.push((flags & OLCUC) === 0 ? c : toupper(c));
        return;
    }
    this.#bytes.push(c);
  }

  #carriageReturn(flags: number): void {
    if ((flags & ONOCR) !== 0 && this.column === 0) return;
    if ((flags & OCRNL) === 0 || (flags & ONLRET) !== 0) {
      this.column = 0;
      this.canonColumn = 0;
    }
    this.#bytes.push((flags & OCRNL) === 0 ? CR : NL);
  }

  moveBack(): void {
    if (this.column > 0) this.column--;
  }
}
