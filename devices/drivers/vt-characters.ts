/** Characters of the console: DEC's line graphics, those that take two columns, and UTF-8. */

/** What the lower-case letters and their neighbours are in the set "0", from "`" on. */
const GRAPHICS = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";
const GRAPHICS_FIRST = 0x60;

/** The sets that ESC ( and ESC ) select: line graphics, or plain. */
export const charsetOf = (name: string): string => (name === "0" ? "0" : "B");

export const translate = (charset: string, character: number): number =>
  charset === "0" ? (GRAPHICS.codePointAt(character - GRAPHICS_FIRST) ?? character) : character;

/** is_double_width of vt.c, as of 6.12: the first and last of each range. */
const WIDE = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3040, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x2_0000, 0x2_fffd],
  [0x3_0000, 0x3_fffd],
] as const;

export const isWide = (character: number): boolean =>
  character >= WIDE[0][0] && WIDE.some(([first, last]) => character >= first && character <= last);

const REPLACEMENT = 0xfffd;
/** The least character that needs so many bytes behind the first. */
const LEAST = [0, 0x80, 0x800, 0x1_0000];

/** Decodes UTF-8 a byte at a time; what is none comes out as U+FFFD (vc_translate_unicode). */
export class Utf8Decoder {
  #left = 0;
  #length = 0;
  #character = 0;

  /** Is a character half there? */
  get isPending(): boolean {
    return this.#left > 0;
  }

  /** Characters that the byte completes: none, one, or a broken one and one. */
  push(byte: number): readonly number[] {
    if ((byte & 0xc0) === 0x80 && this.#left > 0) {
      this.#character = (this.#character << 6) | (byte & 0x3f);
      if (--this.#left > 0) return [];
      return [isCharacter(this.#character, this.#length) ? this.#character : REPLACEMENT];
    }
    const broken = this.#left > 0 ? [REPLACEMENT] : [];
    this.#left = 0;
    if (byte < 0x80) return [...broken, byte];
    this.#length =
      byte >= 0xf0 && byte < 0xf8 ? 3 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xc0 && byte < 0xe0 ? 1 : 0;
    if (this.#length === 0) return [...broken, REPLACEMENT];
    this.#left = this.#length;
    this.#character = byte & (0x3f >> this.#length);
    return broken;
  }
}

const isCharacter = (character: number, length: number): boolean =>
  character >= LEAST[length]! && character <= 0x10_ffff && !(character >= 0xd800 && character <= 0xdfff);
