#include "balls.h"

#include "../draw/drawing.h"
#include "../draw/rounding.h"
#include "ramps.h"

struct Ball {
  int ramp;
  /* Parts of the screen's height: radius, and where it meets the floor. */
  double radius;
  double ground;
  /* Frames from one bounce to the next, and on from the last at frame 0. */
  int period;
  int phase;
  /* Frames from wall to wall and back, and on from the left wall at frame 0. */
  int crossing;
  int start;
};

/* From the farthest to the nearest. */
static const struct Ball balls[BALLS] = {
    {IVORY, 0.036, 0.7, 56, 5, 760, 114},   {AZURE, 0.044, 0.735, 64, 42, 640, 282},
    {AMBER, 0.053, 0.775, 60, 11, 700, 205}, {ROSE, 0.063, 0.815, 68, 30, 560, 123},
    {MINT, 0.074, 0.86, 62, 57, 620, 397},   {CORAL, 0.088, 0.91, 66, 20, 540, 38},
};

/* Parts of the screen's height in a frame, each frame. */
#define GRAVITY 0.00056

/* A lit ball: colour and cover of a square of pixels around its centre. */
struct Sprite {
  /* Pixels from the centre to the square's edge. */
  int reach;
  uint32_t *colours;
  uint16_t *cover;
};

static struct Sprite sprites[BALLS];

/* Brightness 0 to 1 of a ball of radius 1 where the viewer sees (x, y): a lamp at the upper left, and the floor. */
static double light(double x, double y) {
  double z2 = 1 - x * x - y * y;
  double z = __builtin_sqrt(z2 > 0 ? z2 : 0);
  double facing = -0.48 * x - 0.62 * y + 0.62 * z;
  double soft = (facing + 0.35) / 1.35;
  if (soft < 0) soft = 0;
  /* Half-way between the lamp and the viewer: where a polished ball mirrors the lamp. */
  double gloss = -0.267 * x - 0.344 * y + 0.9 * z;
  if (gloss < 0) gloss = 0;
  for (int i = 0; i < 6; i++) gloss *= gloss;
  double fromFloor = (y > 0 ? y : 0) * (1 - z) * 0.3;
  double sum = 0.06 + 0.68 * soft * soft + 0.75 * gloss + fromFloor;
  return sum < 1 ? sum : 1;
}

static void makeSprite(struct Sprite *sprite, const struct Ball *ball, double radius) {
  static uint32_t ramp[RAMP_STEPS];
  sampleRamp(&bounceRamps[ball->ramp], RAMP_STEPS, ramp);
  int reach = (int)roundUp(radius) + 1;
  int side = 2 * reach;
  sprite->reach = reach;
  sprite->colours = allocate((unsigned long)(side * side) * sizeof *sprite->colours);
  sprite->cover = allocate((unsigned long)(side * side) * sizeof *sprite->cover);
  for (int i = 0; i < side * side; i++) {
    double dx = (i % side + 0.5 - reach) / radius;
    double dy = (i / side + 0.5 - reach) / radius;
    double distance = __builtin_sqrt(dx * dx + dy * dy);
    sprite->cover[i] = (uint16_t)roundDown(between(0, (1 - distance) * radius + 0.5, 1) * OPAQUE);
    /* Pixels whose centre is just outside take the colour of the rim. */
    double onto = distance > 1 ? 1 / distance : 1;
    sprite->colours[i] = ramp[roundDown(light(dx * onto, dy * onto) * (RAMP_STEPS - 1))];
  }
}

void makeSprites(int height) {
  for (int i = 0; i < BALLS; i++) makeSprite(&sprites[i], &balls[i], balls[i].radius * height);
}

static struct Rectangle around(int x, int y, int reachX, int reachY) {
  return (struct Rectangle){x - reachX, y - reachY, x + reachX, y + reachY};
}

/* Upside down, and fainter the higher the ball. */
static struct Layer mirrorLayer(const struct Sprite *sprite, int x, int y, double lift) {
  double part = 0.42 - lift * 1.6;
  uint32_t strength = (uint32_t)roundDown((part > 0 ? part : 0) * OPAQUE);
  int reach = strength == 0 ? 0 : sprite->reach;
  return (struct Layer){.kind = LAYER_MIRROR,
                        .bounds = around(x, y, reach, reach),
                        .sprite = sprite,
                        .x = x,
                        .y = y,
                        .strength = strength};
}

/* A flat ellipse that grows and fades as the ball rises. */
static struct Layer shadowLayer(int x, int y, double radius, double lift) {
  int reachX = (int)roundHalfUp(radius * (1.05 + lift * 1.5));
  int reachY = larger(2, (int)roundHalfUp(reachX * 0.24));
  return (struct Layer){.kind = LAYER_SHADOW,
                        .bounds = around(x, y, reachX, reachY),
                        .x = x,
                        .y = y,
                        .reachX = reachX,
                        .reachY = reachY,
                        .darkness = 0.62 / (1 + lift * 7)};
}

void layersAt(struct Layer layers[LAYERS], int frame, int width, int height) {
  for (int i = 0; i < BALLS; i++) {
    const struct Ball *ball = &balls[i];
    const struct Sprite *sprite = &sprites[i];
    double radius = ball->radius;
    int since = (frame + ball->phase) % ball->period;
    double lift = 0.5 * GRAVITY * since * (ball->period - since);
    double way = __builtin_fabs(1 - (double)(2 * ((frame + ball->start) % ball->crossing)) / ball->crossing);
    int x = (int)roundHalfUp(radius * height + (1 - way) * (width - 2 * radius * height));
    int y = (int)roundHalfUp((ball->ground - radius - lift) * height);
    int mirrored = (int)roundHalfUp((ball->ground + radius + lift) * height);
    layers[2 * i] = mirrorLayer(sprite, x, mirrored, lift);
    layers[2 * i + 1] = shadowLayer(x, (int)roundHalfUp(ball->ground * height), radius * height, lift);
    layers[2 * BALLS + i] = (struct Layer){
        .kind = LAYER_BALL, .bounds = around(x, y, sprite->reach, sprite->reach), .sprite = sprite, .x = x, .y = y};
  }
}

/* One row of a sprite, `strength` of OPAQUE strong, with its centre at column `x` of the line. */
static void spriteRow(const struct Sprite *sprite, int row, uint32_t strength, uint32_t *line, int count, int x) {
  int reach = sprite->reach;
  int first = larger(0, x - reach);
  int last = smaller(count, x + reach);
  const uint32_t *colours = sprite->colours + row * 2 * reach;
  const uint16_t *cover = sprite->cover + row * 2 * reach;
  for (int i = first; i < last; i++) {
    int column = i + reach - x;
    line[i] = blend(line[i], colours[column], (cover[column] * strength) >> 8);
  }
}

static void shadowRow(const struct Layer *layer, uint32_t *line, int count, int left, int y) {
  double dy = (y + 0.5 - layer->y) / layer->reachY;
  int first = larger(0, layer->bounds.left - left);
  int last = smaller(count, layer->bounds.right - left);
  for (int i = first; i < last; i++) {
    double dx = (left + i + 0.5 - layer->x) / layer->reachX;
    double part = 1 - dx * dx - dy * dy;
    if (part < 0) part = 0;
    line[i] = blend(line[i], SHADOW, (uint32_t)roundDown(part * part * layer->darkness * OPAQUE));
  }
}

void drawLayer(const struct Layer *layer, uint32_t *line, int count, int left, int y) {
  if (layer->kind == LAYER_SHADOW) {
    shadowRow(layer, line, count, left, y);
    return;
  }
  int reach = layer->sprite->reach;
  if (layer->kind == LAYER_BALL) {
    spriteRow(layer->sprite, y - layer->y + reach, OPAQUE, line, count, layer->x - left);
  } else {
    spriteRow(layer->sprite, layer->y + reach - 1 - y, layer->strength, line, count, layer->x - left);
  }
}
