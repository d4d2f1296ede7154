/**
 * The results as charts (echarts, drawn as SVG without a browser): above, how many times longer copying takes, against
 * how much of the screen a frame touches; below, what a frame's time is made of.
 */
import type { BarSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import { guestKinds, sizeName } from "../../bench/case.ts";
import { HEADLINE, SIZES } from "../../bench/cases.ts";
import type { CaseResult } from "../../bench/measure.ts";
import { missTimeOf, type Split, splitOf } from "../../bench/split.ts";
import { digits } from "./format.ts";
import { GUESTS, isHeadline, sceneName } from "./table.ts";

const WIDTH = 1320;
const HEIGHT = 1110;
const FONT = "Inter";
const INK = "#24292f";
/** Of a colour-blind reader's palette: Okabe and Ito. */
const SIZE_COLOURS = ["#56b4e9", "#0072b2", "#d55e00", "#009e73"];
const PARTS: readonly (readonly [part: keyof Split, colour: string])[] = [
  ["drawing", "#999999"],
  ["copying", "#d55e00"],
  ["faulting", "#f0e442"],
  ["calling", "#0072b2"],
];
/** Left edges of the three columns, and their width. */
const LEFT = [70, 510, 950];
const PANEL = 330;

/** An SVG document, or null when there is nothing that could be drawn: no sweep and no split. */
export const drawCharts = async (cases: readonly CaseResult[]): Promise<string | null> => {
  const timed = cases.filter(({ methods }) => methods[0]?.time !== null);
  if (timed.length === 0) return null;
  const { init } = await import("echarts");
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption(options(timed));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};

const options = (cases: readonly CaseResult[]): EChartsOption => ({
  animation: false,
  backgroundColor: "#ffffff",
  textStyle: { fontFamily: FONT, color: INK },
  title: titles(),
  legend: [
    { top: 62, left: LEFT[0]!, data: sizesOf(cases) },
    { top: 566, left: LEFT[0]!, data: PARTS.map(([part]) => part) },
  ],
  grid: [
    ...LEFT.map((left) => ({ left, top: 130, width: PANEL, height: 340 })),
    ...LEFT.map((left) => ({ left: left + 70, top: 634, width: PANEL - 70, height: 420 })),
  ],
  xAxis: [
    ...LEFT.map((_, i) => ({
      type: "log" as const,
      gridIndex: i,
      name: "touched, % of the screen",
      nameLocation: "middle" as const,
      nameGap: 28,
      min: 0.1,
      max: 100,
    })),
    ...LEFT.map((_, i) => ({
      type: "value" as const,
      gridIndex: 3 + i,
      max: 100,
      axisLabel: { formatter: "{value} %" },
    })),
  ],
  yAxis: [
    ...LEFT.map((_, i) => ({ type: "log" as const, gridIndex: i, min: 0.5, axisLabel: { formatter: "{value}×" } })),
    ...LEFT.map((_, i) => ({
      type: "category" as const,
      gridIndex: 3 + i,
      inverse: true,
      axisLabel: { interval: 0, fontSize: 10 },
      data: barNames(cases, i),
    })),
  ],
  series: [...guestKinds.flatMap((_, i) => sweepLines(cases, i)), ...guestKinds.flatMap((_, i) => splitBars(cases, i))],
});

/** The sizes that were swept. */
const sizesOf = (cases: readonly CaseResult[]): string[] =>
  SIZES.map((size) => sizeName(size)).filter((name) =>
    cases.some(({ case: one }) => one.fraction !== null && sizeName(one.size) === name),
  );

const titles = (): object[] => [
  {
    text: `A frame copied by write(), over the same frame drawn directly (${HEADLINE.format})`,
    left: "center",
    top: 14,
    textStyle: { fontSize: 18, fontWeight: "normal", color: INK },
  },
  {
    text: `What a frame's time is made of (${sizeName(HEADLINE.size)} ${HEADLINE.format}; d: direct, w: write)`,
    left: "center",
    top: 528,
    textStyle: { fontSize: 18, fontWeight: "normal", color: INK },
  },
  ...guestKinds.map((guest, i) => ({
    text: GUESTS[guest],
    left: LEFT[i]! + PANEL / 2,
    top: 96,
    textAlign: "center",
    textStyle: { fontSize: 14, fontWeight: "normal", color: INK },
  })),
  ...guestKinds.map((guest, i) => ({
    text: GUESTS[guest],
    left: LEFT[i]! + PANEL / 2,
    top: 600,
    textAlign: "center",
    textStyle: { fontSize: 14, fontWeight: "normal", color: INK },
  })),
];

/** A line a size: the ratio of `write` over the sweep. */
const sweepLines = (cases: readonly CaseResult[], panel: number): LineSeriesOption[] =>
  SIZES.map((size, i) => ({
    type: "line",
    name: sizeName(size),
    xAxisIndex: panel,
    yAxisIndex: panel,
    symbolSize: 6,
    color: SIZE_COLOURS[i]!,
    data: cases.flatMap(({ case: one, methods }) => {
      const ratio = methods.find(({ method }) => method === "write")?.ratio;
      const belongs =
        one.guest === guestKinds[panel] &&
        one.fraction !== null &&
        one.format === HEADLINE.format &&
        sizeName(one.size) === sizeName(size);
      return belongs && ratio ? [[100 * one.fraction!, ratio.median]] : [];
    }),
    ...(i === 0 ? { markLine: { silent: true, symbol: "none", data: [{ yAxis: 1 }], label: { show: false } } } : {}),
  }));

/** The cases whose time is split in a panel. */
const splitCases = (cases: readonly CaseResult[], panel: number): CaseResult[] =>
  cases.filter(
    (result) =>
      result.case.guest === guestKinds[panel] &&
      isHeadline(result.case) &&
      result.case.scene !== "nothing" &&
      splitOf(result, "write", 0) !== null,
  );

const barNames = (cases: readonly CaseResult[], panel: number): string[] =>
  splitCases(cases, panel).flatMap(({ case: one }) => [`${sceneName(one)}, d`, `${sceneName(one)}, w`]);

const splitBars = (cases: readonly CaseResult[], panel: number): BarSeriesOption[] => {
  const own = splitCases(cases, panel);
  const missTime = missTimeOf(own.find(({ case: one }) => one.scene === "fill"));
  const splits = own.flatMap((result) => [splitOf(result, "direct", missTime)!, splitOf(result, "write", missTime)!]);
  return PARTS.map(([part, color]) => ({
    type: "bar",
    name: part,
    stack: `split${panel}`,
    xAxisIndex: 3 + panel,
    yAxisIndex: 3 + panel,
    color,
    barWidth: "70%",
    data: splits.map((split) => Number(digits((100 * split[part]) / totalOf(split)))),
  }));
};

const totalOf = ({ drawing, copying, faulting, calling }: Split): number => drawing + copying + faulting + calling;
