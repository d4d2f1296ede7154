#include "pixel-encoder.h"

#define UNKNOWN 0xffff
/* How far apart two neighbours of a palette may lie for dithering to fill the gap: steps of a channel. */
#define SPREAD 8

/* 0 to 63 for the places of an 8 x 8 square, spread evenly: x ^ y and y with their bits interleaved, backwards. */
static int threshold(int x, int y) {
  int d = (x ^ y) & 7;
  return ((d & 1) << 5) | ((y & 1) << 4) | ((d & 2) << 2) | ((y & 2) << 1) | ((d & 4) >> 1) | ((y & 4) >> 2);
}

void makePixelEncoder(struct PixelEncoder *encoder, const struct fb_var_screeninfo *screen, const struct Ramp *ramps,
                      int rampCount) {
  encoder->red = screen->red;
  encoder->green = screen->green;
  encoder->blue = screen->blue;
  encoder->paletteLength = 0;
  if (screen->bits_per_pixel != 8) return;
  for (int i = 0; i < rampCount; i++) {
    sampleRamp(&ramps[i], ramps[i].entries, encoder->palette + encoder->paletteLength);
    encoder->paletteLength += ramps[i].entries;
  }
  for (int i = 0; i < CELLS; i++) encoder->nearest[i] = UNKNOWN;
}

/* 8 bits to `bits` (2 to 8), dithered. 0 stays 0 and 255 is all ones at every threshold. */
static uint32_t narrow(uint32_t value, uint32_t bits, int t) {
  return (value - (value >> bits) + (uint32_t)(t >> (bits - 2))) >> (8 - bits);
}

static uint32_t trueColour(const struct PixelEncoder *encoder, uint32_t colour, int t) {
  return (narrow(colour >> 16, encoder->red.length, t) << encoder->red.offset) |
         (narrow((colour >> 8) & 0xff, encoder->green.length, t) << encoder->green.offset) |
         (narrow(colour & 0xff, encoder->blue.length, t) << encoder->blue.offset);
}

static uint32_t findNearest(const struct PixelEncoder *encoder, int red, int green, int blue) {
  int best = 0;
  int least = INT32_MAX;
  for (int i = 0; i < encoder->paletteLength; i++) {
    int r = (int)(encoder->palette[i] >> 16) - red;
    int g = (int)((encoder->palette[i] >> 8) & 0xff) - green;
    int b = (int)(encoder->palette[i] & 0xff) - blue;
    /* The eye is keenest on green. */
    int distance = 2 * r * r + 4 * g * g + 3 * b * b;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return (uint32_t)best;
}

/* Six bits of a channel that dithering may have moved out of its range. */
static int coarse(int value) {
  return value < 0 ? 0 : value > 255 ? 63 : value >> 2;
}

static uint32_t indexed(struct PixelEncoder *encoder, uint32_t colour, int t) {
  int shift = ((2 * t - 63) * SPREAD) >> 7;
  int red = coarse((int)(colour >> 16) + shift);
  int green = coarse((int)((colour >> 8) & 0xff) + shift);
  int blue = coarse((int)(colour & 0xff) + shift);
  uint16_t *nearest = &encoder->nearest[(red << 12) | (green << 6) | blue];
  if (*nearest == UNKNOWN) *nearest = (uint16_t)findNearest(encoder, 4 * red + 2, 4 * green + 2, 4 * blue + 2);
  return *nearest;
}

void encodeRow(struct PixelEncoder *encoder, uint32_t *line, int count, int x, int y) {
  int thresholds[8];
  for (int i = 0; i < 8; i++) thresholds[i] = threshold(x + i, y);
  if (encoder->paletteLength > 0) {
    for (int i = 0; i < count; i++) line[i] = indexed(encoder, line[i], thresholds[i & 7]);
  } else {
    for (int i = 0; i < count; i++) line[i] = trueColour(encoder, line[i], thresholds[i & 7]);
  }
}
