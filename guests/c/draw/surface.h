/* Where a drawing guest puts its pixels: the mapped video memory, or private memory that is sent there. */
#pragma once

#include <stdint.h>

struct Surface {
  unsigned char *memory;
  /* Bytes from one line to the next. */
  int stride;
  int bytesPerPixel;
  int width;
  int height;
};

/* Stores `count` pixels, as video memory holds them, at (x, y), (x + 1, y) and so on: one store a pixel. */
void storeRow(const struct Surface *surface, int x, int y, const uint32_t *pixels, int count);
