#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "drawing.h"

void *allocate(unsigned long size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    exit(1);
  }
  return memory;
}
