/*
 * Glossy balls that bounce on a polished floor at dusk. The background is drawn once; from then on only the rectangles
 * that a ball, its shadow or its mirror image leaves or enters are drawn again. A frame is a function of its number.
 */
#include <string.h>

#include "../draw/drawing.h"
#include "../draw/rectangle.h"
#include "../draw/sine.h"
#include "backdrop.h"
#include "balls.h"
#include "ramps.h"

static uint32_t *backdrop;
static uint32_t *line;
/* Where the layers of the frame before were. */
static struct Rectangle before[LAYERS];
static bool drawn;

static void prepare(int width, int height) {
  makeSineTable();
  makeSprites(height);
  backdrop = allocate((unsigned long)width * (unsigned long)height * sizeof *backdrop);
  line = allocate((unsigned long)width * sizeof *line);
  makeBackdrop(backdrop, width, height);
}

static void redraw(const struct Surface *surface, struct PixelEncoder *encoder, const struct Layer *layers,
                   struct Rectangle damage) {
  int count = damage.right - damage.left;
  if (count <= 0) return;
  for (int y = damage.top; y < damage.bottom; y++) {
    const uint32_t *behind = backdrop + (long)y * surface->width + damage.left;
    memcpy(line, behind, (size_t)count * sizeof *line);
    for (int i = 0; i < LAYERS; i++) {
      const struct Rectangle *bounds = &layers[i].bounds;
      if (y < bounds->top || y >= bounds->bottom || !meet(*bounds, damage)) continue;
      drawLayer(&layers[i], line, count, damage.left, y);
    }
    encodeRow(encoder, line, count, damage.left, y);
    storeRow(surface, damage.left, y, line, count);
  }
}

static void draw(const struct Surface *surface, struct PixelEncoder *encoder, int frame) {
  struct Rectangle screen = {.right = surface->width, .bottom = surface->height};
  struct Layer layers[LAYERS];
  layersAt(layers, frame, surface->width, surface->height);
  if (!drawn) redraw(surface, encoder, layers, screen);
  for (int i = 0; i < LAYERS; i++) {
    if (drawn) redraw(surface, encoder, layers, clip(join(before[i], layers[i].bounds), screen));
    before[i] = layers[i].bounds;
  }
  drawn = true;
}

const struct Drawing drawing = {
    .name = "bounce",
    .summary = "balls on a polished floor: only what moves is drawn again",
    .frames = 60,
    .ramps = bounceRamps,
    .rampCount = RAMPS,
    .prepare = prepare,
    .draw = draw,
};
