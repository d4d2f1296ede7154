/**
 * Scanout: what the card's digital-to-analogue converter does. Reads video memory and writes RGBA bytes, alpha 255.
 *
 *   video memory                                PICTURE
 *   start ─▶ ┌─────────── stride ───────────┐    ┌──── 4 · width ────┐
 *            │ width · pixel size │ padding │ ─▶ │ R G B A R G B A … │  height rows, close together
 *            └──────────────────────────────┘    └───────────────────┘
 *
 * Only the rows that touch a page in DAMAGE_TAKEN are converted: the loop goes from one damaged page to the next, so a
 * frame without damage costs a look at the bitmap. Rows between damaged ones stay as they are; reading a bit is
 * cheaper than converting a row, so small gaps are not merged.
 */
import { Hart } from "./hart.ts";
import { DAMAGE_TAKEN, PALETTE, PICTURE, PICTURE_SIZE, VIDEO_MEMORY } from "./layout.ts";
import { PAGE_SHIFT } from "./riscv.ts";
import {
  FORMAT_C8,
  FORMAT_RGB565,
  FORMAT_XBGR8888,
  FORMAT_XRGB8888,
  FORMATS,
  SCANOUT_REFUSED,
} from "./scanout-format.ts";

/** Rows of the last scanout: of this instance, and no part of the machine's state. */
let top: u32 = 0;
let bottom: u32 = 0;

export function scanoutTop(): u32 {
  return top;
}

export function scanoutBottom(): u32 {
  return bottom;
}

/**
 * Converts the damaged rows, or all when `all` is 1. `stride` and `start` in bytes; neither need be aligned.
 * Returns the number of rows converted, or SCANOUT_REFUSED with nothing written: an unknown format, a size of zero, a
 * stride shorter than a row, a picture larger than PICTURE, or a frame that does not end inside video memory.
 */
export function scanout(format: u32, width: u32, height: u32, stride: u32, start: u32, all: u32): i32 {
  top = 0;
  bottom = 0;
  if (format >= <u32>FORMATS || width === 0 || height === 0) return SCANOUT_REFUSED;
  const rowBytes = (<u64>width) << Pixels.shift(format);
  if (rowBytes > stride || <u64>width * height * 4 > <u64>PICTURE_SIZE) return SCANOUT_REFUSED;
  const end = <u64>start + <u64>(height - 1) * stride + rowBytes;
  if (end > Hart.record.vramSize) return SCANOUT_REFUSED;

  const lastPage = <u32>(end - 1) >> PAGE_SHIFT;
  let rows = 0;
  let y: u32 = 0;
  let from = start;
  while (y < height) {
    if (!all) {
      const page = DamageTaken.next(from >> PAGE_SHIFT, lastPage);
      if (page < 0) break;
      const pageStart = (<u32>page) << PAGE_SHIFT;
      const rowEnd = from + <u32>rowBytes;
      if (pageStart >= rowEnd) {
        // The first row that ends behind the page's first byte; it may begin behind the page (padding was written).
        const skip = (pageStart - rowEnd) / stride + 1;
        y += skip;
        from += skip * stride;
        continue;
      }
    }
    if (rows === 0) top = y;
    Pixels.row(format, PICTURE + y * width * 4, VIDEO_MEMORY + from, width);
    rows++;
    y++;
    bottom = y;
    from += stride;
  }
  return rows;
}

/** The bitmap DAMAGE_TAKEN: bit n is page n of video memory. */
abstract class DamageTaken {
  /** The first damaged page in [page, last], or -1. */
  @inline static next(page: u32, last: u32): i32 {
    let word = load<u64>((page >> 6) << 3, DAMAGE_TAKEN) & (u64.MAX_VALUE << (page & 63));
    while (word === 0) {
      page = (page | 63) + 1;
      if (page > last) return -1;
      word = load<u64>((page >> 6) << 3, DAMAGE_TAKEN);
    }
    page = (page & ~63) + <u32>ctz(word);
    return page <= last ? page : -1;
  }
}

const OPAQUE: u32 = 0xff00_0000;

abstract class Pixels {
  /** log2 of a pixel's bytes. */
  @inline static shift(format: u32): u32 {
    return format === FORMAT_C8 ? 0 : format === FORMAT_RGB565 ? 1 : 2;
  }

  @inline static row(format: u32, to: usize, from: usize, width: u32): void {
    if (format === FORMAT_XRGB8888) xrgb8888(to, from, width);
    else if (format === FORMAT_XBGR8888) xbgr8888(to, from, width);
    else if (format === FORMAT_RGB565) rgb565(to, from, width);
    else c8(to, from, width);
  }

  /** B G R x to R G B 255. */
  @inline static xrgb(v: u32): u32 {
    return ((v >> 16) & 0xff) | (v & 0xff00) | ((v & 0xff) << 16) | OPAQUE;
  }

  /** Swizzle, not shuffle: V8 loads a shuffle's mask anew for every vector and takes twice as long. */
  @inline static xrgb4(to: usize, from: usize, at: usize): void {
    const rgb = v128.swizzle(v128.load(from + at), i8x16(2, 1, 0, 3, 6, 5, 4, 7, 10, 9, 8, 11, 14, 13, 12, 15));
    v128.store(to + at, v128.or(rgb, v128.splat<u32>(OPAQUE)));
  }

  @inline static xbgr4(to: usize, from: usize, at: usize): void {
    v128.store(to + at, v128.or(v128.load(from + at), v128.splat<u32>(OPAQUE)));
  }

  /** Five bits v to eight: (v << 3) | (v >> 2); six bits: (v << 2) | (v >> 4): 0 stays 0 and the largest becomes 255. */
  @inline static rgb16(v: u32): u32 {
    const red = ((v >> 8) & 0xf8) | (v >> 13);
    const green = ((v >> 3) & 0xfc) | ((v >> 9) & 0x03);
    const blue = ((v << 3) & 0xf8) | ((v >> 2) & 0x07);
    return red | (green << 8) | (blue << 16) | OPAQUE;
  }

  /** Eight pixels: the red and green bytes in one vector of 16-bit lanes, blue and alpha in another, then interleaved. */
  @inline static rgb16x8(to: usize, from: usize): void {
    const v = v128.load(from);
    const red = v128.or(v128.and(v128.shr<u16>(v, 8), v128.splat<u16>(0x00f8)), v128.shr<u16>(v, 13));
    const green = v128.or(
      v128.shl<u16>(v128.and(v, v128.splat<u16>(0x07e0)), 5),
      v128.shr<u16>(v128.and(v, v128.splat<u16>(0x0600)), 1),
    );
    const blue = v128.or(
      v128.and(v128.shl<u16>(v, 3), v128.splat<u16>(0x00f8)),
      v128.and(v128.shr<u16>(v, 2), v128.splat<u16>(0x0007)),
    );
    const redGreen = v128.or(red, green);
    const blueAlpha = v128.or(blue, v128.splat<u16>(0xff00));
    v128.store(to, v128.shuffle<u16>(redGreen, blueAlpha, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to, v128.shuffle<u16>(redGreen, blueAlpha, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  }

  @inline static colour(index: u32): u32 {
    return load<u32>(index << 2, PALETTE);
  }
}

function xrgb8888(to: usize, from: usize, width: u32): void {
  let left = width;
  for (; left >= 16; left -= 16, to += 64, from += 64) {
    Pixels.xrgb4(to, from, 0);
    Pixels.xrgb4(to, from, 16);
    Pixels.xrgb4(to, from, 32);
    Pixels.xrgb4(to, from, 48);
  }
  for (; left >= 4; left -= 4, to += 16, from += 16) Pixels.xrgb4(to, from, 0);
  for (; left > 0; left--, to += 4, from += 4) store<u32>(to, Pixels.xrgb(load<u32>(from)));
}

function xbgr8888(to: usize, from: usize, width: u32): void {
  let left = width;
  for (; left >= 16; left -= 16, to += 64, from += 64) {
    Pixels.xbgr4(to, from, 0);
    Pixels.xbgr4(to, from, 16);
    Pixels.xbgr4(to, from, 32);
    Pixels.xbgr4(to, from, 48);
  }
  for (; left >= 4; left -= 4, to += 16, from += 16) Pixels.xbgr4(to, from, 0);
  for (; left > 0; left--, to += 4, from += 4) store<u32>(to, load<u32>(from) | OPAQUE);
}

function rgb565(to: usize, from: usize, width: u32): void {
  let left = width;
  for (; left >= 16; left -= 16, to += 64, from += 32) {
    Pixels.rgb16x8(to, from);
    Pixels.rgb16x8(to + 32, from + 16);
  }
  for (; left >= 8; left -= 8, to += 32, from += 16) Pixels.rgb16x8(to, from);
  for (; left > 0; left--, to += 4, from += 2) store<u32>(to, Pixels.rgb16(load<u16>(from)));
}

/** A gather has no vector form in wasm: four indices in one load, each looked up. */
function c8(to: usize, from: usize, width: u32): void {
  let left = width;
  for (; left >= 4; left -= 4, to += 16, from += 4) {
    const v = load<u32>(from);
    store<u32>(to, Pixels.colour(v & 0xff));
    store<u32>(to, Pixels.colour((v >> 8) & 0xff), 4);
    store<u32>(to, Pixels.colour((v >> 16) & 0xff), 8);
    store<u32>(to, Pixels.colour(v >> 24), 12);
  }
  for (; left > 0; left--, to += 4, from++) store<u32>(to, Pixels.colour(load<u8>(from)));
}
