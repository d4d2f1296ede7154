/**
 * Functions of every type the boundary carries, for tests/control. They do as little as possible: an echo returns what
 * it got, a mirror computes something from every element, so that a wrong one is seen.
 */

// Strings
export function echoString(text: string): string {
  return text;
}
export function joinTwo(a: string, b: string): string {
  return a + b;
}
export function codeUnits(text: string): i32 {
  return text.length;
}
export function noString(): string | null {
  return null;
}

// Numbers
export function addU32(a: u32, b: u32): u32 {
  return a + b;
}
export function echoI32(value: i32): i32 {
  return value;
}
export function echoI8(value: i8): i8 {
  return value;
}
export function echoU8(value: u8): u8 {
  return value;
}
export function echoI16(value: i16): i16 {
  return value;
}
export function echoU16(value: u16): u16 {
  return value;
}
export function echoI64(value: i64): i64 {
  return value;
}
export function echoU64(value: u64): u64 {
  return value;
}
export function echoUsize(value: usize): usize {
  return value;
}
export function echoF32(value: f32): f32 {
  return value;
}
export function echoF64(value: f64): f64 {
  return value;
}
export function not(value: bool): bool {
  return !value;
}
export function nothing(): void {}

// Typed arrays: each adds one to the first element in place, and returns the array
export function bumpI8(array: Int8Array): Int8Array {
  array[0] += 1;
  return array;
}
export function bumpU8(array: Uint8Array): Uint8Array {
  array[0] += 1;
  return array;
}
export function bumpU8Clamped(array: Uint8ClampedArray): Uint8ClampedArray {
  array[0] += 1;
  return array;
}
export function bumpI16(array: Int16Array): Int16Array {
  array[0] += 1;
  return array;
}
export function bumpU16(array: Uint16Array): Uint16Array {
  array[0] += 1;
  return array;
}
export function bumpI32(array: Int32Array): Int32Array {
  array[0] += 1;
  return array;
}
export function bumpU32(array: Uint32Array): Uint32Array {
  array[0] += 1;
  return array;
}
export function bumpI64(array: Int64Array): Int64Array {
  array[0] += 1;
  return array;
}
export function bumpU64(array: Uint64Array): Uint64Array {
  array[0] += 1;
  return array;
}
export function bumpF32(array: Float32Array): Float32Array {
  array[0] += 1;
  return array;
}
export function bumpF64(array: Float64Array): Float64Array {
  array[0] += 1;
  return array;
}

// Views: the array lives on, so host and module see each other's stores
const shared = new Uint16Array(8);
export function sharedArray(): Uint16Array {
  return shared;
}
/** Four elements in the middle of the shared array: its data does not start where its buffer does. */
export function sharedMiddle(): Uint16Array {
  return shared.subarray(2, 6);
}
export function sharedAt(index: i32): u32 {
  return shared[index];
}
export function storeShared(index: i32, value: u32): void {
  shared[index] = <u16>value;
}
export function echoBuffer(buffer: ArrayBuffer): ArrayBuffer {
  return buffer;
}

// Arrays
export function reverseStrings(array: string[]): string[] {
  return array.reverse();
}
export function concatStrings(array: string[]): string {
  return array.join("|");
}
export function invertBools(array: bool[]): bool[] {
  return array.map<bool>((value) => !value);
}
export function sumUsizes(array: usize[]): usize {
  return array.reduce<usize>((sum, value) => sum + value, 0);
}
export function echoUsizes(array: usize[]): usize[] {
  return array;
}
export function echoF64s(array: f64[]): f64[] {
  return array;
}
export function echoI64s(array: i64[]): i64[] {
  return array;
}
/** Grown by push, so that it has room for more elements than it holds. */
export function countTo(count: i32): i32[] {
  const array: i32[] = [];
  for (let value = 1; value <= count; value++) array.push(value);
  return array;
}
export function flatten(rows: string[][]): string[] {
  return rows.flat();
}

// What goes wrong
export function fail(why: string): void {
  throw new Error(why);
}
export function allocate(size: i32): i32 {
  return new ArrayBuffer(size).byteLength;
}
class Opaque {
  value: i32 = 0;
}
export function opaque(): Opaque {
  return new Opaque();
}
