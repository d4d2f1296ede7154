/**
 * What the MMU costs: loops inside the machine, past the MMU and through it, side by side. Prints ratios; the times
 * are of this computer on this day. Build first: `asc bench/assembly/index.ts --target bench`.
 */
import { readFileSync } from "node:fs";
import { RAM, VIDEO_MEMORY } from "../assembly/layout.ts";
import { RAM_BASE, VRAM_BASE } from "../assembly/memory-map.ts";
import { PRV_U, PTE_R, PTE_U, PTE_V, PTE_W } from "../assembly/riscv.ts";
import type { MachineExports } from "../src/machine-exports.ts";
import { compare, table } from "./ratios.ts";

/** bench/assembly/index.ts. */
interface Loops {
  storeRaw(host: number, count: number, value: number): void;
  storeChecked(va: number, count: number, value: number): number;
  storeByMmu(va: number, count: number, value: number): number;
  loadRaw(host: number, count: number): number;
  loadByMmu(va: number, count: number): number;
  fillRaw(host: number, byte: number, length: number): void;
  copyRaw(to: number, from: number, length: number): void;
}

const MIB = 0x10_0000;
const RAM_SIZE = 64 * MIB;
/** 1024 × 768 × 32 bits. */
const FRAME = 1024 * 768 * 4;
/** Where the frame lies: in video memory, in RAM, and both in the user's address space. */
const VIDEO_VA = 0x3f_c000_0000;
const RAM_VA = 0x3f_d000_0000;
const RAM_FRAME = RAM_BASE + 16 * MIB;
const RAM_HOST = RAM + 16 * MIB;

const pages = (RAM + RAM_SIZE) / 0x1_0000;
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
const abort = (): never => {
  throw new Error("abort");
};
const bus = { read: () => -1, high: () => 0, write: () => 0 };
const module = new WebAssembly.Module(readFileSync("build/bench.wasm"));
const machine = new WebAssembly.Instance(module, { env: { memory, abort }, bus }).exports as unknown as MachineExports &
  Loops;
machine.reset(RAM_SIZE, 16 * MIB);

/** Three levels of tables from RAM_BASE on; the frames are mapped page by page, as a kernel maps them. */
const mapFrames = (): void => {
  const words = new BigUint64Array(memory.buffer, RAM, (8 * 4096) / 8);
  const flags = BigInt(PTE_V | PTE_R | PTE_W | PTE_U);
  const pte = (pa: number, bits: bigint): bigint => (BigInt(pa / 4096) << 10n) | bits;
  words[VIDEO_VA / 2 ** 30] = pte(RAM_BASE + 4096, 1n);
  const middle = 512;
  let next = 2;
  for (const [va, pa] of [
    [VIDEO_VA, VRAM_BASE],
    [RAM_VA, RAM_FRAME],
  ] as const) {
    for (let offset = 0; offset < FRAME; offset += 4096) {
      const index = Math.floor((va + offset) / 2 ** 21) % 512;
      if (words[middle + index] === 0n) words[middle + index] = pte(RAM_BASE + next++ * 4096, 1n);
      const table = Number(words[middle + index]! >> 10n) * 4096 - RAM_BASE;
      words[table / 8 + (((va + offset) / 4096) % 512)] = pte(pa + offset, flags);
    }
  }
  machine.setSatp(RAM_BASE / 4096, 0x8000_0000);
  machine.setPrivilege(PRV_U);
};
mapFrames();

/** A loop that trapped would measure nothing. */
const done = (result: number, expected: number): void => {
  if (result !== expected) throw new Error(`trap ${machine.trapCause()} at 0x${machine.trapValue().toString(16)}`);
};

const words = FRAME / 4;
const results = [
  compare({
    name: "u32 store, TLB-checked / raw",
    base: () => machine.storeRaw(RAM_HOST, words, 1),
    work: () => done(machine.storeChecked(RAM_VA, words, 2), 1),
    goal: { kind: "time", ratio: 4 },
  }),
  compare({
    name: "u32 store, Mmu.store / raw",
    base: () => machine.storeRaw(RAM_HOST, words, 1),
    work: () => done(machine.storeByMmu(RAM_VA, words, 2), 1),
    goal: { kind: "time", ratio: 8 },
  }),
  compare({
    name: "u32 load, Mmu.load / raw",
    base: () => machine.loadRaw(RAM_HOST, words),
    work: () => done(machine.loadByMmu(RAM_VA, words), machine.loadRaw(RAM_HOST, 1) * words),
    goal: { kind: "time", ratio: 8 },
  }),
  compare({
    name: "u32 store, video memory / RAM, a look a frame",
    base: () => done(machine.storeChecked(RAM_VA, words, 2), 1),
    work: () => {
      done(machine.storeChecked(VIDEO_VA, words, 2), 1);
      machine.takeDamage();
    },
    goal: { kind: "time", ratio: 1.1 },
  }),
  compare({
    name: "fill of a mapped frame / memory.fill",
    base: () => machine.fillRaw(VIDEO_MEMORY, 3, FRAME),
    work: () => done(machine.fillUser(VIDEO_VA, 4, FRAME), FRAME),
    goal: { kind: "speed", ratio: 0.7 },
  }),
  compare({
    name: "copy into the map / memory.copy",
    base: () => machine.copyRaw(VIDEO_MEMORY, RAM_HOST, FRAME),
    work: () => done(machine.copyToUser(VIDEO_VA, RAM_HOST, FRAME), FRAME),
    goal: { kind: "speed", ratio: 0.7 },
  }),
  compare({
    name: "copy within the address space / memory.copy",
    base: () => machine.copyRaw(VIDEO_MEMORY, RAM_HOST, FRAME),
    work: () => done(machine.copyUserToUser(VIDEO_VA, RAM_VA, FRAME), FRAME),
    goal: { kind: "speed", ratio: 0.7 },
  }),
  compare({
    name: "fill, with a look a frame / memory.fill",
    base: () => machine.fillRaw(VIDEO_MEMORY, 3, FRAME),
    work: () => {
      done(machine.fillUser(VIDEO_VA, 4, FRAME), FRAME);
      machine.takeDamage();
    },
    goal: { kind: "speed", ratio: 0.4 },
  }),
];

console.log(`1024 × 768 × 32, Node ${process.version}, medians of alternating rounds\n${table(results)}`);
process.exitCode = results.every(({ met }) => met) ? 0 : 1;
