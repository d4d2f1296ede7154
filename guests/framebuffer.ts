/** /dev/fb0 as programs use it: open, ask for the mode, map the video memory. */
import { ENOTSUP } from "../abi/errno.ts";
import {
  FBIOGET_FSCREENINFO,
  FBIOGET_VSCREENINFO,
  type FbFixScreeninfo,
  type FbVarScreeninfo,
  fbFixScreeninfo,
  fbVarScreeninfo,
} from "../abi/fb.ts";
import { O_RDWR } from "../abi/fcntl.ts";
import { MAP_FAILED, MAP_SHARED, PROT_READ, PROT_WRITE } from "../abi/mman.ts";
import type { Libc } from "./libc.ts";

/** DRM's names: the colours from the highest bit to the lowest. c8 is an index into the palette. */
export type PixelFormat = "xrgb8888" | "xbgr8888" | "rgb565" | "c8";

export interface Framebuffer {
  readonly fd: number;
  /** Where the video memory is mapped; 0 when it is not. */
  readonly va: number;
  /** Bytes of video memory (smem_len). */
  readonly size: number;
  /** Of the visible picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes from one line to the next (line_length). */
  readonly stride: number;
  readonly bytesPerPixel: number;
  readonly format: PixelFormat;
  readonly var: FbVarScreeninfo;
  readonly fix: FbFixScreeninfo;
}

/** The format of a mode, or null when it is none of the four. */
export function pixelFormat(screen: FbVarScreeninfo): PixelFormat | null {
  const { bits_per_pixel: bits, red, blue } = screen;
  if (bits === 32 && red.offset === 16 && blue.offset === 0) return "xrgb8888";
  if (bits === 32 && red.offset === 0 && blue.offset === 16) return "xbgr8888";
  if (bits === 16 && red.offset === 11 && screen.green.length === 6) return "rgb565";
  return bits === 8 ? "c8" : null;
}

/** Opens and maps a framebuffer; -1 with errno when a call fails, ENOTSUP for a format we do not know. */
export async function openFramebuffer(
  c: Libc,
  options: { path?: string; map?: boolean } = {},
): Promise<Framebuffer | -1> {
  const fd = await c.open(options.path ?? "/dev/fb0", O_RDWR);
  if (fd < 0) return -1;
  const framebuffer = await describe(c, fd, options.map ?? true);
  if (framebuffer === -1) {
    const { errno } = c;
    c.close(fd);
    c.errno = errno;
  }
  return framebuffer;
}

async function describe(c: Libc, fd: number, map: boolean): Promise<Framebuffer | -1> {
  const screen = await c.ioctlStruct(fd, FBIOGET_VSCREENINFO, fbVarScreeninfo);
  const fix = await c.ioctlStruct(fd, FBIOGET_FSCREENINFO, fbFixScreeninfo);
  if (screen === -1 || fix === -1) return -1;
  const format = pixelFormat(screen);
  if (format === null) {
    c.errno = ENOTSUP;
    return -1;
  }
  const va = map ? c.mmap(0, fix.smem_len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : 0;
  if (va === MAP_FAILED) return -1;
  return {
    fd,
    va,
    size: fix.smem_len,
    width: screen.xres,
    height: screen.yres,
    stride: fix.line_length,
    bytesPerPixel: screen.bits_per_pixel / 8,
    format,
    var: screen,
    fix,
  };
}
