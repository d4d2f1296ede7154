/** 32 discs, taken away where they were and drawn where they are. */
import { type Canvas, makePixels, type Rectangle } from "./canvas.ts";
import { ink, type MakeScene, whole } from "./scene.ts";

const SPRITES = 32;
const SIZE = 32;
const BACKGROUND = 0x30;

/** Each row of a disc is one span: from the value to SIZE less the value. */
const SPANS = Array.from({ length: SIZE }, (_, y) => {
  const across = 2 * y - SIZE + 1;
  let left = 0;
  while ((2 * left - SIZE + 1) ** 2 + across ** 2 > SIZE * SIZE) left++;
  return left;
});

const place = ({ width, height }: Canvas, i: number, n: number): Rectangle => ({
  x: (97 * i + n * (1 + (i % 3))) % (width - SIZE),
  y: (61 * i + n * (1 + (i % 2))) % (height - SIZE),
  width: SIZE,
  height: SIZE,
});

/** Both in one when the disc has not gone round to the other side. */
const damageOf = (old: Rectangle, now: Rectangle): Rectangle[] => {
  const [dx, dy] = [now.x - old.x, now.y - old.y];
  return dx >= 0 && dy >= 0 ? [{ x: old.x, y: old.y, width: SIZE + dx, height: SIZE + dy }] : [old, now];
};

export const sprites: MakeScene = (canvas) => {
  const image = makePixels(canvas, SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) image[i] = ink(canvas, 5 * (i % SIZE) + 3 * Math.floor(i / SIZE));
  const draw = (at: Rectangle): void => {
    for (const [y, left] of SPANS.entries()) {
      canvas.row(at.x + left, at.y + y, image, SIZE * y + left, SIZE - 2 * left);
    }
  };
  return {
    start: () => canvas.fill(whole(canvas), BACKGROUND),
    frame(n) {
      const damage: Rectangle[] = [];
      for (let i = 0; i < SPRITES; i++) canvas.fill(place(canvas, i, n), BACKGROUND);
      for (let i = 0; i < SPRITES; i++) {
        draw(place(canvas, i, n + 1));
        damage.push(...damageOf(place(canvas, i, n), place(canvas, i, n + 1)));
      }
      return damage;
    },
  };
};
