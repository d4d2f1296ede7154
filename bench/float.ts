/**
 * Floating point: nanoseconds an instruction, beside wasm's own operation over the same operands:
 *   node --import jiti/register bench/float.ts
 *
 * "usual" rounds to nearest with inexact raised before; "fresh" clears inexact before each pass over 1024 operands;
 * "exact path" rounds up, which no fast path does (but conversions to integers). Medians of interleaved rounds.
 */
import { HART_FFLAGS } from "../assembly/hart-layout.ts";
import { HART } from "../assembly/layout.ts";
import { compileAssembly } from "../tools/compile-assembly.ts";

type Loop = (rounds: number, rm?: number) => void;

const COUNT = 1024;
const OPERANDS = 0x8_0000;
const PASSES = 40;
const ROUNDS = 60;
const RNE = 0;
const RTZ = 1;
const RUP = 3;
const FFLAG_NX = 1;

const memory = new WebAssembly.Memory({ initial: HART / 0x1_0000 + 1, maximum: 65536 });
const binary = await compileAssembly("bench/assembly/float.ts");
const { instance } = await WebAssembly.instantiate(binary, { env: { memory, abort() {} } });
const loops = instance.exports as unknown as Record<string, Loop>;
const view = new DataView(memory.buffer);

function fillOperands(single: boolean): void {
  let state = 1;
  for (let i = 0; i < 3 * COUNT; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = 0.1 + (state / 2 ** 32) * 1000;
    if (single) view.setFloat32(OPERANDS + 8 * i, x, true);
    else view.setFloat64(OPERANDS + 8 * i, x, true);
  }
}

/** Nanoseconds an instruction in one timing. */
function time(run: () => void): number {
  const begin = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - begin) / (PASSES * COUNT);
}

const setFlags = (flags: number): void => view.setUint32(HART + HART_FFLAGS, flags, true);
const median = (samples: number[]): string =>
  samples
    .toSorted((a, b) => a - b)
    [samples.length >> 1]!.toFixed(2)
    .padStart(8);

console.log(`ns an instruction, Node ${process.versions.node}\n`);
console.log("             wasm   usual   fresh   exact path");
for (const name of Object.keys(loops).filter((name) => typeof loops[name] === "function" && !name.endsWith("Raw"))) {
  fillOperands(name.endsWith("32"));
  const usual = name === "fcvtWD" ? RTZ : RNE;
  const columns: [flags: number, run: () => void][] = [
    [FFLAG_NX, () => loops[`${name}Raw`]!(PASSES)],
    [FFLAG_NX, () => loops[name]!(PASSES, usual)],
    [
      0,
      () => {
        for (let pass = 0; pass < PASSES; pass++) {
          setFlags(0);
          loops[name]!(1, usual);
        }
      },
    ],
    [FFLAG_NX, () => loops[name]!(PASSES, RUP)],
  ];
  const samples: number[][] = columns.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [flags, run]] of columns.entries()) {
      setFlags(flags);
      const taken = time(run);
      // The first third warms up.
      if (round > ROUNDS / 3) samples[i]!.push(taken);
    }
  }
  console.log(name.padEnd(8) + samples.map(median).join(""));
}
