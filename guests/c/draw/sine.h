/*
 * Sine in integers, from a table that is made with nothing but IEEE 754 sums and products: the same on every machine,
 * and the same as guests/sine.ts.
 */
#pragma once

#include <stdint.h>

/* One turn of phase. */
#define TURN 0x10000
/* What `sine` gives at a quarter turn. */
#define SINE_ONE 0x8000
#define SINE_SIZE 0x4000

extern int32_t sineTable[SINE_SIZE];

/* Once, before the first sine. */
void makeSineTable(void);

/* -SINE_ONE to SINE_ONE at a phase in 1/TURN of a turn; it wraps. */
static inline int32_t sine(int32_t phase) {
  return sineTable[(phase >> 2) & (SINE_SIZE - 1)];
}
