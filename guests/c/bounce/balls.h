/* The balls of bounce: how each is lit, where it is in a frame, its mirror image and its shadow on the floor. */
#pragma once

#include <stdint.h>

#include "../draw/rectangle.h"

#define BALLS 6
/* Each ball, its mirror image and its shadow. */
#define LAYERS (3 * BALLS)

struct Sprite;

/* One thing to draw over the backdrop. */
struct Layer {
  enum { LAYER_BALL, LAYER_MIRROR, LAYER_SHADOW } kind;
  struct Rectangle bounds;
  const struct Sprite *sprite;
  /* Where its centre is. */
  int x;
  int y;
  /* Of a mirror image: 0 to OPAQUE. */
  uint32_t strength;
  /* Of a shadow: half its width and height, and how dark it is in the middle, 0 to 1. */
  int reachX;
  int reachY;
  double darkness;
};

void makeSprites(int height);

/* All layers of a frame, from the bottom up: always in the same order. */
void layersAt(struct Layer layers[LAYERS], int frame, int width, int height);

/* Draws the part of a layer that meets row `y` over `count` colours of a line; its first is that of column `left`. */
void drawLayer(const struct Layer *layer, uint32_t *line, int count, int left, int y);
