import { describe, expect, it } from "vitest";
import { checkModeFits, formatName, parseFormat, parseSize } from "../../src/display/mode.ts";

describe("sizes", () => {
  it.each([
    ["640x480", { width: 640, height: 480 }],
    ["8x8", { width: 8, height: 8 }],
    ["4096x4096", { width: 4096, height: 4096 }],
  ])("%s", (text, size) => {
    expect(parseSize(text)).toEqual(size);
  });

  it.each([
    ["", 'size "": expected WIDTHxHEIGHT, as in 640x480'],
    ["640", 'size "640": expected WIDTHxHEIGHT, as in 640x480'],
    ["640X480", 'size "640X480": expected WIDTHxHEIGHT, as in 640x480'],
    ["-640x480", 'size "-640x480": expected WIDTHxHEIGHT, as in 640x480'],
    ["640x480 ", 'size "640x480 ": expected WIDTHxHEIGHT, as in 640x480'],
    ["6.4x480", 'size "6.4x480": expected WIDTHxHEIGHT, as in 640x480'],
    ["0x0", 'size "0x0": 0 is not from 8 to 4096'],
    ["640x7", 'size "640x7": 7 is not from 8 to 4096'],
    ["4097x480", 'size "4097x480": 4097 is not from 8 to 4096'],
    [`${"9".repeat(400)}x8`, "Infinity is not from 8 to 4096"],
  ])("refuses %j", (text, message) => {
    expect(() => parseSize(text)).toThrow(message);
  });
});

describe("formats", () => {
  it.each(["xrgb8888", "xbgr8888", "rgb565", "c8"])("%s, there and back", (name) => {
    expect(formatName(parseFormat(name))).toBe(name);
  });

  it.each(["rgba", "XRGB8888", "", "toString"])("refuses %j", (name) => {
    expect(() => parseFormat(name)).toThrow(`format "${name}": expected one of xrgb8888, xbgr8888, rgb565, c8`);
  });

  it("has no name for another number", () => {
    expect(() => formatName(4)).toThrow("no format 4");
  });
});

it("says how much memory a mode needs when the card has less", () => {
  const mode = { width: 1024, height: 768, format: parseFormat("xrgb8888") };
  expect(() => checkModeFits(mode, 3_145_727)).toThrow(
    "1024x768 xrgb8888 needs 3145728 bytes of video memory, the card has 3145727",
  );
  checkModeFits(mode, 3_145_728);
});
