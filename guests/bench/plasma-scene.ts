/** Every pixel computed and stored, one by one. */
import { makePixels } from "./canvas.ts";
import { ink, type MakeScene, whole } from "./scene.ts";

/** One wave, 0 to 128: two parabolas. */
const WAVE = Int32Array.from({ length: 256 }, (_, i) =>
  i < 128 ? 64 + ((i * (128 - i)) >> 6) : 64 - (((i - 128) * (256 - i)) >> 6),
);

export const plasma: MakeScene = (canvas) => {
  const { width, height } = canvas;
  const colours = Uint32Array.from({ length: 256 }, (_, i) => ink(canvas, i));
  const row = makePixels(canvas, width);
  return {
    start() {},
    frame(n) {
      for (let y = 0; y < height; y++) {
        const across = WAVE[(2 * y + 3 * n) & 255]!;
        for (let x = 0; x < width; x++) {
          row[x] = colours[(WAVE[(x + n) & 255]! + across + WAVE[(x + y + 2 * n) & 255]!) & 255]!;
        }
        canvas.each(0, y, row, width);
      }
      return [whole(canvas)];
    },
  };
};
