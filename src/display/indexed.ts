/** Pictures of at most 256 colours, for the formats that have no more: GIF and sixel. */
import { reduce } from "sixel/lib/Quantizer.js";
import type { Picture } from "./picture.ts";

export interface IndexedPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** width × height indices into the palette. */
  readonly indices: Uint16Array;
  /** 0x00rrggbb, 1 to 256 of them. */
  readonly palette: readonly number[];
}

const MOST = 256;

/** The rows [top, bottom) of a picture: exact when they have no more than 256 colours, else the quantizer's best. */
export function indexRows({ width, data }: Picture, top: number, bottom: number): IndexedPicture {
  const rows = data.subarray(top * width * 4, bottom * width * 4);
  return exact(rows, width, bottom - top) ?? quantized(rows, width, bottom - top);
}

/** Null: there are too many colours. Alpha is not looked at: a screen has none. */
function exact(rows: Uint8ClampedArray, width: number, height: number): IndexedPicture | null {
  const indices = new Uint16Array(width * height);
  const known = new Map<number, number>();
  let [last, lastIndex] = [-1, 0];
  for (let i = 0, at = 0; i < indices.length; i++, at += 4) {
    const rgb = (rows[at]! << 16) | (rows[at + 1]! << 8) | rows[at + 2]!;
    if (rgb !== last) {
      const index = known.get(rgb) ?? known.size;
      if (index === MOST) return null;
      known.set(rgb, index);
      [last, lastIndex] = [rgb, index];
    }
    indices[i] = lastIndex;
  }
  return { width, height, indices, palette: [...known.keys()] };
}

function quantized(rows: Uint8ClampedArray, width: number, height: number): IndexedPicture {
  const { indices, palette } = reduce(rows, width, MOST);
  // The library's colours are R, G, B, A from the lowest byte up.
  return { width, height, indices, palette: palette.map(reverseChannels) };
}

const reverseChannels = (rgba: number): number => ((rgba & 0xff) << 16) | (rgba & 0xff00) | ((rgba >> 16) & 0xff);
