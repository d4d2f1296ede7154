/**
 * What `scanout bench` counts. The figures are golden (golden/counts.jsonl; UPDATE_GOLDEN=1 writes them anew: look at the
 * difference), and those that follow from what a method is are computed here.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { MethodName } from "../../guests/bench/methods.ts";
import { type Case, caseName, type GuestKind, guestKinds } from "../../src/bench/case.ts";
import { SCENES } from "../../src/bench/cases.ts";
import type { Counts } from "../../src/bench/counts.ts";
import { type CaseResult, type MeasureOptions, measureCase } from "../../src/bench/measure.ts";
import { countingMachine } from "../../src/control/source.ts";

const GOLDEN = new URL("golden/counts.jsonl", import.meta.url);
const WIDTH = 320;
const HEIGHT = 200;
const PAGE = 4096;
const METHODS: readonly MethodName[] = ["direct", "write", "memcpy", "rows", "shadow", "draw", "call", "engine"];

const WITH_ENGINE: readonly MethodName[] = ["direct", "write", "shadow", "engine"];

const makeCase = (guest: GuestKind, scene: Case["scene"], more: Partial<Case> = {}): Case => ({
  guest,
  scene,
  size: { width: WIDTH, height: HEIGHT },
  format: "xrgb8888",
  fraction: null,
  methods: METHODS,
  ...more,
});

let options: MeasureOptions;
const results = new Map<string, CaseResult>();
const countsOf = (one: Case, method: MethodName): Counts =>
  results.get(caseName(one))!.methods.find((result) => result.method === method)!.counts;

const CASES = guestKinds.flatMap((guest) => [
  makeCase(guest, "fill"),
  makeCase(guest, "nothing"),
  ...SCENES.slice(1).map((scene) => makeCase(guest, scene, { methods: WITH_ENGINE })),
  makeCase(guest, "sweep", { fraction: 0.001, methods: ["direct", "write", "poke"] }),
  ...(["rgb565", "c8"] as const).flatMap((format) =>
    SCENES.map((scene) => makeCase(guest, scene, { format, methods: ["direct", "write"] })),
  ),
]);

beforeAll(async () => {
  options = {
    program: readFileSync("guests/c/bin/direct-vs-copied.elf"),
    countingSource: (await countingMachine()) as BufferSource,
    now: () => 0,
    turns: 0,
    turnTime: 0,
  };
  for (const one of CASES) results.set(caseName(one), await measureCase(one, options));
}, 300_000);

// Issue: "The counted figures are exact and are golden in the tests."
test("every count is the golden one", () => {
  const counts = Object.fromEntries(
    [...results].map(([name, { methods }]) => [
      name,
      Object.fromEntries(
        methods.map(({ method, counts, firstFaults }) => [method, [...Object.values(counts), firstFaults]]),
      ),
    ]),
  );
  // A line a case.
  const text = Object.entries(counts)
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join("");
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, text);
  const golden = readFileSync(GOLDEN, "utf8").trimEnd().split("\n");
  expect(counts).toEqual(Object.fromEntries(golden.map((line) => JSON.parse(line))));
});

test("the same case counts the same again", async () => {
  const one = makeCase("hart", "sprites", { methods: WITH_ENGINE });
  expect(await measureCase(one, options)).toEqual(results.get(caseName(one)));
});

// Issue: "the same scenes in both"; "Every method ends with the same picture" is measureCase's own rule.
test.each(["xrgb8888", "rgb565", "c8"] as const)("%s: every kind of guest draws the same pictures", (format) => {
  for (const scene of SCENES) {
    const hashes = guestKinds.map((guest) => results.get(caseName(makeCase(guest, scene, { format })))!.hash);
    expect(new Set(hashes).size, scene).toBe(1);
  }
  const pictures = SCENES.map((scene) => results.get(caseName(makeCase("views", scene, { format })))!.hash);
  expect(new Set(pictures).size).toBe(SCENES.length);
});

describe.each(guestKinds)("%s: what follows from what a method is", (guest) => {
  const bytes = WIDTH * HEIGHT * 4;
  const fill = makeCase(guest, "fill");

  test("direct and memcpy make no call, write one, rows one a row, poke one a pixel", () => {
    const calls = (["direct", "memcpy", "write", "rows", "call"] as const).map(
      (method) => countsOf(fill, method).systemCalls,
    );
    expect(calls).toEqual([0, 0, 1, HEIGHT, 1]);
    // 0.001 of the screen: 320 √0.001 = 10.1 by 200 √0.001 = 6.3 pixels.
    const poke = countsOf(makeCase(guest, "sweep", { fraction: 0.001 }), "poke");
    expect([poke.systemCalls, poke.bytesCopied]).toEqual([10 * 6, 10 * 6 * 4]);
  });

  test("write and rows copy a frame, direct nothing", () => {
    for (const scene of SCENES) {
      const one = makeCase(guest, scene);
      expect(countsOf(one, "write").bytesCopied).toBe(bytes);
      expect(countsOf(one, "direct").bytesCopied).toBe(0);
    }
    expect(countsOf(fill, "rows").bytesCopied).toBe(bytes);
  });

  // Fill: a colour, a position, a size, a command (devices/hardware/video-card-registers.ts); and no pixel.
  test("the engine fills the screen by four stores to its registers", () => {
    const engine = countsOf(fill, "engine");
    expect(engine.systemCalls + engine.bytesCopied).toBe(0);
    // Registers are no memory, so none of the four is in the TLB.
    expect(engine.tlbMisses).toBe(4);
    expect(engine.stores).toBeLessThan(50);
  });

  test("nothing faults once everything was touched", () => {
    for (const [name, { methods }] of results) {
      if (!name.startsWith(`${guest}/`)) continue;
      for (const { method, counts } of methods) expect(counts.pageFaults, `${name} ${method}`).toBe(0);
    }
  });

  // A look drops the store entries of video memory, so each of its pages misses once a frame; a view goes past the TLB.
  test("direct misses the TLB once for each page of the map that it stores to", () => {
    const pages = Math.ceil(bytes / PAGE);
    const misses = countsOf(fill, "direct").tlbMisses;
    if (guest === "views") expect(misses).toBe(0);
    else expect(misses).toBeGreaterThanOrEqual(pages);
    expect(misses).toBeLessThan(pages + 8);
  });

  test("private memory is faulted in page by page, the map is not", () => {
    const [direct, write] = (["direct", "write"] as const).map(
      (method) => results.get(caseName(fill))!.methods.find((result) => result.method === method)!.firstFaults,
    );
    expect(direct).toBeLessThan(16);
    expect(write! - direct!).toBeGreaterThanOrEqual(Math.ceil(bytes / PAGE));
  });
});

test("loads and stores: a pixel is one store, plasma one a pixel and three loads more on the hart", () => {
  const pixels = WIDTH * HEIGHT;
  expect(countsOf(makeCase("mmu", "pixel"), "direct")).toMatchObject({ loads: 0, stores: 1, instructions: null });
  expect(countsOf(makeCase("mmu", "plasma"), "direct")).toMatchObject({ loads: 0, stores: pixels });
  const plasma = countsOf(makeCase("hart", "plasma"), "direct");
  expect(plasma.stores - pixels).toBeLessThan(1000);
  // Two waves and a colour for each pixel; the third wave is the row's.
  expect(plasma.loads - 3 * pixels).toBeGreaterThanOrEqual(HEIGHT);
  // memset stores 8 bytes at a time.
  const { stores } = countsOf(makeCase("hart", "fill"), "direct");
  expect(stores - (pixels * 4) / 8).toBeGreaterThanOrEqual(0);
  expect(stores - (pixels * 4) / 8).toBeLessThan(100);
  // memcpy loads and stores 8 bytes at a time.
  const memcpy = countsOf(makeCase("hart", "nothing"), "memcpy");
  const nothing = countsOf(makeCase("hart", "nothing"), "direct");
  expect(memcpy.stores - nothing.stores - (pixels * 4) / 8).toBeLessThan(50);
  expect(memcpy.loads - nothing.loads - (pixels * 4) / 8).toBeLessThan(50);
});
