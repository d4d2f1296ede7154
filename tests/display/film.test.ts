/** Films read back by decoders that are not ours: omggif's reader, and fast-png's for APNG. */
import { decodeApng } from "fast-png";
import { GifReader } from "omggif";
import { describe, expect, it } from "vitest";
import type { Animation } from "../../src/display/animation.ts";
import { ApngAnimation } from "../../src/display/apng.ts";
import { GifAnimation } from "../../src/display/gif.ts";
import { colours, paint } from "./pictures.ts";

const WIDTH = 20;
const HEIGHT = 12;
const VBLANK = 1 / 60;

/** A square that steps down a row each frame, on 200 shades. */
const scene = (frame: number) =>
  paint(WIDTH, HEIGHT, (x, y) => (y === frame && x < 4 ? 0xffcc00 : ((x * HEIGHT + y) % 200) * 0x010101));

/** Frame 0 whole, then the two rows that differ, each so many vertical blanks after the last. */
const film = (animation: Animation, steps: readonly number[]): Uint8Array => {
  animation.add(scene(0), 5, 6, 0);
  let blanks = 0;
  for (const [i, step] of steps.entries()) {
    blanks += step;
    animation.add(scene(i + 1), i, i + 2, blanks * VBLANK);
  }
  return animation.end((blanks + 6) * VBLANK);
};

/** GIF89a: each frame is drawn over what was there ("do not dispose"). */
const decodeGif = (bytes: Uint8Array): { pictures: number[][]; delays: number[] } => {
  const reader = new GifReader(bytes);
  const canvas = new Uint8Array(reader.width * reader.height * 4);
  const [pictures, delays]: [number[][], number[]] = [[], []];
  for (let i = 0; i < reader.numFrames(); i++) {
    reader.decodeAndBlitFrameRGBA(i, canvas);
    pictures.push(colours({ data: canvas }));
    delays.push(reader.frameInfo(i).delay);
  }
  return { pictures, delays };
};

describe("a GIF", () => {
  it("shows every picture exactly when 256 colours are enough, for hundredths of a second that add up", () => {
    const { pictures, delays } = decodeGif(film(new GifAnimation(), [3, 3, 6]));
    expect(pictures).toEqual([0, 1, 2, 3].map((frame) => colours(scene(frame))));
    // 3 blanks are 5 hundredths, 6 are 10.
    expect(delays).toEqual([5, 5, 10, 10]);
  });

  it("leaves out what would be seen for less than two hundredths, and loses no change by it", () => {
    const { pictures, delays } = decodeGif(film(new GifAnimation(), [1, 1, 1, 1, 1, 1]));
    expect(delays.every((delay) => delay >= 2)).toBe(true);
    expect(delays.reduce((sum, delay) => sum + delay)).toBe(20);
    expect(pictures.length).toBeLessThan(7);
    expect(pictures.at(-1)).toEqual(colours(scene(6)));
  });

  it("repeats for ever: NETSCAPE2.0 with a count of 0", () => {
    expect(new GifReader(film(new GifAnimation(), [3])).loopCount()).toBe(0);
  });

  it("comes near to more colours than it can have", () => {
    const rich = paint(64, 64, (x, y) => (x << 18) | (y << 10) | ((x ^ y) << 2));
    const animation = new GifAnimation();
    animation.add(rich, 0, 64, 0);
    const [shown] = decodeGif(animation.end(1)).pictures;
    const far = colours(rich).map((colour, i) => Math.abs((colour >> 16) - (shown![i]! >> 16)));
    expect(far.reduce((sum, distance) => sum + distance) / far.length).toBeLessThan(16);
  });
});

describe("an APNG", () => {
  it("shows every picture exactly, each for its sixtieths of a second", () => {
    const { frames, numberOfFrames, numberOfPlays } = decodeApng(film(new ApngAnimation(), [1, 2, 6]));
    expect([numberOfFrames, numberOfPlays]).toEqual([4, 0]);
    // The reader leaves clear what a frame does not cover; dispose_op NONE: "no disposal is done on this frame".
    const canvas = new Uint8Array(WIDTH * HEIGHT * 4);
    const shown = frames.map(({ data }) => {
      for (let at = 0; at < canvas.length; at += 4) if (data[at + 3]! > 0) canvas.set(data.subarray(at, at + 4), at);
      return colours({ data: canvas });
    });
    expect(shown).toEqual([0, 1, 2, 3].map((frame) => colours(scene(frame))));
    expect(frames.map((frame) => frame.delayNumber / frame.delayDenominator)).toEqual([1, 2, 6, 6].map((n) => n / 60));
  });
});

describe("what a film refuses", () => {
  it("a second size, time that goes back, and to be empty", () => {
    for (const animation of [new GifAnimation(), new ApngAnimation()]) {
      expect(() => animation.end(0)).toThrow("a film without a picture");
      animation.add(scene(0), 0, HEIGHT, 1);
      expect(() =>
        animation.add(
          paint(8, 8, () => 0),
          0,
          8,
          2,
        ),
      ).toThrow("from 20x12 to 8x8");
      expect(() => animation.add(scene(1), 0, 2, 0.5)).toThrow("went back to 0.5 s");
    }
  });
});
