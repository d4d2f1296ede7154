#include "method.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

static int put(const struct Screen *screen, long at, long size) {
  while (size > 0) {
    long count = pwrite(screen->fd, screen->canvas.memory + at, (size_t)size, at);
    if (count <= 0) return -1;
    at += count;
    size -= count;
  }
  return 0;
}

int sendFrame(const struct Screen *screen) {
  return put(screen, 0, (long)screen->canvas.stride * screen->canvas.height);
}

static int sendNothing(const struct Screen *screen, const struct Damage *damage) {
  (void)screen, (void)damage;
  return 0;
}

static int sendWrite(const struct Screen *screen, const struct Damage *damage) {
  (void)damage;
  return sendFrame(screen);
}

static int sendRows(const struct Screen *screen, const struct Damage *damage) {
  (void)damage;
  for (int y = 0; y < screen->canvas.height; y++) {
    if (put(screen, (long)y * screen->canvas.stride, screen->canvas.stride) < 0) return -1;
  }
  return 0;
}

static int sendMemcpy(const struct Screen *screen, const struct Damage *damage) {
  (void)damage;
  memcpy(screen->map, screen->canvas.memory, (size_t)screen->canvas.stride * (size_t)screen->canvas.height);
  return 0;
}

static int sendShadow(const struct Screen *screen, const struct Damage *damage) {
  const struct Canvas *from = &screen->canvas;
  for (int i = 0; i < damage->count; i++) {
    struct Rectangle at = damage->rectangles[i];
    long first = (long)at.y * from->stride + (long)at.x * from->bytesPerPixel;
    size_t bytes = (size_t)at.width * (size_t)from->bytesPerPixel;
    if (bytes == (size_t)from->stride) {
      memcpy(screen->map + first, from->memory + first, bytes * (size_t)at.height);
      continue;
    }
    for (int y = 0; y < at.height; y++, first += from->stride) {
      memcpy(screen->map + first, from->memory + first, bytes);
    }
  }
  return 0;
}

static int sendPoke(const struct Screen *screen, const struct Damage *damage) {
  const struct Canvas *from = &screen->canvas;
  for (int i = 0; i < damage->count; i++) {
    struct Rectangle at = damage->rectangles[i];
    for (int y = at.y; y < at.y + at.height; y++) {
      for (int x = at.x; x < at.x + at.width; x++) {
        if (put(screen, (long)y * from->stride + (long)x * from->bytesPerPixel, from->bytesPerPixel) < 0) return -1;
      }
    }
  }
  return 0;
}

static int sendCall(const struct Screen *screen, const struct Damage *damage) {
  (void)damage;
  return (int)pwrite(screen->fd, screen->canvas.memory, 0, 0);
}

const struct Method *findMethod(const char *name) {
  static const struct Method methods[] = {
      {"direct", 1, 0, sendNothing}, {"engine", 1, 1, sendNothing}, {"write", 0, 0, sendWrite},
      {"rows", 0, 0, sendRows},      {"memcpy", 0, 0, sendMemcpy},  {"shadow", 0, 0, sendShadow},
      {"poke", 0, 0, sendPoke},      {"draw", 0, 0, sendNothing},   {"call", 0, 0, sendCall},
  };
  for (unsigned i = 0; i < sizeof methods / sizeof *methods; i++) {
    if (strcmp(methods[i].name, name) == 0) return &methods[i];
  }
  return NULL;
}
