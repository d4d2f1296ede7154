/** ERASE, WERASE and KILL (eraser() of n_tty.c, Linux 6.12): what they take from the line and how the screen shows it. */
import {
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ECHOPRT,
  type Termios,
  VERASE,
  VKILL,
  VWERASE,
} from "../../abi/termios.ts";
import type { TtyBuffer } from "./tty-buffer.ts";
import { isalnum, iscntrl } from "./tty-ctype.ts";
import type { TtyEcho } from "./tty-echo.ts";
import { isContinuation } from "./tty-output.ts";

const BS = 0x08;
const TAB = 0x09;
const NL = 0x0a;
const SPACE = 0x20;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const UNDERSCORE = 0x5f;

export class TtyEraser {
  readonly #buffer: TtyBuffer;
  readonly #echo: TtyEcho;
  /** ECHOPRT: a backslash has been shown, and what is erased is being listed. */
  #isListing = false;

  constructor(buffer: TtyBuffer, echo: TtyEcho) {
    this.#buffer = buffer;
    this.#echo = echo;
  }

  forget(): void {
    this.#isListing = false;
  }

  /** Something else is shown next: the list of what was erased ends. */
  finish(): void {
    if (!this.#isListing) return;
    this.#echo.raw(SLASH);
    this.#isListing = false;
  }

  erase(key: number, termios: Termios): void {
    const buffer = this.#buffer;
    if (buffer.head === buffer.canonHead) return;
    const { c_cc, c_lflag } = termios;
    const one = key === c_cc[VERASE];
    const word = !one && key === c_cc[VWERASE];
    if (!one && !word && this.#killPlainly(termios)) return;
    let inWord = false;
    while (!buffer.isLineStart(buffer.head)) {
      const first = this.#lastCharacter(termios);
      if (first === null) break;
      const c = buffer.at(first);
      if (word) {
        if (isalnum(c) || c === UNDERSCORE) inWord = true;
        else if (inWord) break;
      }
      const length = buffer.head - first;
      buffer.head = first;
      if ((c_lflag & ECHO) !== 0) this.#show(c, length, one, termios);
      if (one) break;
    }
    if (buffer.head === buffer.canonHead && (c_lflag & ECHO) !== 0) this.finish();
  }

  /** KILL without the echo of each character that goes. */
  #killPlainly(termios: Termios): boolean {
    const { c_cc, c_lflag } = termios;
    const buffer = this.#buffer;
    const each = ECHOK | ECHOKE | ECHOE;
    if ((c_lflag & ECHO) !== 0 && (c_lflag & each) === each) return false;
    buffer.head = buffer.canonHead;
    if ((c_lflag & ECHO) === 0) return true;
    this.finish();
    this.#echo.char(c_cc[VKILL]!, termios);
    if ((c_lflag & ECHOK) !== 0) this.#echo.raw(NL);
    return true;
  }

  /** Where the line's last character begins; null when it has no beginning. */
  #lastCharacter(termios: Termios): number | null {
    const buffer = this.#buffer;
    let at = buffer.head;
    do at--;
    while (isContinuation(buffer.at(at), termios) && !buffer.isLineStart(at));
    return isContinuation(buffer.at(at), termios) ? null : at;
  }

  #show(c: number, length: number, one: boolean, termios: Termios): void {
    const { c_lflag } = termios;
    if ((c_lflag & ECHOPRT) !== 0) this.#list(c, length, termios);
    else if (one && (c_lflag & ECHOE) === 0) this.#echo.char(termios.c_cc[VERASE]!, termios);
    else if (c === TAB) this.#eraseTab(termios);
    else {
      if (iscntrl(c) && (c_lflag & ECHOCTL) !== 0) this.#rubOut();
      if (!iscntrl(c) || (c_lflag & ECHOCTL) !== 0) this.#rubOut();
    }
  }

  #rubOut(): void {
    for (const c of [BS, SPACE, BS]) this.#echo.raw(c);
  }

  #list(c: number, length: number, termios: Termios): void {
    if (!this.#isListing) this.#echo.raw(BACKSLASH);
    this.#isListing = true;
    this.#echo.char(c, termios);
    for (let i = 1; i < length; i++) {
      this.#echo.raw(this.#buffer.at(this.#buffer.head + i));
      this.#echo.moveBack();
    }
  }

  #eraseTab(termios: Termios): void {
    const buffer = this.#buffer;
    let columns = 0;
    for (let at = buffer.head; !buffer.isLineStart(at); ) {
      const c = buffer.at(--at);
      if (c === TAB) {
        this.#echo.eraseTab(columns, true);
        return;
      }
      if (iscntrl(c)) columns += (termios.c_lflag & ECHOCTL) === 0 ? 0 : 2;
      else if (!isContinuation(c, termios)) columns++;
    }
    this.#echo.eraseTab(columns, false);
  }
}
