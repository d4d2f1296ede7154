#pragma once

#include <stdbool.h>

/* Pixels [left, right) x [top, bottom). */
struct Rectangle {
  int left;
  int top;
  int right;
  int bottom;
};

static inline int smaller(int a, int b) {
  return a < b ? a : b;
}

static inline int larger(int a, int b) {
  return a > b ? a : b;
}

static inline bool meet(struct Rectangle a, struct Rectangle b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/* The smallest rectangle around both. */
static inline struct Rectangle join(struct Rectangle a, struct Rectangle b) {
  return (struct Rectangle){smaller(a.left, b.left), smaller(a.top, b.top), larger(a.right, b.right),
                            larger(a.bottom, b.bottom)};
}

/* The part of `a` that lies in `b`; when there is none, a rectangle without pixels. */
static inline struct Rectangle clip(struct Rectangle a, struct Rectangle b) {
  return (struct Rectangle){larger(a.left, b.left), larger(a.top, b.top), smaller(a.right, b.right),
                            smaller(a.bottom, b.bottom)};
}
