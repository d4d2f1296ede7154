/** The console's font: 8 × 16 pixels a character. */
import { CHARACTERS, GLYPHS } from "./vt-font-data.ts";

export const FONT_WIDTH = 8;
export const FONT_HEIGHT = 16;
const REPLACEMENT = 0xfffd;
const QUESTION_MARK = 0x3f;

const decode = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

export class Font {
  readonly #glyphs = decode(GLYPHS);
  readonly #byCharacter = new Map<number, number>();

  constructor() {
    const pairs = decode(CHARACTERS);
    const number = (at: number): number => pairs[at]! | (pairs[at + 1]! << 8);
    for (let at = 0; at < pairs.length; at += 4) this.#byCharacter.set(number(at), number(at + 2));
  }

  has(character: number): boolean {
    return this.#byCharacter.has(character);
  }

  /** 16 bytes, the uppermost row first, leftmost pixel in the highest bit. */
  glyph(character: number): Uint8Array {
    const glyph =
      this.#byCharacter.get(character) ??
      this.#byCharacter.get(REPLACEMENT) ??
      this.#byCharacter.get(QUESTION_MARK) ??
      0;
    return this.#glyphs.subarray(glyph * FONT_HEIGHT, (glyph + 1) * FONT_HEIGHT);
  }
}
