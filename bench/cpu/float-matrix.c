/*
 * Product of two matrices of 64 x 64 doubles, row by column. All factors are of few bits, so that every sum is exact
 * whether the compiler fuses multiplication and addition or not. Like any real program it has rounded something
 * before: the inexact flag is set.
 */
#include "bench.h"

#define N 64

static double a[N][N], b[N][N], product[N][N];

int main(int argc, char **argv) {
  volatile double three = 3;
  uint32_t seed = 4;
  double third = 1 / three;
  for (int i = 0; i < N * N; i++) a[i / N][i % N] = (nextRandom(&seed) >> 22) / 1024.0;
  for (int i = 0; i < N * N; i++) b[i / N][i % N] = (nextRandom(&seed) >> 22) / 1024.0;
  uint32_t checksum = fold(CHECKSUM_START, (uint32_t)(third * 0x1p32));
  for (long repeat = repeatCount(argc, argv, 150); repeat > 0; repeat--) {
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        double sum = 0;
        for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
        product[i][j] = sum;
      }
    }
    /* A sum is below 64, in units of 2^-20. */
    for (int i = 0; i < N; i++) {
      checksum = fold(checksum, (uint32_t)(product[i][i] * 0x1p20));
      a[i][(i + repeat) % N] = (nextRandom(&seed) >> 22) / 1024.0;
    }
  }
  return report(checksum);
}
