#include "ramps.h"

/* From the shaded side through the body colour to the highlight. */
#define BALL(...) {.entries = 16, .count = 7, .stops = {__VA_ARGS__}}

const struct Ramp bounceRamps[RAMPS] = {
    [SKY] = {.entries = 56, .count = 7, .stops = {0x191645, 0x33266f, 0x643a8c, 0xa4528f, 0xdf7684, 0xfba67f, 0xffd79b}},
    /* What the glow makes of the sky and of the floor, for the palette alone. */
    [HAZE] = {.entries = 18, .count = 6, .stops = {0x6c438c, 0xa36093, 0xd58491, 0xe8988f, 0xf3ad8e, 0xfdc89a}},
    [FLOOR] = {.entries = 44, .count = 6, .stops = {0xd98b86, 0xa9638d, 0x6f4487, 0x432f72, 0x261f55, 0x171540}},
    [SUN_PATH] = {.entries = 16, .count = 6, .stops = {0x47366e, 0x755386, 0xb07692, 0xd29996, 0xeeba98, GLOW}},
    [SUN] = {.entries = 8, .count = 3, .stops = {0xfff6d8, 0xffe2a8, 0xffc486}},
    [FAR_HILLS] = {.entries = 8, .count = 2, .stops = {0x8a4c92, 0xc5718c}},
    [NEAR_HILLS] = {.entries = 8, .count = 2, .stops = {0x4f3180, 0x8f4f8c}},
    [IVORY] = BALL(0x3b3350, 0x6b6285, 0xa69fb8, 0xd3cfdd, 0xeceaf1, 0xfaf9fc, 0xffffff),
    [AZURE] = BALL(0x0b1f56, 0x143f94, 0x1f6fd0, 0x4aa0ee, 0x8fcbfa, 0xd7eefe, 0xffffff),
    [AMBER] = BALL(0x54200f, 0x9a4a12, 0xdf8a1c, 0xfcb63c, 0xffd774, 0xfff0c6, 0xffffff),
    [ROSE] = BALL(0x4b1040, 0x861f6a, 0xc93b94, 0xec6bb4, 0xf9a3d0, 0xfddcee, 0xffffff),
    [MINT] = BALL(0x06323f, 0x0b5a5e, 0x128f7e, 0x3fc29b, 0x8be3b9, 0xd6f7e0, 0xffffff),
    [CORAL] = BALL(0x4a1033, 0x8f1f45, 0xd63e52, 0xf7685c, 0xff9b7c, 0xffd9c2, 0xffffff),
    [DARK] = {.entries = 1, .count = 1, .stops = {SHADOW}},
};
