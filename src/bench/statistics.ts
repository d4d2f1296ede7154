/** Medians and their intervals: nothing is assumed of how the samples are spread. */

/** A median, and between what it lies with a probability of 95 %. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The middle, or the mean of the two in the middle. `sorted` ascends and is not empty. */
const middle = (sorted: readonly number[]): number => {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

export const median = (samples: readonly number[]): number => middle(samples.toSorted((a, b) => a - b));

/**
 * How many samples at each end lie outside the 95 % interval of the median: each sample is on either side of it with
 * probability ½, so k at an end are too many when P(Binomial(n, ½) < k) is more than 2.5 % (order statistics, as in
 * Conover, Practical Nonparametric Statistics, §3.2). With fewer than 6 samples the interval is all of them.
 */
const outside = (n: number): number => {
  let probability = 0.5 ** n;
  let below = 0;
  let k = 0;
  while (below + probability <= 0.025) {
    below += probability;
    k++;
    probability *= (n - k + 1) / k;
  }
  return k;
};

/** @throws RangeError without samples. */
export const estimate = (samples: readonly number[]): Estimate => {
  if (samples.length === 0) throw new RangeError("no samples");
  const sorted = samples.toSorted((a, b) => a - b);
  // From about 1000 samples on 2^-n underflows; the normal approximation is exact enough long before.
  const n = sorted.length;
  const cut = n < 1000 ? outside(n) : Math.floor(n / 2 - 0.98 * Math.sqrt(n));
  const last = Math.max(0, cut - 1);
  return { median: middle(sorted), low: sorted[last]!, high: sorted[n - 1 - last]! };
};
