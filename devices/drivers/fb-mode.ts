/**
 * Modes of the video card in fbdev's words: what of a struct fb_var_screeninfo the card can show (fb_check_var), and
 * what then is fixed (struct fb_fix_screeninfo). A request is rounded up to something the card can do, and the caller
 * writes back what came of it: programs must read it.
 *
 *   bits_per_pixel  the card's format  red     green   blue
 *   1 … 8           c8                 0/8     0/8     0/8     an index; the colour map gives the colours
 *   9 … 16          rgb565             11/5    5/6     0/5
 *   17 … 32         xrgb8888           16/8    8/8     0/8
 *                   xbgr8888           0/8     8/8     16/8    when asked for with red at 0 and blue at 16
 *
 * Not modelled: timings (kept as they are asked for), grey scales, rotation, interlaced and doubled lines.
 */
import { EINVAL, ENOMEM } from "../../abi/errno.ts";
import {
  FB_ACCEL_NONE,
  FB_TYPE_PACKED_PIXELS,
  FB_VISUAL_PSEUDOCOLOR,
  FB_VISUAL_TRUECOLOR,
  FB_VMODE_NONINTERLACED,
  type FbBitfield,
  type FbFixScreeninfo,
  type FbVarScreeninfo,
  fbVarScreeninfo,
} from "../../abi/fb.ts";
import { VIDEO_CARD_BASE, VIDEO_CARD_SIZE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { type Frame, pixelSize } from "../hardware/video-card.ts";
import { MODE_SIZE_MAX } from "../hardware/video-card-registers.ts";

const bits = (offset: number, length: number): FbBitfield => ({ offset, length, msb_right: 0 });

type Colours = Pick<FbVarScreeninfo, "bits_per_pixel" | "red" | "green" | "blue" | "transp">;

/** How a pixel of each format is described. */
function coloursOf(format: number): Colours {
  const transp = bits(0, 0);
  const green = bits(8, 8);
  switch (format) {
    case FORMAT_C8:
      return { bits_per_pixel: 8, red: bits(0, 8), green: bits(0, 8), blue: bits(0, 8), transp };
    case FORMAT_RGB565:
      return { bits_per_pixel: 16, red: bits(11, 5), green: bits(5, 6), blue: bits(0, 5), transp };
    case FORMAT_XBGR8888:
      return { bits_per_pixel: 32, red: bits(0, 8), green, blue: bits(16, 8), transp };
    default:
      return { bits_per_pixel: 32, red: bits(16, 8), green, blue: bits(0, 8), transp };
  }
}

/** The card's format for what is asked. */
export function formatOf({ bits_per_pixel, red, blue }: Colours): number {
  if (bits_per_pixel <= 8) return FORMAT_C8;
  if (bits_per_pixel <= 16) return FORMAT_RGB565;
  return red.offset === 0 && blue.offset === 16 ? FORMAT_XBGR8888 : FORMAT_XRGB8888;
}

/** Bytes from one line to the next: whole words of 32 bits, as vfb and cfb drivers have it. */
export const lineLength = (xresVirtual: number, format: number): number =>
  Math.ceil((xresVirtual * pixelSize(format)) / 4) * 4;

/** Byte offset of the first visible pixel. */
export const startOf = ({ xoffset, yoffset }: FbVarScreeninfo, line: number, format: number): number =>
  yoffset * line + xoffset * pixelSize(format);

/**
 * fb_check_var: rounds `v` in place to a mode that the card can show from `smemLen` bytes. 0; -EINVAL for more than
 * 32 bits per pixel or a side of more than 4096 pixels; -ENOMEM when it needs more memory (vfb's answer).
 */
export function checkVar(v: FbVarScreeninfo, smemLen: number): number {
  if (v.bits_per_pixel > 32 || v.xres > MODE_SIZE_MAX || v.yres > MODE_SIZE_MAX) return -EINVAL;
  const format = formatOf(v);
  v.xres_virtual = Math.max(v.xres_virtual, v.xoffset + v.xres);
  v.yres_virtual = Math.max(v.yres_virtual, v.yoffset + v.yres);
  if (lineLength(v.xres_virtual, format) * v.yres_virtual > smemLen) return -ENOMEM;
  Object.assign(v, coloursOf(format));
  v.grayscale = 0;
  v.nonstd = 0;
  v.vmode = FB_VMODE_NONINTERLACED;
  v.rotate = 0;
  return 0;
}

/** What describes a frame that the card already shows. The timings are efifb's: made up, to make fbset happy. */
export function varOf({ width, height, stride, format }: Frame): FbVarScreeninfo {
  const eighth = Math.floor(width / 8) & 0xf8;
  return {
    ...fbVarScreeninfo.read(new Uint8Array(fbVarScreeninfo.size)),
    xres: width,
    yres: height,
    xres_virtual: Math.floor(stride / pixelSize(format)),
    yres_virtual: height,
    ...coloursOf(format),
    // In mm: -1 is unknown.
    height: 0xffff_ffff,
    width: 0xffff_ffff,
    pixclock: Math.floor((Math.floor(10_000_000 / width) * 1000) / height),
    left_margin: eighth,
    right_margin: 32,
    upper_margin: 16,
    lower_margin: 4,
    hsync_len: eighth,
    vsync_len: 4,
  };
}

export function fixOf(format: number, line: number, smemLen: number): FbFixScreeninfo {
  return {
    id: "scanout",
    smem_start: VRAM_BASE,
    smem_len: smemLen,
    type: FB_TYPE_PACKED_PIXELS,
    type_aux: 0,
    visual: format === FORMAT_C8 ? FB_VISUAL_PSEUDOCOLOR : FB_VISUAL_TRUECOLOR,
    xpanstep: 1,
    ypanstep: 1,
    ywrapstep: 0,
    line_length: line,
    mmio_start: VIDEO_CARD_BASE,
    mmio_len: VIDEO_CARD_SIZE,
    accel: FB_ACCEL_NONE,
    capabilities: 0,
    reserved: [0, 0],
  };
}
