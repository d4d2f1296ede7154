/**
 * The hardware cursor: a picture of 64 × 64 pixels that the screen shows above video memory, and never in it. Moving it
 * is a store or two. video-card-registers.ts is its data sheet; src/display/cursor.ts puts it into the picture.
 *
 * Not modelled: a cursor of another size, and one that waits for the vertical blank: its registers count at the next
 * scanout.
 */
import {
  CURSOR_ARGB8888_SIZE,
  CURSOR_ENABLE,
  CURSOR_SIZE,
  CURSOR_TWO_COLOUR,
  CURSOR_TWO_COLOUR_SIZE,
  REG_CURSOR_BASE,
  REG_CURSOR_COLOUR_0,
  REG_CURSOR_COLOUR_1,
  REG_CURSOR_CONTROL,
  REG_CURSOR_HOT_SPOT,
  REG_CURSOR_X,
  REG_CURSOR_Y,
} from "./video-card-registers.ts";

export interface CursorState {
  /** CURSOR_…. */
  control: number;
  /** Where in the picture the hot spot is, signed. */
  x: number;
  y: number;
  /** Where in the cursor the hot spot is, 0 … 63. */
  hotX: number;
  hotY: number;
  /** Byte offset of the image in video memory, a multiple of 4. */
  base: number;
  /** 0x00rrggbb. */
  colours: [number, number];
}

export const makeCursorState = (): CursorState => ({
  control: 0,
  x: 0,
  y: 0,
  hotX: 0,
  hotY: 0,
  base: 0,
  colours: [0, 0],
});

/** Bytes of the image. */
export const cursorImageSize = ({ control }: CursorState): number =>
  control & CURSOR_TWO_COLOUR ? CURSOR_TWO_COLOUR_SIZE : CURSOR_ARGB8888_SIZE;

/** Is there a cursor to see: it is on, and its image lies in `vramSize` bytes? */
export const cursorShown = (state: CursorState, vramSize: number): boolean =>
  (state.control & CURSOR_ENABLE) !== 0 && state.base + cursorImageSize(state) <= vramSize;

export function readCursor(state: CursorState, offset: number): number {
  switch (offset) {
    case REG_CURSOR_CONTROL:
      return state.control;
    case REG_CURSOR_X:
      return state.x;
    case REG_CURSOR_Y:
      return state.y;
    case REG_CURSOR_HOT_SPOT:
      return state.hotX | (state.hotY << 16);
    case REG_CURSOR_BASE:
      return state.base;
    case REG_CURSOR_COLOUR_0:
      return state.colours[0];
    case REG_CURSOR_COLOUR_1:
      return state.colours[1];
    default:
      return 0;
  }
}

export function writeCursor(state: CursorState, offset: number, value: number): void {
  switch (offset) {
    case REG_CURSOR_CONTROL:
      state.control = value & (CURSOR_ENABLE | CURSOR_TWO_COLOUR);
      return;
    case REG_CURSOR_X:
      state.x = value | 0;
      return;
    case REG_CURSOR_Y:
      state.y = value | 0;
      return;
    case REG_CURSOR_HOT_SPOT:
      state.hotX = value & (CURSOR_SIZE - 1);
      state.hotY = (value >>> 16) & (CURSOR_SIZE - 1);
      return;
    case REG_CURSOR_BASE:
      state.base = (value & ~3) >>> 0;
      return;
    case REG_CURSOR_COLOUR_0:
      state.colours[0] = value & 0xff_ffff;
      return;
    case REG_CURSOR_COLOUR_1:
      state.colours[1] = value & 0xff_ffff;
      return;
  }
}
