/*
 * Scroll: an endless woven cloth that moves up. Each frame moves what the screen holds by STEP lines, within the video
 * memory when it is mapped, and draws only the lines that come in below.
 */
#include <string.h>

#include "draw/drawing.h"
#include "draw/rectangle.h"

/* Lines a frame. A multiple of 8, so that the dithering of a line moves with it. */
#define STEP 8

static const struct Ramp DYES = {
    .cyclic = true,
    .entries = 128,
    .count = 5,
    .stops = {0x2b2d42, 0x5c7aa6, 0xedf2f4, 0xe2a76f, 0x9a3b3b},
};

static uint32_t dyes[RAMP_STEPS];
static uint32_t *line;

static void prepare(int width, int height) {
  (void)height;
  sampleRamp(&DYES, RAMP_STEPS, dyes);
  line = allocate((unsigned long)width * sizeof *line);
}

/* Lines [top, bottom) of the screen, when line 0 shows thread `first` of the cloth. */
static void weave(const struct Surface *surface, struct PixelEncoder *encoder, int top, int bottom, int first) {
  for (int y = top; y < bottom; y++) {
    int thread = first + y;
    for (int x = 0; x < surface->width; x++) line[x] = dyes[(((x ^ thread) << 2) + thread) & (RAMP_STEPS - 1)];
    encodeRow(encoder, line, surface->width, 0, y);
    storeRow(surface, 0, y, line, surface->width);
  }
}

static void draw(const struct Surface *surface, struct PixelEncoder *encoder, int frame) {
  int kept = frame == 0 ? 0 : larger(0, surface->height - STEP);
  size_t moved = (size_t)kept * (size_t)surface->stride;
  if (kept > 0) memmove(surface->memory, surface->memory + (long)STEP * surface->stride, moved);
  weave(surface, encoder, kept, surface->height, frame * STEP);
}

const struct Drawing drawing = {
    .name = "scroll",
    .summary = "a cloth that moves up: lines are moved, and only new ones drawn",
    .frames = 60,
    .ramps = &DYES,
    .rampCount = 1,
    .prepare = prepare,
    .draw = draw,
};
