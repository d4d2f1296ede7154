import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { PICTURE, PICTURE_SIZE, VIDEO_MEMORY_SIZE } from "../../assembly/layout.ts";
import {
  FORMAT_C8,
  FORMAT_RGB565,
  FORMAT_XBGR8888,
  FORMAT_XRGB8888,
  SCANOUT_REFUSED,
} from "../../assembly/scanout-format.ts";
import { ScanoutInstance } from "./scanout-instance.ts";

let machine: ScanoutInstance;
beforeAll(() => {
  machine = new ScanoutInstance();
});

type Rgb = [red: number, green: number, blue: number];
const palette: Rgb[] = Array.from({ length: 256 }, (_, i) => [(i * 7) & 255, 255 - i, (i * 31 + 5) & 255]);

const BYTES = { [FORMAT_XRGB8888]: 4, [FORMAT_XBGR8888]: 4, [FORMAT_RGB565]: 2, [FORMAT_C8]: 1 } as Record<
  number,
  number
>;

/**
 * Truth: drm_fourcc.h (XRGB8888 "[31:0] x:R:G:B", XBGR8888 "x:B:G:R", RGB565 "[15:0] R:G:B 5:6:5", C8 "[7:0] C"), all little-endian.
 */
function pixel(bytes: Uint8Array, at: number, format: number): Rgb {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === FORMAT_C8) return palette[view.getUint8(at)]!;
  if (format === FORMAT_RGB565) {
    const v = view.getUint16(at, true);
    return [widen(Math.floor(v / 2048), 5), widen(Math.floor(v / 32) % 64, 6), widen(v % 32, 5)];
  }
  const v = view.getUint32(at, true);
  const [high, middle, low] = [Math.floor(v / 65536) % 256, Math.floor(v / 256) % 256, v % 256];
  return format === FORMAT_XRGB8888 ? [high, middle, low] : [low, middle, high];
}

/** Bit replication as the field does it: the value repeated from the top until eight bits are full. */
function widen(value: number, bits: number): number {
  const text = value.toString(2).padStart(bits, "0").repeat(2).slice(0, 8);
  return Number.parseInt(text, 2);
}

interface Frame {
  format: number;
  width: number;
  height: number;
  stride: number;
  start: number;
}

/** The rows of the reference picture that touch a damaged page; the others stay as `before` had them. */
function reference(frame: Frame, damage: ReadonlySet<number> | "all", before: Uint8Array) {
  const { format, width, height, stride, start } = frame;
  const size = BYTES[format]!;
  const out = Uint8Array.from(before);
  const rows: number[] = [];
  for (let y = 0; y < height; y++) {
    const row = start + y * stride;
    let touched = damage === "all";
    for (let byte = row; byte < row + width * size; byte++) touched ||= (damage as Set<number>).has(byte >> 12);
    if (!touched) continue;
    rows.push(y);
    const bytes = machine.video(row, width * size);
    for (let x = 0; x < width; x++) out.set([...pixel(bytes, x * size, format), 255], (y * width + x) * 4);
  }
  return { out, rows };
}

const run = (frame: Frame, all: boolean) =>
  machine.exports.scanout(frame.format, frame.width, frame.height, frame.stride, frame.start, all ? 1 : 0);

const frames: fc.Arbitrary<Frame> = fc
  .record({
    format: fc.constantFrom(FORMAT_XRGB8888, FORMAT_XBGR8888, FORMAT_RGB565, FORMAT_C8),
    width: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 2500 })),
    height: fc.integer({ min: 1, max: 24 }),
    padding: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9000 })),
    start: fc.integer({ min: 0, max: 40_000 }),
  })
  .map(({ padding, ...frame }) => ({ ...frame, stride: frame.width * BYTES[frame.format]! + padding }));

/** Seeded bytes: xorshift32. */
function noise(into: Uint8Array, seed: number): void {
  let x = seed | 1;
  for (let i = 0; i < into.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    into[i] = x;
  }
}

describe("scanout against a naive converter", () => {
  it("converts every format at any width, stride and start", () => {
    machine.setPalette(palette);
    fc.assert(
      fc.property(frames, fc.integer(), (frame, seed) => {
        const { width, height, stride, start } = frame;
        noise(machine.video(start, stride * height), seed);
        const picture = machine.picture(width, height);
        noise(picture, seed + 1);
        const expected = reference(frame, "all", picture);
        const behind = machine.memory.slice(PICTURE + picture.length, PICTURE + picture.length + 64);
        expect(run(frame, true)).toBe(height);
        expect([machine.exports.scanoutTop(), machine.exports.scanoutBottom()]).toEqual([0, height]);
        expect(Buffer.compare(picture, expected.out)).toBe(0);
        expect(machine.memory.slice(PICTURE + picture.length, PICTURE + picture.length + 64)).toEqual(behind);
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it("converts the rows that touch a damaged page, and no other", () => {
    machine.setPalette(palette);
    fc.assert(
      fc.property(frames, fc.integer(), fc.array(fc.nat({ max: 90 }), { maxLength: 6 }), (frame, seed, pages) => {
        const { width, height, stride, start } = frame;
        noise(machine.video(start, stride * height), seed);
        const picture = machine.picture(width, height);
        noise(picture, seed + 1);
        const { out, rows } = reference(frame, new Set(pages), picture);
        machine.setDamage(pages);
        expect(run(frame, false)).toBe(rows.length);
        expect(machine.exports.scanoutTop()).toBe(rows.length === 0 ? 0 : rows[0]);
        expect(machine.exports.scanoutBottom()).toBe(rows.length === 0 ? 0 : rows.at(-1)! + 1);
        expect(Buffer.compare(picture, out)).toBe(0);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("finds damage of the page behind a row, beyond the first 64 pages, and in the last page of 64 MiB", () => {
    // 1024 * 4 bytes: a row is a page, so a damaged page n is row n.
    const frame = { format: FORMAT_XRGB8888, width: 1024, height: 768, stride: 4096, start: 0 };
    for (const pages of [[1], [63], [64], [130, 700], [767]]) {
      machine.setDamage(pages);
      expect(run(frame, false)).toBe(pages.length);
      expect([machine.exports.scanoutTop(), machine.exports.scanoutBottom()]).toEqual([pages[0], pages.at(-1)! + 1]);
    }
    machine.setDamage([768]);
    expect(run(frame, false)).toBe(0);
    machine.setDamage([16383]);
    expect(run({ ...frame, height: 1, start: VIDEO_MEMORY_SIZE - 4096 }, false)).toBe(1);
  });
});

describe("colours", () => {
  it("widens all 65,536 values of rgb565 by copying the high bits: within one step of v * 255 / max", () => {
    const video = machine.video(0, 0x2_0000);
    for (let v = 0; v < 0x1_0000; v++) video.set([v & 255, v >> 8], v * 2);
    expect(run({ format: FORMAT_RGB565, width: 256, height: 256, stride: 512, start: 0 }, true)).toBe(256);
    const picture = machine.picture(256, 256);
    const wrong: number[] = [];
    for (let v = 0; v < 0x1_0000; v++) {
      const [red, green, blue] = [v >> 11, (v >> 5) & 63, v & 31];
      const copied = [(red << 3) | (red >> 2), (green << 2) | (green >> 4), (blue << 3) | (blue >> 2), 255];
      const exact = [(red * 255) / 31, (green * 255) / 63, (blue * 255) / 31, 255];
      const found = picture.subarray(v * 4, v * 4 + 4);
      if (copied.some((value, i) => value !== found[i] || Math.abs(value - exact[i]!) >= 1)) wrong.push(v);
    }
    expect(wrong).toEqual([]);
    expect([...picture.subarray(-4)]).toEqual([255, 255, 255, 255]);
  });

  it("looks c8 up in the palette, every index", () => {
    machine.setPalette(palette);
    machine.video(0, 256).set(Array.from({ length: 256 }, (_, i) => i));
    expect(run({ format: FORMAT_C8, width: 256, height: 1, stride: 256, start: 0 }, true)).toBe(1);
    expect([...machine.picture(256, 1)]).toEqual(palette.flatMap((rgb) => [...rgb, 255]));
  });

  it("makes alpha 255 whatever the x byte holds", () => {
    machine.video(0, 8).set([1, 2, 3, 0, 4, 5, 6, 0x80]);
    run({ format: FORMAT_XRGB8888, width: 2, height: 1, stride: 8, start: 0 }, true);
    expect([...machine.picture(2, 1)]).toEqual([3, 2, 1, 255, 6, 5, 4, 255]);
    run({ format: FORMAT_XBGR8888, width: 2, height: 1, stride: 8, start: 0 }, true);
    expect([...machine.picture(2, 1)]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  });
});

describe("a frame outside video memory or the picture is refused, and nothing is written", () => {
  const good: Frame = { format: FORMAT_XRGB8888, width: 16, height: 8, stride: 64, start: 0 };
  const U32 = 0xffff_ffff;
  const cases: [string, Partial<Frame>][] = [
    ["unknown format", { format: 4 }],
    ["format -1", { format: -1 }],
    ["no width", { width: 0 }],
    ["no height", { height: 0 }],
    ["stride shorter than a row", { stride: 63 }],
    ["one byte too far", { start: VIDEO_MEMORY_SIZE - 8 * 64 + 1 }],
    ["start -1", { start: -1 }],
    ["stride * height wraps", { stride: U32 }],
    ["width * 4 wraps", { width: 0x4000_0001, stride: U32 }],
    ["width * height * 4 wraps", { format: FORMAT_C8, width: 0x8000, height: 0x8000_0001, stride: 0x8000 }],
    ["more pixels than the picture holds", { format: FORMAT_C8, width: 4096, height: 4097, stride: 4096 }],
    ["everything at its largest", { width: U32, height: U32, stride: U32, start: U32 }],
  ];
  it.each(cases)("%s", (_name, change) => {
    const before = machine.memory.slice(PICTURE, PICTURE + 4096);
    expect(run({ ...good, ...change }, true)).toBe(SCANOUT_REFUSED);
    expect([machine.exports.scanoutTop(), machine.exports.scanoutBottom()]).toEqual([0, 0]);
    expect(Buffer.compare(machine.memory.subarray(PICTURE, PICTURE + 4096), before)).toBe(0);
  });

  it("knows the machine's video memory, not the largest there is", () => {
    machine.setVramSize(0x10_0000);
    expect(run({ ...good, start: 0x10_0000 - 8 * 64 }, true)).toBe(8);
    expect(run({ ...good, start: 0x10_0000 - 8 * 64 + 1 }, true)).toBe(SCANOUT_REFUSED);
    machine.setVramSize(VIDEO_MEMORY_SIZE);
  });

  it("accepts the last frame that fits, and the largest picture", () => {
    expect(run({ ...good, start: VIDEO_MEMORY_SIZE - 8 * 64 }, true)).toBe(8);
    const largest = { format: FORMAT_C8, width: 4096, height: 4096, stride: 4096, start: 0 };
    expect(largest.width * largest.height * 4).toBe(PICTURE_SIZE);
    expect(run(largest, true)).toBe(4096);
  });
});
