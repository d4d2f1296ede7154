import { expect, test } from "vitest";
import { estimate, median } from "../../src/bench/statistics.ts";

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

test("the median is the middle, or the mean of the two in the middle", () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

// Truth: P(Binomial(n, ½) ≤ k - 1) ≤ 0.025 from the binomial table, as in tables of the sign test at 5 % (two-sided):
// critical values n = 6: 0, 8: 0, 9: 1, 12: 2, 20: 5, 25: 7, 50: 17; the interval begins one above the critical value.
test.each([
  [6, 1],
  [8, 1],
  [9, 2],
  [12, 3],
  [20, 6],
  [25, 8],
  [50, 18],
])("of %i samples the 95 %% interval begins with number %i", (n, first) => {
  const { low, high } = estimate(upTo(n));
  expect([low, high]).toEqual([first, n + 1 - first]);
});

test("fewer than 6 samples: the interval is all of them", () => {
  expect(estimate([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  expect(estimate([7])).toEqual({ median: 7, low: 7, high: 7 });
});

// Truth: the normal approximation, n/2 ± 1.96 √n / 2.
test("many samples", () => {
  const { low, high } = estimate(upTo(10_000));
  expect(Math.abs(low - (5000 - 98))).toBeLessThanOrEqual(2);
  expect(Math.abs(high - (5001 + 98))).toBeLessThanOrEqual(2);
});

test("no samples are no estimate", () => {
  expect(() => estimate([])).toThrow(RangeError);
});
