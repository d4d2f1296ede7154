/**
 * A picture as text: each character is two pixels, the upper half block's foreground above its background. So the
 * pixels are about square in the usual fonts.
 */
import type { Picture } from "./picture.ts";
import { fitInside, shrink } from "./shrink.ts";

export interface HalfBlockOptions {
  /** The room there is, in characters. The picture keeps its proportions and is never enlarged. */
  columns: number;
  rows: number;
  /** Bits of colour: 24 (direct), 8 (xterm's 256), less: no colour, shades of grey by block characters. */
  depth: number;
}

/** Lines that end in "\n", each with its colours reset at the end. */
export function halfBlocks(picture: Picture, { columns, rows, depth }: HalfBlockOptions): string {
  const { width, height } = fitInside(picture, columns, rows * 2);
  const small = packed(shrink(picture, width, height));
  let text = "";
  for (let y = 0; y < height; y += 2) {
    text += depth >= 8 ? colourLine(small, width, height, y, depth) : shadeLine(small, width, height, y);
  }
  return text;
}

/** width × height packed 0xrrggbb. */
const packed = ({ data }: Picture): Uint32Array =>
  Uint32Array.from(
    { length: data.length / 4 },
    (_, i) => (data[4 * i]! << 16) | (data[4 * i + 1]! << 8) | data[4 * i + 2]!,
  );

function colourLine(small: Uint32Array, width: number, height: number, y: number, depth: number): string {
  const code = depth >= 24 ? directColour : xtermColour;
  let [line, foreground, background] = ["", "", ""];
  for (let x = 0; x < width; x++) {
    const upper = `38;${code(small[y * width + x]!)}`;
    // The last row of an odd height has the terminal's own background below it.
    const lower = y + 1 < height ? `48;${code(small[(y + 1) * width + x]!)}` : "49";
    const change = [upper === foreground ? "" : upper, lower === background ? "" : lower].filter((part) => part !== "");
    if (change.length > 0) line += `\u001b[${change.join(";")}m`;
    line += "▀";
    [foreground, background] = [upper, lower];
  }
  return `${line}\u001b[0m\n`;
}

const directColour = (rgb: number): string => `2;${rgb >> 16};${(rgb >> 8) & 0xff};${rgb & 0xff}`;

/** The steps of xterm's 6 × 6 × 6 cube (colours 16 … 231); its 24 greys (232 … 255) are 8, 18, … 238. */
const CUBE = [0, 95, 135, 175, 215, 255];

/** The nearest of xterm's colours 16 … 255. */
function xtermColour(rgb: number): string {
  const channels = [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
  const steps = channels.map((value) => (value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40)));
  const distance = (colour: readonly number[]): number =>
    colour.reduce((sum, value, i) => sum + (value - channels[i]!) ** 2, 0);
  const mean = (channels[0]! + channels[1]! + channels[2]!) / 3;
  const grey = Math.max(0, Math.min(23, Math.round((mean - 8) / 10)));
  const level = 8 + grey * 10;
  const inCube = distance(steps.map((step) => CUBE[step]!)) <= distance([level, level, level]);
  return `5;${inCube ? 16 + steps[0]! * 36 + steps[1]! * 6 + steps[2]! : 232 + grey}`;
}

const SHADES = " ░▒▓█";

function shadeLine(small: Uint32Array, width: number, height: number, y: number): string {
  let line = "";
  for (let x = 0; x < width; x++) {
    const upper = luma(small[y * width + x]!);
    const lower = y + 1 < height ? luma(small[(y + 1) * width + x]!) : upper;
    line += SHADES[Math.min(SHADES.length - 1, Math.floor(((upper + lower) / 2 / 256) * SHADES.length))];
  }
  return `${line}\n`;
}

/** 0 … 255, weighted as ITU-R BT.601 does. */
const luma = (rgb: number): number => 0.299 * (rgb >> 16) + 0.587 * ((rgb >> 8) & 0xff) + 0.114 * (rgb & 0xff);
