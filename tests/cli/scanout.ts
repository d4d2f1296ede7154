/** Runs the compiled command line as a shell would. `npm test` builds it first. */
import { spawnSync } from "node:child_process";

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const scanout = (args: readonly string[], options: { input?: string; cwd?: string } = {}): Outcome => {
  const main = new URL("../../dist/src/cli/main.js", import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    input: options.input ?? "",
    env: { ...process.env, NO_COLOR: "1" },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return { code: status, stdout, stderr };
};
