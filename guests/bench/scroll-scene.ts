/** All moves up by STEP lines, and new ones come in below. */
import { makePixels } from "./canvas.ts";
import { ink, type MakeScene, whole } from "./scene.ts";

const STEP = 8;

export const scroll: MakeScene = (canvas) => {
  const { width, height } = canvas;
  const row = makePixels(canvas, width);
  const weave = (top: number, first: number): void => {
    for (let y = top; y < height; y++) {
      const thread = y + first;
      for (let x = 0; x < width; x++) row[x] = ink(canvas, (x ^ thread) + (thread >> 2));
      canvas.row(0, y, row, 0, width);
    }
  };
  return {
    start: () => weave(0, 0),
    frame(n) {
      canvas.move({ x: 0, y: STEP, width, height: height - STEP }, 0, 0);
      weave(height - STEP, STEP * (n + 1));
      return [whole(canvas)];
    },
  };
};
