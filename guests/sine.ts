/**
 * Sine in integers. Math.sin may differ in its last bits between engines; the drawing guests promise the same bytes on
 * all of them, so they use this table, made with nothing but IEEE 754 sums and products.
 */

/** One turn of phase. */
export const TURN = 0x1_0000;
/** What `sine` gives at a quarter turn. */
export const SINE_ONE = 0x8000;

const SIZE = 0x4000;
const QUARTER = SIZE / 4;
const HALF_PI = 1.5707963267948966;

/** Taylor's series for 0 … π/2: the first term left out, x^17/17!, is below 7e-12. */
const taylor = (x: number): number => {
  let term = x;
  let sum = x;
  for (let n = 3; n <= 15; n += 2) {
    term = (-term * x * x) / (n * (n - 1));
    sum += term;
  }
  return sum;
};

const makeTable = (): Int32Array => {
  const table = new Int32Array(SIZE);
  for (let i = 0; i <= QUARTER; i++) {
    const value = Math.round(SINE_ONE * taylor((HALF_PI * i) / QUARTER));
    table[i] = value;
    table[SIZE / 2 - i] = value;
    table[SIZE / 2 + i] = -value;
    table[(SIZE - i) % SIZE] = -value;
  }
  return table;
};

const TABLE = makeTable();

/** -SINE_ONE … SINE_ONE at an integer phase, in 1/TURN of a turn; any 32-bit integer, it wraps. */
export const sine = (phase: number): number => TABLE[(phase >> 2) & (SIZE - 1)]!;
