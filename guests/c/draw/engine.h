/*
 * The video card's 2D engine: its registers are mapped behind the video memory, and a rectangle is a few plain stores
 * (docs/video-card.md). All rectangles are on the screen's surface: pixel (0, 0) is the first of video memory, and rows
 * go on below the visible ones.
 */
#pragma once

#include <stdint.h>

#include "framebuffer.h"

#define ENGINE_COMMAND 0x80
#define ENGINE_STATUS 0x84
#define ENGINE_PIXEL_SIZE 0x8c
#define ENGINE_COLOUR 0x90
#define ENGINE_TARGET_BASE 0x94
#define ENGINE_TARGET_PITCH 0x98
#define ENGINE_TARGET_POSITION 0x9c
#define ENGINE_SOURCE_BASE 0xa0
#define ENGINE_SOURCE_PITCH 0xa4
#define ENGINE_SOURCE_POSITION 0xa8
#define ENGINE_SIZE 0xac
#define ENGINE_CLIP_START 0xb0
#define ENGINE_CLIP_END 0xb4

#define ENGINE_FILL 1
#define ENGINE_COPY 2

/* The register page. */
typedef volatile uint32_t *Engine;

/* Maps the registers and sets the engine to the screen's surface; NULL with errno when mmap fails. */
Engine openEngine(const struct Framebuffer *fb);

static inline void engineStore(Engine engine, int offset, uint32_t value) {
  engine[offset / 4] = value;
}

/* x in the low half, y in the high one. */
static inline uint32_t enginePair(int x, int y) {
  return ((uint32_t)x & 0xffff) | (uint32_t)y << 16;
}

static inline void engineRun(Engine engine, uint32_t command, int x, int y, int width, int height) {
  engineStore(engine, ENGINE_TARGET_POSITION, enginePair(x, y));
  engineStore(engine, ENGINE_SIZE, enginePair(width, height));
  engineStore(engine, ENGINE_COMMAND, command);
}

static inline void engineFill(Engine engine, int x, int y, int width, int height, uint32_t pixel) {
  engineStore(engine, ENGINE_COLOUR, pixel);
  engineRun(engine, ENGINE_FILL, x, y, width, height);
}

/* To (x, y), from (fromX, fromY). They may overlap. */
static inline void engineCopy(Engine engine, int x, int y, int fromX, int fromY, int width, int height) {
  engineStore(engine, ENGINE_SOURCE_POSITION, enginePair(fromX, fromY));
  engineRun(engine, ENGINE_COPY, x, y, width, height);
}

/* From now on only pixels of [left, right) x [top, bottom) are written. */
static inline void engineClip(Engine engine, int left, int top, int right, int bottom) {
  engineStore(engine, ENGINE_CLIP_START, enginePair(left, top));
  engineStore(engine, ENGINE_CLIP_END, enginePair(right, bottom));
}
