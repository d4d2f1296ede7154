/* All moves up by STEP lines, and new ones come in below. */
#include "scene.h"

#define STEP 8

static uint32_t row[MAX_WIDTH];

static void weave(const struct Canvas *canvas, int top, int thread) {
  for (int y = top; y < canvas->height; y++) {
    for (int x = 0; x < canvas->width; x++) {
      putPixel(canvas, row, x, ink(canvas, (unsigned)((x ^ (y + thread)) + ((y + thread) >> 2))));
    }
    copyRow(canvas, 0, y, row, canvas->width);
  }
}

static void start(const struct Canvas *canvas) {
  weave(canvas, 0, 0);
}

static void frame(const struct Canvas *canvas, int n, struct Damage *damage) {
  moveRectangle(canvas, (struct Rectangle){0, STEP, canvas->width, canvas->height - STEP}, 0, 0);
  weave(canvas, canvas->height - STEP, STEP * (n + 1));
  addDamage(damage, 0, 0, canvas->width, canvas->height);
}

const struct Scene scrollScene = {"scroll", start, frame};
