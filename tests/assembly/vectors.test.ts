/**
 * Every instruction of RV64GC's user mode, state in, state out. Truth: vectors/rv64*.txt and zicsr.txt, recorded from
 * qemu-riscv64 7.2 by vectors/record.ts (`npm run vectors`).
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CSR_FCSR } from "../../assembly/csr-numbers.ts";
import { HART_RESERVATION } from "../../assembly/hart-layout.ts";
import { HART } from "../../assembly/layout.ts";
import * as ops from "../../assembly/ops.ts";
import { C_EBREAK, CODE, DATA, HartMachine } from "./hart/hart-machine.ts";
import { recordAt } from "./hart/records.ts";
import { F, FCSR, M, parseVector, printChange, STATE_WORDS, type Vector } from "./vectors/vector.ts";

const FILES = ["rv64i", "rv64m", "rv64a", "rv64f", "rv64d", "rv64c", "zicsr"];
const machine = new HartMachine();
const lengthOf = (word: number): number => ((word & 3) === 3 ? 4 : 2);

const setState = (words: readonly bigint[]): void => {
  for (let i = 0; i < 32; i++) {
    machine.setX(i, words[i]!);
    machine.setF(i, words[F + i]!);
  }
  machine.setCsr(CSR_FCSR, words[FCSR]!);
  for (const i of [0, 1]) machine.write64(DATA + 8 * i, words[M + i]!);
  machine.view.setBigUint64(HART + HART_RESERVATION, 2n ** 64n - 1n, true);
};

const getState = (): bigint[] =>
  Array.from({ length: STATE_WORDS }, (_, word) => {
    if (word < F) return machine.x(word);
    if (word < FCSR) return machine.f(word - F);
    return word === FCSR ? machine.csr(CSR_FCSR) : machine.read64(DATA + 8 * (word - M));
  });

/** Executes a vector: what it changed, and the operation that the decoder made of it. */
const execute = ({ name, code, before }: Vector): { after: string; operation: string } => {
  const pc = CODE + code.slice(0, -1).reduce((sum, word) => sum + lengthOf(word), 0);
  const bases = { "": 0n, m: BigInt(DATA), pc: BigInt(pc) };
  const words = Array.from({ length: STATE_WORDS }, () => 0n);
  for (const [word, { base, value }] of before) words[word] = BigInt.asUintN(64, bases[base] + value);
  setState(words);
  // Wherever it goes, an ebreak ends it.
  machine.write(CODE, [...code, ...new Array<number>(8).fill(C_EBREAK)]);
  machine.pc = CODE;
  machine.exports.run(100);
  const { op, length } = recordAt(machine, pc);
  return {
    after: printChange(name, words, getState(), BigInt(pc), BigInt(machine.pc)),
    operation: `${op}${length === 2 ? " short" : ""}`,
  };
};

const executed = new Set<string>();

describe.each(FILES)("%s", (file) => {
  const vectors = readFileSync(`tests/assembly/vectors/${file}.txt`, "utf8").trimEnd().split("\n").map(parseVector);
  const names = [...new Set(vectors.map(({ name }) => name))];
  it.each(names)("%s", (name) => {
    for (const vector of vectors.filter((one) => one.name === name)) {
      const { after, operation } = execute(vector);
      executed.add(operation);
      expect(
        after,
        JSON.stringify([...vector.before].map(([word, { base, value }]) => `${word}: ${base}${value}`)),
      ).toBe(vector.after);
    }
  });
});

/** Records that are no instruction, and the instructions of the system, which user mode has not: trap.test.ts. */
const WITHOUT = new Set(
  "UNDECODED SHORT PAGE_END STRADDLE ILLEGAL ECALL EBREAK MRET SRET WFI SFENCE_VMA"
    .split(" ")
    .map((name) => `OP_${name}`),
);

it("has a vector for every operation, and for the short form of each that has one", () => {
  const missing = Object.entries(ops).filter(
    ([name, op]) => name.startsWith("OP_") && !WITHOUT.has(name) && !executed.has(`${op}`),
  );
  expect(missing).toEqual([]);
  const short = Array.from({ length: ops.OP_SHORT }, (_, i) => i + 1).filter(
    (op) => op !== ops.OP_EBREAK && op !== ops.OP_ILLEGAL && !executed.has(`${op} short`),
  );
  expect(short).toEqual([]);
});
