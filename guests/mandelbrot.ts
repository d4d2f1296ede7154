/**
 * The Mandelbrot set, deep in Seahorse Valley. Colour follows the logarithm of the smoothed number of steps to escape; a
 * pixel that lies nearer to the set than its own size is darkened by as much (the distance estimate), which draws
 * the finest threads without jagged edges.
 *
 * Only IEEE 754 sums, products, quotients and square roots, so that all engines draw the same bytes.
 */
import { blend, OPAQUE, RAMP_STEPS, type Ramp, sampleRamp } from "./colour.ts";
import { type Drawing, drawingGuest } from "./drawing-guest.ts";
import type { PixelEncoder } from "./pixel-encoder.ts";

const ESCAPED: Ramp = {
  cyclic: true,
  entries: 240,
  stops: [0x14103c, 0x1f3f86, 0x2a87a8, 0x6cc6ae, 0xd5eebf, 0xfff3cd, 0xffcf96, 0xfb946f, 0xd8597a, 0x93408c, 0x4a2775],
};
const INSIDE = 0x06040f;
/** For c8: what the threads fade through on their way to the dark. */
const THREADS: Ramp = { entries: 16, stops: [INSIDE, 0x6b5f6e] };

/** The last frame's centre and height. */
const CENTRE_RE = -0.743644786;
const CENTRE_IM = 0.1318252536;
const LAST_HEIGHT = 0.00012;
/** The first frame of many shows the whole set; from frame to frame the height shrinks by this. */
const WHOLE_HEIGHT = 2.8;
const ZOOM = 1.02;

const MAX_STEPS = 3000;
/** |z|² beyond which the rest of the orbit follows from its size. */
const BAILOUT = 10_000;
const LOG2_BAILOUT = 13.287712379549449;
/** Rounds of the ramp for each doubling of the number of steps. */
const ROUNDS = 1.2;

/** Height of the picture in frame `frame` of `frames`: the last is always the same. */
const heightAt = (frame: number, frames: number): number => {
  let height = LAST_HEIGHT;
  for (let i = frame; i < frames - 1 && height < WHOLE_HEIGHT; i++) height *= ZOOM;
  return Math.min(height, WHOLE_HEIGHT);
};

export const makeMandelbrot = (encoder: PixelEncoder, width: number, height: number): Drawing => {
  const escaped = sampleRamp(ESCAPED);
  const steps = new Uint16Array(width);
  const cover = new Uint16Array(width);
  const pixels = new Uint32Array(width);
  return (surface, frame, frames) => {
    const size = heightAt(frame, frames) / height;
    for (let y = 0; y < height; y++) {
      const im = CENTRE_IM + (height / 2 - y - 0.5) * size;
      for (let x = 0; x < width; x++) pointAt(CENTRE_RE + (x + 0.5 - width / 2) * size, im, size, x, steps, cover);
      for (let x = 0; x < width; x++) {
        pixels[x] = encoder.encode(blend(INSIDE, escaped[steps[x]!]!, cover[x]!), x, y);
      }
      surface.row(0, y, pixels, width);
    }
  };
};

/** The colour step, and how much of it covers the dark, of the point (re, im) of a picture with pixels of `size`. */
const pointAt = (re: number, im: number, size: number, at: number, steps: Uint16Array, cover: Uint16Array): void => {
  steps[at] = 0;
  cover[at] = 0;
  if (inLargeParts(re, im)) return;
  let x = 0;
  let y = 0;
  // dz/dc.
  let dx = 0;
  let dy = 0;
  for (let n = 1; n <= MAX_STEPS; n++) {
    const dx0 = dx;
    dx = 2 * (x * dx - y * dy) + 1;
    dy = 2 * (x * dy + y * dx0);
    const x0 = x;
    x = x * x - y * y + re;
    y = 2 * x0 * y + im;
    const r2 = x * x + y * y;
    if (r2 < BAILOUT) continue;
    const logR2 = log2(r2);
    const smooth = n + 1 - log2(logR2 / LOG2_BAILOUT);
    steps[at] = Math.floor(log2(smooth) * ROUNDS * RAMP_STEPS) & (RAMP_STEPS - 1);
    // 2 |z| ln|z| / |dz/dc| is the distance to the set within a factor of two.
    const distance = (logR2 * Math.LN2 * Math.sqrt(r2)) / Math.sqrt(dx * dx + dy * dy);
    cover[at] = Math.min(OPAQUE, Math.floor((distance / size) * OPAQUE));
    return;
  }
};

/** The main cardioid and the disc beside it, where no orbit escapes. */
const inLargeParts = (re: number, im: number): boolean => {
  const a = re - 0.25;
  const q = a * a + im * im;
  return q * (q + a) <= 0.25 * im * im || (re + 1) * (re + 1) + im * im <= 0.0625;
};

const word = new DataView(new ArrayBuffer(8));

/** Logarithm to base 2 of a positive normal number, to about 1e-9. */
const log2 = (value: number): number => {
  word.setFloat64(0, value);
  const high = word.getUint32(0);
  // The mantissa, 1 … 2, is 2^(log2); ln((1 + t)/(1 - t)) is 2 (t + t³/3 + t⁵/5 + …).
  word.setUint32(0, (high & 0xf_ffff) | 0x3ff0_0000);
  const mantissa = word.getFloat64(0);
  const t = (mantissa - 1) / (mantissa + 1);
  const t2 = t * t;
  const series =
    1 + t2 * (1 / 3 + t2 * (1 / 5 + t2 * (1 / 7 + t2 * (1 / 9 + t2 * (1 / 11 + t2 * (1 / 13 + t2 / 15))))));
  return (high >>> 20) - 1023 + (2 * t * series) / Math.LN2;
};

export const mandelbrot = drawingGuest({
  name: "mandelbrot",
  summary: "the Mandelbrot set in Seahorse Valley; more frames zoom in on it",
  frames: 1,
  ramps: [ESCAPED, THREADS],
  make: makeMandelbrot,
});
