/* Draws a screen of two gradients that cross and move: a few operations and a store a pixel. */
#include "screen.h"

int main(int argc, char **argv) {
  uint32_t checksum = CHECKSUM_START;
  uint32_t phase = 0;
  for (long i = repeatCount(argc, argv, 400); i > 0; i--) {
    for (uint32_t y = 0; y < HEIGHT; y++) {
      uint32_t green = ((y + phase) * 255 / (HEIGHT - 1)) & 255;
      for (uint32_t x = 0; x < WIDTH; x++) {
        uint32_t red = ((x + phase) >> 2) & 255;
        uint32_t blue = (red * green) >> 8;
        screen[y][x] = red << 16 | green << 8 | blue;
      }
    }
    phase += 5;
    checksum = fold(checksum, screen[phase % HEIGHT][phase % WIDTH]);
  }
  return report(foldScreen(checksum));
}
