/** The console's colours: the 256-colour palette of terminals, and what a look means in the framebuffer's format. */
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888 } from "../../assembly/scanout-format.ts";
import { LOOK_BOLD, LOOK_DIM, LOOK_REVERSE, type Look, TRUE_COLOUR } from "./vt-cells.ts";

/** color_table's sixteen: VGA's, in the order of terminals. */
const BASIC = [
  0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555, 0xff5555, 0x55ff55,
  0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
];
const BRIGHT = 8;
const GREYS = 232;
const DARK_GREY = 8;

/** 0xRRGGBB of a look's colour: 6 × 6 × 6 colours behind the sixteen, and 24 greys (rgb_from_256). */
export function rgbOf(colour: number): number {
  if (colour & TRUE_COLOUR) return colour & 0xff_ffff;
  if (colour < BASIC.length) return BASIC[colour]!;
  if (colour >= GREYS) return (8 + (colour - GREYS) * 10) * 0x01_0101;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const index = colour - BASIC.length;
  const [red, green, blue] = [Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6];
  return (level(red) << 16) | (level(green) << 8) | level(blue);
}

/** Foreground and background as they are shown: bold is bright, dim is dark, reverse changes them over. */
export function shownColours({ foreground, background, flags }: Look, reversed: boolean): [number, number] {
  let ink = foreground;
  if (flags & LOOK_BOLD && ink < BRIGHT) ink += BRIGHT;
  if (flags & LOOK_DIM && ink < BRIGHT) ink = DARK_GREY;
  return ((flags & LOOK_REVERSE) !== 0) !== reversed ? [background, ink] : [ink, background];
}

/** What a colour is stored as in a format of the card. */
export function pixelOf(colour: number, format: number): number {
  if (format === FORMAT_C8) return vgaIndex(colour);
  const rgb = rgbOf(colour);
  const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
  if (format === FORMAT_RGB565) return ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3);
  return format === FORMAT_XBGR8888 ? (blue << 16) | (green << 8) | red : rgb;
}

/** One of the default colour map's sixteen, which are in VGA's order: blue is 1, red is 4. */
function vgaIndex(colour: number): number {
  const index = colour < BASIC.length ? colour : nearest(rgbOf(colour));
  return (index & 0b1010) | ((index & 1) << 2) | ((index >> 2) & 1);
}

function nearest(rgb: number): number {
  const far = (one: number): number =>
    [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 0xff) - ((rgb >> shift) & 0xff)) ** 2, 0);
  return BASIC.reduce((best, colour, i) => (far(colour) < far(BASIC[best]!) ? i : best), 0);
}
