/** VGA's sixteen colours: on a c8 screen the default colour map has them by these numbers. */
import type { Framebuffer } from "./framebuffer.ts";

const RGB = [
  0x000000, 0x0000aa, 0x00aa00, 0x00aaaa, 0xaa0000, 0xaa00aa, 0xaa5500, 0xaaaaaa, 0x555555, 0x5555ff, 0x55ff55,
  0x55ffff, 0xff5555, 0xff55ff, 0xffff55, 0xffffff,
];

/** What a colour, 0 to 15, is stored as on a screen. */
export const vgaPixel = ({ format, var: screen }: Pick<Framebuffer, "format" | "var">, colour: number): number => {
  if (format === "c8") return colour;
  const channel = (shift: number, { offset, length }: { offset: number; length: number }): number =>
    (((RGB[colour]! >> shift) & 0xff) >> (8 - length)) << offset;
  return channel(16, screen.red) | channel(8, screen.green) | channel(0, screen.blue);
};
