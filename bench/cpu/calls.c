/* Recursive calls: Fibonacci's numbers by their definition, and Takeuchi's function. */
#include "bench.h"

__attribute__((noinline)) static uint32_t fibonacci(uint32_t n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

__attribute__((noinline)) static int32_t takeuchi(int32_t x, int32_t y, int32_t z) {
  if (y >= x) return z;
  return takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y));
}

int main(int argc, char **argv) {
  uint32_t checksum = CHECKSUM_START;
  for (long i = repeatCount(argc, argv, 120); i > 0; i--) {
    checksum = fold(checksum, fibonacci(20 + (uint32_t)(i & 3)));
    checksum = fold(checksum, (uint32_t)takeuchi(14, 8, (int32_t)(i & 3)));
  }
  return report(checksum);
}
