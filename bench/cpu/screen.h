/* A frame of 1024 x 768 pixels of 32 bits, in plain memory. */
#pragma once

#include "bench.h"

#define WIDTH 1024
#define HEIGHT 768

static uint32_t screen[HEIGHT][WIDTH];

static inline uint32_t foldScreen(uint32_t checksum) {
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = y & 7; x < WIDTH; x += 8) checksum = fold(checksum, screen[y][x]);
  }
  return checksum;
}
