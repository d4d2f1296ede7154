/** Builds the project when a source is newer than the last build: for commands that run what was built. */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const STAMP = "dist/.built";
const SOURCES = ["abi", "assembly", "devices", "guests", "src", "tools", "web"];
const FILES = ["package.json", "asconfig.json", "tsconfig.json", "as-bind-transform.mjs"];

const modified = (path) => {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
};

const newest = Math.max(
  ...FILES.map(modified),
  ...SOURCES.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => modified(join(entry.parentPath, entry.name))),
  ),
);

if (newest > modified(STAMP)) {
  // What a build says goes to stderr: stdout belongs to the command that follows.
  const { status } = spawnSync("npm", ["run", "-s", "build"], {
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(STAMP, "");
}
