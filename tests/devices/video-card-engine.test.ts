/**
 * The 2D engine. Truth: the data sheet in devices/hardware/video-card-registers.ts by the offsets it prints, and a
 * model that moves pixel after pixel through a copy of all of video memory.
 */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { FORMAT_C8 } from "../../assembly/scanout-format.ts";
import { Bus } from "../../devices/hardware/bus.ts";
import { VideoCard } from "../../devices/hardware/video-card.ts";

const BASE = 0x1100_0000;
const [COMMAND, STATUS, COUNT, PIXEL_SIZE, COLOUR] = [0x080, 0x084, 0x088, 0x08c, 0x090];
const [TARGET_BASE, TARGET_PITCH, TARGET_POSITION] = [0x094, 0x098, 0x09c];
const [SOURCE_BASE, SOURCE_PITCH, SOURCE_POSITION] = [0x0a0, 0x0a4, 0x0a8];
const [SIZE, CLIP_START, CLIP_END] = [0x0ac, 0x0b0, 0x0b4];
const [FILL, COPY] = [1, 2];
const REFUSED = 2;
const SIZE_OF_MEMORY = 4096;
/** Bytes around video memory that must stay as they are. */
const GUARD = 64;

let whole: Uint8Array<ArrayBuffer>;
let memory: Uint8Array<ArrayBuffer>;
let written: [offset: number, length: number][];
let bus: Bus;
const read = (offset: number) => bus.read(BASE + offset, 4);
const write = (offset: number, value: number) => void bus.write(BASE + offset, 4, value >>> 0, 0);
/** x in the low half, y in the high one. */
const pair = (x: number, y: number) => ((x & 0xffff) | (y << 16)) >>> 0;

beforeEach(() => {
  whole = new Uint8Array(SIZE_OF_MEMORY + 2 * GUARD).fill(0xee);
  memory = whole.subarray(GUARD, GUARD + SIZE_OF_MEMORY);
  for (let i = 0; i < SIZE_OF_MEMORY; i++) memory[i] = (i * 7 + (i >> 8)) & 0xff;
  written = [];
  const card = new VideoCard(
    SIZE_OF_MEMORY,
    { width: 8, height: 8, format: FORMAT_C8 },
    { bytes: memory, written: (offset, length) => written.push([offset, length]) },
  );
  bus = new Bus();
  bus.attach(BASE, card.device);
});

test("a fill stores one colour in a rectangle, and nothing beside it", () => {
  write(PIXEL_SIZE, 4);
  write(COLOUR, 0x00ff_8040);
  write(TARGET_BASE, 256);
  write(TARGET_PITCH, 64);
  write(TARGET_POSITION, pair(3, 2));
  write(SIZE, pair(4, 3));
  const expected = memory.slice();
  for (let y = 2; y < 5; y++) {
    for (let x = 3; x < 7; x++) expected.set([0x40, 0x80, 0xff, 0], 256 + y * 64 + x * 4);
  }
  expect(read(COUNT)).toBe(0);
  write(COMMAND, FILL);
  expect(memory).toEqual(expected);
  expect([read(STATUS), read(COUNT), read(COMMAND)]).toEqual([0, 1, 0]);
  // From the first pixel to the last: 256 + 2 * 64 + 3 * 4, two rows and four pixels further.
  expect(written).toEqual([[396, 144]]);
});

test("registers read what was written; CLIP_END begins with everything", () => {
  expect(read(CLIP_END)).toBe(0x7fff_7fff);
  for (let offset = PIXEL_SIZE; offset <= CLIP_END; offset += 4) {
    write(offset, 0xfedc_0000 + offset);
    expect(read(offset)).toBe(0xfedc_0000 + offset);
  }
});

describe("refused, with nothing written", () => {
  const legal: Record<number, number> = {
    [PIXEL_SIZE]: 4,
    [TARGET_PITCH]: 64,
    [SOURCE_PITCH]: 64,
    [SIZE]: pair(4, 4),
    [SOURCE_POSITION]: pair(8, 8),
  };
  test.each<[string, number, Record<number, number>]>([
    ["an unknown command", 3, {}],
    ["command 0", 0, {}],
    ["a pixel of 3 bytes", FILL, { [PIXEL_SIZE]: 3 }],
    ["a pixel of no bytes", FILL, { [PIXEL_SIZE]: 0 }],
    ["a base between pixels", FILL, { [TARGET_BASE]: 2 }],
    ["a pitch between pixels", COPY, { [SOURCE_PITCH]: 66 }],
    ["a row longer than its pitch", FILL, { [TARGET_POSITION]: pair(13, 0) }],
    ["no pitch", FILL, { [TARGET_PITCH]: 0 }],
    ["a target that ends behind video memory", FILL, { [TARGET_BASE]: SIZE_OF_MEMORY - 3 * 64 - 12 }],
    ["a target beyond it", FILL, { [TARGET_BASE]: 0xffff_fffc }],
    ["a pitch that leaves it", FILL, { [TARGET_PITCH]: 0xffff_fffc }],
    ["a source that ends behind it", COPY, { [SOURCE_BASE]: SIZE_OF_MEMORY - 512 }],
    ["a source left of its first pixel", COPY, { [SOURCE_POSITION]: pair(-1, 0) }],
    ["a source above it", COPY, { [SOURCE_POSITION]: pair(0, -1) }],
    [
      "a target left of its first pixel that the clip lets through",
      FILL,
      {
        [TARGET_POSITION]: pair(-2, 0),
        [CLIP_START]: pair(-5, 0),
      },
    ],
  ])("%s", (_name, command, registers) => {
    const before = whole.slice();
    for (const [offset, value] of Object.entries({ ...legal, ...registers })) write(Number(offset), value);
    write(COMMAND, command);
    expect([read(STATUS), read(COUNT)]).toEqual([REFUSED, 0]);
    expect(whole).toEqual(before);
    expect(written).toEqual([]);
    // "set until an operation succeeds"
    for (const [offset, value] of Object.entries({ ...legal, [TARGET_BASE]: 0, [CLIP_START]: 0 })) {
      write(Number(offset), value);
    }
    write(TARGET_POSITION, 0);
    write(SOURCE_BASE, 0);
    write(COMMAND, COPY);
    expect([read(STATUS), read(COUNT)]).toEqual([0, 1]);
  });
});

test("one that is clipped away altogether succeeds and writes nothing", () => {
  write(PIXEL_SIZE, 1);
  write(TARGET_PITCH, 64);
  write(SIZE, pair(4, 4));
  write(CLIP_START, pair(4, 0));
  write(COMMAND, FILL);
  expect([read(STATUS), read(COUNT), written]).toEqual([0, 1, []]);
});

interface Rectangle {
  readonly base: number;
  readonly pitch: number;
  readonly x: number;
  readonly y: number;
}

/** The data sheet's sentences, pixel by pixel. Null: refused. */
function model(
  before: Uint8Array,
  command: number,
  pixel: number,
  colour: number,
  target: Rectangle,
  source: Rectangle,
  [width, height]: [number, number],
  clip: { left: number; top: number; right: number; bottom: number },
): Uint8Array | null {
  const after = before.slice();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, y] = [target.x + column, target.y + row];
      if (x < clip.left || x >= clip.right || y < clip.top || y >= clip.bottom) continue;
      const place = ({ base, pitch }: Rectangle, px: number, py: number): number | null => {
        const at = base + py * pitch + px * pixel;
        const fits = px >= 0 && py >= 0 && (px + 1) * pixel <= pitch && at + pixel <= before.length;
        return fits && base % pixel === 0 && pitch % pixel === 0 ? at : null;
      };
      const to = place(target, x, y);
      const from = command === COPY ? place(source, source.x + column, source.y + row) : 0;
      if (to === null || from === null) return null;
      for (let byte = 0; byte < pixel; byte++) {
        after[to + byte] = command === COPY ? before[from + byte]! : (colour >>> (8 * byte)) & 0xff;
      }
    }
  }
  return after;
}

const position = fc.record({ x: fc.integer({ min: -6, max: 20 }), y: fc.integer({ min: -6, max: 20 }) });
const surface = fc
  .record({ base: fc.integer({ min: 0, max: 96 }), pitch: fc.integer({ min: 8, max: 40 }), at: position })
  .map(({ base, pitch, at }) => ({ base: base * 4, pitch: pitch * 4, ...at }));

test("any fill and copy is the model's, overlapping and clipped (1,000 runs)", () => {
  let refused = 0;
  let changed = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(FILL, COPY),
      fc.constantFrom(1, 2, 4),
      fc.integer({ min: 0, max: 0xffff_ffff }),
      surface,
      fc.oneof(surface, fc.constant(null)),
      fc.tuple(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 14 })),
      fc.record({ x: fc.integer({ min: -6, max: 6 }), y: fc.integer({ min: -6, max: 6 }) }),
      fc.tuple(fc.integer({ min: 4, max: 30 }), fc.integer({ min: 4, max: 30 })),
      position,
      (command, pixel, colour, target, other, size, start, end, from) => {
        // As often as not both are on one surface: that is where they overlap.
        const source = other ?? { ...target, ...from };
        write(PIXEL_SIZE, pixel);
        write(COLOUR, colour);
        write(TARGET_BASE, target.base);
        write(TARGET_PITCH, target.pitch);
        write(TARGET_POSITION, pair(target.x, target.y));
        write(SOURCE_BASE, source.base);
        write(SOURCE_PITCH, source.pitch);
        write(SOURCE_POSITION, pair(source.x, source.y));
        write(SIZE, pair(...size));
        write(CLIP_START, pair(start.x, start.y));
        write(CLIP_END, pair(...end));
        const clip = { left: start.x, top: start.y, right: end[0], bottom: end[1] };
        const expected = model(memory, command, pixel, colour, target, source, size, clip);
        const before = memory.slice();
        write(COMMAND, command);
        if (expected === null) refused++;
        else if (Buffer.compare(expected, before) !== 0) changed++;
        expect(read(STATUS)).toBe(expected === null ? REFUSED : 0);
        expect(Buffer.compare(memory, expected ?? before)).toBe(0);
      },
    ),
    { numRuns: 1000, seed: 5 },
  );
  // Both kinds of answer were seen.
  expect(refused).toBeGreaterThan(50);
  expect(changed).toBeGreaterThan(150);
});

test("no register value reaches past video memory (2,000 runs)", () => {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.constantFrom(0, 1, 2, 4, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffc, SIZE_OF_MEMORY, 0x7fff_7fff),
    fc.integer({ min: 0, max: 64 }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 13 }), value), { minLength: 1, maxLength: 14 }),
      (stores) => {
        for (const [index, stored] of stores) write(COMMAND + 4 * index, stored);
        for (const pixel of [1, 2, 4]) {
          write(PIXEL_SIZE, pixel);
          for (const command of [FILL, COPY]) write(COMMAND, command);
        }
        expect(whole.subarray(0, GUARD).every((byte) => byte === 0xee)).toBe(true);
        expect(whole.subarray(GUARD + SIZE_OF_MEMORY).every((byte) => byte === 0xee)).toBe(true);
        for (const [offset, length] of written.splice(0)) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset + length).toBeLessThanOrEqual(SIZE_OF_MEMORY);
        }
      },
    ),
    { numRuns: 2000, seed: 6 },
  );
});
