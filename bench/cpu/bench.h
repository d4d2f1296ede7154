/*
 * What the programs of this benchmark share. Each does a fixed piece of work as often as its first argument says, and
 * prints one line: a checksum of what it computed, 8 hexadecimal digits.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The first argument, or `usual` when there is none. */
static inline long repeatCount(int argc, char **argv, long usual) {
  if (argc < 2) return usual;
  long count = 0;
  for (const char *digit = argv[1]; *digit; digit++) {
    if (*digit < '0' || *digit > '9' || count > 99999999) count = -1;
    if (count < 0) break;
    count = 10 * count + (*digit - '0');
  }
  if (count > 0) return count;
  dprintf(STDERR_FILENO, "%s: takes a number of repeats from 1, not \"%s\"\n", argv[0], argv[1]);
  exit(2);
}

static inline int report(uint32_t checksum) {
  printf("%08x\n", checksum);
  return 0;
}

#define CHECKSUM_START 0x811c9dc5u

/* FNV-1a, over words instead of bytes. */
static inline uint32_t fold(uint32_t checksum, uint32_t value) {
  return (checksum ^ value) * 0x01000193u;
}

/* The next of a linear congruential generator modulo 2^32 (Numerical Recipes). The upper bits are the better ones. */
static inline uint32_t nextRandom(uint32_t *state) {
  return *state = *state * 1664525u + 1013904223u;
}
