/**
 * A virtual terminal: the cursor, the modes and the operations that control sequences ask for (struct vc_data,
 * drivers/tty/vt/vt.c of Linux 6.12; console_codes(4)). What a sequence is, vt-parser.ts says.
 *
 * Not modelled: blinking, italics, fonts (SGR 5, 3, 10 to 12), 132 columns, mouse reports, combining characters.
 * Otherwise than Linux: 256 and 24-bit colours stay what they are, underlined text is underlined and not cyan, DEC's line
 * graphics work in UTF-8 too, and lines are inserted and deleted inside the scrolling region only.
 */
import { Cells, type Look, PLAIN } from "./vt-cells.ts";
import { charsetOf, isWide, translate } from "./vt-characters.ts";
import { applySgr } from "./vt-sgr.ts";

const TAB_WIDTH = 8;

/** What ESC 7 keeps. */
interface Saved {
  readonly x: number;
  readonly y: number;
  readonly look: Look;
  readonly charset: number;
  readonly charsets: readonly [string, string];
}

export class VtScreen {
  cells: Cells;
  x = 0;
  y = 0;
  look: Look = PLAIN;
  cursorVisible = true;
  reverseVideo = false;
  /** Cursor keys send ESC O instead of ESC [ (DECCKM). */
  cursorKeysApplication = false;
  lineFeedNewLine = false;
  /** Answers of the terminal: typed into its input. */
  onReply: (text: string) => void = () => {};
  /** The cursor is behind the last column: the next character goes to the next line. */
  #needWrap = false;
  #autoWrap = true;
  #origin = false;
  #insert = false;
  #top = 0;
  #bottom: number;
  #tabs: Set<number>;
  #charset = 0;
  #charsets: [string, string] = ["B", "B"];
  #saved: Saved;

  constructor(columns: number, rows: number) {
    this.cells = new Cells(columns, rows);
    this.#bottom = rows;
    this.#tabs = tabStops(columns);
    this.#saved = this.#save();
  }

  get columns(): number {
    return this.cells.columns;
  }

  get rows(): number {
    return this.cells.rows;
  }

  /** Another size: the lower left corner of what is there stays when it gets lower, so that the cursor does. */
  resize(columns: number, rows: number): void {
    const before = this.cells;
    this.cells = new Cells(columns, rows);
    const first = Math.max(0, this.y - rows + 1);
    for (let y = 0; y < Math.min(rows, before.rows - first); y++) {
      for (let x = 0; x < Math.min(columns, before.columns); x++) {
        const at = (y + first) * before.columns + x;
        this.cells.put(x, y, before.characters[at]!, {
          foreground: before.foregrounds[at]!,
          background: before.backgrounds[at]!,
          flags: before.flags[at]!,
        });
      }
    }
    this.#tabs = tabStops(columns);
    this.#top = 0;
    this.#bottom = rows;
    this.#moveTo(this.x, this.y - first);
  }

  /** A printable character at the cursor. */
  print(character: number): void {
    const shown = translate(this.#charsets[this.#charset]!, character);
    this.#put(shown);
    if (isWide(shown)) this.#put(0x20);
  }

  #put(character: number): void {
    if (this.#needWrap) {
      this.carriageReturn();
      this.lineFeed();
    }
    if (this.#insert) this.cells.insert(this.x, this.y, 1, this.look);
    this.cells.put(this.x, this.y, character, this.look);
    if (this.x < this.columns - 1) this.#moveX(this.x + 1);
    else this.#needWrap = this.#autoWrap;
  }

  // Controls

  backspace(): void {
    if (this.x > 0) this.#moveX(this.x - 1);
  }

  carriageReturn(): void {
    this.#moveX(0);
  }

  /** LF, VT, FF, IND. */
  lineFeed(): void {
    this.#needWrap = false;
    if (this.y + 1 === this.#bottom) this.cells.scroll(this.#top, this.#bottom, 1, this.look);
    else if (this.y < this.rows - 1) this.#moveY(this.y + 1);
  }

  reverseLineFeed(): void {
    this.#needWrap = false;
    if (this.y === this.#top) this.cells.scroll(this.#top, this.#bottom, -1, this.look);
    else if (this.y > 0) this.#moveY(this.y - 1);
  }

  tab(): void {
    let x = this.x;
    while (x < this.columns - 1 && !this.#tabs.has(++x));
    if (x !== this.x) this.#moveX(x);
  }

  setTab(): void {
    this.#tabs.add(this.x);
  }

  clearTab(which: number): void {
    if (which === 0) this.#tabs.delete(this.x);
    else if (which === 3) this.#tabs.clear();
  }

  shift(charset: 0 | 1): void {
    this.#charset = charset;
  }

  setCharset(which: 0 | 1, name: string): void {
    this.#charsets[which] = charsetOf(name);
  }

  saveCursor(): void {
    this.#saved = this.#save();
  }

  restoreCursor(): void {
    const { x, y, look, charset, charsets } = this.#saved;
    this.look = look;
    this.#charset = charset;
    this.#charsets = [...charsets];
    this.#moveTo(x, y);
  }

  /** ESC c. */
  reset(): void {
    this.look = PLAIN;
    this.#top = 0;
    this.#bottom = this.rows;
    this.#tabs = tabStops(this.columns);
    this.#charset = 0;
    this.#charsets = ["B", "B"];
    this.cursorVisible = true;
    this.reverseVideo = false;
    this.cursorKeysApplication = false;
    this.lineFeedNewLine = false;
    this.#autoWrap = true;
    this.#origin = false;
    this.#insert = false;
    this.#moveTo(0, 0);
    this.eraseDisplay(2);
    this.#saved = this.#save();
  }

  // Cursor movement: columns and rows from 0

  moveBy(dx: number, dy: number): void {
    this.#moveTo(this.x + dx, this.y + dy);
  }

  moveToColumn(x: number): void {
    this.#moveTo(x, this.y);
  }

  /** VPA and CUP count from the top of the region in origin mode. */
  moveTo(x: number, y: number): void {
    this.#moveTo(x, this.#origin ? this.#top + y : y);
  }

  moveToRow(y: number): void {
    this.moveTo(this.x, y);
  }

  /** DECSTBM: rows from 1; 0 is the first and the last. */
  setRegion(first: number, last: number): void {
    const top = Math.max(first, 1);
    const bottom = last === 0 ? this.rows : last;
    if (top >= bottom || bottom > this.rows) return;
    this.#top = top - 1;
    this.#bottom = bottom;
    this.moveTo(0, 0);
  }

  // Erasing and moving

  /** ED: 0 from the cursor on, 1 up to it, 2 and 3 everything. */
  eraseDisplay(what: number): void {
    const at = this.y * this.columns + this.x;
    const all = this.columns * this.rows;
    if (what === 0) this.cells.erase(this.x, this.y, all - at, this.look);
    else if (what === 1) this.cells.erase(0, 0, at + 1, this.look);
    else if (what === 2 || what === 3) this.cells.erase(0, 0, all, this.look);
    this.#needWrap = false;
  }

  /** EL: 0 from the cursor on, 1 up to it, 2 the line. */
  eraseLine(what: number): void {
    if (what === 0) this.cells.erase(this.x, this.y, this.columns - this.x, this.look);
    else if (what === 1) this.cells.erase(0, this.y, this.x + 1, this.look);
    else if (what === 2) this.cells.erase(0, this.y, this.columns, this.look);
    this.#needWrap = false;
  }

  eraseCharacters(count: number): void {
    this.cells.erase(this.x, this.y, Math.min(count, this.columns - this.x), this.look);
    this.#needWrap = false;
  }

  insertCharacters(count: number): void {
    this.cells.insert(this.x, this.y, count, this.look);
    this.#needWrap = false;
  }

  deleteCharacters(count: number): void {
    this.cells.delete(this.x, this.y, count, this.look);
    this.#needWrap = false;
  }

  insertLines(count: number): void {
    if (this.y >= this.#top && this.y < this.#bottom) this.cells.scroll(this.y, this.#bottom, -count, this.look);
    this.#needWrap = false;
  }

  deleteLines(count: number): void {
    if (this.y >= this.#top && this.y < this.#bottom) this.cells.scroll(this.y, this.#bottom, count, this.look);
    this.#needWrap = false;
  }

  // Modes and looks

  setLook(parameters: readonly number[]): void {
    this.look = applySgr(this.look, parameters);
  }

  /** DECSET and DECRST. */
  setPrivateMode(mode: number, on: boolean): void {
    switch (mode) {
      case 1:
        this.cursorKeysApplication = on;
        return;
      case 5:
        this.reverseVideo = on;
        this.cells.dirty.fill(1);
        return;
      case 6:
        this.#origin = on;
        this.moveTo(0, 0);
        return;
      case 7:
        this.#autoWrap = on;
        return;
      case 25:
        this.cursorVisible = on;
        this.cells.dirty[this.y] = 1;
        return;
    }
  }

  setMode(mode: number, on: boolean): void {
    if (mode === 4) this.#insert = on;
    else if (mode === 20) this.lineFeedNewLine = on;
  }

  /** DSR and DA. */
  report(what: "status" | "cursor" | "identity"): void {
    if (what === "status") this.onReply("\x1b[0n");
    else if (what === "identity") this.onReply("\x1b[?6c");
    else this.onReply(`\x1b[${this.y - (this.#origin ? this.#top : 0) + 1};${this.x + 1}R`);
  }

  #save(): Saved {
    const { x, y, look } = this;
    return { x, y, look, charset: this.#charset, charsets: [...this.#charsets] };
  }

  /** gotoxy: stays on the screen, in origin mode in the region. */
  #moveTo(x: number, y: number): void {
    const [least, most] = this.#origin ? [this.#top, this.#bottom - 1] : [0, this.rows - 1];
    this.#moveX(Math.min(Math.max(x, 0), this.columns - 1));
    this.#moveY(Math.min(Math.max(y, least), most));
  }

  #moveX(x: number): void {
    this.x = x;
    this.#needWrap = false;
    this.cells.dirty[this.y] = 1;
  }

  #moveY(y: number): void {
    if (this.y < this.rows) this.cells.dirty[this.y] = 1;
    this.y = y;
    this.cells.dirty[y] = 1;
  }
}

const tabStops = (columns: number): Set<number> =>
  new Set(Array.from({ length: Math.ceil(columns / TAB_WIDTH) }, (_, i) => i * TAB_WIDTH));
