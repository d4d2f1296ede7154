/**
 * Where the machine's WebAssembly comes from: bytes, or a response that brings them. (A compiled module will not do:
 * as-bind compiles its module itself. Engines keep what they compiled, so the same bytes cost little a second time.)
 */
export type MachineSource = BufferSource | Response | Promise<BufferSource | Response>;

/** The module of this package: a file in Node, fetched in a browser. */
export const packagedMachine = (): MachineSource => {
  const url = new URL("../../build/machine.wasm", import.meta.url);
  if (url.protocol !== "file:") return fetch(url);
  // not an import: a bundler for browsers would follow it
  return process.getBuiltinModule("node:fs").promises.readFile(url);
};
