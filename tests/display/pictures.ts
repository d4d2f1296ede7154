/** Pictures for the tests of this folder. */
import type { Picture } from "../../src/display/picture.ts";

/** Each pixel's 0xrrggbb from its place. */
export const paint = (width: number, height: number, colour: (x: number, y: number) => number): Picture => {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const rgb = colour(x, y);
      data.set([rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff, 0xff], at);
    }
  }
  return { width, height, data };
};

/** 0x00rrggbb of every pixel. */
export const colours = ({ data }: { data: ArrayLike<number> }): number[] =>
  Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i]! << 16) | (data[4 * i + 1]! << 8) | data[4 * i + 2]!);
