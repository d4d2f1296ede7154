/* Product of two matrices of 64 x 64 32-bit integers, row by column; the product is a factor of the next. */
#include "bench.h"

#define N 64

static uint32_t a[N][N], b[N][N], product[N][N];

int main(int argc, char **argv) {
  uint32_t seed = 3;
  for (int i = 0; i < N * N; i++) a[i / N][i % N] = nextRandom(&seed);
  for (int i = 0; i < N * N; i++) b[i / N][i % N] = nextRandom(&seed) >> 16;
  for (long repeat = repeatCount(argc, argv, 1200); repeat > 0; repeat--) {
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        uint32_t sum = 0;
        for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
        product[i][j] = sum;
      }
    }
    for (int i = 0; i < N * N; i++) a[i / N][i % N] ^= product[i / N][i % N];
  }
  uint32_t checksum = CHECKSUM_START;
  for (int i = 0; i < N * N; i++) checksum = fold(checksum, a[i / N][i % N]);
  return report(checksum);
}
