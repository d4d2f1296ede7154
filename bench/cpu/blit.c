/* Copies a picture of 256 x 192 to changing places on the screen, pixel by pixel, but for the pixels of its key colour. */
#include "screen.h"

#define PICTURE_WIDTH 256
#define PICTURE_HEIGHT 192
#define KEY 0

static uint32_t picture[PICTURE_HEIGHT][PICTURE_WIDTH];

static void blit(uint32_t left, uint32_t top) {
  for (uint32_t y = 0; y < PICTURE_HEIGHT; y++) {
    uint32_t *to = &screen[top + y][left];
    const uint32_t *from = picture[y];
    for (uint32_t x = 0; x < PICTURE_WIDTH; x++) {
      if (from[x] != KEY) to[x] = from[x];
    }
  }
}

int main(int argc, char **argv) {
  uint32_t seed = 8;
  for (int y = 0; y < PICTURE_HEIGHT; y++) {
    for (int x = 0; x < PICTURE_WIDTH; x++) {
      int dx = x - PICTURE_WIDTH / 2, dy = y - PICTURE_HEIGHT / 2;
      picture[y][x] = dx * dx + dy * dy < 9000 ? nextRandom(&seed) >> 8 : KEY;
    }
  }
  for (long i = repeatCount(argc, argv, 4000); i > 0; i--) {
    uint32_t place = nextRandom(&seed);
    blit((place >> 20) % (WIDTH - PICTURE_WIDTH + 1), (place >> 8) % (HEIGHT - PICTURE_HEIGHT + 1));
  }
  return report(foldScreen(CHECKSUM_START));
}
