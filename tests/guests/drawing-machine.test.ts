/** The drawing guests on the whole machine: what the screen shows is what the golden pictures show. */
import { expect, test } from "vitest";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { guests } from "../../guests/index.ts";
import { Computer } from "../../src/computer.ts";
import { goldenPicture } from "./golden.ts";

const WIDTH = 160;
const HEIGHT = 120;

/** Red, green and blue of the screen after a guest has ended. */
const show = async (command: string, format: number): Promise<Uint8Array> => {
  const computer = await Computer.create({ display: { width: WIDTH, height: HEIGHT, format } });
  const argv = command.split(" ");
  expect(await computer.spawn(guests[argv[0]!]!.main, { argv }).exited).toEqual({ code: 0 });
  const { data } = computer.frame().picture;
  return Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]!);
};

const WAYS = ["", " --pinned", " --copied", " --copied --pinned"];

test.each(["plasma", "mandelbrot", "bounce"])("%s shows its golden picture on every path", async (name) => {
  for (const way of WAYS) {
    const shown = await show(`${name} --frames 1${way}`, FORMAT_XRGB8888);
    expect(shown).toEqual(goldenPicture(`${name}-xrgb8888`, WIDTH, HEIGHT, shown));
  }
  const swapped = await show(`${name} --frames 1`, FORMAT_XBGR8888);
  expect(swapped).toEqual(goldenPicture(`${name}-xrgb8888`, WIDTH, HEIGHT, swapped));
  const indexed = await show(`${name} --frames 1`, FORMAT_C8);
  expect(indexed).toEqual(goldenPicture(`${name}-c8`, WIDTH, HEIGHT, indexed));
});

test.each([FORMAT_XRGB8888, FORMAT_RGB565, FORMAT_C8])(
  "bounce's sixtieth frame, format %i: direct is copied",
  async (format) => {
    const direct = await show("bounce", format);
    for (const way of WAYS.slice(1)) expect(await show(`bounce${way}`, format)).toEqual(direct);
  },
);

// Issue: 60 vertical blanks a second of virtual time.
test("sixty frames of bounce take a second", async () => {
  const computer = await Computer.create({ display: { width: WIDTH, height: HEIGHT } });
  const before = computer.kernel.clock.now;
  await computer.spawn(guests.bounce!.main, { argv: ["bounce"] }).exited;
  const seconds = (computer.kernel.clock.now - before) / 1e9;
  expect(seconds).toBeGreaterThan(0.98);
  expect(seconds).toBeLessThan(1.02);
});
