/** Smaller pictures, each pixel the average of those it stands for. */
import type { Picture } from "./picture.ts";

/** The largest size with the picture's proportions in `width` × `height` pixels; never larger than the picture. */
export function fitInside(picture: Picture, width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, width / picture.width, height / picture.height);
  return {
    width: Math.max(1, Math.floor(picture.width * scale)),
    height: Math.max(1, Math.floor(picture.height * scale)),
  };
}

/** The picture in `width` × `height` pixels, neither more than its own. Opaque. */
export function shrink(picture: Picture, width: number, height: number): Picture {
  if (width === picture.width && height === picture.height) return picture;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    const top = Math.floor((y * picture.height) / height);
    const bottom = Math.floor(((y + 1) * picture.height) / height);
    for (let x = 0; x < width; x++, at += 4) {
      const left = Math.floor((x * picture.width) / width);
      const right = Math.floor(((x + 1) * picture.width) / width);
      average(picture, left, top, right, bottom, data, at);
    }
  }
  return { width, height, data };
}

function average(
  { width, data }: Picture,
  left: number,
  top: number,
  right: number,
  bottom: number,
  into: Uint8ClampedArray,
  to: number,
): void {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let at = (y * width + left) * 4, end = (y * width + right) * 4; at < end; at += 4) {
      red += data[at]!;
      green += data[at + 1]!;
      blue += data[at + 2]!;
    }
  }
  const pixels = (right - left) * (bottom - top);
  into[to] = Math.round(red / pixels);
  into[to + 1] = Math.round(green / pixels);
  into[to + 2] = Math.round(blue / pixels);
  into[to + 3] = 0xff;
}
