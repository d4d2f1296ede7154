/** The balls of bounce: how each is lit, where it is in a frame, its mirror image and its shadow on the floor. */
import { AMBER, AZURE, CORAL, IVORY, MINT, ROSE, SHADOW } from "./bounce-ramps.ts";
import { blend, OPAQUE, RAMP_STEPS, type Ramp, sampleRamp } from "./colour.ts";
import type { Rectangle } from "./rectangle.ts";

interface Ball {
  readonly ramp: Ramp;
  /** Parts of the screen's height: radius, and where it meets the floor. */
  readonly radius: number;
  readonly ground: number;
  /** Frames from one bounce to the next, and on from the last at frame 0. */
  readonly period: number;
  readonly phase: number;
  /** Frames from wall to wall and back, and on from the left wall at frame 0. */
  readonly crossing: number;
  readonly start: number;
}

/** From the farthest to the nearest. */
const BALLS: readonly Ball[] = [
  { ramp: IVORY, radius: 0.036, ground: 0.7, period: 56, phase: 5, crossing: 760, start: 114 },
  { ramp: AZURE, radius: 0.044, ground: 0.735, period: 64, phase: 42, crossing: 640, start: 282 },
  { ramp: AMBER, radius: 0.053, ground: 0.775, period: 60, phase: 11, crossing: 700, start: 205 },
  { ramp: ROSE, radius: 0.063, ground: 0.815, period: 68, phase: 30, crossing: 560, start: 123 },
  { ramp: MINT, radius: 0.074, ground: 0.86, period: 62, phase: 57, crossing: 620, start: 397 },
  { ramp: CORAL, radius: 0.088, ground: 0.91, period: 66, phase: 20, crossing: 540, start: 38 },
];

/** Parts of the screen's height in a frame, each frame. */
const GRAVITY = 0.00056;

/** A lit ball: colour and cover of a square of pixels around its centre. */
interface Sprite {
  readonly ball: Ball;
  /** Pixels from the centre to the square's edge. */
  readonly reach: number;
  readonly colours: Uint32Array;
  readonly cover: Uint16Array;
}

export const makeSprites = (height: number): readonly Sprite[] =>
  BALLS.map((ball) => makeSprite(ball, ball.radius * height));

const makeSprite = (ball: Ball, radius: number): Sprite => {
  const ramp = sampleRamp(ball.ramp);
  const reach = Math.ceil(radius) + 1;
  const side = 2 * reach;
  const colours = new Uint32Array(side * side);
  const cover = new Uint16Array(side * side);
  for (let i = 0; i < colours.length; i++) {
    const dx = ((i % side) + 0.5 - reach) / radius;
    const dy = (Math.floor(i / side) + 0.5 - reach) / radius;
    const distance = Math.sqrt(dx * dx + dy * dy);
    cover[i] = Math.floor(Math.min(Math.max((1 - distance) * radius + 0.5, 0), 1) * OPAQUE);
    // Pixels whose centre is just outside take the colour of the rim.
    const onto = distance > 1 ? 1 / distance : 1;
    colours[i] = ramp[Math.floor(light(dx * onto, dy * onto) * (RAMP_STEPS - 1))]!;
  }
  return { ball, reach, colours, cover };
};

/** Brightness 0 … 1 of a ball of radius 1 where the viewer sees (x, y): a lamp at the upper left, and the floor. */
const light = (x: number, y: number): number => {
  const z = Math.sqrt(Math.max(0, 1 - x * x - y * y));
  const facing = -0.48 * x - 0.62 * y + 0.62 * z;
  const soft = Math.max(0, (facing + 0.35) / 1.35);
  // Half-way between the lamp and the viewer: where a polished ball mirrors the lamp.
  let gloss = Math.max(0, -0.267 * x - 0.344 * y + 0.9 * z);
  for (let i = 0; i < 6; i++) gloss *= gloss;
  const fromFloor = Math.max(0, y) * (1 - z) * 0.3;
  return Math.min(1, 0.06 + 0.68 * soft * soft + 0.75 * gloss + fromFloor);
};

/** One thing to draw over the backdrop. */
export interface Layer {
  readonly bounds: Rectangle;
  /** Draws the part that meets row `y` over `line`, whose first colour is that of column `left`. */
  over(line: Uint32Array, left: number, y: number): void;
}

/** All layers of a frame, from the bottom up: always the same number in the same order. */
export const layersAt = (
  frame: number,
  sprites: readonly Sprite[],
  width: number,
  height: number,
): readonly Layer[] => {
  const onFloor: Layer[] = [];
  const inAir: Layer[] = [];
  for (const sprite of sprites) {
    const { radius, ground, period, phase, crossing, start } = sprite.ball;
    const since = (frame + phase) % period;
    const lift = 0.5 * GRAVITY * since * (period - since);
    const way = Math.abs(1 - (2 * ((frame + start) % crossing)) / crossing);
    const x = Math.round(radius * height + (1 - way) * (width - 2 * radius * height));
    const y = Math.round((ground - radius - lift) * height);
    const mirrored = Math.round((ground + radius + lift) * height);
    onFloor.push(
      mirrorLayer(sprite, x, mirrored, lift),
      shadowLayer(x, Math.round(ground * height), radius * height, lift),
    );
    inAir.push(ballLayer(sprite, x, y));
  }
  return [...onFloor, ...inAir];
};

const around = (x: number, y: number, reachX: number, reachY: number): Rectangle => ({
  left: x - reachX,
  top: y - reachY,
  right: x + reachX,
  bottom: y + reachY,
});

const ballLayer = (sprite: Sprite, x: number, y: number): Layer => ({
  bounds: around(x, y, sprite.reach, sprite.reach),
  over: (line, left, row) => spriteRow(sprite, row - y + sprite.reach, OPAQUE, line, x - left),
});

/** Upside down, and fainter the higher the ball. */
const mirrorLayer = (sprite: Sprite, x: number, y: number, lift: number): Layer => {
  const strength = Math.floor(Math.max(0, 0.42 - lift * 1.6) * OPAQUE);
  const reach = strength === 0 ? 0 : sprite.reach;
  return {
    bounds: around(x, y, reach, reach),
    over: (line, left, row) => spriteRow(sprite, y + reach - 1 - row, strength, line, x - left),
  };
};

/** One row of a sprite, `strength` of OPAQUE strong, with its centre at column `x` of the line. */
const spriteRow = (sprite: Sprite, spriteY: number, strength: number, line: Uint32Array, x: number): void => {
  const { reach, colours, cover } = sprite;
  const first = Math.max(0, x - reach);
  const last = Math.min(line.length, x + reach);
  const from = spriteY * 2 * reach + reach - x;
  for (let i = first; i < last; i++) {
    const alpha = (cover[from + i]! * strength) >> 8;
    line[i] = blend(line[i]!, colours[from + i]!, alpha);
  }
};

/** A flat ellipse that grows and fades as the ball rises. */
const shadowLayer = (x: number, y: number, radius: number, lift: number): Layer => {
  const reachX = Math.round(radius * (1.05 + lift * 1.5));
  const reachY = Math.max(2, Math.round(reachX * 0.24));
  const strength = 0.62 / (1 + lift * 7);
  return {
    bounds: around(x, y, reachX, reachY),
    over(line, left, row) {
      const dy = (row + 0.5 - y) / reachY;
      const first = Math.max(0, x - reachX - left);
      const last = Math.min(line.length, x + reachX - left);
      for (let i = first; i < last; i++) {
        const dx = (left + i + 0.5 - x) / reachX;
        const part = Math.max(0, 1 - dx * dx - dy * dy);
        line[i] = blend(line[i]!, SHADOW, Math.floor(part * part * strength * OPAQUE));
      }
    },
  };
};
