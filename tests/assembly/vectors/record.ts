/**
 * Records the vectors anew, from qemu-riscv64:
 *
 *     npm run vectors
 *
 * They change when cases.ts does; a change of an old case's outcome is qemu's, or a mistake.
 */
import { writeFileSync } from "node:fs";
import { makeProgram, readOutput, type Stream } from "../../fuzz/cpu/program.ts";
import { Random } from "../../fuzz/cpu/random.ts";
import { hasQemu, onQemu, QEMU_MISSING } from "../../fuzz/cpu/run.ts";
import { ARENA, TP, WORDS } from "../../fuzz/cpu/state.ts";
import { lengthOf } from "../../fuzz/cpu/stream.ts";
import { encode } from "../hart/encode.ts";
import { allCases, type Case } from "./cases.ts";
import { FCSR, isFlow, M, printChange, printVector, STATE_WORDS } from "./vector.ts";

const SEED = 20240411;
/** Memory is set from x26 and x27 and read into x28 and x29; x25 points to it. */
const [BASE, SET, GOT] = [25, 26, 28];

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** The case's code in its surroundings: memory set before, and read after; tp tells where a jump went. */
const surrounded = ({ name, code, usesMemory }: Case): { before: number[]; after: number[] } => {
  const memory = (put: (i: number) => number) => (usesMemory ? [put(0), put(1)] : []);
  const went = (number: number) => encode("ADDI", { rd: TP, imm: number });
  return {
    before: [...memory((i) => encode("SD", { rs1: BASE, rs2: SET + i, imm: 8 * i })), ...code.slice(0, -1)],
    after: [
      ...(isFlow(name) ? [went(1), encode("JAL", { imm: 8 }), went(2)] : []),
      ...memory((i) => encode("LD", { rd: GOT + i, rs1: BASE, imm: 8 * i })),
    ],
  };
};

const bytesOf = (words: readonly number[]): number => words.reduce((sum, word) => sum + lengthOf(word), 0);

/** The initial words with addresses put in for m and pc. */
const initial = (one: Case, pc: bigint): bigint[] => {
  const words = Array.from({ length: STATE_WORDS }, () => 0n);
  const bases = { "": 0n, m: BigInt(ARENA), pc };
  for (const [word, { base, value }] of one.before) words[word] = u64(bases[base] + value);
  return words;
};

const stream = (one: Case, pc: bigint): Stream => {
  const { before, after } = surrounded(one);
  const words = initial(one, pc);
  const state = new BigUint64Array(WORDS);
  state.set(words.slice(0, M));
  [state[BASE], state[SET], state[SET + 1]] = [BigInt(ARENA), words[M]!, words[M + 1]!];
  state[WORDS - 1] = 1n;
  return { items: [{ kind: "words", words: [...before, one.code.at(-1)!, ...after] }], state };
};

const record = async (cases: readonly Case[]): Promise<string[]> => {
  // Twice: the addresses are known when the program was made once.
  const { addresses } = makeProgram(
    cases.map((one) => stream(one, 0n)),
    false,
  );
  const pcs = cases.map((one, i) => BigInt(addresses[i]! + bytesOf(surrounded(one).before)));
  const program = makeProgram(
    cases.map((one, i) => stream(one, pcs[i]!)),
    false,
  );
  const { output, end } = await onQemu(program.elf);
  if (end !== "exit 0") throw new Error(`qemu-riscv64 ended with ${end}`);
  const { blocks } = readOutput(output, cases.length);
  return cases.map((one, i) => {
    const block = [...blocks.subarray(WORDS * i, WORDS * (i + 1))];
    const before = initial(one, pcs[i]!);
    const after = [...block.slice(0, FCSR + 1), ...(one.usesMemory ? block.slice(GOT, GOT + 2) : [0n, 0n])];
    // x0's place, gp, tp and the recorder's own.
    for (const number of [0, 3, 4, 25, 26, 27, 28, 29]) after[number] = before[number]!;
    const length = lengthOf(one.code.at(-1)!);
    const next = pcs[i]! + BigInt(block[TP] === 2n ? length + 8 : length);
    return printVector({ ...one, after: printChange(one.name, before, after, pcs[i]!, next) });
  });
};

if (!hasQemu()) throw new Error(QEMU_MISSING);
for (const [file, cases] of allCases(new Random(SEED))) {
  const path = `tests/assembly/vectors/${file}.txt`;
  const lines = await record(cases);
  writeFileSync(path, `${lines.join("\n")}\n`);
  console.log(`${path}: ${lines.length} cases`);
}
