/** Four lines of text, over the four that were there a screen ago. */
import { makePixels } from "./canvas.ts";
import { ink, type MakeScene, whole } from "./scene.ts";

const LINES = 4;
const GLYPHS = 96;
const GLYPH_WIDTH = 8;
const GLYPH_HEIGHT = 16;

/** Noise is as good as letters. */
const makeFont = (): Uint8Array => {
  let seed = 1;
  return Uint8Array.from({ length: GLYPHS * GLYPH_HEIGHT }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed >>> 24;
  });
};

export const text: MakeScene = (canvas) => {
  const { width, height } = canvas;
  const font = makeFont();
  const row = makePixels(canvas, width);
  const background = ink(canvas, 8);
  const drawLine = (n: number, line: number): void => {
    const foreground = ink(canvas, 200 + n);
    for (let y = 0; y < GLYPH_HEIGHT; y++) {
      for (let column = 0; column < width / GLYPH_WIDTH; column++) {
        const bits = font[((31 * n + 7 * column + 13 * line) % GLYPHS) * GLYPH_HEIGHT + y]!;
        for (let x = 0; x < GLYPH_WIDTH; x++) {
          row[GLYPH_WIDTH * column + x] = ((bits << x) & 0x80) !== 0 ? foreground : background;
        }
      }
      canvas.row(0, GLYPH_HEIGHT * line + y, row, 0, width);
    }
  };
  return {
    start: () => canvas.fill(whole(canvas), 0),
    frame: (n) =>
      Array.from({ length: LINES }, (_, i) => {
        const line = (LINES * n + i) % Math.floor(height / GLYPH_HEIGHT);
        drawLine(n, line);
        return { x: 0, y: GLYPH_HEIGHT * line, width, height: GLYPH_HEIGHT };
      }),
  };
};
