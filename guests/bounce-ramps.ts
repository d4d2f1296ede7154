/** The colours of bounce: 245 palette entries on a c8 screen. */
import type { Ramp } from "./ramp.ts";

export const SKY = 0;
export const FLOOR = 1;
export const SUN = 2;
export const GLOW = 3;
export const FAR_HILLS = 4;
export const NEAR_HILLS = 5;
export const SHADOW = 6;
/** The first of the balls' ramps: from the shaded side through the body colour to the highlight. */
export const BALL = 7;

const ball = (...stops: number[]): Ramp => ({ entries: 19, stops });

export const BOUNCE_RAMPS: readonly Ramp[] = [
  { entries: 52, stops: [0x191645, 0x33266f, 0x643a8c, 0xa4528f, 0xdf7684, 0xfba67f, 0xffd79b] },
  { entries: 44, stops: [0xd98b86, 0xa9638d, 0x6f4487, 0x432f72, 0x261f55, 0x171540] },
  { entries: 10, stops: [0xfff6d8, 0xffe2a8, 0xffc486] },
  { entries: 1, stops: [0xffdca6] },
  { entries: 6, stops: [0x8a4c92, 0xc5718c] },
  { entries: 6, stops: [0x4f3180, 0x8f4f8c] },
  { entries: 1, stops: [0x120f36] },
  ball(0x4a1033, 0x8f1f45, 0xd63e52, 0xf7685c, 0xff9b7c, 0xffd9c2, 0xffffff),
  ball(0x54200f, 0x9a4a12, 0xdf8a1c, 0xfcb63c, 0xffd774, 0xfff0c6, 0xffffff),
  ball(0x06323f, 0x0b5a5e, 0x128f7e, 0x3fc29b, 0x8be3b9, 0xd6f7e0, 0xffffff),
  ball(0x0b1f56, 0x143f94, 0x1f6fd0, 0x4aa0ee, 0x8fcbfa, 0xd7eefe, 0xffffff),
  ball(0x24104f, 0x432187, 0x6c3cc0, 0x9463e3, 0xbd97f4, 0xe6d7fd, 0xffffff),
  ball(0x4b1040, 0x861f6a, 0xc93b94, 0xec6bb4, 0xf9a3d0, 0xfddcee, 0xffffff),
  ball(0x3b3350, 0x6b6285, 0xa69fb8, 0xd3cfdd, 0xeceaf1, 0xfaf9fc, 0xffffff),
];
