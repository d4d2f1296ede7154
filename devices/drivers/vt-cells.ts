/**
 * The cells of a virtual terminal's screen, and what moves or clears them. Rows that changed are marked: the painter looks
 * at those alone.
 */

/** How a character looks. Colours: 0 … 255 of the 256-colour palette, or TRUE_COLOUR | 0xRRGGBB. */
export interface Look {
  readonly foreground: number;
  readonly background: number;
  /** LOOK_…. */
  readonly flags: number;
}

export const TRUE_COLOUR = 0x100_0000;
export const LOOK_BOLD = 0x1;
export const LOOK_DIM = 0x2;
export const LOOK_UNDERLINE = 0x4;
export const LOOK_REVERSE = 0x8;
export const DEFAULT_FOREGROUND = 7;
export const DEFAULT_BACKGROUND = 0;
export const PLAIN: Look = { foreground: DEFAULT_FOREGROUND, background: DEFAULT_BACKGROUND, flags: 0 };

const SPACE = 0x20;

export class Cells {
  readonly columns: number;
  readonly rows: number;
  readonly characters: Uint32Array;
  readonly foregrounds: Int32Array;
  readonly backgrounds: Int32Array;
  readonly flags: Uint8Array;
  /** 1: the row changed since the painter looked. */
  readonly dirty: Uint8Array;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    const count = columns * rows;
    this.characters = new Uint32Array(count).fill(SPACE);
    this.foregrounds = new Int32Array(count).fill(DEFAULT_FOREGROUND);
    this.backgrounds = new Int32Array(count).fill(DEFAULT_BACKGROUND);
    this.flags = new Uint8Array(count);
    this.dirty = new Uint8Array(rows).fill(1);
  }

  put(x: number, y: number, character: number, look: Look): void {
    this.#fill(y * this.columns + x, 1, character, look);
    this.dirty[y] = 1;
  }

  /** Clears `count` cells from (x, y) on, over the ends of rows; `look` gives the background (bce). */
  erase(x: number, y: number, count: number, look: Look): void {
    if (count <= 0) return;
    const at = y * this.columns + x;
    this.#fill(at, count, SPACE, { ...look, flags: 0 });
    this.dirty.fill(1, y, Math.floor((at + count - 1) / this.columns) + 1);
  }

  /** Moves the rows [top, bottom) up by `count`, or down when that is negative; the rows that come in are cleared. */
  scroll(top: number, bottom: number, count: number, look: Look): void {
    const height = bottom - top;
    const moved = Math.min(Math.abs(count), height);
    const [from, to] = count > 0 ? [top + moved, top] : [top, top + moved];
    this.#move(to * this.columns, from * this.columns, (height - moved) * this.columns);
    this.erase(0, count > 0 ? bottom - moved : top, moved * this.columns, look);
    this.dirty.fill(1, top, bottom);
  }

  /** Makes room for `count` characters at (x, y): what is there goes to the right, and out. */
  insert(x: number, y: number, count: number, look: Look): void {
    const moved = Math.min(count, this.columns - x);
    const at = y * this.columns + x;
    this.#move(at + moved, at, this.columns - x - moved);
    this.erase(x, y, moved, look);
  }

  /** Takes `count` characters out at (x, y): what is to the right comes up. */
  delete(x: number, y: number, count: number, look: Look): void {
    const moved = Math.min(count, this.columns - x);
    const at = y * this.columns + x;
    this.#move(at, at + moved, this.columns - x - moved);
    this.erase(this.columns - moved, y, moved, look);
    this.dirty[y] = 1;
  }

  /** A row as text, for people. */
  text(y: number): string {
    return String.fromCodePoint(...this.characters.subarray(y * this.columns, (y + 1) * this.columns));
  }

  #fill(at: number, count: number, character: number, look: Look): void {
    this.characters.fill(character, at, at + count);
    this.foregrounds.fill(look.foreground, at, at + count);
    this.backgrounds.fill(look.background, at, at + count);
    this.flags.fill(look.flags, at, at + count);
  }

  #move(to: number, from: number, count: number): void {
    for (const plane of [this.characters, this.foregrounds, this.backgrounds, this.flags]) {
      plane.copyWithin(to, from, from + count);
    }
  }
}
