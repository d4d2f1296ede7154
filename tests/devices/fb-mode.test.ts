/**
 * FBIOGET_VSCREENINFO and FBIOPUT_VSCREENINFO. Truth: fbprobe's transcripts on Linux 6.12 (see fb.test.ts); what it did
 * not try is marked with the function of Linux 6.12 that says it.
 */
import { describe, expect, it } from "vitest";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { FbProbe } from "./fb-probe.ts";

const MIB = 0x10_0000;
const field = (offset: number, length: number) => ({ offset, length, msb_right: 0 });
const XRGB = { red: field(16, 8), green: field(8, 8), blue: field(0, 8), transp: field(0, 0) };
const frame = (probe: FbProbe) => probe.fake.card.state.frame;

describe("the mode at probe", () => {
  it("bochs-drm: bpp 32 r16/8 g8/8 b0/8 t0/0 activate 0, the virtual size that of the screen", () => {
    expect(new FbProbe().getVar()).toMatchObject({
      xres: 640,
      yres: 480,
      xres_virtual: 640,
      yres_virtual: 480,
      xoffset: 0,
      yoffset: 0,
      bits_per_pixel: 32,
      ...XRGB,
      activate: 0,
    });
  });

  it("has efifb's timings: pixclock 10000000 / xres * 1000 / yres, unknown size in mm", () => {
    expect(new FbProbe().getVar()).toMatchObject({
      pixclock: 32_552,
      left_margin: 80,
      right_margin: 32,
      upper_margin: 16,
      lower_margin: 4,
      hsync_len: 80,
      vsync_len: 4,
      height: 0xffff_ffff,
      width: 0xffff_ffff,
    });
  });

  it.each([
    [FORMAT_XBGR8888, 32, [0, 8], [8, 8], [16, 8], 2, 8 * 4],
    [FORMAT_RGB565, 16, [11, 5], [5, 6], [0, 5], 2, 8 * 2],
    [FORMAT_C8, 8, [0, 8], [0, 8], [0, 8], 3, 8],
  ] as const)("is what the card's registers say: format %d", (format, bpp, red, green, blue, visual, line) => {
    const probe = new FbProbe({ width: 8, height: 9, format });
    expect(probe.getVar()).toMatchObject({
      bits_per_pixel: bpp,
      red: field(red[0], red[1]),
      green: field(green[0], green[1]),
      blue: field(blue[0], blue[1]),
    });
    expect(probe.getFix()).toMatchObject({ visual, line_length: line });
  });
});

describe("FBIOPUT_VSCREENINFO", () => {
  it("the mode as it is: 0, and the card is left alone (fb_set_var's memcmp)", () => {
    const probe = new FbProbe();
    probe.fake.card.takeChanged();
    expect(probe.putVar({}).result).toBe("0");
    expect(probe.fake.card.takeChanged()).toBe(false);
    expect(probe.putVar({ activate: 128 }).result).toBe("0");
    expect(probe.fake.card.takeChanged()).toBe(true);
  });

  it("bits_per_pixel=16, vfb: switches, and writes back rgb565", () => {
    const probe = new FbProbe();
    const { result, v } = probe.putVar({ bits_per_pixel: 16 });
    expect(result).toBe("0");
    expect(v).toMatchObject({ bits_per_pixel: 16, red: field(11, 5), green: field(5, 6), blue: field(0, 5) });
    expect(probe.getVar()).toEqual(v);
    expect(probe.getFix()).toMatchObject({ line_length: 1280, visual: 2 });
    expect(frame(probe)).toEqual({ width: 640, height: 480, stride: 1280, format: FORMAT_RGB565, start: 0 });
  });

  it("bits_per_pixel=33: EINVAL", () => {
    const probe = new FbProbe();
    expect(probe.putVar({ bits_per_pixel: 33 }).result).toBe("-1 EINVAL");
    expect(probe.getVar().bits_per_pixel).toBe(32);
  });

  it("xres=yres=0: EINVAL, nothing written back (-> bpp 32 0x0); less than 8: EINVAL (fb_set_var)", () => {
    const probe = new FbProbe();
    const { result, v } = probe.putVar({ xres: 0, yres: 0 });
    expect(result).toBe("-1 EINVAL");
    expect([v.bits_per_pixel, v.xres, v.yres]).toEqual([32, 0, 0]);
    expect(probe.putVar({ xres: 7 }).result).toBe("-1 EINVAL");
    expect(probe.putVar({ yres: 7 }).result).toBe("-1 EINVAL");
    expect(probe.putVar({ xres: 8, yres: 8 }).result).toBe("0");
  });

  it("640x480 of 1024x768, vfb: 0 -> bpp 32 640x480 virt 640x480", () => {
    const probe = new FbProbe({ width: 1024, height: 768 });
    const { result, v } = probe.putVar({ xres: 640, yres: 480, xres_virtual: 640, yres_virtual: 480 });
    expect(result).toBe("0");
    expect([v.xres, v.yres, v.xres_virtual, v.yres_virtual, v.bits_per_pixel]).toEqual([640, 480, 640, 480, 32]);
    expect(frame(probe)).toEqual({ width: 640, height: 480, stride: 2560, format: FORMAT_XRGB8888, start: 0 });
  });

  it("xres=yres=100000: EINVAL, and so is any product above 2^32 (fb_set_var)", () => {
    const probe = new FbProbe();
    expect(probe.putVar({ xres: 100_000, yres: 100_000 }).result).toBe("-1 EINVAL");
    expect(probe.putVar({ xres_virtual: 0x1_0000, yres_virtual: 0x1_0000 }).result).toBe("-1 EINVAL");
  });

  it("more than the card's 4096 pixels a side: EINVAL", () => {
    const probe = new FbProbe({ vram: 8 * MIB });
    expect(probe.putVar({ xres: 4097, yres: 8, xres_virtual: 4097, yres_virtual: 8 }).result).toBe("-1 EINVAL");
    expect(probe.putVar({ xres: 8, yres: 4097, xres_virtual: 8, yres_virtual: 4097 }).result).toBe("-1 EINVAL");
    expect(probe.putVar({ xres: 4096, yres: 256, xres_virtual: 4096, yres_virtual: 256 }).result).toBe("0");
  });

  it("yres_virtual=yres*2, vfb: 0 where memory is enough; ENOMEM where it is not (vfb_check_var)", () => {
    const probe = new FbProbe({ vram: 4 * MIB });
    const { result, v } = probe.putVar({ yres_virtual: 960 });
    expect(result).toBe("0");
    expect([v.xres_virtual, v.yres_virtual]).toEqual([640, 960]);
    expect(probe.putVar({ yres_virtual: 1639 }).result).toBe("-1 ENOMEM");
    expect(probe.putVar({ yres_virtual: 1638 }).result).toBe("0");
    expect(probe.putVar({ xoffset: 0xffff_ffff }).result).toBe("-1 ENOMEM");
  });

  it("activate=FB_ACTIVATE_TEST: 0, rounds and changes nothing", () => {
    const probe = new FbProbe();
    const { result, v } = probe.putVar({ activate: 2, bits_per_pixel: 12, xres: 800, xres_virtual: 0 });
    expect(result).toBe("0");
    expect(v).toMatchObject({ bits_per_pixel: 16, xres_virtual: 800, red: field(11, 5) });
    expect(probe.getVar()).toMatchObject({ bits_per_pixel: 32, xres: 640, activate: 0 });
    expect(frame(probe).width).toBe(640);
  });

  it("activate=FB_ACTIVATE_INV_MODE: EINVAL for the mode in use, else 0 and nothing (fb_set_var)", () => {
    const probe = new FbProbe();
    expect(probe.putVar({ activate: 256 }).result).toBe("-1 EINVAL");
    expect(probe.putVar({ activate: 256, xres: 320 }).result).toBe("0");
    expect(probe.getVar().xres).toBe(640);
  });

  it("clears FB_ACTIVATE_KD_TEXT, which is the kernel's own (fb_ioctl)", () => {
    const probe = new FbProbe();
    expect(probe.putVar({ activate: 512 }).v.activate).toBe(0);
  });

  it("a virtual size smaller than the screen, or than the offset asks: grows (vfb_check_var)", () => {
    const probe = new FbProbe();
    const { v } = probe.putVar({ xres_virtual: 1, yres_virtual: 1, xoffset: 100, yoffset: 50 });
    expect([v.xres_virtual, v.yres_virtual]).toEqual([740, 530]);
    expect(frame(probe)).toEqual({
      width: 640,
      height: 480,
      stride: 740 * 4,
      format: FORMAT_XRGB8888,
      start: 50 * 740 * 4 + 100 * 4,
    });
  });

  it("a line is a whole number of 32-bit words (vfb's get_line_length)", () => {
    const probe = new FbProbe();
    probe.putVar({ xres: 9, yres: 9, xres_virtual: 9, yres_virtual: 9, bits_per_pixel: 8 });
    expect(probe.getFix().line_length).toBe(12);
    probe.putVar({ bits_per_pixel: 16 });
    expect(probe.getFix().line_length).toBe(20);
  });

  it.each([
    ["1 bit", { bits_per_pixel: 1 }, 8, FORMAT_C8],
    ["8 bits", { bits_per_pixel: 8 }, 8, FORMAT_C8],
    ["9 bits", { bits_per_pixel: 9 }, 16, FORMAT_RGB565],
    ["15 bits", { bits_per_pixel: 15 }, 16, FORMAT_RGB565],
    ["24 bits", { bits_per_pixel: 24 }, 32, FORMAT_XRGB8888],
    ["32 bits, red at 0 and blue at 16", { red: field(0, 8), blue: field(16, 8) }, 32, FORMAT_XBGR8888],
    ["32 bits, all offsets 0", { red: field(0, 8), blue: field(0, 8), activate: 128 }, 32, FORMAT_XRGB8888],
  ])("%s: rounded up to what the card has", (_name, change, bpp, format) => {
    const probe = new FbProbe();
    const { result, v } = probe.putVar(change);
    expect([result, v.bits_per_pixel]).toEqual(["0", bpp]);
    expect(frame(probe).format).toBe(format);
    expect(probe.getFix().visual).toBe(format === FORMAT_C8 ? 3 : 2);
  });

  it("from c8 or xbgr8888 back to 32 bits with nothing else changed: xrgb8888, and xbgr8888 stays", () => {
    const probe = new FbProbe({ format: FORMAT_C8 });
    expect(probe.putVar({ bits_per_pixel: 32 }).v).toMatchObject(XRGB);
    const other = new FbProbe({ format: FORMAT_XBGR8888 });
    expect(other.putVar({ xres: 320 }).v).toMatchObject({ red: field(0, 8), blue: field(16, 8) });
  });

  it("writes back 0 for what the card has not: grey scales, interlace, rotation, msb_right", () => {
    const probe = new FbProbe();
    const asked = { grayscale: 1, nonstd: 1, vmode: 1 | 256 | 512, rotate: 2, red: { ...field(16, 8), msb_right: 1 } };
    expect(probe.putVar(asked).v).toMatchObject({ grayscale: 0, nonstd: 0, vmode: 0, rotate: 0, red: field(16, 8) });
  });

  it("keeps the timings that are asked for", () => {
    const probe = new FbProbe();
    expect(probe.putVar({ pixclock: 39_722, sync: 3 }).v).toMatchObject({ pixclock: 39_722, sync: 3 });
    expect(probe.getVar()).toMatchObject({ pixclock: 39_722, sync: 3 });
  });
});
