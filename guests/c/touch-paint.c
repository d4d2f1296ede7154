/*
 * Paints where the pointer is pressed, or the finger. Colours lie along the upper edge; the keys 1 to 8 choose one too, c
 * clears the screen, q and Escape end. What guests/touch-paint.ts paints, this paints.
 */
#include <fcntl.h>
#include <linux/input.h>
#include <linux/kd.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "draw/framebuffer.h"
#include "draw/rectangle.h"
#include "draw/vga-colour.h"

/* VGA's numbers. */
static const uint32_t COLOURS[] = {15, 12, 14, 10, 11, 9, 13, 0};
#define COLOUR_COUNT 8
#define BACKGROUND 0
/* Lines of the colours at the upper edge. */
#define STRIP 16
/* The brush: places this far from its middle, squared. */
#define BRUSH 10
#define BRUSH_REACH 3
/* Events that are read at a time. */
#define BATCH 64

static struct Framebuffer fb;
static int width, height;
/* One more than the highest value of each axis, which begin at 0. */
static int rangeX, rangeY;

static int chosen;
static int x, y;
static bool pressed;
/* Where the brush was in the last packet, when it was down. */
static bool hasLast;
static int lastX, lastY;
static bool done;

static void fill(int left, int top, int right, int bottom, uint32_t colour) {
  uint32_t pixel = vgaPixel(&fb.var, colour);
  for (int row = top; row < bottom; row++) {
    unsigned char *line = (unsigned char *)fb.memory + (long)row * fb.fix.line_length;
    for (int column = left; column < right; column++) {
      if (fb.var.bits_per_pixel == 32) ((uint32_t *)line)[column] = pixel;
      else if (fb.var.bits_per_pixel == 16) ((uint16_t *)line)[column] = (uint16_t)pixel;
      else line[column] = (unsigned char)pixel;
    }
  }
}

/* One touch of the brush; never above the strip. */
static void dab(int middleX, int middleY, uint32_t colour) {
  for (int dy = -BRUSH_REACH; dy <= BRUSH_REACH; dy++) {
    int row = middleY + dy;
    if (row < STRIP || row >= height) continue;
    int reach = 0;
    while ((reach + 1) * (reach + 1) + dy * dy <= BRUSH) reach++;
    fill(larger(0, middleX - reach), row, smaller(width, middleX + reach + 1), row + 1, colour);
  }
}

static int distance(int a, int b) {
  return a < b ? b - a : a - b;
}

static void line(int x0, int y0, int x1, int y1, uint32_t colour) {
  int steps = larger(larger(distance(x0, x1), distance(y0, y1)), 1);
  for (int i = 0; i <= steps; i++) dab(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps, colour);
}

/* The colours; the chosen one is higher than the others. */
static void strip(void) {
  for (int i = 0; i < COLOUR_COUNT; i++) {
    int left = i * width / COLOUR_COUNT;
    int right = (i + 1) * width / COLOUR_COUNT;
    fill(left, 0, right, STRIP, BACKGROUND);
    fill(left + 1, i == chosen ? 0 : 6, right - 1, STRIP - 2, COLOURS[i]);
  }
}

static void clear(void) {
  fill(0, 0, width, height, BACKGROUND);
  strip();
}

static void choose(int colour) {
  chosen = colour;
  strip();
}

/* All that belongs together is known. */
static void packet(void) {
  if (!pressed) {
    hasLast = false;
    return;
  }
  if (!hasLast && y < STRIP) {
    choose(x * COLOUR_COUNT / width);
    return;
  }
  line(hasLast ? lastX : x, hasLast ? lastY : y, x, y, COLOURS[chosen]);
  hasLast = true;
  lastX = x;
  lastY = y;
}

static void takePointer(const struct input_event *event) {
  if (event->type == EV_ABS && event->code == ABS_X) x = (int)((long)event->value * width / rangeX);
  else if (event->type == EV_ABS && event->code == ABS_Y) y = (int)((long)event->value * height / rangeY);
  else if (event->type == EV_KEY && (event->code == BTN_LEFT || event->code == BTN_TOUCH)) pressed = event->value != 0;
  else if (event->type == EV_SYN) packet();
}

static void takeKey(const struct input_event *event) {
  if (event->type != EV_KEY || event->value != 1) return;
  if (event->code >= KEY_1 && event->code <= KEY_8) choose(event->code - KEY_1);
  else if (event->code == KEY_C) clear();
  else if (event->code == KEY_Q || event->code == KEY_ESC) done = true;
}

/* Takes what is in a device's queue. */
static void drain(int fd, void (*take)(const struct input_event *)) {
  static struct input_event events[BATCH];
  ssize_t length = read(fd, events, sizeof events);
  for (long i = 0; i < length / (long)sizeof *events; i++) take(&events[i]);
}

/* perror, and the exit status. */
static int failed(const char *what) {
  perror(what);
  return 1;
}

int main(void) {
  if (openFramebuffer(&fb, true) < 0) return failed("/dev/fb0");
  width = (int)fb.var.xres;
  height = (int)fb.var.yres;
  int keyboard = open("/dev/input/event0", O_RDONLY | O_NONBLOCK);
  if (keyboard < 0) return failed("/dev/input/event0");
  int pointer = open("/dev/input/event1", O_RDONLY | O_NONBLOCK);
  if (pointer < 0) return failed("/dev/input/event1");
  struct input_absinfo absX, absY;
  if (ioctl(pointer, EVIOCGABS(ABS_X), &absX) < 0 || ioctl(pointer, EVIOCGABS(ABS_Y), &absY) < 0) {
    return failed("EVIOCGABS");
  }
  rangeX = absX.maximum + 1;
  rangeY = absY.maximum + 1;
  /* On a console, that one must not paint now, and the keys are not for it. */
  ioctl(0, KDSETMODE, KD_GRAPHICS);
  ioctl(keyboard, EVIOCGRAB, 1);
  clear();
  struct pollfd fds[] = {{.fd = pointer, .events = POLLIN}, {.fd = keyboard, .events = POLLIN}};
  while (!done && poll(fds, 2, -1) >= 0) {
    if (fds[0].revents != 0) drain(pointer, takePointer);
    if (fds[1].revents != 0) drain(keyboard, takeKey);
  }
  ioctl(0, KDSETMODE, KD_TEXT);
  return 0;
}
