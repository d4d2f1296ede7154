/** Where a drawing guest puts its pixels: a frame in the program's own memory, reached in one of two ways. */
import type { Pin, User } from "../abi/program.ts";
import type { Framebuffer } from "./framebuffer.ts";

export interface Surface {
  /** Stores the first `count` of `pixels`, as video memory holds them, at (x, y), (x + 1, y) … */
  row(x: number, y: number, pixels: Uint32Array, count: number): void;
}

type Shape = Pick<Framebuffer, "stride" | "bytesPerPixel">;

/** A frame at `va`: each pixel is one store through the MMU. */
export const storeSurface = (user: User, va: number, { stride, bytesPerPixel }: Shape): Surface => ({
  row(x, y, pixels, count) {
    const at = va + y * stride + x * bytesPerPixel;
    if (bytesPerPixel === 4) for (let i = 0; i < count; i++) user.store32(at + 4 * i, pixels[i]!);
    else if (bytesPerPixel === 2) for (let i = 0; i < count; i++) user.store16(at + 2 * i, pixels[i]!);
    else for (let i = 0; i < count; i++) user.store8(at + i, pixels[i]!);
  },
});

/** A frame whose pages are pinned: each run of pixels goes through a view on the memory itself. */
export const pinnedSurface = (pin: Pin, { stride, bytesPerPixel }: Shape): Surface => {
  // A run of pages is a whole number of pixels, as a page is.
  const views = pin.runs.map((run) => viewOf(run, bytesPerPixel));
  /** Where each begins, in pixels. */
  const starts = views.map((_, i) => views.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  return {
    row(x, y, pixels, count) {
      const at = (y * stride) / bytesPerPixel + x;
      let i = starts.findLastIndex((start) => start <= at);
      for (let done = 0; done < count; i++) {
        const into = at + done - starts[i]!;
        const length = Math.min(count - done, views[i]!.length - into);
        views[i]!.set(pixels.subarray(done, done + length), into);
        done += length;
      }
    },
  };
};

type PixelView = Uint8Array | Uint16Array | Uint32Array;

const viewOf = ({ buffer, byteOffset, length }: Uint8Array, bytesPerPixel: number): PixelView => {
  if (bytesPerPixel === 4) return new Uint32Array(buffer, byteOffset, length >> 2);
  if (bytesPerPixel === 2) return new Uint16Array(buffer, byteOffset, length >> 1);
  return new Uint8Array(buffer, byteOffset, length);
};
