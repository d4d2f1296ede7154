/** `scanout bench` as a shell runs it. Nothing here depends on how fast the computer is. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, expect, test, vi } from "vitest";
import { bench } from "../../src/cli/bench.ts";
import { scanout } from "./scanout.ts";

const folder = mkdtempSync(join(tmpdir(), "scanout-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("--list names the cases", () => {
  const { code, stdout, stderr } = scanout(["bench", "--list"]);
  expect([code, stderr]).toEqual([0, ""]);
  const names = stdout.trimEnd().split("\n");
  expect(new Set(names).size).toBe(names.length);
  // Issue: every scene, size, format and kind of guest, and the sweep from 100 % to 0.1 %.
  for (const guest of ["views", "mmu", "hart"]) {
    for (const size of ["320x200", "640x480", "1024x768", "1920x1080"]) {
      for (const format of ["xrgb8888", "rgb565", "c8"]) {
        for (const scene of ["fill", "plasma", "scroll", "text", "sprites", "pixel", "window"]) {
          expect(names).toContain(`${guest}/${scene}/${size}/${format}`);
        }
      }
      for (const part of ["100%", "1%", "0.1%"]) expect(names).toContain(`${guest}/sweep/${size}/xrgb8888/${part}`);
    }
  }
});

test("--only chooses by parts of names", () => {
  const { stdout } = scanout(["bench", "--list", "--quick", "--only", "hart/fill, mmu/pixel"]);
  expect(stdout).toBe("mmu/pixel/1024x768/xrgb8888\nhart/fill/1024x768/xrgb8888\n");
});

test.each([
  [["--only", "tetris"], /^scanout: --only tetris: no case has that in its name/],
  [["--json", "/dev/null/x.json"], /^scanout: cannot write \/dev\/null\/x\.json/],
  [["--tetris"], /unknown option '--tetris'/],
])("%j is refused", (args, message) => {
  const { code, stdout, stderr } = scanout(["bench", ...args]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});

test("--json is what docs/bench.schema.json says; a pipe sees no progress", () => {
  const [json, svg, png] = ["b.json", "b.svg", "b.png"].map((name) => join(folder, name)) as [string, string, string];
  const args = ["bench", "--quick", "--only", "views/pixel,hart/pixel", "--json", json, "--svg", svg, "--png", png];
  const { code, stdout, stderr } = scanout(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("TypeScript, through pinned views");
  const report: unknown = JSON.parse(readFileSync(json, "utf8"));
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync("docs/bench.schema.json", "utf8")));
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(report).toMatchObject({ schema: "scanout-bench/1", quick: true, cases: { length: 2 } });
  expect(readFileSync(svg, "utf8")).toMatch(/^<svg /);
  expect(readFileSync(png).subarray(1, 4).toString()).toBe("PNG");
  // A validator that takes anything would take this.
  expect(validate({ ...(report as object), cases: [{}] })).toBe(false);
});

test("--counts times nothing", () => {
  const json = join(folder, "counts.json");
  expect(scanout(["bench", "--quick", "--counts", "--only", "mmu/pixel", "--json", json]).code).toBe(0);
  const { cases, references } = JSON.parse(readFileSync(json, "utf8"));
  expect(references).toEqual([]);
  expect(cases[0].methods[0]).toMatchObject({ method: "direct", time: null, counts: { stores: 1 } });
});

test("Ctrl-C ends it: exit code 130 and a word on stderr", async () => {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    const ended = bench({ quick: true });
    process.emit("SIGINT");
    expect(await ended).toBe(130);
    expect(stderr.mock.calls.map(([text]) => String(text)).join("")).toMatch(/scanout:.* interrupted\n$/);
    // Who presses it once more means Node.
    expect(process.listeners("SIGINT").map(({ name }) => name)).not.toContain("interrupt");
  } finally {
    stderr.mockRestore();
  }
});
