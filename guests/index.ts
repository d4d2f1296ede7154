/** The built-in guests, by name. */
import { blit } from "./blit.ts";
import { bounce } from "./bounce.ts";
import type { Guest } from "./guest.ts";
import { mandelbrot } from "./mandelbrot.ts";
import { mmapExample } from "./mmap-example.ts";
import { mmapTest } from "./mmap-test.ts";
import { plasma } from "./plasma.ts";
import { touchPaint } from "./touch-paint.ts";

export type { Guest } from "./guest.ts";

/** In the order of a list. */
export const guests: Readonly<Record<string, Guest>> = Object.fromEntries(
  [plasma, mandelbrot, bounce, blit, touchPaint, mmapTest, mmapExample].map((guest) => [guest.name, guest]),
);
