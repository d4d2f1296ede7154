/**
 * Glossy balls that bounce on a polished floor at dusk. The background is drawn once; from then on only the rectangles
 * that a ball, its shadow or its mirror image leaves or enters are drawn again.
 *
 * A frame is a function of its number alone: nothing drifts, and any frame can be drawn on its own.
 */
import { makeBackdrop } from "./bounce-backdrop.ts";
import { type Layer, layersAt, makeSprites } from "./bounce-balls.ts";
import { BOUNCE_RAMPS } from "./bounce-ramps.ts";
import { type Drawing, drawingGuest } from "./drawing-guest.ts";
import type { PixelEncoder } from "./pixel-encoder.ts";
import { clip, join, meet, type Rectangle } from "./rectangle.ts";
import type { Surface } from "./surface.ts";

export const makeBounce = (encoder: PixelEncoder, width: number, height: number): Drawing => {
  const backdrop = makeBackdrop(width, height);
  const sprites = makeSprites(height);
  const colours = new Uint32Array(width);
  const screen: Rectangle = { left: 0, top: 0, right: width, bottom: height };
  let before: readonly Layer[] | null = null;

  const redraw = (surface: Surface, layers: readonly Layer[], damage: Rectangle): void => {
    const { left, top, right, bottom } = damage;
    if (left >= right) return;
    const touching = layers.filter(({ bounds }) => meet(bounds, damage));
    const line = colours.subarray(0, right - left);
    for (let y = top; y < bottom; y++) {
      line.set(backdrop.subarray(y * width + left, y * width + right));
      for (const layer of touching) {
        if (y >= layer.bounds.top && y < layer.bounds.bottom) layer.over(line, left, y);
      }
      for (let i = 0; i < line.length; i++) line[i] = encoder.encode(line[i]!, left + i, y);
      surface.row(left, y, line, line.length);
    }
  };

  return (surface, frame) => {
    const layers = layersAt(frame, sprites, width, height);
    const damage = before?.map(({ bounds }, i) => join(bounds, layers[i]!.bounds)) ?? [screen];
    for (const rectangle of damage) redraw(surface, layers, clip(rectangle, screen));
    before = layers;
  };
};

export const bounce = drawingGuest({
  name: "bounce",
  summary: "balls on a polished floor: only what moves is drawn again",
  frames: 60,
  ramps: BOUNCE_RAMPS,
  make: makeBounce,
});
