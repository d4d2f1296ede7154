/* What a drawing program is made of: one file defines `drawing`; drawing-guest.c is its main. */
#pragma once

#include "colour.h"
#include "pixel-encoder.h"
#include "surface.h"

struct Drawing {
  const char *name;
  const char *summary;
  /* How many frames to draw unless --frames says otherwise. */
  int frames;
  /* What a c8 screen's palette is made of. */
  const struct Ramp *ramps;
  int rampCount;
  /* Makes ready to draw on screens of this size. */
  void (*prepare)(int width, int height);
  /* Draws frame number 0, 1 and so on over the frame before. */
  void (*draw)(const struct Surface *surface, struct PixelEncoder *encoder, int frame);
};

extern const struct Drawing drawing;

/* Zeroed memory that is never given back; a program that cannot have it ends with perror and status 1. */
void *allocate(unsigned long size);
