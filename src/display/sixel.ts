/** A picture as sixels (DEC STD 070), which xterm, foot, mlterm, WezTerm, Windows Terminal and others show. */
import { FINALIZER, introducer, sixelEncodeIndexed } from "sixel/lib/SixelEncoder.js";
import { indexRows } from "./indexed.ts";
import type { Picture } from "./picture.ts";

/** 1: what has no pixel keeps what was there. */
const KEEP_BACKGROUND = 1;

/** Draws the picture from the cursor on, a pixel of its for each of the terminal's. */
export function sixelPicture(picture: Picture): string {
  const { width, height, indices, palette } = indexRows(picture, 0, picture.height);
  const colours = palette.map((rgb): [number, number, number] => [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff]);
  return `${introducer(KEEP_BACKGROUND)}${sixelEncodeIndexed(indices, width, height, colours)}${FINALIZER}`;
}
