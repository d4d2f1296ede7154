/** Issue: "The code that measures has no Node in it, so that the page can run the quick set later." */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const IMPORT = /^\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"/gm;

/** The files that a file reaches by imports of values and types, itself included. */
const reach = (start: readonly string[]): Map<string, string> => {
  const seen = new Map<string, string>();
  const next = [...start];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    // The bundle of as-bind is made by the build and has been looked at for this already.
    if (seen.has(file) || file.startsWith("build/")) continue;
    const source = readFileSync(file, "utf8");
    seen.set(file, source);
    for (const [, specifier] of source.matchAll(IMPORT)) {
      if (specifier!.startsWith(".")) next.push(normalize(join(dirname(file), specifier!)));
    }
  }
  return seen;
};

test("src/bench and all that it imports name nothing of Node's", () => {
  const own = readdirSync("src/bench").map((name) => `src/bench/${name}`);
  const files = reach(own);
  expect(files.size).toBeGreaterThan(100);
  for (const [file, source] of files) {
    for (const [, specifier] of source.matchAll(IMPORT)) {
      expect(specifier!.startsWith("."), `${file} imports ${specifier}`).toBe(specifier !== "tinybench");
    }
  }
  for (const file of own)
    expect(files.get(file), file).not.toMatch(/(?<![.\w])(?:process|Buffer|require|setImmediate)[.(]/);
});
