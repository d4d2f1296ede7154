/* How what was drawn gets onto the screen. guests/bench/methods.ts is its twin. */
#pragma once

#include "scene.h"

struct Screen {
  int fd;
  /* The mapped screen. */
  unsigned char *map;
  /* What is drawn on: the map, or a private frame. */
  struct Canvas canvas;
};

struct Method {
  const char *name;
  /* Draws into the map: nothing is sent. */
  int direct;
  /* Rectangles are filled and moved by the card's 2D engine. */
  int accelerated;
  /* 0, or -1 and errno. */
  int (*send)(const struct Screen *screen, const struct Damage *damage);
};

/* NULL: there is none of that name. */
const struct Method *findMethod(const char *name);
/* All of the canvas, by one pwrite(2). */
int sendFrame(const struct Screen *screen);
