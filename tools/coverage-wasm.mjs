/**
 * Statement coverage of assembly/: builds the machine with counters, runs the tests of assembly/ on it, prints a line a
 * file and what was never reached. Exit code 1 below the goal.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";

const GOAL = 90;
const HITS = "coverage/hits";

const run = (args, env = {}) => {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
};

rmSync(HITS, { recursive: true, force: true });
const asc = "node_modules/assemblyscript/bin/asc.js";
run([asc, "assembly/index.ts", "--target", "coverage", "--transform", "./tools/asc-coverage.mjs"]);
run(["node_modules/vitest/vitest.mjs", "run", "tests/assembly", "tests/control"], {
  SCANOUT_WASM: "build/machine.coverage.wasm",
});

const statements = JSON.parse(readFileSync("build/machine.coverage.json", "utf8"));
const hits = new Array(statements.length).fill(0);
for (const name of readdirSync(HITS)) {
  for (const [i, count] of JSON.parse(readFileSync(`${HITS}/${name}`, "utf8")).entries()) hits[i] += count;
}

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1).padStart(5)} %`;
const files = new Map();
for (const [i, { file, line }] of statements.entries()) {
  const entry = files.get(file) ?? { reached: 0, all: 0, missed: [] };
  files.set(file, entry);
  entry.all++;
  if (hits[i] > 0) entry.reached++;
  else entry.missed.push(line);
}
console.log("statements of assembly/ that the tests reach");
for (const [file, { reached, all, missed }] of [...files].sort()) {
  const lines = missed.length > 0 ? `  not: line ${[...new Set(missed)].join(", ")}` : "";
  console.log(`${percent(reached, all)}  ${String(reached).padStart(4)} of ${String(all).padEnd(4)} ${file}${lines}`);
}
const reached = hits.filter((count) => count > 0).length;
console.log(`${percent(reached, hits.length)}  ${reached} of ${hits.length} in all; the goal is ${GOAL} %`);
process.exitCode = (100 * reached) / hits.length >= GOAL ? 0 : 1;
