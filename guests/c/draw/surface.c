#include "surface.h"

#include <stddef.h>

void storeRow(const struct Surface *surface, int x, int y, const uint32_t *pixels, int count) {
  unsigned char *to = surface->memory + (ptrdiff_t)y * surface->stride + (ptrdiff_t)x * surface->bytesPerPixel;
  if (surface->bytesPerPixel == 4) {
    for (int i = 0; i < count; i++) ((uint32_t *)to)[i] = pixels[i];
  } else if (surface->bytesPerPixel == 2) {
    for (int i = 0; i < count; i++) ((uint16_t *)to)[i] = (uint16_t)pixels[i];
  } else {
    for (int i = 0; i < count; i++) to[i] = (unsigned char)pixels[i];
  }
}
