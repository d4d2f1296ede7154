import { expect, test } from "vitest";
import type { Counts } from "../../src/bench/counts.ts";
import type { CaseResult } from "../../src/bench/measure.ts";
import { drawCharts } from "../../src/cli/bench/charts.ts";
import { digits, duration, interval } from "../../src/cli/bench/format.ts";
import { formatOthers } from "../../src/cli/bench/others.ts";
import { svgToPng } from "../../src/cli/bench/png.ts";
import { formatResults } from "../../src/cli/bench/table.ts";
import { Progress } from "../../src/cli/progress.ts";
import { decodePNG } from "../../src/display/png.ts";

const counts: Counts = {
  instructions: 1901,
  loads: 73,
  stores: 403,
  tlbMisses: 24,
  pageWalks: 24,
  pageFaults: 0,
  systemCalls: 0,
  bytesCopied: 0,
};
const at = (median: number) => ({ median, low: median * 0.9, high: median * 1.1 });

const result: CaseResult = {
  case: {
    guest: "hart",
    scene: "sweep",
    size: { width: 1024, height: 768 },
    format: "xrgb8888",
    fraction: 0.001,
    methods: ["direct", "write", "draw", "call"],
  },
  hash: 1,
  methods: [
    { method: "direct", counts, firstFaults: 6, time: at(0.00873), ratio: null },
    {
      method: "write",
      counts: { ...counts, systemCalls: 1, bytesCopied: 3145728 },
      firstFaults: 774,
      time: at(0.0908),
      ratio: at(10.4),
    },
    { method: "draw", counts: { ...counts, tlbMisses: 0 }, firstFaults: 774, time: at(0.0085), ratio: at(0.98) },
    { method: "call", counts, firstFaults: 774, time: at(0.0095), ratio: at(1.09) },
  ],
};

test("figures have three digits that count, and a unit that fits", () => {
  expect([0.01234, 1.234, 12.34, 123.4, 1234.5, 0].map(digits)).toEqual([
    "0.0123",
    "1.23",
    "12.3",
    "123",
    "1,235",
    "0",
  ]);
  expect([0.0000653, 0.0605, 4.45, 1234].map(duration)).toEqual(["65.3 ns", "60.5 µs", "4.45 ms", "1,234 ms"]);
  expect(interval(at(2))).toBe("2.00× (1.80–2.20)");
});

test("the table", () => {
  const goal = { name: "write / direct", goal: "≥ 8", value: at(10.4), met: true };
  expect(formatResults([result], [], [goal])).toBe(
    [
      "C on the hart       direct  write / direct (95 %)  memcpy  rows  shadow  poke  engine",
      "1024x768 xrgb8888",
      "  sweep 0.1 %      8.73 µs      10.4× (9.36–11.4)       –     –       –     –       –",
      "",
      "Counted, a frame of 1024x768 xrgb8888  instructions  loads  stores  TLB misses  page faults  calls  bytes copied  first faults",
      "hart sweep 0.1 %, direct                      1,901     73     403          24            0      0             0             6",
      "hart sweep 0.1 %, write                       1,901     73     403          24            0      1     3,145,728           774",
      "",
      "Goals",
      "  write / direct  ≥ 8  10.4× (9.36–11.4)  met",
      "",
    ].join("\n"),
  );
});

test("what was skipped says why", () => {
  expect(formatOthers({ native: { skipped: "no gcc" }, peers: { skipped: "only with --peers" } })).toBe(
    "\nThe C program on this computer: skipped, no gcc\nPeers: skipped, only with --peers\n",
  );
});

test("the charts are an SVG, and a PNG of twice its size with text in it", async () => {
  const svg = (await drawCharts([result]))!;
  expect(svg).toMatch(/^<svg width="1320" height="1110" /);
  expect(svg).toContain("C on the hart");
  expect(svg).toContain("sweep 0.1 %, w");
  const picture = decodePNG(await svgToPng(svg));
  expect([picture.width, picture.height]).toEqual([2640, 2220]);
  // The title's line: black on white, so there is a font.
  const line = picture.data.subarray(4 * 2640 * 30, 4 * 2640 * 70);
  expect(line.some((value, i) => i % 4 === 0 && value < 60)).toBe(true);
});

test("without a time there is no chart", async () => {
  const methods = result.methods.map((method) => ({ ...method, time: null, ratio: null }));
  expect(await drawCharts([{ ...result, methods }])).toBeNull();
});

test("progress is written to a terminal only", () => {
  let written = "";
  const write = (text: string): boolean => {
    written += text;
    return true;
  };
  const pipe = new Progress({});
  pipe.show(1, 3, "hart/fill");
  pipe.end();
  const terminal = new Progress({ isTTY: true, columns: 16, write } as never);
  terminal.show(0, 3, "hart/fill/1024x768/xrgb8888");
  terminal.end();
  expect(written).toBe("\r\u001b[2K0/3 hart/fill/1\r\u001b[2K");
});
