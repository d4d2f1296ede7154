/* From a double to a whole number, for |x| < 2^52; and numbers kept in a range. */
#pragma once

#include <stdint.h>

static inline int64_t roundDown(double x) {
  int64_t whole = (int64_t)x;
  return (double)whole > x ? whole - 1 : whole;
}

static inline int64_t roundUp(double x) {
  return -roundDown(-x);
}

/* To the nearest; halves go up, as JavaScript's Math.round has it. x - floor(x) is exact where it decides. */
static inline int64_t roundHalfUp(double x) {
  int64_t whole = roundDown(x);
  return x - (double)whole >= 0.5 ? whole + 1 : whole;
}

static inline double between(double low, double x, double high) {
  return x < low ? low : x > high ? high : x;
}
