/**
 * Scanout's speed as ratios within one run:  npm run bench:display
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { HART_VRAM_SIZE } from "../../assembly/hart-layout.ts";
import { DAMAGE_TAKEN, DAMAGE_TAKEN_SIZE, HART, RAM, VIDEO_MEMORY, VIDEO_MEMORY_SIZE } from "../../assembly/layout.ts";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { compileAssembly } from "../../tools/compile-assembly.ts";
import { type Loops, timeByTurns } from "./turns.ts";

interface Exports {
  scanout(format: number, width: number, height: number, stride: number, start: number, all: number): number;
  scalarRgb565(pixels: number): void;
  copyFrame(bytes: number): void;
}

const WIDTH = 1024;
const HEIGHT = 768;
const PIXELS = WIDTH * HEIGHT;
const ROUNDS = 200;
const WASM_PAGE = 0x1_0000;

const binary = await compileAssembly("bench/assembly/scanout.ts");
mkdirSync("build", { recursive: true });
writeFileSync("build/bench-scanout.wasm", binary);

const memory = new WebAssembly.Memory({ initial: RAM / WASM_PAGE, maximum: 65536 });
const { instance } = await WebAssembly.instantiate(binary, { env: { memory, abort() {} } });
const machine = instance.exports as unknown as Exports;
const u8 = new Uint8Array(memory.buffer);
new DataView(memory.buffer).setUint32(HART + HART_VRAM_SIZE, VIDEO_MEMORY_SIZE, true);
for (let i = 0; i < PIXELS * 4; i++) u8[VIDEO_MEMORY + i] = i * 31;

/** Marks every `step`th page of the frame as written. */
function damage(step: number): void {
  u8.fill(0, DAMAGE_TAKEN, DAMAGE_TAKEN + DAMAGE_TAKEN_SIZE);
  for (let page = 0; page < (PIXELS * 4) / 4096; page += step) u8[DAMAGE_TAKEN + (page >> 3)]! |= 1 << (page & 7);
}

const frame = (format: number, bytes: number, all: number) => () =>
  machine.scanout(format, WIDTH, HEIGHT, WIDTH * bytes, 0, all);

const loops: Loops = {
  memcpy: { run: () => machine.copyFrame(PIXELS * 4) },
  "rgb565, scalar": { run: () => machine.scalarRgb565(PIXELS) },
  rgb565: { run: frame(FORMAT_RGB565, 2, 1) },
  "xrgb8888, all": { run: frame(FORMAT_XRGB8888, 4, 1) },
  "xrgb8888, every page damaged": { prepare: () => damage(1), run: frame(FORMAT_XRGB8888, 4, 0) },
  "xrgb8888, every 50th page damaged": { prepare: () => damage(50), run: frame(FORMAT_XRGB8888, 4, 0) },
  "xrgb8888, undamaged": { prepare: () => damage(Number.POSITIVE_INFINITY), run: frame(FORMAT_XRGB8888, 4, 0) },
  xbgr8888: { run: frame(FORMAT_XBGR8888, 4, 1) },
  c8: { run: frame(FORMAT_C8, 1, 1) },
};

const medians = timeByTurns(loops, ROUNDS);
const median = (name: string): number => medians.get(name)!;

console.log(`Scanout of ${WIDTH}x${HEIGHT}, median of ${ROUNDS} rounds, Node ${process.versions.node}\n`);
for (const name of Object.keys(loops)) {
  const time = median(name);
  console.log(`${name.padEnd(36)} ${(time / 1000).toFixed(1).padStart(8)} µs ${(time / PIXELS).toFixed(3)} ns/pixel`);
}

const ratio = (label: string, one: string, other: string, goal: string): void => {
  console.log(`${label.padEnd(36)} ${(median(one) / median(other)).toFixed(3).padStart(8)} ${goal}`);
};
console.log();
ratio("rgb565: scalar / SIMD", "rgb565, scalar", "rgb565", "(goal: 5 or more)");
ratio("xrgb8888: fully damaged / memcpy", "xrgb8888, every page damaged", "memcpy", "(goal: 2 or less)");
ratio("xrgb8888: undamaged / fully damaged", "xrgb8888, undamaged", "xrgb8888, every page damaged", "");
