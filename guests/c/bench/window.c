/* A window dragged over a plain background: its pixels are moved, and what it uncovers is painted. */
#include "scene.h"

#define BACKGROUND 0x50
#define STEP_X 4
#define STEP_Y 3

static uint32_t row[MAX_WIDTH];

/* To and fro: 0, step, … up to `room` and back. */
static int swing(int n, int step, int room) {
  int steps = room / step, at = n % (2 * steps);
  return step * (at < steps ? at : 2 * steps - at);
}

static struct Rectangle place(const struct Canvas *canvas, int n) {
  int width = canvas->width / 3, height = canvas->height / 3;
  return (struct Rectangle){
      swing(n, STEP_X, canvas->width - width), swing(n, STEP_Y, canvas->height - height), width, height};
}

static void start(const struct Canvas *canvas) {
  fillRectangle(canvas, (struct Rectangle){0, 0, canvas->width, canvas->height}, BACKGROUND);
  struct Rectangle window = place(canvas, 0);
  for (int y = 0; y < window.height; y++) {
    for (int x = 0; x < window.width; x++) putPixel(canvas, row, x, ink(canvas, (unsigned)(x + 2 * y)));
    copyRow(canvas, window.x, window.y + y, row, window.width);
  }
}

static void frame(const struct Canvas *canvas, int n, struct Damage *damage) {
  struct Rectangle old = place(canvas, n), new = place(canvas, n + 1);
  int right = new.x > old.x, down = new.y > old.y;
  moveRectangle(canvas, old, new.x, new.y);
  fillRectangle(
      canvas, (struct Rectangle){old.x, down ? old.y : new.y + new.height, old.width, STEP_Y}, BACKGROUND);
  fillRectangle(
      canvas,
      (struct Rectangle){right ? old.x : new.x + new.width, down ? new.y : old.y, STEP_X, old.height - STEP_Y},
      BACKGROUND);
  addDamage(
      damage, right ? old.x : new.x, down ? old.y : new.y, old.width + STEP_X, old.height + STEP_Y);
}

const struct Scene windowScene = {"window", start, frame};
