/**
 * The arrows of the architecture: who may import whom. Imports point down; the test reads every import in the tree.
 *
 *     web, bench, tests ─▶ src ─▶ devices ─▶ assembly's constant files        everybody ─▶ abi        guests ─▶ abi
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const ROOMS = ["abi", "assembly", "devices", "src", "guests"];

/** Files of AssemblyScript that hold numbers only and that TypeScript reads too. */
const CONSTANT_FILES = new Set([
  "assembly/riscv.ts",
  "assembly/memory-map.ts",
  "assembly/layout.ts",
  "assembly/hart-layout.ts",
  "assembly/scanout-format.ts",
  "assembly/ops.ts",
  "assembly/csr-numbers.ts",
  "assembly/run-reasons.ts",
  "assembly/float-flags.ts",
]);

/** Each room and the rooms it may import. The first rule whose prefix fits a file is its rule. */
const RULES: readonly (readonly [from: string, to: readonly string[]])[] = [
  ["abi/", ["abi/"]],
  ["assembly/", ["assembly/"]],
  ["devices/hardware/", ["devices/hardware/", "CONSTANTS"]],
  ["devices/drivers/", ["devices/drivers/", "devices/hardware/", "abi/", "CONSTANTS"]],
  ["guests/", ["guests/", "abi/"]],
  ["src/control/", ["src/control/", "src/machine-exports.ts", "build/as-bind.js", "CONSTANTS"]],
  [
    "src/kernel/mm/",
    [
      "src/kernel/mm/",
      "src/kernel/log.ts",
      "src/kernel/oops.ts",
      "src/machine.ts",
      "devices/drivers/",
      "abi/",
      "CONSTANTS",
    ],
  ],
  ["src/kernel/", ["src/kernel/", "src/machine.ts", "src/machine-exports.ts", "devices/drivers/", "abi/", "CONSTANTS"]],
  ["src/display/", ["src/display/", "src/machine.ts", "src/machine-exports.ts", "devices/hardware/", "CONSTANTS"]],
  [
    "src/bench/",
    [
      "src/bench/",
      "src/computer.ts",
      "src/control/source.ts",
      "src/kernel/",
      "guests/",
      "devices/",
      "abi/",
      "CONSTANTS",
    ],
  ],
  ["src/cli/", ["src/", "devices/", "guests/", "abi/", "CONSTANTS"]],
  ["src/machine.ts", ["src/control/", "src/machine-exports.ts", "devices/hardware/", "CONSTANTS"]],
  ["src/machine-exports.ts", []],
  ["src/", ["src/", "devices/", "abi/", "CONSTANTS"]],
];

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));

const IMPORT = /^\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"/gm;

const importsOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(IMPORT)]
    .map((match) => match[1]!)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => normalize(join(dirname(file), specifier)));

const isAllowed = (target: string, rooms: readonly string[]): boolean =>
  rooms.some((room) => (room === "CONSTANTS" ? CONSTANT_FILES.has(target) : target.startsWith(room)));

test("every import points down", () => {
  const wrong: string[] = [];
  let seen = 0;
  for (const file of ROOMS.flatMap(filesIn)) {
    const rule = RULES.find(([prefix]) => file.startsWith(prefix));
    for (const target of importsOf(file)) {
      seen++;
      if (rule === undefined || !isAllowed(target, rule[1])) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
  // A reader that finds nothing would pass everything.
  expect(seen).toBeGreaterThan(100);
});

test("no room keeps state between machines: no module-level let or var", () => {
  const wrong = ["abi", "devices", "src", "guests"]
    .flatMap(filesIn)
    .filter((file) => /^(?:export )?(?:let|var) /m.test(readFileSync(file, "utf8")));
  expect(wrong).toEqual([]);
});

test("no import of a value goes in a circle", () => {
  const graph = new Map(
    ROOMS.flatMap(filesIn).map((file) => [
      file,
      [...readFileSync(file, "utf8").matchAll(/^\s*(?:import|export)(?! type)\b[^;]*?from\s+"(\.[^"]+)"/gm)].map(
        (match) => normalize(join(dirname(file), match[1]!)),
      ),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(circles).toEqual([]);
});
