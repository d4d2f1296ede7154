/** Truth: ECMA-48 § 8.3.117 (SGR), xterm's ctlseqs for 38;2 and 38;5 and its palette; U+2580 UPPER HALF BLOCK. */
import { describe, expect, it } from "vitest";
import { halfBlocks } from "../../src/display/half-blocks.ts";
import type { Picture } from "../../src/display/picture.ts";

type Rgb = readonly [number, number, number];
const [RED, GREEN, BLUE, BLACK, WHITE]: Rgb[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [0, 0, 0],
  [255, 255, 255],
] as const;

const picture = (rows: readonly (readonly Rgb[])[]): Picture => ({
  width: rows[0]!.length,
  height: rows.length,
  data: new Uint8ClampedArray(rows.flat().flatMap((rgb) => [...rgb, 255])),
});
const filled = (width: number, height: number, rgb: Rgb): Picture =>
  picture(Array.from({ length: height }, () => Array.from({ length: width }, () => rgb)));
const big = { columns: 80, rows: 24 };

describe("24-bit colours", () => {
  const draw = (rows: readonly (readonly Rgb[])[]) => halfBlocks(picture(rows), { ...big, depth: 24 });

  it("puts two pixels in a character: the upper in front, the lower behind", () => {
    expect(draw([[RED!], [BLUE!]])).toBe("\u001b[38;2;255;0;0;48;2;0;0;255m▀\u001b[0m\n");
  });

  it("names a colour only where it changes", () => {
    expect(
      draw([
        [RED!, RED!, GREEN!],
        [BLUE!, BLACK!, BLACK!],
      ]),
    ).toBe("\u001b[38;2;255;0;0;48;2;0;0;255m▀\u001b[48;2;0;0;0m▀\u001b[38;2;0;255;0m▀\u001b[0m\n");
  });

  it("ends an odd height with the terminal's own background, each line with a reset", () => {
    expect(draw([[RED!], [RED!], [GREEN!]]).split("\n")).toEqual([
      "\u001b[38;2;255;0;0;48;2;255;0;0m▀\u001b[0m",
      "\u001b[38;2;0;255;0;49m▀\u001b[0m",
      "",
    ]);
  });
});

describe("256 colours", () => {
  // xterm's 256colres.h: the cube's steps are 0, 95, 135, 175, 215, 255 from 16 on; the greys 8, 18, … 238 from 232.
  it.each<[string, Rgb, number]>([
    ["black", [0, 0, 0], 16],
    ["white", [255, 255, 255], 231],
    ["red", [255, 0, 0], 196],
    ["green", [0, 255, 0], 46],
    ["blue", [0, 0, 255], 21],
    ["a colour of the cube", [95, 135, 175], 67],
    ["one near it", [100, 130, 180], 67],
    ["the first grey", [8, 8, 8], 232],
    ["the last grey", [238, 238, 238], 255],
    ["a grey between two steps of the cube", [118, 118, 118], 243],
  ])("%s", (_name, rgb, code) => {
    const text = halfBlocks(filled(1, 2, rgb), { ...big, depth: 8 });
    expect(text).toBe(`\u001b[38;5;${code};48;5;${code}m▀\u001b[0m\n`);
  });
});

describe("no colour", () => {
  it.each([1, 4])("depth %d: no escape sequence, a shade for the two pixels together", (depth) => {
    const grey: Rgb = [128, 128, 128];
    const rows = [
      [BLACK!, WHITE!, WHITE!, grey],
      [BLACK!, WHITE!, BLACK!, grey],
    ];
    expect(halfBlocks(picture(rows), { ...big, depth })).toBe(" █▒▒\n");
  });

  it("goes from dark to light: blue, red, green (ITU-R BT.601)", () => {
    const row = [BLACK!, BLUE!, RED!, GREEN!, WHITE!];
    expect(halfBlocks(picture([row, row]), { ...big, depth: 1 })).toBe(
      // 0, 29, 76, 150, 255 of 256 in five steps
      "  ░▒█\n",
    );
  });
});

describe("size", () => {
  const size = (text: string) => {
    const lines = text.split("\n").slice(0, -1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is counted out
    return [new Set(lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, "").length)).size, lines.length, lines[0]];
  };
  const columns = (text: string) => text.split("\n")[0]!.split("▀").length - 1;

  it.each([
    ["as wide as the window", 640, 480, 80, 60, 80, 30],
    ["as high as the window", 640, 480, 200, 20, 53, 20],
    ["never larger than it is", 10, 6, 80, 24, 10, 3],
    ["a very flat picture keeps a line", 4096, 8, 40, 20, 40, 1],
    ["a very narrow window keeps a column", 8, 4096, 80, 2, 1, 2],
  ])("%s", (_name, width, height, windowColumns, windowRows, expectedColumns, expectedRows) => {
    const text = halfBlocks(filled(width, height, RED!), { columns: windowColumns, rows: windowRows, depth: 24 });
    const [widths, lines] = size(text);
    expect([columns(text), lines, widths]).toEqual([expectedColumns, expectedRows, 1]);
  });

  it("shrinks by the average of each area", () => {
    const rows = [
      [BLACK!, WHITE!, RED!, RED!],
      [WHITE!, BLACK!, RED!, GREEN!],
      [BLUE!, BLUE!, BLACK!, BLACK!],
      [BLUE!, BLUE!, BLACK!, BLACK!],
    ];
    expect(halfBlocks(picture(rows), { columns: 2, rows: 1, depth: 24 })).toBe(
      "\u001b[38;2;128;128;128;48;2;0;0;255m▀\u001b[38;2;191;64;0;48;2;0;0;0m▀\u001b[0m\n",
    );
  });

  it("uses every pixel once when the sides do not divide: 5 × 3 pixels to 3 × 2", () => {
    // Columns 0, 1-2, 3-4; rows 0, 1-2.
    const rows = [
      [RED!, RED!, BLUE!, BLUE!, BLUE!],
      [GREEN!, GREEN!, WHITE!, WHITE!, WHITE!],
      [GREEN!, GREEN!, WHITE!, WHITE!, WHITE!],
    ];
    expect(halfBlocks(picture(rows), { columns: 4, rows: 1, depth: 24 })).toBe(
      "\u001b[38;2;255;0;0;48;2;0;255;0m▀\u001b[38;2;128;0;128;48;2;128;255;128m▀\u001b[38;2;0;0;255;48;2;255;255;255m▀\u001b[0m\n",
    );
  });
});
