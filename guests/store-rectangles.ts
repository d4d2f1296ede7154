/** Rectangles by loads and stores of the mapped video memory: what the 2D engine does, done by the program. */
import type { User } from "../abi/program.ts";
import type { Rectangles } from "./engine.ts";
import type { Framebuffer } from "./framebuffer.ts";

export class StoreRectangles implements Rectangles {
  readonly #user: User;
  readonly #fb: Framebuffer;
  #clip: { left: number; top: number; right: number; bottom: number };

  constructor(user: User, fb: Framebuffer) {
    this.#user = user;
    this.#fb = fb;
    this.#clip = { left: 0, top: 0, right: 0x7fff, bottom: 0x7fff };
  }

  clip(left: number, top: number, right: number, bottom: number): void {
    this.#clip = { left, top, right, bottom };
  }

  fill(x: number, y: number, width: number, height: number, pixel: number): void {
    const { left, top, right, bottom } = this.#cut(x, y, width, height);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) this.#store(this.#at(column, row), pixel);
    }
  }

  copy(x: number, y: number, fromX: number, fromY: number, width: number, height: number): void {
    const { left, top, right, bottom } = this.#cut(x, y, width, height);
    if (left >= right) return;
    const length = (right - left) * this.#fb.bytesPerPixel;
    for (let i = 0; i < bottom - top; i++) {
      // Away from where it goes, so that no row is written before it is read.
      const row = fromY < y ? bottom - 1 - i : top + i;
      const from = this.#at(left - x + fromX, row - y + fromY);
      this.#user.write(this.#at(left, row), this.#user.read(from, length));
    }
  }

  #cut(x: number, y: number, width: number, height: number) {
    const { left, top, right, bottom } = this.#clip;
    return {
      left: Math.max(x, left),
      top: Math.max(y, top),
      right: Math.min(x + width, right),
      bottom: Math.min(y + height, bottom),
    };
  }

  #at(x: number, y: number): number {
    return this.#fb.va + y * this.#fb.stride + x * this.#fb.bytesPerPixel;
  }

  #store(at: number, pixel: number): void {
    const { bytesPerPixel } = this.#fb;
    if (bytesPerPixel === 4) this.#user.store32(at, pixel);
    else if (bytesPerPixel === 2) this.#user.store16(at, pixel);
    else this.#user.store8(at, pixel);
  }
}
