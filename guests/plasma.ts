/** Plasma: a sum of sines on a plane that is itself bent by sines; its height goes round a ring of colours. */
import { RAMP_STEPS, type Ramp, sampleRamp } from "./colour.ts";
import { type Drawing, drawingGuest } from "./drawing-guest.ts";
import type { PixelEncoder } from "./pixel-encoder.ts";
import { sine, TURN } from "./sine.ts";

/** Night, sea, foam, sand, rose, violet, and night again. */
const RING: Ramp = {
  cyclic: true,
  entries: 256,
  stops: [0x1a1446, 0x1d3b84, 0x2484a8, 0x63c2ae, 0xcdebc0, 0xfff4d2, 0xffd29c, 0xfd9a74, 0xdf5f7c, 0x9a4391, 0x512b7d],
};

/** The first frame: three seconds into the motion, where it looks best. */
const START = 180;

const makePlasma = (encoder: PixelEncoder, width: number, height: number): Drawing => {
  // A screen is one turn high at any size.
  const place = (i: number, size: number): number => Math.round(((i - size / 2) * TURN) / height);
  const columns = Int32Array.from({ length: width }, (_, x) => place(x, width));
  const ring = sampleRamp(RING);
  const steps = new Uint16Array(width);
  const pixels = new Uint32Array(width);
  return (surface, frame) => {
    for (let y = 0; y < height; y++) {
      fieldRow(steps, columns, place(y, height), START + frame);
      paintRow(pixels, steps, ring, encoder, y);
      surface.row(0, y, pixels, width);
    }
  };
};

/** `amount`/TURN of a turn at most, as the sine of `phase` says. */
const sway = (phase: number, amount: number): number => (sine(phase) * amount) >> 15;

const fieldRow = (steps: Uint16Array, columns: Int32Array, v: number, frame: number): void => {
  for (let x = 0; x < steps.length; x++) steps[x] = field(columns[x]!, v, frame);
};

/** The colour step at (u, v), in 1/TURN of the screen's height. Factors are in 1/256. */
const field = (u: number, v: number, frame: number): number => {
  const bentU =
    u + sway(((205 * v) >> 8) + 120 * frame + 6000, 6554) + sway(((282 * u - 230 * v) >> 8) - 76 * frame, 3277);
  const bentV =
    v + sway(((179 * u) >> 8) - 98 * frame + 20000, 7864) + sway(((230 * u + 333 * v) >> 8) + 55 * frame, 3277);
  const height =
    sine(((154 * bentU) >> 8) + 109 * frame + 13000) +
    sine(((205 * bentV) >> 8) + sway((205 * bentU) >> 8, 9830)) +
    sine(((141 * (bentU + bentV)) >> 8) - 131 * frame + 9800) +
    (sine(((307 * bentU - 230 * bentV) >> 8) + sway(((205 * bentV) >> 8) + 65 * frame, 19660)) >> 1);
  return ((((height * 150) >> 8) + 55 * frame + 3000) >> 6) & (RAMP_STEPS - 1);
};

const paintRow = (
  pixels: Uint32Array,
  steps: Uint16Array,
  ring: Uint32Array,
  encoder: PixelEncoder,
  y: number,
): void => {
  for (let x = 0; x < steps.length; x++) pixels[x] = encoder.encode(ring[steps[x]!]!, x, y);
};

export const plasma = drawingGuest({
  name: "plasma",
  summary: "waves of colour over the whole screen",
  frames: 1,
  ramps: [RING],
  make: makePlasma,
});
