/** What bounce draws once: a setting sun, two ranges of hills, and a floor that mirrors the sky. */
import { FAR_HILLS, FLOOR, GLOW, NEAR_HILLS, SKY, SUN } from "./bounce-ramps.ts";
import { blend, OPAQUE, RAMP_STEPS, sampleRamp } from "./colour.ts";
import { SINE_ONE, sine, TURN } from "./sine.ts";

/** Places are parts of the screen's height from its top, and from the middle for x. */
const HORIZON = 0.64;
const SUN_X = 0.24;
const SUN_Y = 0.55;
const SUN_RADIUS = 0.135;
const GLOW_RADIUS = 0.62;

const sky = sampleRamp(SKY);
const floor = sampleRamp(FLOOR);
const sun = sampleRamp(SUN);
const farHills = sampleRamp(FAR_HILLS);
const nearHills = sampleRamp(NEAR_HILLS);

/** Its colours, row by row. */
export const makeBackdrop = (width: number, height: number): Uint32Array => {
  const colours = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const v = (y + 0.5) / height;
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5 - width / 2) / height;
      colours[y * width + x] = v < HORIZON ? above(u, v, height) : below(u, v);
    }
  }
  return colours;
};

/** A ramp's colour at 0 … 1. */
const at = (ramp: Uint32Array, part: number): number =>
  ramp[Math.floor(Math.min(Math.max(part, 0), 1) * (RAMP_STEPS - 1))]!;

const above = (u: number, v: number, height: number): number => {
  const distance = Math.sqrt((u - SUN_X) * (u - SUN_X) + (v - SUN_Y) * (v - SUN_Y));
  const glow = Math.max(0, 1 - distance / GLOW_RADIUS);
  let colour = blend(at(sky, v / HORIZON), GLOW, Math.floor(glow * glow * glow * 0.75 * OPAQUE));
  colour = blend(colour, at(sun, (v - SUN_Y + SUN_RADIUS) / (2 * SUN_RADIUS)), edge((SUN_RADIUS - distance) * height));
  const far = farRidge(u);
  colour = blend(colour, at(farHills, (v - far) / (HORIZON - far)), edge((v - far) * height));
  const near = nearRidge(u);
  return blend(colour, at(nearHills, (v - near) / (HORIZON - near)), edge((v - near) * height));
};

const below = (u: number, v: number): number => {
  const depth = (v - HORIZON) / (1 - HORIZON);
  // The sun's path on the floor: wider towards the viewer, and fading.
  const across = Math.abs(u - SUN_X) / (0.16 + 0.25 * depth);
  const path = Math.max(0, 1 - across) * (1 - depth);
  return blend(at(floor, depth), GLOW, Math.floor(path * path * 0.6 * OPAQUE));
};

/** Cover of a pixel whose centre lies `inside` pixels inside an edge. */
const edge = (inside: number): number => Math.floor(Math.min(Math.max(inside + 0.5, 0), 1) * OPAQUE);

/** `amount` times the sine of `turns`. */
const wave = (turns: number, amount: number): number => (sine(Math.floor(turns * TURN)) / SINE_ONE) * amount;

const farRidge = (u: number): number => HORIZON - 0.075 - wave(u * 0.55 + 0.1, 0.035) - wave(u * 1.35 + 0.4, 0.014);
const nearRidge = (u: number): number => HORIZON - 0.035 - wave(u * 0.8 + 0.62, 0.022) - wave(u * 1.9 + 0.2, 0.008);
