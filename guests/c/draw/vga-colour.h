/* VGA's sixteen colours: on a c8 screen the default colour map has them by these numbers. */
#pragma once

#include <linux/fb.h>
#include <stdint.h>

static inline uint32_t vgaChannel(uint32_t rgb, int shift, struct fb_bitfield field) {
  return (((rgb >> shift) & 0xff) >> (8 - field.length)) << field.offset;
}

/* What a colour, 0 to 15, is stored as on a screen. */
static inline uint32_t vgaPixel(const struct fb_var_screeninfo *screen, uint32_t colour) {
  static const uint32_t RGB[16] = {
      0x000000, 0x0000aa, 0x00aa00, 0x00aaaa, 0xaa0000, 0xaa00aa, 0xaa5500, 0xaaaaaa,
      0x555555, 0x5555ff, 0x55ff55, 0x55ffff, 0xff5555, 0xff55ff, 0xffff55, 0xffffff,
  };
  if (screen->bits_per_pixel == 8) return colour;
  uint32_t rgb = RGB[colour];
  return vgaChannel(rgb, 16, screen->red) | vgaChannel(rgb, 8, screen->green) | vgaChannel(rgb, 0, screen->blue);
}
