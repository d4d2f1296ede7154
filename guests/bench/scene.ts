/** What the benchmark draws, and what the scenes share. guests/c/bench/scene.h is its twin: both draw the same pixels. */
import type { Canvas, Rectangle, Shape } from "./canvas.ts";

/** A scene on its canvas. */
export interface Scene {
  /** What is on the screen before frame 0. */
  start(): void;
  /** Frame n, over frame n - 1: the rectangles in which the two differ. */
  frame(n: number): readonly Rectangle[];
}

/** The scene on `canvas`. `sweep`: the size in pixels of what the scene of that name touches. */
export type MakeScene = (canvas: Canvas, sweep: Pick<Rectangle, "width" | "height">) => Scene;

/** All of a canvas. */
export const whole = ({ width, height }: Shape): Rectangle => ({ x: 0, y: 0, width, height });

/** 256 colours in a canvas's format. */
export const ink = ({ bytesPerPixel }: Shape, index: number): number => {
  const [red, green] = [index & 255, (3 * index) & 255];
  const blue = 255 - red;
  if (bytesPerPixel === 4) return (red << 16) | (green << 8) | blue;
  return bytesPerPixel === 2 ? ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3) : red;
};
