// The package's build products that are not TypeScript go beside the compiled files, where the same relative URLs find them.
import { cpSync } from "node:fs";

for (const file of ["as-bind.js", "machine.wasm", "machine.counting.wasm"])
  cpSync(`build/${file}`, `dist/build/${file}`);
