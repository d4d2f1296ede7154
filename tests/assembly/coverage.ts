/**
 * The coverage build (tools/asc-coverage.mjs) has a counter a statement in each instance's memory. Here they are added
 * up at the end of a test file, for tools/coverage-wasm.mjs. Any other build: nothing happens.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll } from "vitest";

interface Coverage {
  coverageCounters?(): number;
  coverageStatements?(): number;
}

const counted: { exports: Required<Coverage>; memory: WebAssembly.Memory }[] = [];

/** Counts what this instance executes until the end of the test file. */
export const collectCoverage = (exports: object, memory: WebAssembly.Memory): void => {
  const coverage = exports as Coverage;
  if (coverage.coverageCounters !== undefined) counted.push({ exports: coverage as Required<Coverage>, memory });
};

const write = (): void => {
  if (counted.length === 0) return;
  const hits = new Array<number>(counted[0]!.exports.coverageStatements()).fill(0);
  for (const { exports, memory } of counted) {
    const counters = new Uint32Array(memory.buffer, exports.coverageCounters(), hits.length);
    for (const [statement, count] of counters.entries()) hits[statement]! += count;
  }
  mkdirSync("coverage/hits", { recursive: true });
  writeFileSync(`coverage/hits/${process.pid}-${performance.now()}.json`, JSON.stringify(hits));
};

// The fuzzers use the harness outside of vitest too, where nothing counts.
if (process.env.VITEST !== undefined) afterAll(write);
