/**
 * Films as GIF files (GIF89a), through omggif. A picture is seen for a whole number of hundredths of a second, at least
 * two: what browsers show faster than that they slow down. So of 60 frames a second about 40 remain, at the right time.
 */
import { GifWriter } from "omggif";
import { type Animation, Timeline } from "./animation.ts";
import { indexRows } from "./indexed.ts";
import type { Picture } from "./picture.ts";

const TICKS = 100;
const LEAST = 2;
const MOST_TICKS = 0xffff;
/** "Do not dispose. The graphic is to be left in place.": a frame is the rows that changed. */
const KEEP = 1;
/** A pixel takes at most 12 bits of code, in blocks of 255 with a byte of length; a frame's colours and descriptors less than this. */
const FRAME_OVERHEAD = 2048;

export class GifAnimation implements Animation {
  readonly #timeline = new Timeline(TICKS, LEAST, (change, ticks) =>
    this.#write(change.picture, change.top, change.bottom, ticks),
  );
  #bytes = new Uint8Array(0x1_0000);
  #gif: GifWriter | null = null;

  add(picture: Picture, top: number, bottom: number, time: number): void {
    this.#timeline.add(picture, top, bottom, time);
  }

  end(time: number): Uint8Array {
    this.#timeline.end(time);
    return this.#bytes.slice(0, this.#gif!.end());
  }

  #write(picture: Picture, top: number, bottom: number, ticks: number): void {
    const { width, height, indices, palette } = indexRows(picture, top, bottom);
    this.#gif ??= new GifWriter(this.#bytes, picture.width, picture.height, { loop: 0 });
    this.#makeRoom(this.#gif, Math.ceil(indices.length * 1.6) + FRAME_OVERHEAD);
    this.#gif.addFrame(0, top, width, height, indices as unknown as number[], {
      delay: Math.min(ticks, MOST_TICKS),
      disposal: KEEP,
      palette: powerOfTwo(palette),
    });
  }

  #makeRoom(gif: GifWriter, room: number): void {
    const used = gif.getOutputBufferPosition();
    if (used + room <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, used + room));
    larger.set(this.#bytes);
    this.#bytes = larger;
    gif.setOutputBuffer(larger);
  }
}

/** A colour table has 2, 4, … 256 entries. */
const powerOfTwo = (palette: readonly number[]): number[] => {
  const size = Math.max(2, 2 ** Math.ceil(Math.log2(palette.length)));
  return [...palette, ...new Array<number>(size - palette.length).fill(0)];
};
