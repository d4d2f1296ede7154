/** Builds the machine, and beside it the one that counts loads and stores (for `scanout bench`), at the same time. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const asc = fileURLToPath(new URL("../node_modules/assemblyscript/bin/asc.js", import.meta.url));
const statuses = await Promise.all(
  ["release", "counting"].map(
    (target) =>
      new Promise((resolve) => {
        spawn(process.execPath, [asc, "--target", target], { stdio: "inherit" }).on("close", resolve);
      }),
  ),
);
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
