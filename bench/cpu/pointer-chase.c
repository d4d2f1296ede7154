/*
 * Follows pointers round 4096 places, each in a page of its own, in random order: more pages than a TLB holds, and
 * no load can begin before the last one has ended.
 */
#include <sys/mman.h>

#include "bench.h"

#define PAGES 4096
#define PAGE 4096
#define STEPS 100000
/* Places lie on different cache lines of their pages. */
#define LINE 64

struct Place {
  struct Place *next;
  uint32_t number;
};

static uint32_t order[PAGES];

/* Sattolo's shuffle: the order is one single round of all. */
static void shuffle(void) {
  uint32_t seed = 5;
  for (uint32_t i = 0; i < PAGES; i++) order[i] = i;
  for (uint32_t i = PAGES - 1; i > 0; i--) {
    uint32_t k = (nextRandom(&seed) >> 8) % i;
    uint32_t value = order[i];
    order[i] = order[k];
    order[k] = value;
  }
}

static struct Place *placeIn(char *memory, uint32_t page) {
  return (struct Place *)(memory + (uint64_t)page * PAGE + page % (PAGE / LINE) * LINE);
}

int main(int argc, char **argv) {
  long steps = repeatCount(argc, argv, 250) * STEPS;
  char *memory = mmap(NULL, (size_t)PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    return 1;
  }
  shuffle();
  for (uint32_t i = 0; i < PAGES; i++) {
    struct Place *place = placeIn(memory, i);
    place->next = placeIn(memory, order[i]);
    place->number = i;
  }
  const struct Place *here = placeIn(memory, 0);
  uint32_t sum = 0;
  for (; steps > 0; steps--) {
    here = here->next;
    sum += here->number;
  }
  return report(fold(fold(CHECKSUM_START, here->number), sum));
}
