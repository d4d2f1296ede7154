/**
 * The read buffer of a terminal (struct n_tty_data of n_tty.c, Linux 6.12): a ring of bytes with marks at the ends of
 * lines. Positions count up for ever and are taken modulo its size.
 *
 *     tail ──── what can be read ────▶ canonHead ──── the line being typed ────▶ head      (canonical)
 *     tail ──── what can be read ──────────────────────▶ commitHead = head                 (not canonical)
 */
import { DISABLED_CHAR } from "./tty-settings.ts";

export const N_TTY_BUF_SIZE = 4096;
const index = (position: number): number => position % N_TTY_BUF_SIZE;

export class TtyBuffer {
  head = 0;
  tail = 0;
  canonHead = 0;
  commitHead = 0;
  readonly #bytes = new Uint8Array(N_TTY_BUF_SIZE);
  readonly #lineEnds = new Uint8Array(N_TTY_BUF_SIZE);

  /** Bytes in it, those of an unfinished line too. */
  get count(): number {
    return this.head - this.tail;
  }

  at(position: number): number {
    return this.#bytes[index(position)]!;
  }

  put(c: number): void {
    this.#bytes[index(this.head++)] = c;
  }

  /** The line ends with `c`; DISABLED_CHAR ends it without being read (EOF). */
  putLineEnd(c: number): void {
    this.#lineEnds[index(this.head)] = 1;
    this.put(c);
    this.canonHead = this.head;
  }

  /** Is there nothing between the beginning of the line being typed and `position`? A full ring looks empty here. */
  isLineStart(position: number): boolean {
    return index(position) === index(this.canonHead);
  }

  clear(): void {
    this.head = 0;
    this.tail = 0;
    this.canonHead = 0;
    this.commitHead = 0;
    this.#lineEnds.fill(0);
  }

  /** ICANON changed: what is there is one line, or is no line. */
  changeMode(canonical: boolean): void {
    this.#lineEnds.fill(0);
    if (canonical && this.count > 0) {
      this.#lineEnds[index(this.head - 1)] = 1;
      this.canonHead = this.head;
    } else {
      this.canonHead = this.tail;
    }
    this.commitHead = this.head;
  }

  /** Bytes that TIOCINQ counts in canonical mode: whole lines without their EOF marks. */
  get canonicalCount(): number {
    let count = 0;
    for (let at = this.tail; at < this.canonHead; at++) if (!this.#isEof(at)) count++;
    return count;
  }

  /** At most `count` bytes of the first line; an EOF mark that would come next goes with them. */
  readLine(count: number): Uint8Array {
    const begin = this.tail;
    const limit = Math.min(this.canonHead, begin + count);
    let end = begin;
    while (end < limit && this.#lineEnds[index(end)] === 0) end++;
    const isWhole = end < limit;
    const bytes = this.#copy(begin, isWhole && !this.#isEof(end) ? end + 1 : end);
    // A buffer that the line fills exactly: the EOF behind it must not read as a second end of file (canon_skip_eof).
    const skips = isWhole || (end < this.canonHead && this.#isEof(end));
    if (skips) this.#lineEnds[index(end)] = 0;
    this.tail = skips ? end + 1 : end;
    return bytes;
  }

  /** At most `count` bytes, whatever they are. */
  readRaw(count: number): Uint8Array {
    const end = Math.min(this.commitHead, this.tail + count);
    const bytes = this.#copy(this.tail, end);
    this.tail = end;
    return bytes;
  }

  #isEof(position: number): boolean {
    return this.#lineEnds[index(position)] === 1 && this.at(position) === DISABLED_CHAR;
  }

  #copy(begin: number, end: number): Uint8Array {
    return Uint8Array.from({ length: end - begin }, (_, i) => this.at(begin + i));
  }
}
