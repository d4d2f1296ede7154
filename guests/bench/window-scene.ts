/** A window dragged over a plain background: its pixels are moved, and what it uncovers is painted. */
import { type Canvas, makePixels, type Rectangle } from "./canvas.ts";
import { ink, type MakeScene, whole } from "./scene.ts";

const BACKGROUND = 0x50;
const STEP_X = 4;
const STEP_Y = 3;

/** To and fro: 0, step, … up to `room` and back. */
const swing = (n: number, step: number, room: number): number => {
  const steps = Math.floor(room / step);
  const at = n % (2 * steps);
  return step * (at < steps ? at : 2 * steps - at);
};

const place = (canvas: Canvas, n: number): Rectangle => {
  const [width, height] = [Math.floor(canvas.width / 3), Math.floor(canvas.height / 3)];
  const x = swing(n, STEP_X, canvas.width - width);
  return { x, y: swing(n, STEP_Y, canvas.height - height), width, height };
};

export const window: MakeScene = (canvas) => ({
  start() {
    canvas.fill(whole(canvas), BACKGROUND);
    const { x, y, width, height } = place(canvas, 0);
    const row = makePixels(canvas, width);
    for (let down = 0; down < height; down++) {
      for (let i = 0; i < width; i++) row[i] = ink(canvas, i + 2 * down);
      canvas.row(x, y + down, row, 0, width);
    }
  },
  frame(n) {
    const [old, now] = [place(canvas, n), place(canvas, n + 1)];
    const { width, height } = old;
    const [right, down] = [now.x > old.x, now.y > old.y];
    canvas.move(old, now.x, now.y);
    canvas.fill({ x: old.x, y: down ? old.y : now.y + height, width, height: STEP_Y }, BACKGROUND);
    const beside = {
      x: right ? old.x : now.x + width,
      y: down ? now.y : old.y,
      width: STEP_X,
      height: height - STEP_Y,
    };
    canvas.fill(beside, BACKGROUND);
    return [{ x: right ? old.x : now.x, y: down ? old.y : now.y, width: width + STEP_X, height: height + STEP_Y }];
  },
});
