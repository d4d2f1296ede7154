/**
 * blit: what the 2D engine draws, at a few stores to its registers, is what loads and stores draw, in TypeScript and in C,
 * byte for byte; and the picture was looked at.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { blit } from "../../guests/blit.ts";
import { Computer } from "../../src/computer.ts";
import { goldenPicture } from "./golden.ts";

const WIDTH = 160;
const HEIGHT = 120;

interface Drawn {
  readonly rgb: Uint8Array;
  /** What the engine did. */
  readonly operations: number;
}

const draw = async (isC: boolean, format: number, ...args: string[]): Promise<Drawn> => {
  const computer = await Computer.create({ display: { width: WIDTH, height: HEIGHT, format } });
  const argv = ["blit", ...args];
  const { exited } = isC
    ? computer.spawnFile("/bin/blit", readFileSync("guests/c/bin/blit.elf"), { argv })
    : computer.spawn(blit.main, { argv });
  expect(await exited).toEqual({ code: 0 });
  const { data } = computer.frame().picture;
  const rgb = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]!);
  const { count, status } = computer.card.state.engine;
  expect(status).toBe(0);
  return { rgb, operations: count };
};

test.each([
  ["xrgb8888", FORMAT_XRGB8888],
  ["xbgr8888", FORMAT_XBGR8888],
  ["c8", FORMAT_C8],
  ["rgb565", FORMAT_RGB565],
])("engine and stores, TypeScript and C: one picture, in %s", async (name, format) => {
  const { rgb, operations } = await draw(false, format, "--frames", "25");
  // Four quarters and the middle; 120 lines; 24 frames of one copy and two lines; six tiles in each of 25 frames.
  expect(operations).toBe(5 + HEIGHT + 24 * 3 + 25 * 6);
  if (name !== "rgb565") expect(rgb).toEqual(goldenPicture("blit", WIDTH, HEIGHT, rgb));
  for (const [isC, ...args] of [[false, "--stores"], [true], [true, "--stores"]] as const) {
    const other = await draw(isC, format, "--frames", "25", ...args);
    expect(other.rgb).toEqual(rgb);
    expect(other.operations).toBe(args.length === 0 ? operations : 0);
  }
});

test("too little video memory for the tile: one line, and status 1", async () => {
  let error = "";
  const computer = await Computer.create({
    display: { width: 512, height: 512 },
    videoMemory: 0x10_0000,
    onError: (bytes) => {
      error += new TextDecoder().decode(bytes);
    },
  });
  expect(await computer.spawn(blit.main, { argv: ["blit"] }).exited).toEqual({ code: 1 });
  expect(error).toBe("video memory: No space left on device\n");
});
