/**
 * From colours to what a screen stores. Screens with fewer colours get ordered dithering (Bayer's 8 × 8 matrix), so that
 * ramps stay smooth: rgb565 between its steps, c8 between the entries of a palette.
 */
import type { FbBitfield, FbVarScreeninfo } from "../abi/fb.ts";
import { type Ramp, sampleRamp } from "./colour.ts";

export interface PixelEncoder {
  /** The palette to load, 0xRRGGBB each; null on a true-colour screen. */
  readonly palette: Uint32Array | null;
  /** What to store at (x, y) for a colour. */
  encode(colour: number, x: number, y: number): number;
}

/** Of a c8 screen the palette is made of the ramps' entries. @throws RangeError when they are more than 256. */
export const makePixelEncoder = (screen: FbVarScreeninfo, ramps: readonly Ramp[]): PixelEncoder =>
  screen.bits_per_pixel === 8 ? new Indexed(ramps) : new TrueColour(screen);

/** 0 … 63 for the places of an 8 × 8 square, spread evenly: x ^ y and y with their bits interleaved, backwards. */
const BAYER = Uint8Array.from({ length: 64 }, (_, i) => {
  const y = i >> 3;
  const d = (i & 7) ^ y;
  return ((d & 1) << 5) | ((y & 1) << 4) | ((d & 2) << 2) | ((y & 2) << 1) | ((d & 4) >> 1) | ((y & 4) >> 2);
});
const threshold = (x: number, y: number): number => BAYER[((y & 7) << 3) | (x & 7)]!;

class TrueColour implements PixelEncoder {
  readonly palette = null;
  readonly #red: FbBitfield;
  readonly #green: FbBitfield;
  readonly #blue: FbBitfield;

  constructor({ red, green, blue }: FbVarScreeninfo) {
    this.#red = red;
    this.#green = green;
    this.#blue = blue;
  }

  encode(colour: number, x: number, y: number): number {
    const t = threshold(x, y);
    const red = narrow(colour >> 16, this.#red.length, t) << this.#red.offset;
    const green = narrow((colour >> 8) & 0xff, this.#green.length, t) << this.#green.offset;
    const blue = narrow(colour & 0xff, this.#blue.length, t) << this.#blue.offset;
    return (red | green | blue) >>> 0;
  }
}

/** 8 bits to `bits` (2 … 8), dithered. 0 stays 0 and 255 is all ones at every threshold. */
const narrow = (value: number, bits: number, t: number): number =>
  (value - (value >> bits) + (t >> (bits - 2))) >> (8 - bits);

/** How far apart two neighbours of a palette may lie for dithering to fill the gap: steps of a channel. */
const SPREAD = 8;
const UNKNOWN = 0xffff;

class Indexed implements PixelEncoder {
  readonly palette: Uint32Array;
  /** The nearest entry to each colour of 6 bits a channel, found when it is first asked for. */
  readonly #nearest = new Uint16Array(1 << 18).fill(UNKNOWN);

  constructor(ramps: readonly Ramp[]) {
    this.palette = Uint32Array.from(ramps.flatMap((ramp) => [...sampleRamp(ramp, ramp.entries)]));
    if (this.palette.length > 256) throw new RangeError(`${this.palette.length} colours for a palette of 256`);
  }

  encode(colour: number, x: number, y: number): number {
    const shift = ((2 * threshold(x, y) - 63) * SPREAD) >> 7;
    const red = coarse((colour >> 16) + shift);
    const green = coarse(((colour >> 8) & 0xff) + shift);
    const blue = coarse((colour & 0xff) + shift);
    const cell = (red << 12) | (green << 6) | blue;
    const known = this.#nearest[cell]!;
    return known === UNKNOWN ? this.#find(cell, 4 * red + 2, 4 * green + 2, 4 * blue + 2) : known;
  }

  #find(cell: number, red: number, green: number, blue: number): number {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.palette.length; i++) {
      const entry = this.palette[i]!;
      const r = (entry >> 16) - red;
      const g = ((entry >> 8) & 0xff) - green;
      const b = (entry & 0xff) - blue;
      // The eye is keenest on green.
      const distance = 2 * r * r + 4 * g * g + 3 * b * b;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    this.#nearest[cell] = best;
    return best;
  }
}

/** Six bits of a channel that dithering may have moved out of its range. */
const coarse = (value: number): number => (value < 0 ? 0 : value > 255 ? 63 : value >> 2);
