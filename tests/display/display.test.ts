/** The display on a real machine: stores go through its MMU (Bare mode), so damage is the machine's own. */
import { beforeEach, describe, expect, it } from "vitest";
import { VIDEO_CARD_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { VideoCard } from "../../devices/hardware/video-card.ts";
import {
  REG_BLANK,
  REG_COMMIT,
  REG_FORMAT,
  REG_HEIGHT,
  REG_PALETTE,
  REG_START,
  REG_STRIDE,
  REG_WIDTH,
} from "../../devices/hardware/video-card-registers.ts";
import { Display, type DisplayFrame } from "../../src/display/display.ts";
import { Machine } from "../../src/machine.ts";

const MIB = 0x10_0000;

let machine: Machine;
let card: VideoCard;
let display: Display;

beforeEach(async () => {
  machine = await Machine.create({ ram: 16 * MIB, videoMemory: 2 * MIB });
  card = new VideoCard(machine.vramSize, { width: 1024, height: 16, format: FORMAT_XRGB8888 });
  machine.bus.attach(VIDEO_CARD_BASE, card.device);
  display = new Display(machine, card);
});

/** A guest's store, to video memory or to a register. */
const store32 = (pa: number, value: number) => expect(machine.exports.store32(pa, value)).toBe(0);
const store8 = (offset: number, value: number) => expect(machine.exports.store8(VRAM_BASE + offset, value)).toBe(0);
const register = (offset: number, value: number) => store32(VIDEO_CARD_BASE + offset, value);
const pixel = (x: number, y: number, { width, data } = display.picture) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
];
const rows = ({ top, bottom, changed }: DisplayFrame) => [top, bottom, changed];
function setMode(width: number, height: number, stride: number, format: number): void {
  register(REG_WIDTH, width);
  register(REG_HEIGHT, height);
  register(REG_STRIDE, stride);
  register(REG_FORMAT, format);
  register(REG_COMMIT, 1);
}

describe("frame()", () => {
  it("shows the whole picture first, black and opaque", () => {
    expect(rows(display.frame())).toEqual([0, 16, true]);
    expect([display.picture.width, display.picture.height]).toEqual([1024, 16]);
    expect(new Set(new Uint32Array(display.picture.data.slice().buffer))).toEqual(new Set([0xff00_0000]));
  });

  it("then only the rows that were stored to, and nothing when there were none", () => {
    display.frame();
    expect(rows(display.frame())).toEqual([0, 0, false]);
    // 1024 pixels of 4 bytes: a row is a page.
    store32(VRAM_BASE + 5 * 4096 + 8, 0x00ff_8040);
    store32(VRAM_BASE + 9 * 4096, 0xffff_ffff);
    expect(rows(display.frame())).toEqual([5, 10, true]);
    expect([pixel(2, 5), pixel(0, 9), pixel(1, 9)]).toEqual([
      [0xff, 0x80, 0x40, 255],
      [255, 255, 255, 255],
      [0, 0, 0, 255],
    ]);
    expect(rows(display.frame())).toEqual([0, 0, false]);
  });

  it("sees a second store to a page that it has looked at", () => {
    display.frame();
    for (const value of [1, 2, 3]) {
      store32(VRAM_BASE, value);
      expect(rows(display.frame())).toEqual([0, 1, true]);
      expect(pixel(0, 0)).toEqual([0, 0, value, 255]);
    }
  });

  it("sees what markDamage tells of: a view's stores", () => {
    display.frame();
    machine.bytes(VRAM_BASE + 3 * 4096, 4).set([9, 8, 7, 0]);
    expect(display.frame().changed).toBe(false);
    machine.exports.markDamage(3 * 4096, 4);
    expect(rows(display.frame())).toEqual([3, 4, true]);
    expect(pixel(0, 3)).toEqual([7, 8, 9, 255]);
  });

  it("gives a live view of the machine's memory, no copy", () => {
    const { picture } = display.frame();
    expect(picture.data.buffer).toBe(machine.memory.buffer);
    store32(VRAM_BASE, 0xff);
    display.frame();
    expect(pixel(0, 0, picture)).toEqual([0, 0, 255, 255]);
    expect(display.frame().picture).toBe(picture);
  });
});

describe("the card", () => {
  it.each([
    ["xbgr8888", FORMAT_XBGR8888, 4, [1, 2, 3, 0], [1, 2, 3, 255]],
    ["rgb565", FORMAT_RGB565, 2, [0x00, 0xf8], [255, 0, 0, 255]],
  ])("shows a new mode in whole: %s", (_name, format, bytes, stored, expected) => {
    const before = display.frame().picture;
    store32(VRAM_BASE, 0);
    for (const [i, value] of stored.entries()) store8(3 * 300 * bytes + i, value);
    setMode(300, 200, 300 * bytes, format);
    expect(rows(display.frame())).toEqual([0, 200, true]);
    expect(display.picture).not.toBe(before);
    expect([display.picture.width, display.picture.height]).toEqual([300, 200]);
    expect(display.picture.data.length).toBe(300 * 200 * 4);
    expect(pixel(0, 3)).toEqual(expected);
  });

  it("shows START at the next vblank, in whole", () => {
    store32(VRAM_BASE + 20 * 4096 + 4, 0x0000_00ff);
    display.frame();
    register(REG_START, 4 * 4096 + 4);
    expect(display.frame().changed).toBe(false);
    card.vblank();
    expect(rows(display.frame())).toEqual([0, 16, true]);
    expect(pixel(0, 15)).toEqual([0, 0, 0, 255]);
    register(REG_START, 5 * 4096 + 4);
    card.vblank();
    display.frame();
    expect(pixel(0, 15)).toEqual([0, 0, 255, 255]);
  });

  it("looks c8 up in the palette of the registers, and again when a colour changes", () => {
    setMode(256, 8, 256, FORMAT_C8);
    store8(256 + 7, 200);
    register(REG_PALETTE + 4 * 200, 0x12_3456);
    expect(rows(display.frame())).toEqual([0, 8, true]);
    expect(pixel(7, 1)).toEqual([0x12, 0x34, 0x56, 255]);
    register(REG_PALETTE + 4 * 200, 0xff_0000);
    expect(rows(display.frame())).toEqual([0, 8, true]);
    expect(pixel(7, 1)).toEqual([255, 0, 0, 255]);
  });

  it("is black while BLANK is on, and shows what was written meanwhile when it ends", () => {
    store32(VRAM_BASE, 0xff_ffff);
    display.frame();
    register(REG_BLANK, 1);
    expect(rows(display.frame())).toEqual([0, 16, true]);
    expect(pixel(0, 0)).toEqual([0, 0, 0, 255]);
    store32(VRAM_BASE + 2 * 4096, 0xff_ffff);
    expect(rows(display.frame())).toEqual([0, 0, false]);
    expect(pixel(0, 2)).toEqual([0, 0, 0, 255]);
    register(REG_BLANK, 0);
    expect(rows(display.frame())).toEqual([0, 16, true]);
    expect([pixel(0, 0), pixel(0, 2)]).toEqual([
      [255, 255, 255, 255],
      [255, 255, 255, 255],
    ]);
  });

  it("has a palette that was changed behind a blank screen", () => {
    setMode(256, 8, 256, FORMAT_C8);
    display.frame();
    register(REG_BLANK, 1);
    display.frame();
    register(REG_PALETTE, 0x00ff00);
    display.frame();
    register(REG_BLANK, 0);
    display.frame();
    expect(pixel(0, 0)).toEqual([0, 255, 0, 255]);
  });
});

it("throws when the card's state is not a frame of this machine: our mistake, not a guest's", () => {
  card.state.frame = { ...card.state.frame, start: 2 * MIB };
  card.state.next.start = 2 * MIB;
  expect(() => display.frame()).toThrow("scanout refuses");
});
