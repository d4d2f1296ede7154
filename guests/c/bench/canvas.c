#include "canvas.h"

#include <string.h>

static unsigned char *address(const struct Canvas *canvas, int x, int y) {
  return canvas->memory + (long)y * canvas->stride + (long)x * canvas->bytesPerPixel;
}

void fillRectangle(const struct Canvas *canvas, struct Rectangle at, unsigned char byte) {
  if (canvas->accelerator) {
    canvas->accelerator->fill(at, byte);
    return;
  }
  unsigned char *row = address(canvas, at.x, at.y);
  unsigned long bytes = (unsigned long)at.width * (unsigned long)canvas->bytesPerPixel;
  if (bytes == (unsigned long)canvas->stride) {
    memset(row, byte, bytes * (unsigned long)at.height);
    return;
  }
  for (int y = 0; y < at.height; y++, row += canvas->stride) memset(row, byte, bytes);
}

void copyRow(const struct Canvas *canvas, int x, int y, const void *pixels, int count) {
  memcpy(address(canvas, x, y), pixels, (unsigned long)count * (unsigned long)canvas->bytesPerPixel);
}

void moveRectangle(const struct Canvas *canvas, struct Rectangle from, int x, int y) {
  if (canvas->accelerator) {
    canvas->accelerator->move(from, x, y);
    return;
  }
  unsigned long bytes = (unsigned long)from.width * (unsigned long)canvas->bytesPerPixel;
  if (bytes == (unsigned long)canvas->stride) {
    memmove(address(canvas, 0, y), address(canvas, 0, from.y), bytes * (unsigned long)from.height);
    return;
  }
  /* A row is read before it is written over: from the side that is moved to. */
  for (int i = 0; i < from.height; i++) {
    int row = y > from.y ? from.height - 1 - i : i;
    memcpy(address(canvas, x, y + row), address(canvas, from.x, from.y + row), bytes);
  }
}

void setPixel(const struct Canvas *canvas, int x, int y, uint32_t pixel) {
  unsigned char *at = address(canvas, x, y);
  if (canvas->bytesPerPixel == 4) *(uint32_t *)at = pixel;
  else if (canvas->bytesPerPixel == 2) *(uint16_t *)at = (uint16_t)pixel;
  else *at = (unsigned char)pixel;
}
