/** What bench/display/scanout.ts measures: the machine's scanout beside the loops it is compared with, in one module. */
import { PICTURE, VIDEO_MEMORY } from "../../assembly/layout.ts";
import { scanout } from "../../assembly/scanout.ts";

export { scanout };

/** rgb565 to RGBA one pixel at a time. (One 32-bit store a pixel in place of four bytes is no faster.) */
export function scalarRgb565(pixels: u32): void {
  let from: usize = VIDEO_MEMORY;
  let to: usize = PICTURE;
  for (let i: u32 = 0; i < pixels; i++, from += 2, to += 4) {
    const v: u32 = load<u16>(from);
    const red = v >> 11;
    const green = (v >> 5) & 63;
    const blue = v & 31;
    store<u8>(to, (red << 3) | (red >> 2));
    store<u8>(to, (green << 2) | (green >> 4), 1);
    store<u8>(to, (blue << 3) | (blue >> 2), 2);
    store<u8>(to, 255, 3);
  }
}

export function copyFrame(bytes: u32): void {
  memory.copy(PICTURE, VIDEO_MEMORY, bytes);
}
