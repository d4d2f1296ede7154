/* The plasma guest's frames, 320 x 240 xrgb8888, into plain memory. */
#include "../../guests/c/draw/drawing.h"
#include "bench.h"

#define WIDTH 320
#define HEIGHT 240

static uint32_t pixels[HEIGHT][WIDTH];
static struct PixelEncoder encoder;

int main(int argc, char **argv) {
  long repeats = repeatCount(argc, argv, 120);
  struct fb_var_screeninfo screen = {
      .bits_per_pixel = 32,
      .red = {.offset = 16, .length = 8},
      .green = {.offset = 8, .length = 8},
      .blue = {.offset = 0, .length = 8},
  };
  struct Surface surface = {
      .memory = (unsigned char *)pixels, .stride = sizeof pixels[0], .bytesPerPixel = 4, .width = WIDTH, .height = HEIGHT};
  makePixelEncoder(&encoder, &screen, drawing.ramps, drawing.rampCount);
  drawing.prepare(WIDTH, HEIGHT);
  uint32_t checksum = CHECKSUM_START;
  for (int frame = 0; frame < repeats; frame++) {
    drawing.draw(&surface, &encoder, frame);
    for (int y = 0; y < HEIGHT; y++) checksum = fold(checksum, pixels[y][(y * 7 + frame) % WIDTH]);
  }
  return report(checksum);
}
