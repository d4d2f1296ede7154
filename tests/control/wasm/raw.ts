/** An export that is not part of the control surface: nothing binds or wraps it. */
export function rawAdd(a: i32, b: i32): i32 {
  return a + b;
}
