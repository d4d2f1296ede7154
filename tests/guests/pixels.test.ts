/** Sines, ramps and pixels of the drawing guests. */
import { describe, expect, test } from "vitest";
import { fbVarScreeninfo } from "../../abi/fb.ts";
import { blend, OPAQUE, type Ramp, sampleRamp } from "../../guests/colour.ts";
import { makePixelEncoder, type PixelEncoder } from "../../guests/pixel-encoder.ts";
import { SINE_ONE, sine, TURN } from "../../guests/sine.ts";
import { FORMATS, type Format } from "./fake-screen.ts";

const encoder = (format: Format, ramps: readonly Ramp[] = []): PixelEncoder =>
  makePixelEncoder(fbVarScreeninfo.read(fbVarScreeninfo.encode(FORMATS[format])), ramps);

describe("sine", () => {
  test("is the nearest integer to SINE_ONE times the sine", () => {
    let worst = 0;
    for (let phase = 0; phase < TURN; phase += 4) {
      worst = Math.max(worst, Math.abs(sine(phase) - SINE_ONE * Math.sin((phase / TURN) * 2 * Math.PI)));
    }
    expect(worst).toBeLessThan(0.5001);
  });

  test("goes round for any 32-bit phase", () => {
    expect([sine(TURN / 4), sine(-TURN / 4), sine(TURN), sine(-5 * TURN + 100)]).toEqual([
      SINE_ONE,
      -SINE_ONE,
      0,
      sine(100),
    ]);
  });
});

describe("a ramp", () => {
  test("passes through its stops, and a cyclic one leads back to its first", () => {
    const stops = [0x102030, 0xff8000, 0x0000ff, 0x7f7f7f];
    expect(sampleRamp({ stops, entries: 4 }, 4)).toEqual(Uint32Array.from(stops));
    expect(sampleRamp({ stops, entries: 4, cyclic: true }, 8).filter((_, i) => i % 2 === 0)).toEqual(
      Uint32Array.from(stops),
    );
    expect(sampleRamp({ stops: [0x123456], entries: 1 }, 1)).toEqual(Uint32Array.of(0x123456));
  });

  test("is straight between stops that are evenly apart, and stays within a channel", () => {
    expect(sampleRamp({ stops: [0x000000, 0x404040, 0x808080, 0xc0c0c0], entries: 1 }, 7)[3]).toBe(0x606060);
    for (const colour of sampleRamp({ stops: [0, 0xffffff, 0, 0xffffff], entries: 1 })) {
      expect(colour >>> 0).toBeLessThanOrEqual(0xffffff);
    }
  });
});

test("blend is the weighted mean of each channel, rounded down", () => {
  for (const [under, over, alpha] of [
    [0xff0000, 0x00ff00, 128],
    [0x123456, 0xfedcba, 77],
    [0xffffff, 0x000000, 1],
    [0x000000, 0xffffff, 255],
  ] as const) {
    const mean = [16, 8, 0].map((shift) => {
      const [u, o] = [(under >> shift) & 255, (over >> shift) & 255];
      return Math.floor((u * (OPAQUE - alpha) + o * alpha) / OPAQUE);
    });
    const result = blend(under, over, alpha);
    expect([16, 8, 0].map((shift) => (result >> shift) & 255)).toEqual(mean);
  }
  expect([blend(0xabcdef, 0x123456, 0), blend(0xabcdef, 0x123456, OPAQUE)]).toEqual([0xabcdef, 0x123456]);
});

/** The pixels of an 8 × 8 square of one colour. */
const square = (format: PixelEncoder, colour: number): number[] =>
  Array.from({ length: 64 }, (_, i) => format.encode(colour, i & 7, i >> 3));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("pixels", () => {
  // linux/fb.h: fb_bitfield says where a colour's bits are.
  test("of eight bits a channel are the colour itself", () => {
    expect(square(encoder("xrgb8888"), 0x12ab9f)).toEqual(Array(64).fill(0x12ab9f));
    expect(square(encoder("xbgr8888"), 0x12ab9f)).toEqual(Array(64).fill(0x9fab12));
  });

  test("of rgb565: black and white stay so, and a square's mean is the colour", () => {
    const rgb565 = encoder("rgb565");
    expect(square(rgb565, 0)).toEqual(Array(64).fill(0));
    expect(square(rgb565, 0xffffff)).toEqual(Array(64).fill(0xffff));
    for (let value = 0; value < 256; value++) {
      const pixels = square(rgb565, value * 0x010101);
      // A step of red and blue is 8.2 of 255, of green 4.05.
      expect(Math.abs(mean(pixels.map((pixel) => pixel >> 11)) * (255 / 31) - value)).toBeLessThan(1.1);
      expect(Math.abs(mean(pixels.map((pixel) => (pixel >> 5) & 63)) * (255 / 63) - value)).toBeLessThan(1.1);
      expect(Math.abs(mean(pixels.map((pixel) => pixel & 31)) * (255 / 31) - value)).toBeLessThan(1.1);
    }
  });

  test("of c8 are places in the palette that the ramps make", () => {
    const ramps = [
      { stops: [0x000000, 0xffffff], entries: 16 },
      { stops: [0xff0000], entries: 1 },
    ];
    const c8 = encoder("c8", ramps);
    expect(c8.palette?.length).toBe(17);
    expect(c8.palette?.[16]).toBe(0xff0000);
    expect(square(c8, 0xff0000)).toEqual(Array(64).fill(16));
    for (const colour of [0, 0x777777, 0xffffff]) {
      const shown = square(c8, colour).map((pixel) => c8.palette![pixel]! & 0xff);
      expect(Math.abs(mean(shown) - (colour & 0xff))).toBeLessThan(5);
    }
    expect(encoder("xrgb8888", ramps).palette).toBeNull();
  });

  test("a palette has 256 places", () => {
    expect(() => encoder("c8", [{ stops: [0, 1], entries: 257 }])).toThrow("257 colours for a palette of 256");
  });
});
