/**
 * The drawing programs in C draw what their twins in TypeScript draw, byte for byte. They run under qemu, with the card
 * of fake-screen.c behind /dev/fb0.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fbFixScreeninfo, fbVarScreeninfo } from "../../abi/fb.ts";
import { type Ramp, sampleRamp } from "../../guests/colour.ts";
import { drawingGuest } from "../../guests/drawing-guest.ts";
import { type Guest, guests } from "../../guests/index.ts";
import { compileC, drawingSources } from "../../tools/c-programs.ts";
import { named, noCompiler, noQemu, type Ran, runElf } from "./c/toolchain.ts";
import { FakeScreen, type Format } from "./fake-screen.ts";

const FORMATS: readonly Format[] = ["xrgb8888", "xbgr8888", "rgb565", "c8"];
const NAMES = ["plasma", "bounce", "fill", "scroll"] as const;
const reason = noQemu ?? noCompiler;

const RING: Ramp = {
  cyclic: true,
  entries: 64,
  stops: [0x16324f, 0x1f7a8c, 0x9bc53d, 0xfde74c, 0xf26430, 0x8e3b6d],
};
/** What fill.c says it draws: in frame f, colour f of 64, undithered. */
const fill = drawingGuest({
  name: "fill",
  summary: "",
  frames: 60,
  ramps: [RING],
  make(encoder, width, height) {
    const colours = sampleRamp(RING, 64);
    return (surface, frame) => {
      const row = new Uint32Array(width).fill(encoder.encode(colours[frame % 64]!, 0, 0));
      for (let y = 0; y < height; y++) surface.row(0, y, row, width);
    };
  },
});

const DYES: Ramp = { cyclic: true, entries: 128, stops: [0x2b2d42, 0x5c7aa6, 0xedf2f4, 0xe2a76f, 0x9a3b3b] };
/** What scroll.c's screen must hold after frame f, drawn without moving anything: the cloth from line 8 f on. */
const scroll = drawingGuest({
  name: "scroll",
  summary: "",
  frames: 60,
  ramps: [DYES],
  make(encoder, width, height) {
    const dyes = sampleRamp(DYES);
    return (surface, frame) => {
      for (let y = 0; y < height; y++) {
        const thread = 8 * frame + y;
        const row = Uint32Array.from({ length: width }, (_, x) =>
          encoder.encode(dyes[((x ^ thread) * 4 + thread) % 1024]!, x, y),
        );
        surface.row(0, y, row, width);
      }
    };
  },
});

const TWINS: Readonly<Record<string, Guest>> = { ...guests, fill, scroll };

describe.skipIf(reason !== null)(named("drawing programs in C", reason), () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "scanout-draw-"));
    const programs = NAMES.map((name) => ({
      elf: `${name}.elf`,
      sources: [...drawingSources(name), "tests/guests/c/fake-screen.c"],
      exact: true,
      wrap: ["open", "ioctl", "mmap", "pwrite"],
    }));
    const info = { ...programs[0]!, elf: "fbinfo.elf", sources: ["guests/c/fbinfo.c", "tests/guests/c/fake-screen.c"] };
    await compileC([...programs, info], folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  interface Screen {
    readonly width?: number;
    readonly height?: number;
    readonly format?: Format;
    readonly fails?: "open" | "mmap" | "pwrite";
    readonly env?: Readonly<Record<string, string>>;
  }
  const run = (
    command: string,
    { width = 64, height = 48, format = "xrgb8888", fails, env = {} }: Screen = {},
  ): Ran => {
    const [name, ...args] = command.split(" ");
    const screen = {
      SCREEN_WIDTH: `${width}`,
      SCREEN_HEIGHT: `${height}`,
      SCREEN_FORMAT: format,
      ...(fails === undefined ? {} : { SCREEN_FAILS: fails }),
    };
    return runElf(join(folder, `${name}.elf`), args, { env: { ...screen, ...env } });
  };

  /** The palette and the frames, as fake-screen.c prints them. */
  const twin = async (command: string, screen: Screen): Promise<Buffer> => {
    const argv = command.split(" ");
    const fake = new FakeScreen(argv, screen);
    expect(await fake.run(TWINS[argv[0]!]!)).toBe(0);
    return Buffer.concat([Uint8Array.from(fake.palette.flat()), ...fake.frames]);
  };

  // Issue: "The picture of a C guest equals the picture of its TypeScript twin."
  describe.each(NAMES)("%s", (name) => {
    test.each(FORMATS)("draws its twin's %s frames, direct and copied", async (format) => {
      const screen = { width: 160, height: 120, format };
      const expected = await twin(`${name} --frames 5`, screen);
      const { status, out, error } = run(`${name} --frames 5`, { ...screen, fails: "pwrite" });
      expect([status, error]).toEqual([0, ""]);
      expect(out.equals(expected)).toBe(true);
      const copied = run(`${name} --frames 5 --copied`, { ...screen, fails: "mmap" });
      expect([copied.status, copied.error]).toEqual([0, ""]);
      expect(copied.out.equals(expected)).toBe(true);
    });

    test.each([
      [97, 61],
      [33, 7],
      [400, 100],
    ])("draws them at %i × %i", async (width, height) => {
      const expected = await twin(`${name} --frames 3`, { width, height });
      expect(run(`${name} --frames=3`, { width, height }).out.equals(expected)).toBe(true);
    });
  });

  test("bounce's balls move as their twins do", async () => {
    const expected = await twin("bounce --frames 150", {});
    expect(run("bounce --frames 150").out.equals(expected)).toBe(true);
  });

  test.each(NAMES)("%s draws as many frames as FRAMES says, else its own number", (name) => {
    const frame = 64 * 48 * 4;
    expect(run(name, { env: { FRAMES: "2" } }).out.length).toBe(2 * frame);
    expect(run(`${name} --frames 3`, { env: { FRAMES: "2" } }).out.length).toBe(3 * frame);
    const own = name === "plasma" ? 1 : 60;
    expect(run(name).out.length).toBe(own * frame);
    expect(run(name, { env: { FRAMES: "02" } }).out.length).toBe(own * frame);
  });

  // Fields in the order of linux/fb.h.
  test("fbinfo prints both structures, a field a line", () => {
    const { status, out } = run("fbinfo", { width: 640, height: 480, format: "rgb565" });
    expect(status).toBe(0);
    const lines = out.toString().trimEnd().split("\n");
    const fields = (all: object): string[] => Object.keys(all).filter((name) => name !== "reserved");
    expect(lines.map((line) => line.split(" ")[0])).toEqual([
      ...fields(fbFixScreeninfo.read(new Uint8Array(80))),
      ...fields(fbVarScreeninfo.read(new Uint8Array(160))),
    ]);
    // A line is 16 bytes longer than its pixels; the memory is whole pages.
    for (const line of [
      "id             fake",
      "smem_start     0x40000000",
      "smem_len       622592",
      "line_length    1296",
      "xres           640",
      "yres           480",
      "bits_per_pixel 16",
      "red            offset 11 length 5 msb_right 0",
      "green          offset 5 length 6 msb_right 0",
      "transp         offset 0 length 0 msb_right 0",
    ]) {
      expect(lines).toContain(line);
    }
  });

  // The same lines as the twins' (drawing.test.ts).
  test.each([
    ["plasma --shiny", 'plasma: unknown option "--shiny"\n'],
    ["plasma fast", 'plasma: unknown option "fast"\n'],
    ["plasma --pinned", 'plasma: unknown option "--pinned"\n'],
    ["bounce --frames", 'bounce: --frames takes a number from 1, not ""\n'],
    ["bounce --frames=0", 'bounce: --frames takes a number from 1, not "0"\n'],
    ["fill --frames 1e3", 'fill: --frames takes a number from 1, not "1e3"\n'],
    ["fill --frames 1000000000", 'fill: --frames takes a number from 1, not "1000000000"\n'],
    ["scroll --copied=1", 'scroll: unknown option "--copied=1"\n'],
  ])("%s: one line on stderr and status 2", (command, message) => {
    const { status, out, error } = run(command);
    expect([status, out.toString(), error]).toEqual([2, "", message]);
  });

  test("--help prints every option and draws nothing", () => {
    const { status, out } = run("bounce --help", { fails: "open" });
    expect(status).toBe(0);
    for (const option of ["usage: bounce ", "--frames N", "60 unless", "--copied", "--help"]) {
      expect(out.toString()).toContain(option);
    }
  });

  // perror(3), and status 1.
  test.each([
    ["plasma", "open", "/dev/fb0: No such file or directory\n"],
    ["plasma", "mmap", "/dev/fb0: No such device\n"],
    ["plasma --copied", "pwrite", "write: Input/output error\n"],
  ] as const)("%s when %s fails", (command, fails, message) => {
    const { status, out, error } = run(command, { fails });
    expect([status, out.length, error]).toEqual([1, 0, message]);
  });
});
