/** `--gif` and `--apng`, read back by decoders that are not ours, against the frames that `--png` writes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeApng } from "fast-png";
import { GifReader } from "omggif";
import { afterAll, expect, test } from "vitest";
import { decodePNG } from "../../src/display/png.ts";
import { colours } from "../display/pictures.ts";
import { scanout } from "./scanout.ts";

const folder = mkdtempSync(join(tmpdir(), "scanout-films-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a film has the frames that the screen showed", () => {
  const files = ["--gif", "a/f.gif", "--apng", "a/f.png", "--png", "f-%d.png"];
  const { code, stdout, stderr } = scanout(["run", ...files, "--frames", "6", "--size", "64x48", "bounce"], {
    cwd: folder,
  });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
  const { frames } = decodeApng(readFileSync(join(folder, "a/f.png")));
  const last = colours(decodePNG(readFileSync(join(folder, "f-6.png"))));
  // Rows that a frame does not cover are clear in what the reader gives.
  const canvas = new Uint8Array(64 * 48 * 4);
  for (const { data } of frames) {
    for (let at = 0; at < canvas.length; at += 4) if (data[at + 3]! > 0) canvas.set(data.subarray(at, at + 4), at);
  }
  expect(frames.length).toBe(6);
  expect(colours({ data: canvas })).toEqual(last);
  const gif = new GifReader(readFileSync(join(folder, "a/f.gif")));
  expect([gif.width, gif.height]).toEqual([64, 48]);
  // At most fifty pictures a second: of six, four or five remain.
  expect(gif.numFrames()).toBeGreaterThanOrEqual(3);
  expect(gif.numFrames()).toBeLessThanOrEqual(5);
});

writeFileSync(join(folder, "file"), "");

test("a folder that cannot be made is said before anything runs", () => {
  const { code, stderr } = scanout(["run", "--gif", "file/f.gif", "bounce"], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain("cannot write file/f.gif");
});

test("--terminal without a terminal, and graphics that nobody knows", () => {
  expect(scanout(["run", "--terminal", "plasma"], { cwd: folder })).toMatchObject({ code: 2 });
  const { code, stderr } = scanout(["run", "--terminal", "--graphics", "ascii", "plasma"], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain("--graphics ascii: expected kitty, sixel, blocks or auto");
});
