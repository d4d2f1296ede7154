/* Fills the screen with a colour, one 32-bit store a pixel. */
#include "screen.h"

int main(int argc, char **argv) {
  uint32_t seed = 7;
  uint32_t checksum = CHECKSUM_START;
  for (long i = repeatCount(argc, argv, 700); i > 0; i--) {
    uint32_t colour = nextRandom(&seed) >> 8;
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) screen[y][x] = colour;
    }
    uint32_t place = nextRandom(&seed);
    checksum = fold(checksum, screen[(place >> 8) % HEIGHT][place >> 22]);
  }
  return report(foldScreen(checksum));
}
