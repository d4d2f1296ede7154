/* The colours of bounce: 255 palette entries on a c8 screen. */
#pragma once

#include "../draw/colour.h"

/* In the order of the palette. */
enum { SKY, HAZE, FLOOR, SUN_PATH, SUN, FAR_HILLS, NEAR_HILLS, IVORY, AZURE, AMBER, ROSE, MINT, CORAL, DARK, RAMPS };

extern const struct Ramp bounceRamps[RAMPS];

#define GLOW 0xffdca6
#define SHADOW 0x120f36
