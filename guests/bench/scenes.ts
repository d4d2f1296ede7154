/** The scenes by name; the same in guests/c/bench/scenes.c. */
import { plasma } from "./plasma-scene.ts";
import type { MakeScene } from "./scene.ts";
import { scroll } from "./scroll-scene.ts";
import { fill, nothing, pixel, sweep } from "./simple-scenes.ts";
import { sprites } from "./sprites-scene.ts";
import { text } from "./text-scene.ts";
import { window } from "./window-scene.ts";

export const scenes = { fill, plasma, scroll, text, sprites, pixel, window, sweep, nothing } satisfies Record<
  string,
  MakeScene
>;
export type SceneName = keyof typeof scenes;
