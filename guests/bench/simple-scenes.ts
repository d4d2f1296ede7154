/** The scenes that are a line or two. */
import { ink, type MakeScene, whole } from "./scene.ts";

/** Nothing: what is left is the copy. */
export const nothing: MakeScene = (canvas) => ({
  start: () => canvas.fill(whole(canvas), 0x20),
  frame: () => [],
});

/** The full screen in one colour. */
export const fill: MakeScene = (canvas) => ({
  start: () => canvas.fill(whole(canvas), 0x20),
  frame(n) {
    canvas.fill(whole(canvas), (37 * n + 11) & 0xff);
    return [whole(canvas)];
  },
});

/** One pixel. */
export const pixel: MakeScene = (canvas) => ({
  start: () => canvas.fill(whole(canvas), 0x20),
  frame(n) {
    const x = ((n & 4095) * 7919) % canvas.width;
    const y = ((n & 4095) * 104729) % canvas.height;
    canvas.set(x, y, ink(canvas, n));
    return [{ x, y, width: 1, height: 1 }];
  },
});

/** A rectangle of a given size in one colour. */
export const sweep: MakeScene = (canvas, { width, height }) => ({
  start: () => canvas.fill(whole(canvas), 0x20),
  frame(n) {
    const at = {
      x: (37 * n) % (canvas.width - width + 1),
      y: (23 * n) % (canvas.height - height + 1),
      width,
      height,
    };
    canvas.fill(at, (29 * n + 5) & 0xff);
    return [at];
  },
});
