/** The built-in guests, by name. */
import { bounce } from "./bounce.ts";
import type { Guest } from "./guest.ts";
import { mandelbrot } from "./mandelbrot.ts";
import { mmapExample } from "./mmap-example.ts";
import { mmapTest } from "./mmap-test.ts";
import { plasma } from "./plasma.ts";

export type { Guest } from "./guest.ts";

/** In the order of a list. */
export const guests: Readonly<Record<string, Guest>> = Object.fromEntries(
  [plasma, mandelbrot, bounce, mmapTest, mmapExample].map((guest) => [guest.name, guest]),
);
