#include "colour.h"

#include "rounding.h"

/* The cubic from b to c, f = 0 to 1, with the slopes that a and d give it. */
static double catmullRom(int a, int b, int c, int d, double f) {
  return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)));
}

static uint32_t stopAt(const struct Ramp *ramp, int i) {
  if (ramp->cyclic) return ramp->stops[(i + ramp->count) % ramp->count];
  return ramp->stops[i < 0 ? 0 : i >= ramp->count ? ramp->count - 1 : i];
}

/* The colour at `position` 0 to 1 of a ramp. */
static uint32_t colourAt(const struct Ramp *ramp, double position) {
  double at = position * (ramp->cyclic ? ramp->count : ramp->count - 1);
  int left = (int)roundDown(at);
  uint32_t colour = 0;
  for (int shift = 16; shift >= 0; shift -= 8) {
    int channel[4];
    for (int k = 0; k < 4; k++) channel[k] = (stopAt(ramp, left + k - 1) >> shift) & 0xff;
    double value = catmullRom(channel[0], channel[1], channel[2], channel[3], at - left);
    colour |= (uint32_t)between(0, (double)roundHalfUp(value), 255) << shift;
  }
  return colour;
}

void sampleRamp(const struct Ramp *ramp, int count, uint32_t *colours) {
  int last = ramp->cyclic ? count : count > 1 ? count - 1 : 1;
  for (int i = 0; i < count; i++) colours[i] = colourAt(ramp, (double)i / last);
}
