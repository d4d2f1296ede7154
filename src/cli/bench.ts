/** `scanout bench`: what a memory-mapped device is worth, measured. */
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { runBench } from "../bench/bench.ts";
import { type Case, caseName } from "../bench/case.ts";
import { allCases, quickCases } from "../bench/cases.ts";
import { countingMachine } from "../control/source.ts";
import { drawCharts } from "./bench/charts.ts";
import { type BenchReport, type Environment, toJson } from "./bench/json.ts";
import { measureNative } from "./bench/native.ts";
import { formatOthers } from "./bench/others.ts";
import { packageFile } from "./bench/package-file.ts";
import { measurePeers } from "./bench/peers.ts";
import { svgToPng } from "./bench/png.ts";
import { writeReport } from "./bench/report.ts";
import { formatResults } from "./bench/table.ts";
import { complain, writeOut } from "./console.ts";
import { Progress } from "./progress.ts";
import { UsageError } from "./usage-error.ts";

/** As commander hands them over. */
export interface BenchOptions {
  readonly list?: boolean;
  readonly only?: string;
  readonly quick?: boolean;
  readonly counts?: boolean;
  readonly json?: string;
  readonly svg?: string;
  readonly png?: string;
  readonly report?: string;
  readonly peers?: boolean;
}

/** Turns and milliseconds a turn: an interval of 95 % needs 6 turns at least. */
const WHOLE = { turns: 9, turnTime: 4 };
const QUICK = { turns: 6, turnTime: 1 };
/** 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

const selected = ({ quick, only }: BenchOptions): Case[] => {
  const all = quick === true ? quickCases() : allCases();
  if (only === undefined) return all;
  const words = only.split(",").map((word) => word.trim());
  const cases = all.filter((one) => words.some((word) => word !== "" && caseName(one).includes(word)));
  if (cases.length === 0)
    throw new UsageError(`--only ${only}: no case has that in its name (see scanout bench --list)`);
  return cases;
};

/** Nobody wants to wait for minutes and then read that a file cannot be written. */
const checkWritable = (file: string | undefined): void => {
  if (file === undefined) return;
  try {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const environment = (): Environment => {
  const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };
  const { platform, arch } = process;
  return { scanout: version, node: process.versions.node, platform, arch, cpu: cpus()[0]?.model ?? "unknown" };
};

/** The exit code. */
export const bench = async (options: BenchOptions): Promise<number> => {
  const cases = selected(options);
  if (options.list === true) {
    writeOut(cases.map((one) => `${caseName(one)}\n`).join(""));
    return 0;
  }
  const folder = options.report;
  for (const file of [options.json, options.svg, options.png, folder && join(folder, "x")]) checkWritable(file);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once("SIGINT", interrupt);
  const progress = new Progress(process.stderr);
  try {
    const report = await measure(cases, options, stop.signal, progress);
    progress.end();
    writeOut(formatResults(report.cases, report.references, report.goals));
    writeOut(formatOthers(report));
    await writeFiles(report, options);
    return 0;
  } catch (error) {
    progress.end();
    if (!stop.signal.aborted) throw error;
    complain("interrupted");
    return EXIT_INTERRUPTED;
  } finally {
    process.off("SIGINT", interrupt);
  }
};

const measure = async (
  cases: readonly Case[],
  options: BenchOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<BenchReport> => {
  const quick = options.quick === true;
  const turns = options.counts === true ? { turns: 0, turnTime: 0 } : quick ? QUICK : WHOLE;
  const result = await runBench(
    cases,
    {
      ...turns,
      signal,
      now: () => performance.now(),
      program: readFileSync(packageFile("guests/c/bin/direct-vs-copied.elf")),
      countingSource: (await countingMachine()) as BufferSource,
    },
    (done, of, next) => progress.show(done, of, next),
  );
  const wantsAll = !quick && options.only === undefined && options.counts !== true;
  progress.show(cases.length, cases.length + 1, "the C program on this computer");
  const native = wantsAll ? await measureNative(signal) : { skipped: "only in a whole run" };
  progress.show(cases.length, cases.length + 1, "peers");
  const peers = options.peers === true ? await measurePeers(signal) : { skipped: "only with --peers" };
  return { ...result, environment: environment(), quick, native, peers };
};

const writeFiles = async (report: BenchReport, { json, svg, png, report: folder }: BenchOptions): Promise<void> => {
  if (json !== undefined) writeFileSync(json, toJson(report));
  if (svg === undefined && png === undefined && folder === undefined) return;
  const chart = await drawCharts(report.cases);
  if (chart === null) throw new UsageError("no chart: nothing of this run was timed");
  if (svg !== undefined) writeFileSync(svg, chart);
  if (png !== undefined) writeFileSync(png, await svgToPng(chart));
  if (folder !== undefined) await writeReport(report, chart, folder);
};
