/** The balls of bounce: how each is lit, where it is in a frame, its mirror image and its shadow on the floor. */
import { BALL, SHADOW } from "./bounce-ramps.ts";
import { OPAQUE, type Paint } from "./paint.ts";
import { RAMP_STEPS } from "./ramp.ts";
import type { Rectangle } from "./rectangle.ts";

interface Ball {
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

/** From the farthest to the nearest, each with the ramp of its place in this list. */
const BALLS: readonly Ball[] = [
  { radius: 0.05, ground: 0.7, period: 52, phase: 13, crossing: 760, start: 60 },
  { radius: 0.06, ground: 0.73, period: 62, phase: 40, crossing: 640, start: 270 },
  { radius: 0.068, ground: 0.765, period: 56, phase: 20, crossing: 700, start: 140 },
  { radius: 0.078, ground: 0.8, period: 68, phase: 52, crossing: 560, start: 480 },
  { radius: 0.09, ground: 0.845, period: 60, phase: 9, crossing: 620, start: 205 },
  { radius: 0.104, ground: 0.89, period: 72, phase: 30, crossing: 520, start: 392 },
  { radius: 0.12, ground: 0.95, period: 64, phase: 57, crossing: 580, start: 35 },
];

/** Parts of the screen's height in a frame, each frame. */
const GRAVITY = 0.00086;

/** A lit ball: ramp steps and cover of a square of pixels around its centre. */
interface Sprite {
  readonly ball: Ball;
  readonly ramp: number;
  /** Pixels from the centre to the square's edge. */
  readonly reach: number;
  readonly steps: Uint16Array;
  readonly cover: Uint16Array;
}

export const makeSprites = (height: number): readonly Sprite[] =>
  BALLS.map((ball, i) => makeSprite(ball, BALL + i, ball.radius * height));

const makeSprite = (ball: Ball, ramp: number, radius: number): Sprite => {
  const reach = Math.ceil(radius) + 1;
  const side = 2 * reach;
  const steps = new Uint16Array(side * side);
  const cover = new Uint16Array(side * side);
  for (let i = 0; i < steps.length; i++) {
    const dx = ((i % side) + 0.5 - reach) / radius;
    const dy = (Math.floor(i / side) + 0.5 - reach) / radius;
    const distance = Math.sqrt(dx * dx + dy * dy);
    cover[i] = Math.floor(Math.min(Math.max((1 - distance) * radius + 0.5, 0), 1) * OPAQUE);
    // The edge's outer half takes the colour of the rim.
    const onto = distance > 1 ? 1 / distance : 1;
    steps[i] = Math.floor(light(dx * onto, dy * onto) * (RAMP_STEPS - 1));
  }
  return { ball, ramp, reach, steps, cover };
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
  over(paint: Paint, line: Uint32Array, left: number, y: number): void;
}

/** All layers of a frame, from the bottom up: always the same number in the same order. */
export const layersAt = (frame: number, sprites: readonly Sprite[], width: number, height: number): readonly Layer[] => {
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
    onFloor.push(mirrorLayer(sprite, x, mirrored, lift), shadowLayer(x, ground * height, radius * height, lift));
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
  over: (paint, line, left, row) => spriteRow(sprite, row - y + sprite.reach, OPAQUE, x, paint, line, left, row),
});

/** Upside down, and paler the higher the ball. */
const mirrorLayer = (sprite: Sprite, x: number, y: number, lift: number): Layer => {
  const strength = Math.floor(Math.max(0, 0.34 - lift * 0.9) * OPAQUE);
  return {
    bounds: around(x, y, strength === 0 ? 0 : sprite.reach, strength === 0 ? 0 : sprite.reach),
    over: (paint, line, left, row) =>
      spriteRow(sprite, y + sprite.reach - 1 - row, strength, x, paint, line, left, row),
  };
};

const spriteRow = (
  { reach, ramp, steps, cover }: Sprite,
  spriteY: number,
  strength: number,
  x: number,
  paint: Paint,
  line: Uint32Array,
  left: number,
  y: number,
): void => {
  const first = Math.max(0, x - reach - left);
  const last = Math.min(line.length, x + reach - left);
  for (let i = first; i < last; i++) {
    const at = spriteY * 2 * reach + i + left - (x - reach);
    const alpha = (cover[at]! * strength) >> 8;
    if (alpha === 0) continue;
    line[i] = paint.blend(line[i]!, paint.colour(ramp, steps[at]!, left + i, y), alpha, left + i, y);
  }
};

/** A flat ellipse that grows and fades as the ball rises. */
const shadowLayer = (x: number, y: number, radius: number, lift: number): Layer => {
  const reachX = Math.round(radius * (1.05 + lift * 1.5));
  const reachY = Math.max(2, Math.round(reachX * 0.24));
  const strength = 0.62 / (1 + lift * 7);
  const middle = Math.round(y);
  return {
    bounds: around(x, middle, reachX, reachY),
    over(paint, line, left, row) {
      const dy = (row + 0.5 - middle) / reachY;
      const first = Math.max(0, x - reachX - left);
      const last = Math.min(line.length, x + reachX - left);
      for (let i = first; i < last; i++) {
        const dx = (left + i + 0.5 - x) / reachX;
        const part = 1 - dx * dx - dy * dy;
        if (part <= 0) continue;
        const alpha = Math.floor(part * part * strength * OPAQUE);
        line[i] = paint.blend(line[i]!, paint.colour(SHADOW, 0, left + i, row), alpha, left + i, row);
      }
    },
  };
};
