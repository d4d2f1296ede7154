/**
 * touch-paint, with a scripted hand: it paints the picture that was looked at, in TypeScript and in C, byte for byte.
 * The places are the middles of the script's pixels, so that no rounding decides.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { touchPaint } from "../../guests/touch-paint.ts";
import { Computer, type ComputerOptions } from "../../src/computer.ts";
import { goldenPicture } from "./golden.ts";

const WIDTH = 160;
const HEIGHT = 120;

const inTypeScript = (computer: Computer) => computer.spawn(touchPaint.main, { argv: ["touch-paint"] }).exited;
const inC = (computer: Computer) =>
  computer.spawnFile("/bin/touch-paint", readFileSync("guests/c/bin/touch-paint.elf"), { argv: ["touch-paint"] })
    .exited;

/** What the hand does, a step a millisecond. */
const script = (): ((computer: Computer) => void)[] => {
  const steps: ((computer: Computer) => void)[] = [];
  const at = (x: number, y: number, buttons: number) =>
    steps.push(({ input }) => input.pointer({ x: (x + 0.5) / WIDTH, y: (y + 0.5) / HEIGHT, buttons }));
  const key = (code: string) =>
    steps.push(
      ({ input }) => input.key(code, "down"),
      ({ input }) => input.key(code, "up"),
    );
  // Something that goes away.
  at(80, 60, 1);
  at(80, 60, 0);
  key("KeyC");
  // A yellow sun: the third colour, from the strip.
  at(50, 8, 1);
  at(50, 8, 0);
  for (let i = 0; i <= 16; i++) {
    at(Math.round(118 + 18 * Math.cos((i * Math.PI) / 8)), Math.round(46 + 18 * Math.sin((i * Math.PI) / 8)), 1);
  }
  at(118, 46, 0);
  // A white house, a red roof, a green field.
  key("Digit1");
  for (const [x, y] of [
    [20, 60],
    [60, 60],
    [60, 100],
    [20, 100],
    [20, 60],
  ] as const) {
    at(x, y, 1);
  }
  at(20, 60, 0);
  key("Digit2");
  for (const [x, y] of [
    [16, 60],
    [40, 34],
    [64, 60],
  ] as const) {
    at(x, y, 1);
  }
  at(64, 60, 0);
  key("Digit4");
  at(0, 106, 1);
  at(159, 106, 1);
  at(159, 112, 1);
  at(0, 118, 1);
  at(0, 118, 0);
  // The right button does not paint.
  at(100, 100, 2);
  at(120, 90, 2);
  key("KeyQ");
  return steps;
};

const paint = async (
  start: (computer: Computer) => Promise<unknown>,
  options: ComputerOptions,
): Promise<Uint8Array> => {
  const computer = await Computer.create(options);
  const steps = script();
  const next = (): void => {
    steps.shift()?.(computer);
    if (steps.length > 0) computer.kernel.clock.at(computer.kernel.clock.now + 1e6, next);
  };
  // Time for the program to begin: an ELF takes a nanosecond for each instruction.
  computer.kernel.clock.at(50e6, next);
  expect(await start(computer)).toEqual({ code: 0 });
  const { data } = computer.frame().picture;
  return Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]!);
};

test.each([
  ["xrgb8888", FORMAT_XRGB8888],
  ["xbgr8888", FORMAT_XBGR8888],
  ["c8", FORMAT_C8],
])("the picture that was looked at, in %s", async (_name, format) => {
  const options = { display: { width: WIDTH, height: HEIGHT, format } };
  const painted = await paint(inTypeScript, options);
  expect(painted).toEqual(goldenPicture("touch-paint", WIDTH, HEIGHT, painted));
  expect(await paint(inC, options)).toEqual(painted);
});

test("rgb565, and a finger on a touchscreen", async () => {
  const options: ComputerOptions = {
    display: { width: WIDTH, height: HEIGHT, format: FORMAT_RGB565 },
    pointer: "touchscreen",
  };
  const painted = await paint(inTypeScript, options);
  expect(await paint(inC, options)).toEqual(painted);
  // Five bits of 0x55 are 10, and come back as 82.
  const golden = goldenPicture("touch-paint", WIDTH, HEIGHT, painted);
  expect(painted.map((value) => (value < 0x60 && value > 0 ? 0x55 : value))).toEqual(golden);
});
