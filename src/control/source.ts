/**
 * Where the machine's WebAssembly comes from: bytes, or a response that brings them. (A compiled module will not do:
 * as-bind compiles its module itself. Engines keep what they compiled, so the same bytes cost little a second time.)
 */
export type MachineSource = BufferSource | Response | Promise<BufferSource | Response>;

/** The module of this package: a file in Node, fetched in a browser. */
export const packagedMachine = (): MachineSource => fileOrFetch(new URL("../../build/machine.wasm", import.meta.url));

/** The same machine, but it counts loads and stores too (COUNTER_LOADS), and is slower for it. */
export const countingMachine = (): MachineSource =>
  fileOrFetch(new URL("../../build/machine.counting.wasm", import.meta.url));

const fileOrFetch = (url: URL): MachineSource => {
  if (url.protocol !== "file:") return fetch(url);
  // not an import: a bundler for browsers would follow it
  return process.getBuiltinModule("node:fs").promises.readFile(url);
};
