/*
 * Rectangles and nothing else: stripes that scroll up, and tiles that wander over them inside a frame. By the video card's
 * 2D engine, or, with --stores, by loads and stores of video memory: the picture is the same. What guests/blit.ts draws,
 * this draws.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "draw/engine.h"
#include "draw/framebuffer.h"
#include "draw/rectangle.h"
#include "draw/vga-colour.h"

/* Pixels each way of a tile; it lies in video memory below the screen. */
#define TILE 32
#define TILES 6
/* Lines that the stripes go up in a frame, and how many make one. */
#define STEP 2
#define STRIPE 12
/* Pixels around the picture where no tile goes. */
#define FRAME 8
#define FRAMES 60

static struct Framebuffer fb;
static int width, height;
/* NULL: by stores. */
static Engine engine;
static struct Rectangle clipping;

static unsigned char *at(int x, int y) {
  return (unsigned char *)fb.memory + (long)y * fb.fix.line_length + (long)x * (fb.var.bits_per_pixel / 8);
}

static void setClip(int left, int top, int right, int bottom) {
  clipping = (struct Rectangle){left, top, right, bottom};
  if (engine) engineClip(engine, left, top, right, bottom);
}

static void fill(int x, int y, int wide, int high, uint32_t colour) {
  uint32_t pixel = vgaPixel(&fb.var, colour);
  if (engine) {
    engineFill(engine, x, y, wide, high, pixel);
    return;
  }
  struct Rectangle cut = clip((struct Rectangle){x, y, x + wide, y + high}, clipping);
  for (int row = cut.top; row < cut.bottom; row++) {
    unsigned char *to = at(cut.left, row);
    for (int i = 0; i < cut.right - cut.left; i++) {
      if (fb.var.bits_per_pixel == 32) ((uint32_t *)to)[i] = pixel;
      else if (fb.var.bits_per_pixel == 16) ((uint16_t *)to)[i] = (uint16_t)pixel;
      else to[i] = (unsigned char)pixel;
    }
  }
}

static void copy(int x, int y, int fromX, int fromY, int wide, int high) {
  if (engine) {
    engineCopy(engine, x, y, fromX, fromY, wide, high);
    return;
  }
  struct Rectangle cut = clip((struct Rectangle){x, y, x + wide, y + high}, clipping);
  if (cut.left >= cut.right) return;
  size_t length = (size_t)(cut.right - cut.left) * (fb.var.bits_per_pixel / 8);
  for (int i = 0; i < cut.bottom - cut.top; i++) {
    /* Away from where it goes, so that no row is written before it is read. */
    int row = fromY < y ? cut.bottom - 1 - i : cut.top + i;
    memmove(at(cut.left, row), at(cut.left - x + fromX, row - y + fromY), length);
  }
}

/* Four quarters in different colours. */
static void drawTile(void) {
  static const uint32_t COLOURS[] = {14, 12, 9, 10};
  int half = TILE / 2;
  setClip(0, 0, 0x7fff, 0x7fff);
  for (int i = 0; i < 4; i++) fill((i & 1) * half, height + (i >> 1) * half, half, half, COLOURS[i]);
  fill(half / 2, height + half / 2, half, half, 15);
}

/* Colour of the line that is the n-th from the beginning. */
static uint32_t lineColour(int n) {
  return 1 + (uint32_t)(n / STRIPE % 6);
}

/* Where a tile is: there and back over `room` places, edges that are cut off included. */
static int wander(int time, int room) {
  int turn = 2 * room;
  int place = time % turn;
  return FRAME - TILE / 2 + (place < room ? place : turn - place);
}

static void drawFrame(int frame) {
  setClip(0, 0, width, height);
  if (frame == 0) {
    for (int y = 0; y < height; y++) fill(0, y, width, 1, lineColour(y));
  } else {
    copy(0, 0, 0, STEP, width, height - STEP);
    for (int y = height - STEP; y < height; y++) fill(0, y, width, 1, lineColour(frame * STEP + y));
  }
  setClip(FRAME, FRAME, width - FRAME, height - FRAME);
  for (int i = 0; i < TILES; i++) {
    int x = wander(frame * (3 + i) + i * 53, width - 2 * FRAME);
    int y = wander(frame * (2 + i % 3) + i * 37, height - 2 * FRAME);
    copy(x, y, 0, height, TILE, TILE);
  }
}

static int numberOf(const char *text) {
  int number = 0;
  for (; *text >= '0' && *text <= '9' && number < 100000000; text++) number = 10 * number + (*text - '0');
  return *text ? 0 : number;
}

/* perror, and the exit status. */
static int failed(const char *what) {
  perror(what);
  return 1;
}

int main(int argc, char **argv) {
  int frames = FRAMES;
  bool stores = false;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--stores") == 0) stores = true;
    else if (strcmp(argv[i], "--frames") == 0 && i + 1 < argc && numberOf(argv[i + 1]) > 0) frames = numberOf(argv[++i]);
    else {
      dprintf(STDERR_FILENO, "usage: blit [--stores] [--frames N]\n");
      return 2;
    }
  }
  if (openFramebuffer(&fb, true) < 0) return failed("/dev/fb0");
  width = (int)fb.var.xres;
  height = (int)fb.var.yres;
  if ((unsigned long)(height + TILE) * fb.fix.line_length > fb.fix.smem_len || width < TILE) {
    errno = ENOSPC;
    return failed("video memory");
  }
  if (!stores) {
    engine = openEngine(&fb);
    if (!engine) return failed("registers");
  }
  drawTile();
  for (int frame = 0; frame < frames; frame++) {
    drawFrame(frame);
    if (ioctl(fb.fd, FBIO_WAITFORVSYNC, NULL) < 0) return failed("FBIO_WAITFORVSYNC");
  }
  return 0;
}
