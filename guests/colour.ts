/** Colours are 0xRRGGBB. Ramps are smooth curves through a few chosen ones. */

/** Steps of a sampled ramp. A power of two. */
export const RAMP_STEPS = 1024;
/** Full cover in `blend`. */
export const OPAQUE = 256;

export interface Ramp {
  /** The colours it passes through, evenly spaced. */
  readonly stops: readonly number[];
  /** Does the last lead back to the first? */
  readonly cyclic?: boolean;
  /** Palette entries that it takes on a c8 screen. */
  readonly entries: number;
}

/** `count` colours from one end to the other; of a cyclic ramp, one round. */
export const sampleRamp = (ramp: Ramp, count: number = RAMP_STEPS): Uint32Array => {
  const last = ramp.cyclic ? count : Math.max(count - 1, 1);
  return Uint32Array.from({ length: count }, (_, i) => colourAt(ramp, i / last));
};

/** The colour at `position` 0 … 1 of a ramp. */
const colourAt = ({ stops, cyclic }: Ramp, position: number): number => {
  const at = position * (cyclic ? stops.length : stops.length - 1);
  const left = Math.floor(at);
  const stop = (i: number): number =>
    stops[cyclic ? (i + stops.length) % stops.length : Math.min(Math.max(i, 0), stops.length - 1)]!;
  let colour = 0;
  for (const shift of [16, 8, 0]) {
    const [a, b, c, d] = [-1, 0, 1, 2].map((k) => (stop(left + k) >> shift) & 0xff);
    const value = Math.round(catmullRom(a!, b!, c!, d!, at - left));
    colour |= Math.min(Math.max(value, 0), 255) << shift;
  }
  return colour;
};

/** The cubic from b to c, f = 0 … 1, with the slopes that a and d give it. */
const catmullRom = (a: number, b: number, c: number, d: number, f: number): number =>
  b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)));

/** `over` covering `alpha` = 0 … OPAQUE of `under`. */
export const blend = (under: number, over: number, alpha: number): number => {
  // Red and blue in one multiplication: their products do not meet.
  const rest = OPAQUE - alpha;
  const redBlue = ((under & 0xff00ff) * rest + (over & 0xff00ff) * alpha) >>> 8;
  const green = ((under & 0x00ff00) * rest + (over & 0x00ff00) * alpha) >>> 8;
  return (redBlue & 0xff00ff) | (green & 0x00ff00);
};
