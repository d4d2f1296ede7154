/** `npm run dev [-- arguments of scanout]`: builds, then runs; node --watch starts it again when a source changes. */
import { spawnSync } from "node:child_process";

const [, , ...args] = process.argv;
const run = (file, ...rest) => spawnSync(process.execPath, [file, ...rest], { stdio: "inherit" }).status === 0;
if (run("tools/ensure-built.mjs")) run("dist/src/cli/main.js", ...(args.length > 0 ? args : ["tour"]));
