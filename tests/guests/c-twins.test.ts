/** The C programs of guests/c on the hart draw what their TypeScript twins draw, mapped and copied, byte for byte. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { guests } from "../../guests/index.ts";
import { Computer } from "../../src/computer.ts";

const FORMATS = { xrgb8888: FORMAT_XRGB8888, xbgr8888: FORMAT_XBGR8888, rgb565: FORMAT_RGB565, c8: FORMAT_C8 };

const draw = async (format: number, start: (computer: Computer) => Promise<unknown>): Promise<Uint8ClampedArray> => {
  const computer = await Computer.create({ display: { width: 160, height: 120, format } });
  expect(await start(computer)).toEqual({ code: 0 });
  return computer.frame().picture.data.slice();
};

const inC = (name: string, argv: string[]) => (computer: Computer) =>
  computer.spawnFile(`/bin/${name}`, readFileSync(`guests/c/bin/${name}.elf`), { argv: [name, ...argv] }).exited;

const cases = ["plasma", "bounce"].flatMap((name) => Object.keys(FORMATS).map((format) => [name, format] as const));

test.each(cases)("%s in %s", async (name, format) => {
  const number = FORMATS[format as keyof typeof FORMATS];
  const twin = guests[name]!.main;
  const argv = ["--frames", "4"];
  const typed = await draw(number, (computer) => computer.spawn(twin, { argv: [name, ...argv] }).exited);
  expect(new Set(new Uint32Array(typed.buffer)).size).toBeGreaterThan(30);
  expect(await draw(number, inC(name, argv))).toEqual(typed);
  expect(await draw(number, inC(name, [...argv, "--copied"]))).toEqual(typed);
});
