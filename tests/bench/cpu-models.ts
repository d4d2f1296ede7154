/** What the programs of bench/cpu compute, said a second time: from what they are for, not from how they do it. */
import { crc32 } from "node:zlib";
import { guests } from "../../guests/index.ts";
import { FakeScreen } from "../guests/fake-screen.ts";

/** The checksum after so many repeats. */
type Model = (repeats: number) => number | Promise<number>;

const START = 0x811c9dc5;
/** FNV-1a over 32-bit words. */
const fold = (checksum: number, value: number): number => Math.imul(checksum ^ value, 0x01000193) >>> 0;
const foldAll = (values: Iterable<number>, checksum = START): number => {
  for (const value of values) checksum = fold(checksum, value);
  return checksum;
};

/** Numerical Recipes' generator modulo 2^32. */
const random = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed;
};

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

const integerMix: Model = (repeats) => {
  let [a, b, c] = [0x9e3779b97f4a7c15n, 0xbf58476d1ce4e5b9n, 1n];
  for (let i = 0; i < 1000 * repeats; i++) {
    a = u64(a + (b ^ u64((c << 7n) | (c >> 57n))));
    b = u64(b * 0x94d049bb133111ebn + a);
    c ^= (a * b) >> 64n;
    const word = (a * 5n + (b >> 32n)) & 0xffff_ffffn;
    if (word % 2n === 1n) c = u64(c + a / ((b % 0x100_0000n) | 1n));
    else c = u64(c - (b % ((word >> 8n) | 1n)));
    const half = BigInt.asIntN(32, word) >> 3n;
    if (half < 0n) a ^= u64(half);
    else b = u64(b + (half << 5n));
  }
  return foldAll([a, b, c].flatMap((value) => [Number(value & 0xffff_ffffn), Number(value >> 32n)]));
};

const sort: Model = (repeats) => {
  const next = random(1);
  let checksum = START;
  for (let i = 0; i < repeats; i++) {
    const numbers = Uint32Array.from({ length: 8192 }, next).sort();
    checksum = foldAll(
      numbers.filter((_, k) => k % 64 === 0),
      checksum,
    );
  }
  return checksum;
};

const crc: Model = (repeats) => {
  const next = random(2);
  const bytes = Uint8Array.from({ length: 65536 }, () => next() >>> 24);
  let value = 0;
  for (let i = 0; i < repeats; i++) value = crc32(bytes, value);
  return value;
};

const collatzSteps = (n: number): number => (n === 1 ? 0 : 1 + collatzSteps(n % 2 === 0 ? n / 2 : 3 * n + 1));
const bytecodeVm: Model = (repeats) => {
  let steps = 0;
  for (let n = 1; n <= 1000; n++) steps += collatzSteps(n);
  return foldAll(Array.from({ length: repeats }, () => steps));
};

const FIBONACCI = [6765, 10946, 17711, 28657];
/** Takeuchi's function by McCarthy's definition. */
const takeuchi = (x: number, y: number, z: number): number =>
  y < x ? takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y)) : z;
const calls: Model = (repeats) => {
  let checksum = START;
  for (let i = repeats; i > 0; i--) checksum = foldAll([FIBONACCI[i % 4]!, takeuchi(14, 8, i % 4)], checksum);
  return checksum;
};

const N = 64;
const sum = (term: (k: number) => number): number => {
  let total = 0;
  for (let k = 0; k < N; k++) total += term(k);
  return total;
};

const integerMatrix: Model = (repeats) => {
  const next = random(3);
  const a = Uint32Array.from({ length: N * N }, next);
  const b = Uint32Array.from({ length: N * N }, () => next() >>> 16);
  for (let i = 0; i < repeats; i++) {
    const product = a.map((_, at) => {
      const [row, column] = [Math.floor(at / N), at % N];
      return sum((k) => Math.imul(a[row * N + k]!, b[k * N + column]!) >>> 0);
    });
    product.forEach((value, at) => {
      a[at]! ^= value;
    });
  }
  return foldAll(a);
};

/** In units of 2^-20: whole numbers far below 2^53. */
const floatMatrix: Model = (repeats) => {
  const next = random(4);
  const a = Array.from({ length: N * N }, () => next() >>> 22);
  const b = Array.from({ length: N * N }, () => next() >>> 22);
  let checksum = fold(START, Math.floor(2 ** 32 / 3));
  for (let repeat = repeats; repeat > 0; repeat--) {
    // Only the diagonal is looked at.
    const diagonal = Array.from({ length: N }, (_, i) => sum((k) => a[i * N + k]! * b[k * N + i]!));
    checksum = foldAll(diagonal, checksum);
    for (let i = 0; i < N; i++) a[i * N + ((i + repeat) % N)] = next() >>> 22;
  }
  return checksum;
};

const pointerChase: Model = (repeats) => {
  const next = random(5);
  const order = Array.from({ length: 4096 }, (_, i) => i);
  for (let i = 4095; i > 0; i--) {
    const k = (next() >>> 8) % i;
    [order[i], order[k]] = [order[k]!, order[i]!];
  }
  let here = 0;
  let total = 0;
  for (let i = 0; i < 100_000 * repeats; i++) {
    here = order[here]!;
    total += here;
  }
  return foldAll([here, total]);
};

const memcpy: Model = (repeats) => {
  const next = random(6);
  const from = Uint32Array.from({ length: 0x40000 }, next);
  let to = new Uint32Array();
  for (let i = 0; i < repeats; i++) {
    to = from.slice();
    const [into, out] = [next() >>> 14, next() >>> 14];
    from[into]! ^= to[out]!;
  }
  return foldAll(to.filter((_, i) => i % 16 === 0));
};

const WIDTH = 1024;
const HEIGHT = 768;
const foldScreen = (pixels: Uint32Array, checksum = START): number => {
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = y % 8; x < WIDTH; x += 8) checksum = fold(checksum, pixels[y * WIDTH + x]!);
  }
  return checksum;
};

const framebufferFill: Model = (repeats) => {
  const next = random(7);
  let colour = 0;
  let checksum = START;
  for (let i = 0; i < repeats; i++) {
    colour = next() >>> 8;
    next();
    checksum = fold(checksum, colour);
  }
  return foldScreen(new Uint32Array(WIDTH * HEIGHT).fill(colour), checksum);
};

const blit: Model = (repeats) => {
  const next = random(8);
  const picture: [x: number, y: number, colour: number][] = [];
  for (let y = 0; y < 192; y++) {
    for (let x = 0; x < 256; x++) {
      if ((x - 128) ** 2 + (y - 96) ** 2 < 9000) picture.push([x, y, next() >>> 8]);
    }
  }
  const pixels = new Uint32Array(WIDTH * HEIGHT);
  for (let i = 0; i < repeats; i++) {
    const place = next();
    const [left, top] = [(place >>> 20) % 769, (place >>> 8) % 577];
    for (const [x, y, colour] of picture) if (colour !== 0) pixels[(top + y) * WIDTH + left + x] = colour;
  }
  return foldScreen(pixels);
};

const gradientAt = (x: number, y: number, phase: number): number => {
  const red = Math.floor((x + phase) / 4) % 256;
  const green = Math.floor(((y + phase) * 255) / 767) % 256;
  return red * 0x10000 + green * 0x100 + Math.floor((red * green) / 256);
};
const gradient: Model = (repeats) => {
  let checksum = START;
  for (let i = 1; i <= repeats; i++) {
    checksum = fold(checksum, gradientAt((5 * i) % WIDTH, (5 * i) % HEIGHT, 5 * (i - 1)));
  }
  const last = 5 * (repeats - 1);
  const pixels = Uint32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    gradientAt(i % WIDTH, Math.floor(i / WIDTH), last),
  );
  return foldScreen(pixels, checksum);
};

/** The twin's frames. */
const plasma: Model = async (repeats) => {
  const screen = new FakeScreen(["plasma", "--frames", `${repeats}`], { width: 320, height: 240 });
  await screen.run(guests.plasma!);
  let checksum = START;
  for (const [frame, bytes] of screen.frames.entries()) {
    const pixels = new Uint32Array(bytes.buffer);
    for (let y = 0; y < 240; y++) checksum = fold(checksum, pixels[y * 320 + ((y * 7 + frame) % 320)]!);
  }
  return checksum;
};

/**
 * By the programs' names. Two are without a model, and their checksums are recorded: `records` has no meaning but its
 * own steps; `mandelbrot` hangs on which products the compiler fuses with a sum. gcc for x86-64 (with -mfma) made both
 * checksums from the same text.
 */
export const models: Readonly<Record<string, Model>> = {
  "integer-mix": integerMix,
  sort,
  crc32: crc,
  "bytecode-vm": bytecodeVm,
  calls,
  "integer-matrix": integerMatrix,
  "float-matrix": floatMatrix,
  "pointer-chase": pointerChase,
  "memcpy-4mib": memcpy,
  "memcpy-off": memcpy,
  "framebuffer-fill": framebufferFill,
  blit,
  gradient,
  plasma,
};
export const RECORDED: readonly string[] = ["records", "mandelbrot"];
