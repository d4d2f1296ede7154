/* 64-bit and 32-bit arithmetic of every kind on a state that each step depends on; branches that are hard to guess. */
#include "bench.h"

#define STEPS 1000

int main(int argc, char **argv) {
  uint64_t a = 0x9e3779b97f4a7c15, b = 0xbf58476d1ce4e5b9, c = 1;
  for (long i = repeatCount(argc, argv, 30000) * STEPS; i > 0; i--) {
    a += b ^ (c << 7 | c >> 57);
    b = b * 0x94d049bb133111eb + a;
    c ^= (uint64_t)(((unsigned __int128)a * b) >> 64);
    uint32_t word = (uint32_t)a * 5 + (uint32_t)(b >> 32);
    if (word & 1) c += a / ((b & 0xffffff) | 1);
    else c -= b % ((word >> 8) | 1);
    int32_t half = (int32_t)word >> 3;
    if (half < 0) a ^= (uint64_t)(int64_t)half;
    else b += (uint64_t)half << 5;
  }
  uint32_t checksum = CHECKSUM_START;
  uint64_t state[] = {a, b, c};
  for (int i = 0; i < 3; i++) checksum = fold(fold(checksum, (uint32_t)state[i]), (uint32_t)(state[i] >> 32));
  return report(checksum);
}
