/**
 * Films as animated PNG files: a PNG whose further pictures are in chunks that other readers skip (PNG, third edition, 11.3.6).
 * Every colour is exact and every frame of the machine's 60 a second is there. pngjs packs the pictures.
 */
import { crc32 } from "node:zlib";
import { type Animation, Timeline } from "./animation.ts";
import type { Picture } from "./picture.ts";
import { encodePNG } from "./png.ts";

const TICKS = 60;
const MOST_TICKS = 0xffff;
const SIGNATURE = 8;
/** Length, type and CRC around a chunk's data. */
const LENGTH = 4;
const TYPE = 4;
const CRC = 4;

export class ApngAnimation implements Animation {
  readonly #timeline = new Timeline(TICKS, 1, (change, ticks) =>
    this.#write(change.picture, change.top, change.bottom, ticks),
  );
  readonly #chunks: Uint8Array[] = [];
  #head: Uint8Array | null = null;
  #frames = 0;
  /** fcTL and fdAT chunks are numbered together. */
  #sequence = 0;

  add(picture: Picture, top: number, bottom: number, time: number): void {
    this.#timeline.add(picture, top, bottom, time);
  }

  end(time: number): Uint8Array {
    this.#timeline.end(time);
    // Number of frames, and 0 = played for ever.
    const control = chunk("acTL", words(this.#frames, 0));
    return new Uint8Array(Buffer.concat([this.#head!, control, ...this.#chunks, chunk("IEND", new Uint8Array(0))]));
  }

  #write(picture: Picture, top: number, bottom: number, ticks: number): void {
    const { width, data } = picture;
    const height = bottom - top;
    const png = encodePNG({ width, height, data: data.slice(top * width * 4, bottom * width * 4) });
    const first = this.#head === null;
    // The first picture is whole, so its header is the file's: signature and IHDR.
    this.#head ??= png.subarray(0, SIGNATURE + LENGTH + TYPE + 13 + CRC);
    this.#chunks.push(chunk("fcTL", this.#frameControl(width, height, top, ticks)));
    for (const part of imageData(png)) {
      this.#chunks.push(first ? chunk("IDAT", part) : chunk("fdAT", Buffer.concat([words(this.#sequence++), part])));
    }
    this.#frames++;
  }

  /** Sequence number, width, height, x, y, delay as a fraction of a second, dispose_op NONE, blend_op SOURCE. */
  #frameControl(width: number, height: number, top: number, ticks: number): Uint8Array {
    const data = new Uint8Array(26);
    data.set(words(this.#sequence++, width, height, 0, top));
    const view = new DataView(data.buffer);
    view.setUint16(20, Math.min(ticks, MOST_TICKS));
    view.setUint16(22, TICKS);
    return data;
  }
}

const words = (...values: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setUint32(4 * i, value);
  return bytes;
};

const chunk = (type: string, data: Uint8Array): Uint8Array => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([words(data.length), body, words(crc32(body))]);
};

/** What the IDAT chunks of a PNG hold. */
function* imageData(png: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = SIGNATURE; at < png.length; ) {
    const length = view.getUint32(at);
    const data = at + LENGTH + TYPE;
    if (Buffer.from(png.subarray(at + LENGTH, data)).toString("latin1") === "IDAT") {
      yield png.subarray(data, data + length);
    }
    at = data + length + CRC;
  }
}
