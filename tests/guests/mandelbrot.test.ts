/** Truth: the definition of the set: c belongs to it when z = z² + c, from 0 on, never leaves the disc of radius 2. */
import { expect, test } from "vitest";
import { fbVarScreeninfo } from "../../abi/fb.ts";
import { makeMandelbrot } from "../../guests/mandelbrot.ts";
import { makePixelEncoder } from "../../guests/pixel-encoder.ts";
import { FORMATS } from "./fake-screen.ts";

const WIDTH = 160;
const HEIGHT = 120;
const DARK = 0x06040f;

const draw = (frame: number, frames: number): Uint32Array => {
  const pixels = new Uint32Array(WIDTH * HEIGHT);
  const encoder = makePixelEncoder(fbVarScreeninfo.read(fbVarScreeninfo.encode(FORMATS.xrgb8888)), []);
  const surface = {
    row: (x: number, y: number, row: Uint32Array, count: number) => pixels.set(row.subarray(0, count), y * WIDTH + x),
  };
  makeMandelbrot(encoder, WIDTH, HEIGHT)(surface, frame, frames);
  return pixels;
};

/** Steps until the orbit of (re, im) leaves, or Infinity when it has not after 5000. */
const stepsToLeave = (re: number, im: number): number => {
  let [x, y] = [0, 0];
  for (let n = 0; n < 5000; n++) {
    if (x * x + y * y > 4) return n;
    [x, y] = [x * x - y * y + re, 2 * x * y + im];
  }
  return Number.POSITIVE_INFINITY;
};

test("the first of many frames shows the whole set, 2.8 high", () => {
  const pixels = draw(0, 600);
  let inside = 0;
  for (let i = 0; i < pixels.length; i += 7) {
    const re = -0.743644786 + (((i % WIDTH) + 0.5 - WIDTH / 2) * 2.8) / HEIGHT;
    const im = 0.1318252536 + ((HEIGHT / 2 - Math.floor(i / WIDTH) - 0.5) * 2.8) / HEIGHT;
    const steps = stepsToLeave(re, im);
    if (steps === Number.POSITIVE_INFINITY) {
      inside++;
      expect(pixels[i]).toBe(DARK);
    } else if (steps < 10) expect(pixels[i]).not.toBe(DARK);
  }
  // The set's area is 1.5066 (Förstemann 2012) of 2.8 × 2.8 × 4/3.
  expect(inside / (pixels.length / 7)).toBeCloseTo(1.5066 / (2.8 * 2.8 * (4 / 3)), 2);
});

test("the last frame is the same picture however many lead to it", () => {
  expect(draw(2, 3)).toEqual(draw(0, 1));
  expect(draw(0, 3)).not.toEqual(draw(0, 1));
});
