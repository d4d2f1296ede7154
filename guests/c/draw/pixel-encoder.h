/*
 * From colours to what a screen stores. Screens with fewer colours get ordered dithering (Bayer's 8 x 8 matrix), so that
 * ramps stay smooth: rgb565 between its steps, c8 between the entries of a palette.
 */
#pragma once

#include <linux/fb.h>
#include <stdint.h>

#include "colour.h"

#define MAX_PALETTE 256
/* Colours of 6 bits a channel. */
#define CELLS (1 << 18)

struct PixelEncoder {
  /* Where a true-colour screen has its channels. */
  struct fb_bitfield red;
  struct fb_bitfield green;
  struct fb_bitfield blue;
  /* Entries of the palette to load, and their colours; 0 on a true-colour screen. */
  int paletteLength;
  uint32_t palette[MAX_PALETTE];
  /* The nearest entry to each cell, found when it is first asked for. */
  uint16_t nearest[CELLS];
};

/* Of a c8 screen the palette is made of the ramps' entries: MAX_PALETTE at most. */
void makePixelEncoder(struct PixelEncoder *encoder, const struct fb_var_screeninfo *screen, const struct Ramp *ramps,
                      int rampCount);

/* Turns the colours of (x, y), (x + 1, y) and so on into what the screen stores there. */
void encodeRow(struct PixelEncoder *encoder, uint32_t *line, int count, int x, int y);
