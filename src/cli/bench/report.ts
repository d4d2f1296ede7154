/** docs/direct-vs-copied.md and its charts: `scanout bench --report docs --peers`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GuestKind, guestKinds, sizeName } from "../../bench/case.ts";
import { HEADLINE } from "../../bench/cases.ts";
import type { CaseResult, MethodResult } from "../../bench/measure.ts";
import { digits, duration, interval, times } from "./format.ts";
import type { BenchReport, Skipped } from "./json.ts";
import { svgToPng } from "./png.ts";
import * as text from "./report-text.ts";
import { countedCells, GUESTS, isHeadline, modeName, sceneName } from "./table.ts";

const NAME = "direct-vs-copied";

export const writeReport = async (report: BenchReport, chart: string, folder: string): Promise<void> => {
  writeFileSync(join(folder, `${NAME}.svg`), chart);
  writeFileSync(join(folder, `${NAME}.png`), await svgToPng(chart));
  writeFileSync(join(folder, `${NAME}.md`), formatReport(report));
};

type Row = readonly string[];

/** Columns beside direct and write. */
const OTHERS = ["memcpy", "rows", "shadow", "poke", "engine"];

const table = ([head, ...rows]: readonly Row[]): string => {
  const line = (row: Row): string => `| ${row.join(" | ")} |\n`;
  return `${line(head!)}${line(head!.map((_, i) => (i === 0 ? "---" : "---:")))}${rows.map(line).join("")}`;
};

const isSkipped = (part: readonly unknown[] | Skipped): part is Skipped => "skipped" in part;

const find = (methods: readonly MethodResult[], name: string): MethodResult | undefined =>
  methods.find(({ method }) => method === name);

/** The whole page. */
export const formatReport = (report: BenchReport): string => {
  const { cases, references, goals, environment: at } = report;
  const headline = cases.filter(({ case: one }) => isHeadline(one));
  const machine = `${at.cpu}, Node ${at.node}, ${at.platform} ${at.arch}, Scanout ${at.scanout}`;
  return [
    text.HEAD,
    `Times: ${machine}${report.quick ? ", a quick run" : ""}. Counted figures are the same everywhere.\n`,
    `![The ratio of copied to direct against the touched part of the screen, and what a frame's time is made of](${NAME}.svg)\n`,
    "## The goals\n",
    table([
      ["", "goal", "measured (95 %)", ""],
      ...goals.map(({ name, goal, value, met }) => [name, goal, interval(value), met ? "met" : "**missed**"]),
    ]),
    text.METHODS,
    `## What a frame takes, ${modeName(HEADLINE)}\n`,
    text.READING,
    ...guestKinds.map((guest) => timed(headline, guest)),
    text.WHERE,
    "## Every size and format\n",
    text.EVERY,
    everyMode(cases),
    "## The sweep: how much of the screen is touched\n",
    text.SWEEP,
    sweeps(cases),
    "## What is counted\n",
    text.COUNTED,
    counted(headline),
    "## References in the same run\n",
    text.REFERENCES,
    table([
      ["a frame's bytes", "time", "over memcpy (95 %)"],
      ...references.map(({ name, time, ratio }) => [name, duration(time.median), interval(ratio)]),
    ]),
    hosts(report),
    peers(report),
    text.LINUX,
  ].join("\n");
};

const timed = (headline: readonly CaseResult[], guest: GuestKind): string => {
  const own = headline.filter(({ case: one }) => one.guest === guest);
  const ratio = (result: CaseResult, name: string): string => {
    const found = find(result.methods, name)?.ratio;
    return found ? times(found.median) : "–";
  };
  return `**${GUESTS[guest]}**\n\n${table([
    ["scene", "direct", "write / direct (95 %)", ...OTHERS],
    ...own.map((result) => [
      sceneName(result.case),
      duration(find(result.methods, "direct")!.time!.median),
      interval(find(result.methods, "write")!.ratio!),
      ...OTHERS.map((name) => ratio(result, name)),
    ]),
  ])}`;
};

/** The least and the most of `write / direct` over the scenes. */
const everyMode = (cases: readonly CaseResult[]): string => {
  const modes = [...new Set(cases.map(({ case: one }) => modeName(one)))];
  const range = (guest: GuestKind, mode: string): string => {
    const ratios = cases
      .filter(({ case: one }) => one.guest === guest && modeName(one) === mode && one.fraction === null)
      .filter(({ case: one }) => one.scene !== "nothing")
      .map(({ case: one, methods }) => ({ scene: one.scene, ratio: find(methods, "write")!.ratio!.median }))
      .toSorted((a, b) => a.ratio - b.ratio);
    const [least, most] = [ratios[0], ratios.at(-1)];
    return least && most ? `${times(least.ratio)} (${least.scene}) … ${times(most.ratio)} (${most.scene})` : "–";
  };
  return table([
    ["mode", ...guestKinds.map((guest) => GUESTS[guest])],
    ...modes.map((mode) => [mode, ...guestKinds.map((guest) => range(guest, mode))]),
  ]);
};

/** A row a mode and guest, a column a fraction: `write / direct`. */
const sweeps = (cases: readonly CaseResult[]): string => {
  const swept = cases.filter(({ case: one }) => one.fraction !== null);
  const fractions = [...new Set(swept.map(({ case: one }) => one.fraction!))].toSorted((a, b) => b - a);
  const rows = [...new Set(swept.map(({ case: one }) => `${modeName(one)}, ${one.guest}`))].toSorted();
  const cell = (row: string, fraction: number): string => {
    const found = swept.find(({ case: one }) => `${modeName(one)}, ${one.guest}` === row && one.fraction === fraction);
    const ratio = found && find(found.methods, "write")?.ratio;
    return ratio ? times(ratio.median) : "–";
  };
  return table([
    ["write / direct", ...fractions.map((fraction) => `${digits(100 * fraction)} %`)],
    ...rows.map((row) => [row, ...fractions.map((fraction) => cell(row, fraction))]),
  ]);
};

const counted = (headline: readonly CaseResult[]): string =>
  table([
    [
      "a frame",
      "instructions",
      "loads",
      "stores",
      "TLB misses",
      "page faults",
      "calls",
      "bytes copied",
      "faults before it",
    ],
    ...headline
      .filter(({ case: one }) => one.guest !== "views" || one.scene === "fill")
      .flatMap(({ case: one, methods }) =>
        methods
          .filter(({ method }) => method === "direct" || method === "write" || method === "memcpy")
          .map((result) => [`${one.guest}, ${sceneName(one)}, ${result.method}`, ...countedCells(result)]),
      ),
  ]);

const hosts = ({ native, cases }: BenchReport): string => {
  if (isSkipped(native)) return `The C program on this computer itself: skipped, ${native.skipped}.\n`;
  const onHart = (scene: string): string => {
    const found = cases.find(({ case: one }) => one.guest === "hart" && isHeadline(one) && sceneName(one) === scene);
    const ratio = found && find(found.methods, "write")?.ratio;
    return ratio ? times(ratio.median) : "–";
  };
  return `${text.NATIVE}\n${table([
    [`native, ${sizeName(HEADLINE.size)}`, "direct", "write / direct (95 %)", "the same on the hart"],
    ...native.map(({ scene, direct, write }) => [scene, duration(direct.median), interval(write), onHart(scene)]),
  ])}`;
};

const peers = ({ peers: part }: BenchReport): string => {
  if (isSkipped(part)) return `Peers: skipped, ${part.skipped}.\n`;
  return `${text.PEERS}\n${table([
    ["", "a frame's words", "over RAM (95 %)"],
    ...part.map(({ name, time, ratio }) => [name, duration(time.median), interval(ratio)]),
  ])}`;
};
