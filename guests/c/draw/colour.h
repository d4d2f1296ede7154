/* Colours are 0xRRGGBB. Ramps are smooth curves through a few chosen ones. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Steps of a sampled ramp. A power of two. */
#define RAMP_STEPS 1024
/* Full cover in `blend`. */
#define OPAQUE 256
#define MAX_STOPS 12

struct Ramp {
  /* Does the last stop lead back to the first? */
  bool cyclic;
  /* Palette entries that it takes on a c8 screen. */
  int entries;
  /* How many colours it passes through, evenly spaced, and which. */
  int count;
  uint32_t stops[MAX_STOPS];
};

/* `count` colours from one end to the other; of a cyclic ramp, one round. */
void sampleRamp(const struct Ramp *ramp, int count, uint32_t *colours);

/* `over` covering `alpha` = 0 to OPAQUE of `under`. */
static inline uint32_t blend(uint32_t under, uint32_t over, uint32_t alpha) {
  /* Red and blue in one multiplication: their products do not meet. */
  uint32_t rest = OPAQUE - alpha;
  uint32_t redBlue = ((under & 0xff00ff) * rest + (over & 0xff00ff) * alpha) >> 8;
  uint32_t green = ((under & 0x00ff00) * rest + (over & 0x00ff00) * alpha) >> 8;
  return (redBlue & 0xff00ff) | (green & 0x00ff00);
}
