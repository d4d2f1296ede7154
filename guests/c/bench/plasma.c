/* Every pixel computed and stored, one by one. */
#include "scene.h"

static uint32_t colours[256];
/* One wave, 0 to 128: two parabolas. */
static int wave[256];

static void start(const struct Canvas *canvas) {
  for (int i = 0; i < 256; i++) {
    colours[i] = ink(canvas, (unsigned)i);
    wave[i] = i < 128 ? 64 + (i * (128 - i) >> 6) : 64 - ((i - 128) * (256 - i) >> 6);
  }
}

#define PLASMA(x, y, n) colours[(wave[((x) + (n)) & 255] + row + wave[((x) + (y) + 2 * (n)) & 255]) & 255]

static void frame(const struct Canvas *canvas, int n, struct Damage *damage) {
  for (int y = 0; y < canvas->height; y++) {
    void *to = canvas->memory + (long)y * canvas->stride;
    int row = wave[(2 * y + 3 * n) & 255];
    if (canvas->bytesPerPixel == 4) {
      for (int x = 0; x < canvas->width; x++) ((uint32_t *)to)[x] = PLASMA(x, y, n);
    } else if (canvas->bytesPerPixel == 2) {
      for (int x = 0; x < canvas->width; x++) ((uint16_t *)to)[x] = (uint16_t)PLASMA(x, y, n);
    } else {
      for (int x = 0; x < canvas->width; x++) ((unsigned char *)to)[x] = (unsigned char)PLASMA(x, y, n);
    }
  }
  addDamage(damage, 0, 0, canvas->width, canvas->height);
}

const struct Scene plasmaScene = {"plasma", start, frame};
