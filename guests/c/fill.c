/* Fill: the whole screen in one colour, and in the next one in the next frame. */
#include "draw/drawing.h"

/* Once round the colours in 64 frames. */
static const struct Ramp RING = {
    .cyclic = true,
    .entries = 64,
    .count = 6,
    .stops = {0x16324f, 0x1f7a8c, 0x9bc53d, 0xfde74c, 0xf26430, 0x8e3b6d},
};

static uint32_t ring[64];

static void prepare(int width, int height) {
  (void)width;
  (void)height;
  sampleRamp(&RING, RING.entries, ring);
}

static void fillRow(unsigned char *to, int bytesPerPixel, uint32_t pixel, int count) {
  if (bytesPerPixel == 4) {
    for (int i = 0; i < count; i++) ((uint32_t *)to)[i] = pixel;
  } else if (bytesPerPixel == 2) {
    for (int i = 0; i < count; i++) ((uint16_t *)to)[i] = (uint16_t)pixel;
  } else {
    for (int i = 0; i < count; i++) to[i] = (unsigned char)pixel;
  }
}

static void draw(const struct Surface *surface, struct PixelEncoder *encoder, int frame) {
  /* As the encoder has it at (0, 0), everywhere: a fill knows no dithering. */
  uint32_t pixel = ring[frame % RING.entries];
  encodeRow(encoder, &pixel, 1, 0, 0);
  for (int y = 0; y < surface->height; y++) {
    fillRow(surface->memory + (long)y * surface->stride, surface->bytesPerPixel, pixel, surface->width);
  }
}

const struct Drawing drawing = {
    .name = "fill",
    .summary = "the whole screen in one colour, frame after frame",
    .frames = 60,
    .ramps = &RING,
    .rampCount = 1,
    .prepare = prepare,
    .draw = draw,
};
