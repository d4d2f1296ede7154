/** The colour map of a framebuffer, and its ioctls (drivers/video/fbdev/core/fbcmap.c of Linux 6.12). */
import { E2BIG, EFAULT, EINVAL, ENOMEM } from "../../abi/errno.ts";
import { type FbCmap, fbCmap } from "../../abi/fb.ts";
import { PALETTE_COLOURS } from "../hardware/video-card-registers.ts";
import type { Kernel } from "./driver.ts";

/** The most that kmalloc gives. */
const KMALLOC_MAX_SIZE = 0x40_0000;

/** 16 bits a channel. */
export interface ColourMap {
  readonly red: Uint16Array;
  readonly green: Uint16Array;
  readonly blue: Uint16Array;
}

const CHANNELS = ["red", "green", "blue"] as const;

/** fb_alloc_cmap(256): the sixteen colours of VGA's text mode, and black behind them. */
export function defaultCmap(): ColourMap {
  const map = emptyMap(PALETTE_COLOURS);
  for (let i = 0; i < 16; i++) {
    const bright = i & 8 ? 0x5555 : 0;
    map.red[i] = (i & 4 ? 0xaaaa : 0) + bright;
    map.green[i] = (i & 2 ? 0xaaaa : 0) + bright;
    map.blue[i] = (i & 1 ? 0xaaaa : 0) + bright;
  }
  // Dark yellow is brown on VGA.
  map.green[6] = 0x5555;
  return map;
}

const emptyMap = (length: number): ColourMap => ({
  red: new Uint16Array(length),
  green: new Uint16Array(length),
  blue: new Uint16Array(length),
});

/** FBIOGETCMAP (fb_cmap_to_user): colours from `start` on, at most `len`. */
export function getCmap(kernel: Kernel, map: ColourMap, argument: number): number {
  const to = readCmap(kernel, argument);
  if (to === null) return -EFAULT;
  if (to.start >= PALETTE_COLOURS || to.len === 0) return -EINVAL;
  const end = Math.min(PALETTE_COLOURS, to.start + to.len);
  for (const channel of CHANNELS) {
    if (kernel.copyToUser(to[channel], bytesOf(map[channel].subarray(to.start, end))) !== 0) return -EFAULT;
  }
  return 0;
}

/**
 * FBIOPUTCMAP (fb_set_user_cmap): takes `len` colours and hands those below 256 to `setColour`. Colours above are
 * dropped without an error, as Linux drops them.
 */
export function putCmap(kernel: Kernel, map: ColourMap, argument: number, setColour: (index: number) => void): number {
  const from = readCmap(kernel, argument);
  if (from === null) return -EFAULT;
  const size = from.len * 2;
  if (size >= 0x8000_0000) return -E2BIG;
  // fb_alloc_cmap fills the new map with default colours first, and finds no room for any.
  if (from.len === 0) return -EINVAL;
  if (size > KMALLOC_MAX_SIZE) return -ENOMEM;
  const user = emptyMap(from.len);
  for (const channel of CHANNELS) {
    if (kernel.copyFromUser(bytesOf(user[channel]), from[channel]) !== 0) return -EFAULT;
  }
  if (from.transp !== 0 && kernel.copyFromUser(new Uint8Array(size), from.transp) !== 0) return -EFAULT;
  // fb_set_cmap takes the start as an int.
  if (from.start >= 0x8000_0000) return -EINVAL;
  for (let i = 0; i < from.len && from.start + i < PALETTE_COLOURS; i++) {
    for (const channel of CHANNELS) map[channel][from.start + i] = user[channel][i]!;
    setColour(from.start + i);
  }
  return 0;
}

function readCmap(kernel: Kernel, argument: number): FbCmap | null {
  const bytes = new Uint8Array(fbCmap.size);
  return kernel.copyFromUser(bytes, argument) === 0 ? fbCmap.read(bytes) : null;
}

const bytesOf = (values: Uint16Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
