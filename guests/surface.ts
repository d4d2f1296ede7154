/** Where a drawing guest puts its pixels. */
export interface Surface {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Stores the first `count` of `pixels`, as video memory holds them, at (x, y), (x + 1, y) … */
  row(x: number, y: number, pixels: Uint32Array, count: number): void;
}

/** Draws frame number 0, 1, … of `frames` on `surface`, which holds the frame before. */
export type Drawing = (surface: Surface, frame: number, frames: number) => void;
