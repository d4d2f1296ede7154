/** A film of what the screen showed: what its formats have in common. */
import type { Picture } from "./picture.ts";

export interface Animation {
  /**
   * Rows [top, bottom) of the screen have changed `time` seconds after the film began. All pictures have the size of the
   * first, which is shown whole. @throws Error for another size, or a time before the last one.
   */
  add(picture: Picture, top: number, bottom: number, time: number): void;
  /** The whole file; the last picture stays until `time`. @throws Error without a picture. */
  end(time: number): Uint8Array;
}

/** A change that waits for the next one, which tells how long it is to be seen. */
interface Change {
  readonly picture: Picture;
  top: number;
  bottom: number;
  readonly tick: number;
}

/** Brings frames to the format's ticks: changes that fall into the same few ticks are one. */
export class Timeline {
  readonly #ticksPerSecond: number;
  /** Ticks that a picture is seen at the least. */
  readonly #least: number;
  readonly #write: (change: Change, ticks: number) => void;
  #pending: Change | null = null;

  constructor(ticksPerSecond: number, least: number, write: (change: Change, ticks: number) => void) {
    this.#ticksPerSecond = ticksPerSecond;
    this.#least = least;
    this.#write = write;
  }

  add(picture: Picture, top: number, bottom: number, time: number): void {
    const tick = Math.round(time * this.#ticksPerSecond);
    const pending = this.#pending;
    const copy = { width: picture.width, height: picture.height, data: picture.data.slice() };
    if (pending === null) {
      this.#pending = { picture: copy, top: 0, bottom: picture.height, tick };
      return;
    }
    const { width, height } = pending.picture;
    if (picture.width !== width || picture.height !== height) {
      throw new Error(`the screen changed from ${width}x${height} to ${picture.width}x${picture.height} in a film`);
    }
    if (tick < pending.tick) throw new Error(`a film's time went back to ${time} s`);
    if (tick - pending.tick < this.#least) {
      pending.picture.data.set(picture.data);
      pending.top = Math.min(pending.top, top);
      pending.bottom = Math.max(pending.bottom, bottom);
      return;
    }
    this.#write(pending, tick - pending.tick);
    this.#pending = { picture: copy, top, bottom, tick };
  }

  end(time: number): void {
    const pending = this.#pending;
    if (pending === null) throw new Error("a film without a picture");
    this.#write(pending, Math.max(this.#least, Math.round(time * this.#ticksPerSecond) - pending.tick));
    this.#pending = null;
  }
}
