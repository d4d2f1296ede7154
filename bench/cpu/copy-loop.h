/* memcpy of 1 MiB again and again, from a place that is a chosen distance away. */
#pragma once

#include <string.h>
#include <sys/mman.h>

#include "bench.h"

#define MIB 0x100000
#define COPIED MIB
#define WORDS (COPIED / sizeof(uint32_t))

/* 4 MiB of source and space between, as much again for the destination, and room to align the source. */
static inline uint32_t *alignedMemory(void) {
  char *memory = mmap(NULL, 13 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    exit(1);
  }
  return (uint32_t *)(((uintptr_t)memory + 4 * MIB - 1) & ~(uintptr_t)(4 * MIB - 1));
}

static inline int copyLoop(long repeats, size_t distance) {
  uint32_t *from = alignedMemory();
  uint32_t *to = (uint32_t *)((char *)from + distance);
  uint32_t seed = 6;
  for (size_t i = 0; i < WORDS; i++) from[i] = nextRandom(&seed);
  for (long i = repeats; i > 0; i--) {
    memcpy(to, from, COPIED);
    from[nextRandom(&seed) >> 14] ^= to[nextRandom(&seed) >> 14];
  }
  uint32_t checksum = CHECKSUM_START;
  for (size_t i = 0; i < WORDS; i += 16) checksum = fold(checksum, to[i]);
  return report(checksum);
}
