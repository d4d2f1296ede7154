/* The small scenes, and the table of all. */
#include "scene.h"

#include <stddef.h>
#include <string.h>

int sweepWidth, sweepHeight;

void addDamage(struct Damage *damage, int x, int y, int width, int height) {
  damage->rectangles[damage->count++] = (struct Rectangle){x, y, width, height};
}

uint32_t ink(const struct Canvas *canvas, unsigned index) {
  unsigned red = index & 255, green = 3 * index & 255, blue = 255 - red;
  if (canvas->bytesPerPixel == 4) return red << 16 | green << 8 | blue;
  if (canvas->bytesPerPixel == 2) return red >> 3 << 11 | green >> 2 << 5 | blue >> 3;
  return red;
}

void putPixel(const struct Canvas *canvas, void *row, int i, uint32_t pixel) {
  if (canvas->bytesPerPixel == 4) ((uint32_t *)row)[i] = pixel;
  else if (canvas->bytesPerPixel == 2) ((uint16_t *)row)[i] = (uint16_t)pixel;
  else ((unsigned char *)row)[i] = (unsigned char)pixel;
}

static void startBlank(const struct Canvas *canvas) {
  fillRectangle(canvas, (struct Rectangle){0, 0, canvas->width, canvas->height}, 0x20);
}

static void frameNothing(const struct Canvas *canvas, int n, struct Damage *damage) {
  (void)canvas, (void)n, (void)damage;
}

static void frameFill(const struct Canvas *canvas, int n, struct Damage *damage) {
  fillRectangle(canvas, (struct Rectangle){0, 0, canvas->width, canvas->height}, (unsigned char)(37 * n + 11));
  addDamage(damage, 0, 0, canvas->width, canvas->height);
}

static void framePixel(const struct Canvas *canvas, int n, struct Damage *damage) {
  /* All over the screen; & keeps the product small. */
  int x = (n & 4095) * 7919 % canvas->width, y = (n & 4095) * 104729 % canvas->height;
  setPixel(canvas, x, y, ink(canvas, (unsigned)n));
  addDamage(damage, x, y, 1, 1);
}

static void frameSweep(const struct Canvas *canvas, int n, struct Damage *damage) {
  int x = 37 * n % (canvas->width - sweepWidth + 1), y = 23 * n % (canvas->height - sweepHeight + 1);
  fillRectangle(canvas, (struct Rectangle){x, y, sweepWidth, sweepHeight}, (unsigned char)(29 * n + 5));
  addDamage(damage, x, y, sweepWidth, sweepHeight);
}

static const struct Scene nothing = {"nothing", startBlank, frameNothing};
static const struct Scene fill = {"fill", startBlank, frameFill};
static const struct Scene pixel = {"pixel", startBlank, framePixel};
static const struct Scene sweep = {"sweep", startBlank, frameSweep};

const struct Scene *findScene(const char *name) {
  static const struct Scene *const scenes[] = {
      &fill, &plasmaScene, &scrollScene, &textScene, &spritesScene, &pixel, &windowScene, &sweep, &nothing,
  };
  for (unsigned i = 0; i < sizeof scenes / sizeof *scenes; i++) {
    if (strcmp(scenes[i]->name, name) == 0) return scenes[i];
  }
  return NULL;
}
