/* 32 discs, taken away where they were and drawn where they are. */
#include "scene.h"

#define SPRITES 32
#define SIZE 32
#define BACKGROUND 0x30

static uint32_t image[SIZE][SIZE];
/* Each row of a disc is one span: from left[y] to SIZE - left[y]. */
static int left[SIZE];

static void start(const struct Canvas *canvas) {
  for (int y = 0; y < SIZE; y++) {
    int across = 2 * y - SIZE + 1;
    left[y] = 0;
    while ((2 * left[y] - SIZE + 1) * (2 * left[y] - SIZE + 1) + across * across > SIZE * SIZE) left[y]++;
    for (int x = 0; x < SIZE; x++) putPixel(canvas, image[y], x, ink(canvas, (unsigned)(5 * x + 3 * y)));
  }
  fillRectangle(canvas, (struct Rectangle){0, 0, canvas->width, canvas->height}, BACKGROUND);
}

static struct Rectangle place(const struct Canvas *canvas, int i, int n) {
  int x = (97 * i + n * (1 + i % 3)) % (canvas->width - SIZE), y = (61 * i + n * (1 + i % 2)) % (canvas->height - SIZE);
  return (struct Rectangle){x, y, SIZE, SIZE};
}

static void drawSprite(const struct Canvas *canvas, struct Rectangle at) {
  for (int y = 0; y < SIZE; y++) {
    const unsigned char *row = (unsigned char *)image[y] + left[y] * canvas->bytesPerPixel;
    copyRow(canvas, at.x + left[y], at.y + y, row, SIZE - 2 * left[y]);
  }
}

/* Both in one when it has not gone round to the other side. */
static void damageBoth(struct Damage *damage, struct Rectangle old, struct Rectangle new) {
  int dx = new.x - old.x, dy = new.y - old.y;
  if (dx >= 0 && dy >= 0) {
    addDamage(damage, old.x, old.y, SIZE + dx, SIZE + dy);
  } else {
    addDamage(damage, old.x, old.y, SIZE, SIZE);
    addDamage(damage, new.x, new.y, SIZE, SIZE);
  }
}

static void frame(const struct Canvas *canvas, int n, struct Damage *damage) {
  for (int i = 0; i < SPRITES; i++) fillRectangle(canvas, place(canvas, i, n), BACKGROUND);
  for (int i = 0; i < SPRITES; i++) {
    drawSprite(canvas, place(canvas, i, n + 1));
    damageBoth(damage, place(canvas, i, n), place(canvas, i, n + 1));
  }
}

const struct Scene spritesScene = {"sprites", start, frame};
