/* Plasma: a sum of sines on a plane that is itself bent by sines; its height goes round a ring of colours. */
#include "draw/drawing.h"
#include "draw/rounding.h"
#include "draw/sine.h"

/* Night, sea, foam, sand, rose, violet, and night again. */
static const struct Ramp RING = {
    .cyclic = true,
    .entries = 256,
    .count = 11,
    .stops = {0x1a1446, 0x1d3b84, 0x2484a8, 0x63c2ae, 0xcdebc0, 0xfff4d2, 0xffd29c, 0xfd9a74, 0xdf5f7c, 0x9a4391,
              0x512b7d},
};

/* The first frame: three seconds into the motion, where it looks best. */
#define START 180

static uint32_t ring[RAMP_STEPS];
static int32_t *columns;
static uint32_t *line;

/* A screen is one turn high at any size. */
static int32_t place(int i, int size, int height) {
  return (int32_t)roundHalfUp(((i - size / 2.0) * TURN) / height);
}

static void prepare(int width, int height) {
  makeSineTable();
  sampleRamp(&RING, RAMP_STEPS, ring);
  columns = allocate((unsigned long)width * sizeof *columns);
  line = allocate((unsigned long)width * sizeof *line);
  for (int x = 0; x < width; x++) columns[x] = place(x, width, height);
}

/* `amount`/TURN of a turn at most, as the sine of `phase` says. */
static int32_t sway(int32_t phase, int32_t amount) {
  return (sine(phase) * amount) >> 15;
}

/* The colour step at (u, v), in 1/TURN of the screen's height. Factors are in 1/256. */
static int32_t field(int32_t u, int32_t v, int32_t frame) {
  int32_t bentU =
      u + sway(((205 * v) >> 8) + 120 * frame + 6000, 6554) + sway(((282 * u - 230 * v) >> 8) - 76 * frame, 3277);
  int32_t bentV =
      v + sway(((179 * u) >> 8) - 98 * frame + 20000, 7864) + sway(((230 * u + 333 * v) >> 8) + 55 * frame, 3277);
  int32_t height = sine(((154 * bentU) >> 8) + 109 * frame + 13000) +
                   sine(((205 * bentV) >> 8) + sway((205 * bentU) >> 8, 9830)) +
                   sine(((141 * (bentU + bentV)) >> 8) - 131 * frame + 9800) +
                   (sine(((307 * bentU - 230 * bentV) >> 8) + sway(((205 * bentV) >> 8) + 65 * frame, 19660)) >> 1);
  return ((((height * 150) >> 8) + 55 * frame + 3000) >> 6) & (RAMP_STEPS - 1);
}

static void draw(const struct Surface *surface, struct PixelEncoder *encoder, int frame) {
  for (int y = 0; y < surface->height; y++) {
    int32_t v = place(y, surface->height, surface->height);
    for (int x = 0; x < surface->width; x++) line[x] = ring[field(columns[x], v, START + frame)];
    encodeRow(encoder, line, surface->width, 0, y);
    storeRow(surface, 0, y, line, surface->width);
  }
}

const struct Drawing drawing = {
    .name = "plasma",
    .summary = "waves of colour over the whole screen",
    .frames = 1,
    .ramps = &RING,
    .rampCount = 1,
    .prepare = prepare,
    .draw = draw,
};
