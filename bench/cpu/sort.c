/* Quicksort of 8192 random numbers, with insertion for what is short. */
#include "bench.h"

#define COUNT 8192
#define SHORT 12

static uint32_t numbers[COUNT];

static void insertionSort(uint32_t *first, uint32_t *last) {
  for (uint32_t *at = first + 1; at <= last; at++) {
    uint32_t value = *at;
    uint32_t *hole = at;
    for (; hole > first && hole[-1] > value; hole--) *hole = hole[-1];
    *hole = value;
  }
}

static void quicksort(uint32_t *first, uint32_t *last) {
  while (last - first > SHORT) {
    uint32_t pivot = first[(last - first) / 2];
    uint32_t *low = first, *high = last;
    while (low <= high) {
      while (*low < pivot) low++;
      while (*high > pivot) high--;
      if (low > high) break;
      uint32_t value = *low;
      *low++ = *high;
      *high-- = value;
    }
    quicksort(first, high);
    first = low;
  }
  insertionSort(first, last);
}

int main(int argc, char **argv) {
  uint32_t seed = 1;
  uint32_t checksum = CHECKSUM_START;
  for (long i = repeatCount(argc, argv, 800); i > 0; i--) {
    for (int k = 0; k < COUNT; k++) numbers[k] = nextRandom(&seed);
    quicksort(numbers, numbers + COUNT - 1);
    for (int k = 0; k < COUNT; k += 64) checksum = fold(checksum, numbers[k]);
  }
  return report(checksum);
}
