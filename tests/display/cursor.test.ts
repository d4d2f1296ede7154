/** The hardware cursor over the picture. Truth: the data sheet in devices/hardware/video-card-registers.ts. */
import { beforeEach, describe, expect, test } from "vitest";
import { VIDEO_CARD_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { VideoCard } from "../../devices/hardware/video-card.ts";
import { Display } from "../../src/display/display.ts";
import { Machine } from "../../src/machine.ts";

const MIB = 0x10_0000;
const WIDTH = 256;
const HEIGHT = 96;
/** Behind the frame's 96 KiB. */
const IMAGE = 0x2_0000;
const [CONTROL, X, Y, HOT_SPOT, BASE, COLOUR_0, COLOUR_1] = [0x40, 0x44, 0x48, 0x4c, 0x50, 0x54, 0x58];
const [ENABLE, TWO_COLOUR] = [1, 2];

let machine: Machine;
let display: Display;
const store = (pa: number, value: number) => expect(machine.exports.store32(pa, value)).toBe(0);
const register = (offset: number, value: number) => store(VIDEO_CARD_BASE + offset, value >>> 0);
/** The pixel of argb8888 at (x, y) of the image. */
const image = (x: number, y: number, argb: number) => store(VRAM_BASE + IMAGE + (y * 64 + x) * 4, argb);
const rgb = (x: number, y: number) => [...display.picture.data.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 3)];
const rows = () => {
  const { top, bottom, changed } = display.frame();
  return changed ? [top, bottom] : null;
};

beforeEach(async () => {
  machine = await Machine.create({ ram: 16 * MIB, videoMemory: MIB });
  const card = new VideoCard(machine.vramSize, { width: WIDTH, height: HEIGHT, format: FORMAT_XRGB8888 });
  machine.bus.attach(VIDEO_CARD_BASE, card.device);
  display = new Display(machine, card);
  register(BASE, IMAGE);
  display.frame();
});

test("it is above the picture, its hot spot at X and Y, and never in video memory", () => {
  store(VRAM_BASE + (20 * WIDTH + 30) * 4, 0x0000_00ff);
  image(5, 7, 0xffff_0000);
  register(HOT_SPOT, 5 | (7 << 16));
  register(X, 30);
  register(Y, 20);
  register(CONTROL, ENABLE);
  // Row 20 was stored to; the cursor is on rows 13 … 76.
  expect(rows()).toEqual([13, 77]);
  expect(rgb(30, 20)).toEqual([255, 0, 0]);
  expect(rgb(31, 20)).toEqual([0, 0, 0]);
  expect(machine.exports.load32(VRAM_BASE + (20 * WIDTH + 30) * 4)).toBe(0xff);
  expect(rows()).toBeNull();
});

test("a move changes the rows where it was and where it is, and uncovers what was below", () => {
  store(VRAM_BASE, 0x0012_3456);
  image(0, 0, 0xffff_ffff);
  register(CONTROL, ENABLE);
  expect(rows()).toEqual([0, 64]);
  expect(rgb(0, 0)).toEqual([255, 255, 255]);
  register(X, 100);
  register(Y, 20);
  expect(rows()).toEqual([0, 84]);
  expect(rgb(0, 0)).toEqual([0x12, 0x34, 0x56]);
  expect(rgb(100, 20)).toEqual([255, 255, 255]);
  register(CONTROL, 0);
  expect(rows()).toEqual([20, 84]);
  expect(rgb(100, 20)).toEqual([0, 0, 0]);
});

test("what is drawn below it changes those rows only, and the cursor stays above", () => {
  image(0, 0, 0xffff_ffff);
  register(CONTROL, ENABLE);
  display.frame();
  // Four rows of 1024 bytes to a page.
  store(VRAM_BASE + 8 * WIDTH * 4, 0x00ff_0000);
  store(VRAM_BASE + 0, 0x0000_ff00);
  expect(rows()).toEqual([0, 12]);
  expect([rgb(0, 0), rgb(0, 8)]).toEqual([
    [255, 255, 255],
    [255, 0, 0],
  ]);
  register(CONTROL, 0);
  display.frame();
  expect(rgb(0, 0)).toEqual([0, 255, 0]);
});

test("a store to its image shows at the next frame; one beside it does not", () => {
  register(CONTROL, ENABLE);
  display.frame();
  image(3, 3, 0xff00_ff00);
  expect(rows()).toEqual([0, 64]);
  expect(rgb(3, 3)).toEqual([0, 255, 0]);
  store(VRAM_BASE + IMAGE + 0x4000, 1);
  expect(rows()).toBeNull();
});

test("alpha is not premultiplied: 128 of 255 is halfway, rounded", () => {
  store(VRAM_BASE, 0x0000_0064);
  image(0, 0, 0x80ff_0000);
  register(CONTROL, ENABLE);
  display.frame();
  // 255 * 128 / 255 = 128; 100 * 127 / 255 = 49.8.
  expect(rgb(0, 0)).toEqual([128, 0, 50]);
});

test("two-colour: 8 bytes say which pixels there are, 8 which colour, leftmost in the highest bit", () => {
  // Row 0: pixels 0, 1 and 9; pixel 1 has colour 1. Row 63: pixel 63.
  store(VRAM_BASE + IMAGE, 0x0000_40c0);
  store(VRAM_BASE + IMAGE + 8, 0x0000_0040);
  store(VRAM_BASE + IMAGE + 16 * 63 + 4, 0x0100_0000);
  store(VRAM_BASE + 8, 0x0000_00ff);
  register(COLOUR_0, 0xff10_2030);
  register(COLOUR_1, 0x0040_5060);
  register(CONTROL, ENABLE | TWO_COLOUR);
  display.frame();
  expect([rgb(0, 0), rgb(1, 0), rgb(2, 0), rgb(9, 0), rgb(63, 63), rgb(62, 63)]).toEqual([
    [0x10, 0x20, 0x30],
    [0x40, 0x50, 0x60],
    [0, 0, 255],
    [0x10, 0x20, 0x30],
    [0x10, 0x20, 0x30],
    [0, 0, 0],
  ]);
});

describe("at the edges", () => {
  beforeEach(() => {
    for (const [x, y] of [
      [0, 0],
      [63, 0],
      [0, 63],
      [63, 63],
    ] as const) {
      image(x, y, 0xffff_ffff);
    }
    register(CONTROL, ENABLE);
  });
  const white = () => {
    const found: [number, number][] = [];
    for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) if (rgb(x, y)[0] === 255) found.push([x, y]);
    return found;
  };

  test.each<[number, number, [number, number][]]>([
    [-1, -1, [[62, 62]]],
    [WIDTH - 1, HEIGHT - 1, [[WIDTH - 1, HEIGHT - 1]]],
    [-63, 40, [[0, 40]]],
    [-64, 0, []],
    [0, HEIGHT, []],
    [0x7fff_ffff, -0x8000_0000, []],
  ])("at (%i, %i) only what is inside is seen", (x, y, expected) => {
    register(X, x);
    register(Y, y);
    display.frame();
    expect(white()).toEqual(expected);
    register(CONTROL, 0);
    display.frame();
    expect(white()).toEqual([]);
  });
});

test("an image that does not lie in video memory is not shown", () => {
  register(BASE, MIB - 0x4000);
  store(VRAM_BASE + MIB - 0x4000, 0xffff_ffff);
  register(CONTROL, ENABLE);
  display.frame();
  expect(rgb(0, 0)).toEqual([255, 255, 255]);
  register(BASE, MIB - 0x3ffc);
  expect(rows()).toEqual([0, 64]);
  expect(rgb(0, 0)).toEqual([0, 0, 0]);
  register(BASE, 0xffff_ffff);
  expect(rows()).toBeNull();
});

test("a blank screen has none; it is back when the blank ends", () => {
  image(0, 0, 0xffff_ffff);
  register(CONTROL, ENABLE);
  display.frame();
  register(0x28, 1);
  display.frame();
  expect(rgb(0, 0)).toEqual([0, 0, 0]);
  register(X, 4);
  register(0x28, 0);
  display.frame();
  expect([rgb(0, 0), rgb(4, 0)]).toEqual([
    [0, 0, 0],
    [255, 255, 255],
  ]);
});
