/**
 * The hardware cursor in the picture: scanout writes the picture without it, and it is laid over the rows where it is.
 * What it covers is kept, and put back before the next scanout, which converts only rows that were written.
 */
import { VIDEO_MEMORY } from "../../assembly/layout.ts";
import { PAGE_SIZE } from "../../assembly/riscv.ts";
import { type CursorState, cursorImageSize, cursorShown } from "../../devices/hardware/video-card-cursor.ts";
import { CURSOR_SIZE, CURSOR_TWO_COLOUR } from "../../devices/hardware/video-card-registers.ts";
import type { Picture } from "./picture.ts";

/** Rows [top, bottom) of a picture; none when they are equal. */
export interface Rows {
  readonly top: number;
  readonly bottom: number;
}

export const NO_ROWS: Rows = { top: 0, bottom: 0 };

/** Where a cursor lies in a picture, cut off at its edges, and what it covers there. */
interface Drawn extends Rows {
  readonly left: number;
  readonly right: number;
  /** The pixels below it, row by row, and the picture they are of. */
  readonly under: Uint32Array;
  readonly picture: Picture;
  /** All that its look depends on but its image. */
  readonly key: string;
}

export class CursorOverlay {
  #drawn: Drawn | null = null;

  /** Would a frame now show another cursor than the last one: moved, changed, or its image was written (`damage`)? */
  isStale(state: CursorState, vramSize: number, damage: Uint8Array): boolean {
    const shown = cursorShown(state, vramSize);
    if ((this.#drawn?.key ?? "") !== (shown ? keyOf(state) : "")) return true;
    return shown && isDamaged(damage, state.base, cursorImageSize(state));
  }

  /** Takes the cursor out of the picture; the rows it was on. After the picture's shape changed there is none in it. */
  remove(picture: Picture): Rows {
    const drawn = this.#drawn;
    this.#drawn = null;
    if (drawn === null || drawn.picture !== picture) return NO_ROWS;
    const { left, top, right, bottom, under } = drawn;
    const pixels = pixelsOf(picture);
    const width = right - left;
    for (let y = top; y < bottom; y++) {
      pixels.set(under.subarray((y - top) * width, (y - top + 1) * width), y * picture.width + left);
    }
    return drawn;
  }

  /** Lays the cursor over a picture that has none; the rows it is on. */
  draw(picture: Picture, state: CursorState, vramSize: number): Rows {
    if (!cursorShown(state, vramSize)) return NO_ROWS;
    const [x, y] = [state.x - state.hotX, state.y - state.hotY];
    const left = Math.min(Math.max(x, 0), picture.width);
    const top = Math.min(Math.max(y, 0), picture.height);
    const right = Math.max(left, Math.min(x + CURSOR_SIZE, picture.width));
    const bottom = Math.max(top, Math.min(y + CURSOR_SIZE, picture.height));
    const under = new Uint32Array((right - left) * (bottom - top));
    this.#drawn = { left, top, right, bottom, under, picture, key: keyOf(state) };
    if (under.length === 0) return NO_ROWS;
    const pixels = pixelsOf(picture);
    const image = imageOf(pixels.buffer, state);
    const width = right - left;
    for (let row = top; row < bottom; row++) {
      const line = row * picture.width + left;
      const from = (row - y) * CURSOR_SIZE + left - x;
      under.set(pixels.subarray(line, line + width), (row - top) * width);
      for (let i = 0; i < width; i++) pixels[line + i] = blend(pixels[line + i]!, image[from + i]!);
    }
    return this.#drawn;
  }
}

/** The smallest run of rows around both. */
export const joinRows = (a: Rows, b: Rows): Rows => {
  if (a.top === a.bottom) return b;
  if (b.top === b.bottom) return a;
  return { top: Math.min(a.top, b.top), bottom: Math.max(a.bottom, b.bottom) };
};

const keyOf = ({ control, x, y, hotX, hotY, base, colours }: CursorState): string =>
  [control, x, y, hotX, hotY, base, ...colours].join();

/** Is a page of [offset, offset + length) in the bitmap: bit n is page n of video memory? */
const isDamaged = (damage: Uint8Array, offset: number, length: number): boolean => {
  const last = Math.floor((offset + length - 1) / PAGE_SIZE);
  for (let page = Math.floor(offset / PAGE_SIZE); page <= last; page++) {
    if (damage[page >> 3]! & (1 << (page & 7))) return true;
  }
  return false;
};

const pixelsOf = ({ data }: Picture): Uint32Array => new Uint32Array(data.buffer, data.byteOffset, data.length / 4);

/** The cursor's pixels as argb8888; 0 is transparent. */
const imageOf = (memory: ArrayBufferLike, state: CursorState): Uint32Array => {
  const at = VIDEO_MEMORY + state.base;
  if ((state.control & CURSOR_TWO_COLOUR) === 0) return new Uint32Array(memory, at, CURSOR_SIZE * CURSOR_SIZE);
  const image = new Uint8Array(memory, at, cursorImageSize(state));
  const bit = (byte: number, x: number): number => (image[byte + (x >> 3)]! >> (7 - (x & 7))) & 1;
  return Uint32Array.from({ length: CURSOR_SIZE * CURSOR_SIZE }, (_, i) => {
    const [x, y] = [i % CURSOR_SIZE, Math.floor(i / CURSOR_SIZE)];
    return bit(16 * y, x) ? 0xff00_0000 | state.colours[bit(16 * y + 8, x)]! : 0;
  });
};

/** An argb8888 pixel over one of the picture's, whose bytes are R, G, B, 255. */
const blend = (under: number, over: number): number => {
  const alpha = over >>> 24;
  if (alpha === 0) return under;
  const mix = (below: number, above: number): number => Math.round((below * (255 - alpha) + above * alpha) / 255);
  const red = mix(under & 0xff, (over >> 16) & 0xff);
  const green = mix((under >> 8) & 0xff, (over >> 8) & 0xff);
  const blue = mix((under >> 16) & 0xff, over & 0xff);
  return (0xff00_0000 | (blue << 16) | (green << 8) | red) >>> 0;
};
