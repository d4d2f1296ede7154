/* Four lines of text, over the four that were there a screen ago. */
#include "scene.h"

#define LINES 4
#define GLYPHS 96
#define GLYPH_WIDTH 8
#define GLYPH_HEIGHT 16

/* Noise is as good as letters. */
static unsigned char font[GLYPHS][GLYPH_HEIGHT];
static uint32_t row[MAX_WIDTH];

static void start(const struct Canvas *canvas) {
  uint32_t seed = 1;
  for (int i = 0; i < GLYPHS * GLYPH_HEIGHT; i++) {
    seed = seed * 1664525 + 1013904223;
    font[i / GLYPH_HEIGHT][i % GLYPH_HEIGHT] = (unsigned char)(seed >> 24);
  }
  fillRectangle(canvas, (struct Rectangle){0, 0, canvas->width, canvas->height}, 0);
}

static void drawLine(const struct Canvas *canvas, int n, int line) {
  uint32_t foreground = ink(canvas, (unsigned)(200 + n)), background = ink(canvas, 8);
  for (int y = 0; y < GLYPH_HEIGHT; y++) {
    for (int column = 0; column < canvas->width / GLYPH_WIDTH; column++) {
      int bits = font[(31 * n + 7 * column + 13 * line) % GLYPHS][y];
      for (int x = 0; x < GLYPH_WIDTH; x++) {
        putPixel(canvas, row, GLYPH_WIDTH * column + x, (bits << x & 0x80) != 0 ? foreground : background);
      }
    }
    copyRow(canvas, 0, GLYPH_HEIGHT * line + y, row, canvas->width);
  }
}

static void frame(const struct Canvas *canvas, int n, struct Damage *damage) {
  for (int i = 0; i < LINES; i++) {
    int line = (LINES * n + i) % (canvas->height / GLYPH_HEIGHT);
    drawLine(canvas, n, line);
    addDamage(damage, 0, GLYPH_HEIGHT * line, canvas->width, GLYPH_HEIGHT);
  }
}

const struct Scene textScene = {"text", start, frame};
