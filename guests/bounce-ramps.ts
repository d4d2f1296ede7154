/** The colours of bounce: 255 palette entries on a c8 screen. */
import type { Ramp } from "./colour.ts";

export const SKY: Ramp = { entries: 56, stops: [0x191645, 0x33266f, 0x643a8c, 0xa4528f, 0xdf7684, 0xfba67f, 0xffd79b] };
export const FLOOR: Ramp = { entries: 44, stops: [0xd98b86, 0xa9638d, 0x6f4487, 0x432f72, 0x261f55, 0x171540] };
export const SUN: Ramp = { entries: 8, stops: [0xfff6d8, 0xffe2a8, 0xffc486] };
export const FAR_HILLS: Ramp = { entries: 8, stops: [0x8a4c92, 0xc5718c] };
export const NEAR_HILLS: Ramp = { entries: 8, stops: [0x4f3180, 0x8f4f8c] };
export const GLOW = 0xffdca6;
export const SHADOW = 0x120f36;
/** What the glow makes of the sky and of the floor, for the palette alone. */
const HAZE: Ramp = { entries: 18, stops: [0x6c438c, 0xa36093, 0xd58491, 0xe8988f, 0xf3ad8e, 0xfdc89a] };
const SUN_PATH: Ramp = { entries: 16, stops: [0x47366e, 0x755386, 0xb07692, 0xd29996, 0xeeba98, GLOW] };

/** From the shaded side through the body colour to the highlight. */
const ball = (...stops: number[]): Ramp => ({ entries: 16, stops });
export const IVORY = ball(0x3b3350, 0x6b6285, 0xa69fb8, 0xd3cfdd, 0xeceaf1, 0xfaf9fc, 0xffffff);
export const AZURE = ball(0x0b1f56, 0x143f94, 0x1f6fd0, 0x4aa0ee, 0x8fcbfa, 0xd7eefe, 0xffffff);
export const AMBER = ball(0x54200f, 0x9a4a12, 0xdf8a1c, 0xfcb63c, 0xffd774, 0xfff0c6, 0xffffff);
export const ROSE = ball(0x4b1040, 0x861f6a, 0xc93b94, 0xec6bb4, 0xf9a3d0, 0xfddcee, 0xffffff);
export const MINT = ball(0x06323f, 0x0b5a5e, 0x128f7e, 0x3fc29b, 0x8be3b9, 0xd6f7e0, 0xffffff);
export const CORAL = ball(0x4a1033, 0x8f1f45, 0xd63e52, 0xf7685c, 0xff9b7c, 0xffd9c2, 0xffffff);

export const BOUNCE_RAMPS: readonly Ramp[] = [
  ...[SKY, HAZE, FLOOR, SUN_PATH, SUN, FAR_HILLS, NEAR_HILLS],
  ...[IVORY, AZURE, AMBER, ROSE, MINT, CORAL],
  { entries: 1, stops: [SHADOW] },
];
