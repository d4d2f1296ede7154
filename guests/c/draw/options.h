/* The options that all drawing programs share. */
#pragma once

#include <stdbool.h>

struct Options {
  /* How many frames to draw, at least 1. */
  int frames;
  /* Draw into private memory and send each frame by write(2), instead of into the mapped video memory. */
  bool copied;
  bool help;
};

void describeOptions(int frames);

/* What the environment's FRAMES asks for, else the program's own number. */
int defaultFrames(int own);

/* Reads the arguments after the name into `options`; false, with a line on standard error, at the first that says
   nothing. */
bool parseOptions(struct Options *options, const char *name, char **arguments);
