/* A frame in memory, and what the scenes of the benchmark draw it with. guests/bench/canvas.ts is its twin. */
#pragma once

#include <stdint.h>

struct Rectangle {
  int x, y, width, height;
};

/* What a 2D engine does in a program's place. */
struct Accelerator {
  void (*fill)(struct Rectangle at, unsigned char byte);
  void (*move)(struct Rectangle from, int x, int y);
};

struct Canvas {
  unsigned char *memory;
  /* Pixels; bytes from one row to the next; 4, 2 or 1. */
  int width, height, stride, bytesPerPixel;
  /* NULL: the program does it all. */
  const struct Accelerator *accelerator;
};

/* Every byte of the rectangle. */
void fillRectangle(const struct Canvas *canvas, struct Rectangle at, unsigned char byte);
/* Prepared pixels, in the canvas's format, as one copy. */
void copyRow(const struct Canvas *canvas, int x, int y, const void *pixels, int count);
/* The same rectangle of pixels to another place; the two are on different rows, and may overlap. */
void moveRectangle(const struct Canvas *canvas, struct Rectangle from, int x, int y);
/* One pixel. */
void setPixel(const struct Canvas *canvas, int x, int y, uint32_t pixel);
