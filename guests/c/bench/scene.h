/* What the benchmark draws. guests/bench/scenes.ts is its twin: both draw the same pixels. */
#pragma once

#include "canvas.h"

#define MAX_DAMAGE 64
#define MAX_WIDTH 4096

/* Where a frame differs from the one before. */
struct Damage {
  int count;
  struct Rectangle rectangles[MAX_DAMAGE];
};

struct Scene {
  const char *name;
  /* What is on the screen before frame 0. */
  void (*start)(const struct Canvas *canvas);
  /* Frame n, over frame n - 1. */
  void (*frame)(const struct Canvas *canvas, int n, struct Damage *damage);
};

/* What a sweep touches: pixels. */
extern int sweepWidth, sweepHeight;

/* NULL: there is none of that name. */
const struct Scene *findScene(const char *name);

/* For the scenes. */
void addDamage(struct Damage *damage, int x, int y, int width, int height);
/* 256 colours in a canvas's format. */
uint32_t ink(const struct Canvas *canvas, unsigned index);
/* Pixel i of a row that copyRow takes. */
void putPixel(const struct Canvas *canvas, void *row, int i, uint32_t pixel);
extern const struct Scene plasmaScene, scrollScene, spritesScene, textScene, windowScene;
