/** The benchmark's C program compiled by the host's own compiler: a memfd stands for the video memory. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bytesPerPixel, type Case, sweepSize } from "../../bench/case.ts";
import { allCases, HEADLINE } from "../../bench/cases.ts";
import { type Estimate, estimate } from "../../bench/statistics.ts";
import type { Skipped } from "./json.ts";
import { packageFile } from "./package-file.ts";
import { isHeadline, sceneName } from "./table.ts";

const run = promisify(execFile);

export interface NativeResult {
  /** As sceneName has it. */
  readonly scene: string;
  /** Milliseconds a frame, drawn into the mapped memfd. */
  readonly direct: Estimate;
  /** The same drawn in private memory and written by pwrite(2), over direct. */
  readonly write: Estimate;
}

const COMPILER = "gcc";
const SAMPLES = 9;
/** Frames a sample, and milliseconds that one should take. */
const SAMPLE = 2;

/** The scenes of the headline mode. The signal ends the program that runs. */
export const measureNative = async (signal: AbortSignal): Promise<readonly NativeResult[] | Skipped> => {
  const sources = packageFile("guests/c/bench");
  if (process.platform !== "linux") return { skipped: `no memfd on ${process.platform}` };
  if (!existsSync(sources)) return { skipped: "the sources guests/c/bench are not in this package" };
  const folder = mkdtempSync(join(tmpdir(), "scanout-native-"));
  try {
    const program = join(folder, "native");
    const files = readdirSync(sources).filter((name) => name.endsWith(".c") && name !== "main.c");
    try {
      await run(COMPILER, ["-O2", "-o", program, ...files.map((name) => join(sources, name))]);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      return { skipped: missing ? `no ${COMPILER}` : `${COMPILER} does not compile guests/c/bench` };
    }
    const results: NativeResult[] = [];
    for (const one of allCases()) {
      if (one.guest === "hart" && isHeadline(one) && one.scene !== "nothing") {
        results.push(await measureScene(program, one, signal));
      }
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const measureScene = async (program: string, one: Case, signal: AbortSignal): Promise<NativeResult> => {
  const sample = async (method: string, samples: number, batch: number): Promise<number[]> => {
    const { width, height } = HEADLINE.size;
    const sweep = sweepSize(one);
    const numbers = [width, height, bytesPerPixel(one.format), sweep.width, sweep.height, samples, batch];
    const { stdout } = await run(program, [one.scene, method, ...numbers.map(String)], { signal });
    return stdout
      .trim()
      .split("\n")
      .map((line) => Number(line) / 1e6);
  };
  const batchOf = async (method: string): Promise<number> => {
    const [once] = await sample(method, 1, 3);
    return Math.max(1, Math.min(100_000, Math.ceil(SAMPLE / Math.max(once!, 1e-5))));
  };
  const [directBatch, writeBatch] = [await batchOf("direct"), await batchOf("write")];
  // Turn by turn, as everywhere.
  const direct: number[] = [];
  const ratio: number[] = [];
  for (let turn = 0; turn < SAMPLES; turn++) {
    const [one, other] = [await sample("direct", 1, directBatch), await sample("write", 1, writeBatch)];
    direct.push(one[0]!);
    ratio.push(other[0]! / one[0]!);
  }
  return { scene: sceneName(one), direct: estimate(direct), write: estimate(ratio) };
};
