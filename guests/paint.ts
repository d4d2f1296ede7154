/**
 * From colours to pixels. A guest names a colour as a place on one of its ramps; paint makes of it what the screen
 * stores. Screens with fewer colours get ordered dithering (Bayer's 8 × 8 matrix), so that ramps stay smooth: rgb565
 * between its steps, c8 between the entries of a palette that the ramps fill.
 */
import type { FbVarScreeninfo } from "../abi/fb.ts";
import { channel, RAMP_STEPS, type Ramp, sampleRamp } from "./ramp.ts";

/** Full cover in `blend`. */
export const OPAQUE = 256;

/** A "colour" between its methods is 0xRRGGBB on a true-colour screen and a palette index on c8. */
export interface Paint {
  /** The palette to load, 0xRRGGBB each; null on a true-colour screen. */
  readonly palette: Uint32Array | null;
  /** Ramp number `ramp` at t = 0 … RAMP_STEPS - 1, for the pixel (x, y). */
  colour(ramp: number, t: number, x: number, y: number): number;
  /** `over` covering `alpha` = 0 … OPAQUE of `under`. */
  blend(under: number, over: number, alpha: number, x: number, y: number): number;
  /** What to store at (x, y). */
  pixel(colour: number, x: number, y: number): number;
}

/** At most 256 entries over all ramps. @throws RangeError when there are more. */
export const makePaint = (screen: FbVarScreeninfo, ramps: readonly Ramp[]): Paint =>
  screen.bits_per_pixel === 8 ? new IndexedPaint(ramps) : new TrueColourPaint(screen, ramps);

/** 0 … 63 for the places of an 8 × 8 square, spread evenly: x ^ y and y with their bits interleaved, backwards. */
const BAYER = Uint8Array.from({ length: 64 }, (_, i) => {
  const y = i >> 3;
  const d = (i & 7) ^ y;
  return ((d & 1) << 5) | ((y & 1) << 4) | ((d & 2) << 2) | ((y & 2) << 1) | ((d & 4) >> 1) | ((y & 4) >> 2);
});
const threshold = (x: number, y: number): number => BAYER[((y & 7) << 3) | (x & 7)]!;

class TrueColourPaint implements Paint {
  readonly palette = null;
  readonly #ramps: readonly Uint32Array[];
  readonly #red: { readonly offset: number; readonly length: number };
  readonly #green: { readonly offset: number; readonly length: number };
  readonly #blue: { readonly offset: number; readonly length: number };

  constructor(screen: FbVarScreeninfo, ramps: readonly Ramp[]) {
    this.#ramps = ramps.map((ramp) => sampleRamp(ramp, RAMP_STEPS));
    this.#red = screen.red;
    this.#green = screen.green;
    this.#blue = screen.blue;
  }

  colour(ramp: number, t: number, _x: number, _y: number): number {
    return this.#ramps[ramp]![t]!;
  }

  blend(under: number, over: number, alpha: number, _x: number, _y: number): number {
    // Red and blue in one multiplication: their products do not meet.
    const rest = OPAQUE - alpha;
    const redBlue = ((under & 0xff00ff) * rest + (over & 0xff00ff) * alpha) >>> 8;
    const green = ((under & 0x00ff00) * rest + (over & 0x00ff00) * alpha) >>> 8;
    return (redBlue & 0xff00ff) | (green & 0x00ff00);
  }

  pixel(colour: number, x: number, y: number): number {
    const t = threshold(x, y);
    const red = narrow(channel(colour, 16), this.#red.length, t) << this.#red.offset;
    const green = narrow(channel(colour, 8), this.#green.length, t) << this.#green.offset;
    const blue = narrow(channel(colour, 0), this.#blue.length, t) << this.#blue.offset;
    return (red | green | blue) >>> 0;
  }
}

/** 8 bits to `bits` (2 … 8), dithered: the mean over all 64 thresholds is the value itself, and 255 is all ones. */
const narrow = (value: number, bits: number, t: number): number =>
  (value - (value >> bits) + (t >> (bits - 2))) >> (8 - bits);

class IndexedPaint implements Paint {
  readonly palette: Uint32Array;
  /** For each ramp its first entry, how many it has, and 64 times the place among them for each t. */
  readonly #ramps: readonly { readonly first: number; readonly entries: number; readonly places: Uint16Array }[];

  constructor(ramps: readonly Ramp[]) {
    const colours: number[] = [];
    this.#ramps = ramps.map((ramp) => {
      const first = colours.length;
      colours.push(...sampleRamp(ramp, ramp.entries));
      const scale = ramp.cyclic ? ramp.entries / RAMP_STEPS : (ramp.entries - 1) / (RAMP_STEPS - 1);
      const places = Uint16Array.from({ length: RAMP_STEPS }, (_, t) => Math.floor(64 * t * scale));
      return { first, entries: ramp.entries, places };
    });
    if (colours.length > 256) throw new RangeError(`${colours.length} colours for a palette of 256`);
    this.palette = Uint32Array.from(colours);
  }

  colour(ramp: number, t: number, x: number, y: number): number {
    const { first, entries, places } = this.#ramps[ramp]!;
    const place = (places[t]! + threshold(x, y)) >> 6;
    // Only the last place of a cyclic ramp can come out one too far, and leads back to its first.
    return place === entries ? first : first + place;
  }

  blend(under: number, over: number, alpha: number, x: number, y: number): number {
    return alpha > threshold(x, y) * (OPAQUE / 64) ? over : under;
  }

  pixel(colour: number): number {
    return colour;
  }
}
