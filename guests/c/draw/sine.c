#include "sine.h"

#include "rounding.h"

#define QUARTER (SINE_SIZE / 4)
#define HALF_PI 1.5707963267948966

int32_t sineTable[SINE_SIZE];

/* Taylor's series for 0 to pi/2: the first term left out, x^17/17!, is below 7e-12. */
static double taylor(double x) {
  double term = x;
  double sum = x;
  for (int n = 3; n <= 15; n += 2) {
    term = (-term * x * x) / (n * (n - 1));
    sum += term;
  }
  return sum;
}

void makeSineTable(void) {
  for (int i = 0; i <= QUARTER; i++) {
    int32_t value = (int32_t)roundHalfUp(SINE_ONE * taylor((HALF_PI * i) / QUARTER));
    sineTable[i] = value;
    sineTable[SINE_SIZE / 2 - i] = value;
    sineTable[SINE_SIZE / 2 + i] = -value;
    sineTable[(SINE_SIZE - i) % SINE_SIZE] = -value;
  }
}
