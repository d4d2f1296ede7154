/* The Mandelbrot set on 160 x 120 points, in doubles, up to 256 steps each. */
#include "bench.h"

#define WIDTH 160
#define HEIGHT 120
#define MAX_STEPS 256

static uint32_t escapeSteps(double re, double im) {
  double x = 0, y = 0;
  for (uint32_t n = 0; n < MAX_STEPS; n++) {
    double x2 = x * x, y2 = y * y;
    if (x2 + y2 > 4) return n;
    y = 2 * x * y + im;
    x = x2 - y2 + re;
  }
  return MAX_STEPS;
}

int main(int argc, char **argv) {
  uint32_t checksum = CHECKSUM_START;
  double size = 2.5;
  for (long i = repeatCount(argc, argv, 8); i > 0; i--) {
    for (int row = 0; row < HEIGHT; row++) {
      for (int column = 0; column < WIDTH; column++) {
        double re = -0.743643 + (column - WIDTH / 2) * (size / HEIGHT);
        double im = 0.131825 + (row - HEIGHT / 2) * (size / HEIGHT);
        checksum = fold(checksum, escapeSteps(re, im));
      }
    }
    size *= 0.9;
  }
  return report(checksum);
}
