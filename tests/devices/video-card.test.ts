/** Truth: the data sheet in devices/hardware/video-card-registers.ts, by the offsets it prints. */
import { beforeEach, describe, expect, it } from "vitest";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { Bus } from "../../devices/hardware/bus.ts";
import { VideoCard } from "../../devices/hardware/video-card.ts";

const BASE = 0x1100_0000;
const [ID, VERSION, VRAM_SIZE, STATUS] = [0x000, 0x004, 0x008, 0x00c];
const [WIDTH, HEIGHT, STRIDE, FORMAT] = [0x010, 0x014, 0x018, 0x01c];
const [COMMIT, START, BLANK, VBLANK_COUNT, PALETTE] = [0x020, 0x024, 0x028, 0x02c, 0x400];
const MIB = 0x10_0000;

let card: VideoCard;
let bus: Bus;
const read = (offset: number) => bus.read(BASE + offset, 4);
const write = (offset: number, value: number) => expect(bus.write(BASE + offset, 4, value, 0)).toBe(1);
const modeRegisters = () => [WIDTH, HEIGHT, STRIDE, FORMAT].map((register) => read(register));
function setMode(width: number, height: number, stride: number, format: number, start = 0): void {
  write(WIDTH, width);
  write(HEIGHT, height);
  write(STRIDE, stride);
  write(FORMAT, format);
  write(START, start);
  write(COMMIT, 1);
}

beforeEach(() => {
  card = new VideoCard(MIB, { width: 320, height: 200, format: FORMAT_XRGB8888 });
  bus = new Bus();
  bus.attach(BASE, card.device);
});

describe("power-on", () => {
  it("identifies itself and shows the mode it was built with", () => {
    expect(read(ID)).toBe(0x4e41_4353);
    expect(Buffer.from(new Uint32Array([read(ID)]).buffer).toString()).toBe("SCAN");
    expect(read(VERSION)).toBe(1);
    expect(read(VRAM_SIZE)).toBe(MIB);
    expect(modeRegisters()).toEqual([320, 200, 1280, FORMAT_XRGB8888]);
    expect([STATUS, COMMIT, START, BLANK, VBLANK_COUNT].map((register) => read(register))).toEqual([0, 0, 0, 0, 0]);
    expect(read(PALETTE + 4 * 255)).toBe(0);
  });

  it("answers on the whole page, 32 bits wide only", () => {
    expect(read(0xffc)).toBe(0);
    expect(bus.read(BASE + 0x1000, 4)).toBe(-1);
    for (const width of [1, 2, 8]) expect(bus.read(BASE, width)).toBe(-1);
  });

  it.each([
    [7, 200, FORMAT_C8],
    [320, 4097, FORMAT_C8],
    [1024, 768, FORMAT_XRGB8888],
  ])("cannot be built with the mode %dx%d in format %d", (width, height, format) => {
    expect(() => new VideoCard(MIB, { width, height, format })).toThrow(`${width}x${height}`);
  });
});

it("ignores writes to read-only and reserved registers", () => {
  for (const offset of [
    ID,
    VERSION,
    VRAM_SIZE,
    STATUS,
    VBLANK_COUNT,
    0x030,
    0x05c,
    0x084,
    0x088,
    0x0b8,
    0x100,
    0x3fc,
    0x800,
    0xffc,
  ]) {
    const before = read(offset);
    write(offset, 0x1234_5678);
    expect(read(offset), `0x${offset.toString(16)}`).toBe(before);
  }
});

describe("setting a mode", () => {
  it("takes WIDTH, HEIGHT, STRIDE, FORMAT and START at COMMIT, not before", () => {
    write(WIDTH, 640);
    write(HEIGHT, 480);
    write(STRIDE, 1288);
    write(FORMAT, FORMAT_RGB565);
    expect(read(WIDTH)).toBe(640);
    card.vblank();
    expect(card.state.frame).toEqual({ width: 320, height: 200, stride: 1280, format: FORMAT_XRGB8888, start: 0 });
    write(START, 100);
    write(COMMIT, 1);
    expect(card.state.frame).toEqual({ width: 640, height: 480, stride: 1288, format: FORMAT_RGB565, start: 100 });
    expect(read(STATUS)).toBe(0);
  });

  it("does nothing for a COMMIT of anything but 1", () => {
    write(WIDTH, 160);
    write(COMMIT, 0);
    write(COMMIT, 2);
    expect(card.state.frame.width).toBe(320);
  });

  it.each([
    ["7 pixels wide", 7, 200, 1280, FORMAT_XRGB8888, 0],
    ["7 rows high", 320, 7, 1280, FORMAT_XRGB8888, 0],
    ["4097 pixels wide", 4097, 8, 4097, FORMAT_C8, 0],
    ["4097 rows high", 8, 4097, 8, FORMAT_C8, 0],
    ["a stride one byte short of a row", 320, 200, 1279, FORMAT_XRGB8888, 0],
    ["an unknown format", 320, 200, 1280, 4, 0],
    ["one byte more than video memory", 1024, 256, 4096, FORMAT_XRGB8888, 1],
    ["a stride that leaves video memory", 320, 200, 0xffff_ffff, FORMAT_XRGB8888, 0],
    ["a start behind video memory", 320, 200, 1280, FORMAT_XRGB8888, 0xffff_ffff],
  ])("refuses %s: the frame stays, the registers read it, STATUS bit 0 says so", (_name, ...mode) => {
    setMode(...mode);
    expect(read(STATUS)).toBe(1);
    expect(modeRegisters()).toEqual([320, 200, 1280, FORMAT_XRGB8888]);
    expect(read(START)).toBe(0);
    expect(card.state.frame).toEqual({ width: 320, height: 200, stride: 1280, format: FORMAT_XRGB8888, start: 0 });
    setMode(320, 200, 1280, FORMAT_XRGB8888);
    expect(read(STATUS)).toBe(0);
  });

  it.each([
    ["the smallest", 8, 8, 8, FORMAT_C8, 0],
    ["the largest that memory holds", 4096, 256, 4096, FORMAT_C8, 0],
    ["one that ends at the last byte", 256, 256, 1024, FORMAT_XRGB8888, MIB - 256 * 1024],
    ["a last row without its padding", 256, 8, 0x2_0000, FORMAT_RGB565, MIB - 7 * 0x2_0000 - 512],
  ])("accepts %s", (_name, width, height, stride, format, start) => {
    setMode(width, height, stride, format, start);
    expect(read(STATUS)).toBe(0);
    expect(card.state.frame).toEqual({ width, height, stride, format, start });
  });
});

describe("panning", () => {
  it("takes START at the next vblank", () => {
    write(START, 1280 * 10 + 4);
    expect(read(START)).toBe(12_804);
    expect(card.state.frame.start).toBe(0);
    card.vblank();
    expect(card.state.frame.start).toBe(12_804);
  });

  it("refuses a START whose frame leaves video memory, at the vblank, until the next good one", () => {
    write(START, MIB - 200 * 1280 + 1);
    expect(read(STATUS)).toBe(0);
    card.vblank();
    expect(read(STATUS)).toBe(2);
    expect(read(START)).toBe(0);
    expect(card.state.frame.start).toBe(0);
    write(START, MIB - 200 * 1280);
    card.vblank();
    expect(read(STATUS)).toBe(0);
    expect(card.state.frame.start).toBe(MIB - 200 * 1280);
  });
});

describe("vblank", () => {
  it("counts, modulo 2^32", () => {
    card.vblank();
    card.vblank();
    expect(read(VBLANK_COUNT)).toBe(2);
    card.state.vblankCount = 0xffff_ffff;
    card.vblank();
    expect(read(VBLANK_COUNT)).toBe(0);
  });

  it("tells listeners after START took effect, until they leave", () => {
    const seen: number[] = [];
    const leave = card.onVblank(() => seen.push(card.state.frame.start));
    write(START, 1280);
    card.vblank();
    leave();
    card.vblank();
    expect(seen).toEqual([1280]);
  });

  it("lets a listener leave and another come while it tells them", () => {
    const seen: string[] = [];
    const leave = card.onVblank(() => {
      leave();
      seen.push("first");
      card.onVblank(() => seen.push("second"));
    });
    card.vblank();
    expect(seen).toEqual(["first"]);
    card.vblank();
    expect(seen).toEqual(["first", "second"]);
  });

  it("is wanted by a listener and by a START that waits", () => {
    expect(card.vblankWanted).toBe(false);
    const leave = card.onVblank(() => {});
    expect(card.vblankWanted).toBe(true);
    leave();
    expect(card.vblankWanted).toBe(false);
    write(START, 4);
    expect(card.vblankWanted).toBe(true);
    card.vblank();
    expect(card.vblankWanted).toBe(false);
  });
});

describe("what needs a new picture", () => {
  it("is everything at first, then nothing", () => {
    expect([card.takeChanged(), card.takeChanged()]).toEqual([true, false]);
    card.vblank();
    expect(card.takeChanged()).toBe(false);
  });

  it.each<[string, boolean, () => void]>([
    ["a new mode", true, () => setMode(64, 64, 256, FORMAT_XRGB8888)],
    ["a refused mode", false, () => setMode(1, 1, 1, 1)],
    ["mode registers without COMMIT", false, () => write(WIDTH, 64)],
    ["START before its vblank", false, () => write(START, 4)],
    ["BLANK", true, () => write(BLANK, 1)],
    ["BLANK as it was", false, () => write(BLANK, 0)],
    ["a colour that no pixel uses", false, () => write(PALETTE + 4, 0xff0000)],
  ])("%s: %s", (_name, expected, act) => {
    card.takeChanged();
    act();
    expect(card.takeChanged()).toBe(expected);
  });

  it("is START at its vblank", () => {
    card.takeChanged();
    write(START, 4);
    card.vblank();
    expect(card.takeChanged()).toBe(true);
  });

  it("is a palette colour in c8", () => {
    setMode(64, 64, 64, FORMAT_C8);
    card.takeChanged();
    write(PALETTE + 4 * 255, 0xff12_3456);
    expect(card.takeChanged()).toBe(true);
    expect(read(PALETTE + 4 * 255)).toBe(0x12_3456);
  });
});

it("keeps all of its state in one plain record", () => {
  setMode(64, 64, 64, FORMAT_C8, 5);
  write(BLANK, 1);
  write(PALETTE, 0xabcdef);
  const copy = structuredClone(card.state);
  expect(copy).toEqual(card.state);
});
