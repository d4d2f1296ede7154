/** A picture as browsers and PNG know it: rows from the top, four bytes a pixel in the order red, green, blue, alpha. */
export interface Picture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** width × height × 4 bytes, no padding between rows. ImageData takes it as it is. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A picture of its own bytes: a Display's picture is a view that the next frame writes into. */
export function copyPicture({ width, height, data }: Picture): Picture {
  return { width, height, data: data.slice() };
}
