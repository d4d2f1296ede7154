/** A frame in a program's memory, and what the scenes of the benchmark draw it with. guests/c/bench/canvas.c is its twin. */
import type { Pin, User } from "../../abi/program.ts";
import type { Rectangles } from "../engine.ts";

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels in a canvas's format: one element each. */
export type Pixels = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

export interface Shape {
  /** Pixels; a row is `width` × `bytesPerPixel` bytes, and the next one follows it. */
  readonly width: number;
  readonly height: number;
  /** 4, 2 or 1. */
  readonly bytesPerPixel: number;
}

export interface Canvas extends Shape {
  /** Every byte of the rectangle. */
  fill(at: Rectangle, byte: number): void;
  /** Pixels [first, first + count) of `pixels`, as one copy. */
  row(x: number, y: number, pixels: Pixels, first: number, count: number): void;
  /** The same, but a store for each pixel. */
  each(x: number, y: number, pixels: Pixels, count: number): void;
  /** The same rectangle of pixels to another place; the two are on different rows, and may overlap. */
  move(from: Rectangle, x: number, y: number): void;
  set(x: number, y: number, pixel: number): void;
}

/** A row of `count` pixels to draw from. */
export const makePixels = ({ bytesPerPixel }: Shape, count: number): Pixels => {
  if (bytesPerPixel === 4) return new Uint32Array(count);
  return bytesPerPixel === 2 ? new Uint16Array(count) : new Uint8Array(count);
};

/** A view on pinned pages that lie in one piece. */
export const viewOf = (pin: Pin, { bytesPerPixel }: Shape): Pixels =>
  (bytesPerPixel === 4 ? pin.u32 : bytesPerPixel === 2 ? pin.u16 : pin.u8) as Pixels;

/** Drawn through a view: the direct path of a TypeScript program. */
export const viewCanvas = (view: Pixels, shape: Shape): Canvas => {
  const { width } = shape;
  return {
    ...shape,
    fill({ x, y, width: across, height }, byte) {
      const pixel = byte * 0x0101_0101;
      if (across === width) {
        view.fill(pixel, y * width, (y + height) * width);
        return;
      }
      for (let at = y * width + x, end = at + height * width; at < end; at += width) view.fill(pixel, at, at + across);
    },
    row(x, y, pixels, first, count) {
      view.set(first === 0 && count === pixels.length ? pixels : pixels.subarray(first, first + count), y * width + x);
    },
    each(x, y, pixels, count) {
      for (let i = 0, at = y * width + x; i < count; i++) view[at + i] = pixels[i]!;
    },
    move({ x: fromX, y: fromY, width: across, height }, x, y) {
      if (across === width) {
        view.copyWithin(y * width, fromY * width, (fromY + height) * width);
        return;
      }
      for (let i = 0; i < height; i++) {
        const row = y > fromY ? height - 1 - i : i;
        const from = (fromY + row) * width + fromX;
        view.copyWithin((y + row) * width + x, from, from + across);
      }
    },
    set(x, y, pixel) {
      view[y * width + x] = pixel;
    },
  };
};

/** Drawn at `va` through the MMU: what a program on the hart does, by the host's hands. */
export const userCanvas = (user: User, va: number, shape: Shape): Canvas => {
  const { width, bytesPerPixel: size } = shape;
  const stride = width * size;
  const store = (at: number, pixel: number): void => {
    if (size === 4) user.store32(at, pixel);
    else if (size === 2) user.store16(at, pixel);
    else user.store8(at, pixel);
  };
  return {
    ...shape,
    fill({ x, y, width: across, height }, byte) {
      const at = va + y * stride + x * size;
      if (across === width) user.fill(at, byte, height * stride);
      else for (let row = 0; row < height; row++) user.fill(at + row * stride, byte, across * size);
    },
    row(x, y, pixels, first, count) {
      const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset + first * size, count * size);
      user.write(va + y * stride + x * size, bytes);
    },
    each(x, y, pixels, count) {
      const at = va + y * stride + x * size;
      for (let i = 0; i < count; i++) store(at + i * size, pixels[i]!);
    },
    move({ x: fromX, y: fromY, width: across, height }, x, y) {
      const to = va + y * stride + x * size;
      const from = va + fromY * stride + fromX * size;
      if (across === width && y < fromY) {
        user.copy(to, from, height * stride);
        return;
      }
      for (let i = 0; i < height; i++) {
        const row = y > fromY ? height - 1 - i : i;
        user.copy(to + row * stride, from + row * stride, across * size);
      }
    },
    set(x, y, pixel) {
      store(va + y * stride + x * size, pixel);
    },
  };
};

/** A canvas on the map whose rectangles the card's 2D engine fills and moves. */
export const acceleratedCanvas = (canvas: Canvas, engine: Rectangles): Canvas => ({
  ...canvas,
  fill: ({ x, y, width, height }, byte) => engine.fill(x, y, width, height, (byte * 0x0101_0101) >>> 0),
  move: (from, x, y) => engine.copy(x, y, from.x, from.y, from.width, from.height),
});
