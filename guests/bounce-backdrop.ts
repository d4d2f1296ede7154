/** What bounce draws once: a setting sun, two ranges of hills, and a floor that mirrors the sky. */
import { FAR_HILLS, FLOOR, GLOW, NEAR_HILLS, SKY, SUN } from "./bounce-ramps.ts";
import { OPAQUE, type Paint } from "./paint.ts";
import { RAMP_STEPS } from "./ramp.ts";
import { sine, SINE_ONE, TURN } from "./sine.ts";

/** Places are parts of the screen's height from its top, and from the middle for x. */
const HORIZON = 0.64;
const SUN_X = 0.24;
const SUN_Y = 0.55;
const SUN_RADIUS = 0.135;
const GLOW_RADIUS = 0.62;

/** The colours of paint.ts, row by row. */
export const makeBackdrop = (paint: Paint, width: number, height: number): Uint32Array => {
  const colours = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const v = (y + 0.5) / height;
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5 - width / 2) / height;
      colours[y * width + x] = v < HORIZON ? above(paint, u, v, height, x, y) : floor(paint, u, v, x, y);
    }
  }
  return colours;
};

/** A part 0 … 1 as a step of a ramp. */
const step = (part: number): number => Math.floor(Math.min(Math.max(part, 0), 1) * (RAMP_STEPS - 1));

const above = (paint: Paint, u: number, v: number, height: number, x: number, y: number): number => {
  let colour = paint.colour(SKY, step(v / HORIZON), x, y);
  const distance = Math.sqrt((u - SUN_X) * (u - SUN_X) + (v - SUN_Y) * (v - SUN_Y));
  const glow = Math.max(0, 1 - distance / GLOW_RADIUS);
  colour = paint.blend(colour, paint.colour(GLOW, 0, x, y), Math.floor(glow * glow * glow * 0.75 * OPAQUE), x, y);
  const sun = paint.colour(SUN, step((v - SUN_Y + SUN_RADIUS) / (2 * SUN_RADIUS)), x, y);
  colour = paint.blend(colour, sun, edge((SUN_RADIUS - distance) * height), x, y);
  for (const [ramp, ridge] of [
    [FAR_HILLS, farRidge(u)],
    [NEAR_HILLS, nearRidge(u)],
  ] as const) {
    const hill = paint.colour(ramp, step((v - ridge) / (HORIZON - ridge)), x, y);
    colour = paint.blend(colour, hill, edge((v - ridge) * height), x, y);
  }
  return colour;
};

const floor = (paint: Paint, u: number, v: number, x: number, y: number): number => {
  const depth = (v - HORIZON) / (1 - HORIZON);
  const colour = paint.colour(FLOOR, step(depth), x, y);
  // The sun's path on the floor: wider towards the viewer, and fading.
  const across = Math.abs(u - SUN_X) / (0.16 + 0.25 * depth);
  const path = Math.max(0, 1 - across) * (1 - depth);
  return paint.blend(colour, paint.colour(GLOW, 0, x, y), Math.floor(path * path * 0.6 * OPAQUE), x, y);
};

/** Cover of a pixel whose centre lies `inside` pixels inside an edge. */
const edge = (inside: number): number => Math.floor(Math.min(Math.max(inside + 0.5, 0), 1) * OPAQUE);

/** `amount` times the sine of `turns`. */
const wave = (turns: number, amount: number): number => (sine(Math.floor(turns * TURN)) / SINE_ONE) * amount;

const farRidge = (u: number): number => HORIZON - 0.075 - wave(u * 0.55 + 0.1, 0.035) - wave(u * 1.35 + 0.4, 0.014);
const nearRidge = (u: number): number => HORIZON - 0.035 - wave(u * 0.8 + 0.62, 0.022) - wave(u * 1.9 + 0.2, 0.008);
