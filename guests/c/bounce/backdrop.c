#include "backdrop.h"

#include "../draw/colour.h"
#include "../draw/rounding.h"
#include "../draw/sine.h"
#include "ramps.h"

/* Places are parts of the screen's height from its top, and from the middle for x. */
#define HORIZON 0.64
#define SUN_X 0.24
#define SUN_Y 0.55
#define SUN_RADIUS 0.135
#define GLOW_RADIUS 0.62

static uint32_t sky[RAMP_STEPS], ground[RAMP_STEPS], sun[RAMP_STEPS], farHills[RAMP_STEPS], nearHills[RAMP_STEPS];

/* A ramp's colour at 0 to 1. */
static uint32_t at(const uint32_t *ramp, double part) {
  return ramp[roundDown(between(0, part, 1) * (RAMP_STEPS - 1))];
}

/* Cover of a pixel whose centre lies `inside` pixels inside an edge. */
static uint32_t edge(double inside) {
  return (uint32_t)roundDown(between(0, inside + 0.5, 1) * OPAQUE);
}

/* `amount` times the sine of `turns`. */
static double wave(double turns, double amount) {
  return ((double)sine((int32_t)roundDown(turns * TURN)) / SINE_ONE) * amount;
}

static double farRidge(double u) {
  return HORIZON - 0.075 - wave(u * 0.55 + 0.1, 0.035) - wave(u * 1.35 + 0.4, 0.014);
}

static double nearRidge(double u) {
  return HORIZON - 0.035 - wave(u * 0.8 + 0.62, 0.022) - wave(u * 1.9 + 0.2, 0.008);
}

static uint32_t above(double u, double v, int height) {
  double distance = __builtin_sqrt((u - SUN_X) * (u - SUN_X) + (v - SUN_Y) * (v - SUN_Y));
  double glow = between(0, 1 - distance / GLOW_RADIUS, 1);
  uint32_t colour = blend(at(sky, v / HORIZON), GLOW, (uint32_t)roundDown(glow * glow * glow * 0.75 * OPAQUE));
  colour = blend(colour, at(sun, (v - SUN_Y + SUN_RADIUS) / (2 * SUN_RADIUS)), edge((SUN_RADIUS - distance) * height));
  double far = farRidge(u);
  colour = blend(colour, at(farHills, (v - far) / (HORIZON - far)), edge((v - far) * height));
  double near = nearRidge(u);
  return blend(colour, at(nearHills, (v - near) / (HORIZON - near)), edge((v - near) * height));
}

static uint32_t below(double u, double v) {
  double depth = (v - HORIZON) / (1 - HORIZON);
  /* The sun's path on the floor: wider towards the viewer, and fading. */
  double across = __builtin_fabs(u - SUN_X) / (0.16 + 0.25 * depth);
  double path = between(0, 1 - across, 1) * (1 - depth);
  return blend(at(ground, depth), GLOW, (uint32_t)roundDown(path * path * 0.6 * OPAQUE));
}

void makeBackdrop(uint32_t *colours, int width, int height) {
  sampleRamp(&bounceRamps[SKY], RAMP_STEPS, sky);
  sampleRamp(&bounceRamps[FLOOR], RAMP_STEPS, ground);
  sampleRamp(&bounceRamps[SUN], RAMP_STEPS, sun);
  sampleRamp(&bounceRamps[FAR_HILLS], RAMP_STEPS, farHills);
  sampleRamp(&bounceRamps[NEAR_HILLS], RAMP_STEPS, nearHills);
  for (int y = 0; y < height; y++) {
    double v = (y + 0.5) / height;
    for (int x = 0; x < width; x++) {
      double u = (x + 0.5 - width / 2.0) / height;
      *colours++ = v < HORIZON ? above(u, v, height) : below(u, v);
    }
  }
}
