/** Truth: fbprobe-truth.ts. */
import { expect, test } from "vitest";
import { Computer } from "../../../src/computer.ts";
import { bootTestKernel } from "../boot.ts";
import { fbprobe, fbprobeMemory } from "./fbprobe.ts";
import { AS_DRM, drm, expected, OURS, vfb, withoutPlace } from "./fbprobe-truth.ts";
import { vfb as vfbDriver } from "./vfb.ts";

const MIB = 0x10_0000;

test("every line that the program printed on Linux", async () => {
  let output = "";
  const computer = await Computer.create({
    // vfb's sizes, so that the figures are its own.
    videoMemory: 8 * MIB,
    display: { width: 1024, height: 768 },
    onOutput: (bytes) => {
      output += Buffer.from(bytes).toString();
    },
  });
  expect(await computer.spawn(fbprobe, { argv: ["fbprobe"] }).exited).toEqual({ code: 0 });
  expect(withoutPlace(output.split("\n"))).toEqual(withoutPlace(expected));
});

test("the lists name only lines that need to be named", () => {
  for (const number of AS_DRM.keys()) expect(drm[number - 1], `line ${number}`).not.toBe(vfb[number - 1]);
  for (const [number, [line]] of OURS) expect([vfb[number - 1], drm[number - 1]]).not.toContain(line);
});

test("vfb's own way of mapping gets every line of vfb's recording", async () => {
  const { kernel, output } = await bootTestKernel();
  expect(kernel.insmod(vfbDriver)).toBe(0);
  expect(await kernel.spawn(fbprobeMemory, { argv: ["fbprobe"] }).exited).toEqual({ code: 0 });
  const fromMmap = (lines: string[]): string[] => lines.slice(lines.findIndex((line) => line.startsWith("mmap(")));
  expect(withoutPlace(fromMmap(output().split("\n")))).toEqual(withoutPlace(fromMmap(vfb)));
  expect(kernel.rmmod("vfb")).toBe(0);
  expect(kernel.log.lines.filter((line) => line.text.startsWith("BUG"))).toEqual([]);
});
