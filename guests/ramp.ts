/** Colour ramps: smooth curves through a few chosen colours, 0xRRGGBB. */

/** Steps of a ramp: t is 0 … RAMP_STEPS - 1. A power of two. */
export const RAMP_STEPS = 1024;

export interface Ramp {
  /** The colours it passes through, evenly spaced. */
  readonly stops: readonly number[];
  /** Does the last lead back to the first? */
  readonly cyclic?: boolean;
  /** Palette entries that it takes on a c8 screen. */
  readonly entries: number;
}

/** Red, green or blue of 0xRRGGBB, by the shift 16, 8 or 0. */
export const channel = (rgb: number, shift: number): number => (rgb >> shift) & 0xff;

/** Catmull-Rom's cubic between b and c, f = 0 … 1. */
const cubic = (a: number, b: number, c: number, d: number, f: number): number =>
  b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)));

/** The colour at `position` 0 … 1 of a ramp. */
const colourAt = ({ stops, cyclic }: Ramp, position: number): number => {
  const at = position * (cyclic ? stops.length : stops.length - 1);
  const left = Math.floor(at);
  const stop = (i: number): number =>
    stops[cyclic ? (i + stops.length) % stops.length : Math.min(Math.max(i, 0), stops.length - 1)]!;
  let rgb = 0;
  for (const shift of [16, 8, 0]) {
    const [a, b, c, d] = [-1, 0, 1, 2].map((k) => channel(stop(left + k), shift));
    const value = Math.round(cubic(a!, b!, c!, d!, at - left));
    rgb |= Math.min(Math.max(value, 0), 255) << shift;
  }
  return rgb;
};

/** `count` colours from one end to the other; of a cyclic ramp, one round. */
export const sampleRamp = (ramp: Ramp, count: number): Uint32Array => {
  const last = ramp.cyclic ? count : Math.max(count - 1, 1);
  return Uint32Array.from({ length: count }, (_, i) => colourAt(ramp, i / last));
};
