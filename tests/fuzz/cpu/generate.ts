/** Random streams: an extension by its weight, one of its instructions, operands. */
import { ENCODINGS, encode, type Format, type Mnemonic, ROUNDED } from "../../assembly/hart/encode.ts";
import { type CompressedForm, cAddi16sp, compressedForms } from "./compressed.ts";
import { flow } from "./flow.ts";
import { patch } from "./patch.ts";
import type { Random } from "./random.ts";
import { ARENA_HALF, type Bases, GP, RESERVED, S0, S1, SP, WORD_FCSR } from "./state.ts";
import type { Item } from "./stream.ts";

/** How often each group is drawn. Zifencei: instructions that store to the stream's own code. */
export const WEIGHTS = {
  I: 20,
  memory: 14,
  M: 10,
  A: 6,
  F: 16,
  D: 16,
  C: 22,
  Zicsr: 3,
  flow: 10,
  loop: 2,
  Zifencei: 0,
};
export type Weights = Readonly<Record<keyof typeof WEIGHTS, number>>;
export const SELF_MODIFYING: Weights = { ...WEIGHTS, Zifencei: 12, loop: 6 };

const named = (test: (name: Mnemonic, format: Format) => boolean): Mnemonic[] =>
  (Object.keys(ENCODINGS) as Mnemonic[]).filter((name) => test(name, ENCODINGS[name].format));

const MULTIPLY = named((name) => /^(MUL|DIV|REM)/.test(name));
const LOADS = ["LB", "LH", "LW", "LD", "LBU", "LHU", "LWU", "FLW", "FLD"] as const;
const STORES = ["SB", "SH", "SW", "SD", "FSW", "FSD"] as const;
const INTEGER = named(
  (name, format) =>
    ["R", "I", "Shift", "ShiftW", "U"].includes(format) && !/^(MUL|DIV|REM|LR|SC|AMO|JALR|L[BHWD]U?$)/.test(name),
);
const IMMEDIATE = INTEGER.filter((name) => ["I", "U"].includes(ENCODINGS[name].format));
const ATOMIC = named((name) => /^AMO/.test(name));
const SINGLE = named(
  (name, format) => /^(F|R4|X)/.test(format) && name !== "FLW" && name !== "FSW" && /_S(_|$)/.test(name),
);
const DOUBLE = named(
  (name, format) => /^(F|R4|X)/.test(format) && name !== "FLD" && name !== "FSD" && /_D(_|$)/.test(name),
);
const COMPRESSED = compressedForms();
const CSR_FFLAGS = 1;
const CSR_FRM = 2;
const CSR_FCSR = 3;

const SIZES: Readonly<Record<string, number>> = { B: 1, H: 2, W: 4, D: 8 };
const sizeOf = (name: string): number => SIZES[name.replace(/^F/, "")[1]!]!;

export class Generator {
  readonly #random: Random;
  readonly #bases: Bases;
  readonly #groups: (keyof Weights)[];
  /** qemu's SC.W after LR.D stores and says that it failed; the specification lets it do one of the two. */
  readonly #reservedSize: 4 | 8;

  constructor(random: Random, bases: Bases, weights: Weights) {
    this.#random = random;
    this.#bases = bases;
    this.#reservedSize = random.oneIn(2) ? 4 : 8;
    this.#groups = Object.entries(weights).flatMap(([group, weight]) => Array(weight).fill(group));
  }

  items(count: number): Item[] {
    return Array.from({ length: count }, () => this.#item(this.#random.of(this.#groups)));
  }

  #item(group: keyof Weights): Item {
    const random = this.#random;
    if (group === "flow") return flow(random);
    if (group === "loop") return { kind: "loop", times: random.between(1, 4), body: this.#body() };
    return { kind: "words", words: this.#words(group) };
  }

  /** A loop's: short enough for its branch, and no loop inside. */
  #body(): Item[] {
    const groups = this.#groups.filter((group) => group !== "loop");
    return Array.from({ length: this.#random.between(1, 10) }, () => this.#item(this.#random.of(groups)));
  }

  #words(group: keyof Weights): number[] {
    const random = this.#random;
    switch (group) {
      case "memory":
        return [random.oneIn(2) ? this.#load() : this.#store()];
      case "M":
        return [this.#plain(random.of(MULTIPLY))];
      case "A":
        return random.oneIn(3) ? this.#reserved() : this.#atomic(random.of(ATOMIC));
      case "F":
        return [this.#plain(random.of(SINGLE))];
      case "D":
        return [this.#plain(random.of(DOUBLE))];
      case "C":
        return this.#compressed();
      case "Zicsr":
        return this.#csr();
      case "Zifencei":
        return patch(random, {
          plain: () => this.#plain(random.of(INTEGER)),
          half: () => this.#half(),
          immediate: () => this.#plain(random.of(IMMEDIATE)),
        });
      default:
        return [random.oneIn(40) ? encode("FENCE") : this.#plain(random.of(INTEGER))];
    }
  }

  /** A register that a stream may write to, x0 included. */
  #rd(): number {
    for (;;) {
      const rd = this.#random.below(32);
      if (!RESERVED.has(rd)) return rd;
    }
  }

  #imm12(): number {
    const { of, between } = {
      of: this.#random.of.bind(this.#random),
      between: this.#random.between.bind(this.#random),
    };
    return of([0, 1, -1, 2047, -2048, between(-16, 16), between(-2048, 2047), between(-2048, 2047)]);
  }

  /** Any instruction without memory and jumps. */
  #plain(name: Mnemonic): number {
    const random = this.#random;
    const { format } = ENCODINGS[name] as { format: Format };
    const imm =
      format === "U"
        ? random.word32() & 0xfffff000
        : format === "Shift"
          ? random.below(64)
          : format === "ShiftW"
            ? random.below(32)
            : this.#imm12();
    const writesF = ["R4", "FR", "F1", "F2", "XF", "XFR"].includes(format);
    const rm = ROUNDED.has(format) ? random.of([0, 1, 2, 3, 4, 7, 7]) : 0;
    const rd = writesF ? random.below(32) : this.#rd();
    return encode(name, { rd, rs1: random.below(32), rs2: random.below(32), rs3: random.below(32), imm, rm });
  }

  #baseOf(register: number): number | null {
    return register === SP ? this.#bases.sp : register === S0 ? 0 : register === S1 ? this.#bases.s1 : null;
  }

  /** Whether `size` bytes at a base's offset lie in the arena. */
  #inArena(register: number, offset: number, size: number): boolean {
    const base = this.#baseOf(register);
    return base !== null && base + offset >= -ARENA_HALF && base + offset + size <= ARENA_HALF;
  }

  /** A base register and an offset, near the page border often. */
  #place(size: number): { rs1: number; imm: number } {
    const random = this.#random;
    for (;;) {
      const rs1 = random.of([SP, S0, S1]);
      const base = this.#baseOf(rs1)!;
      const near = random.between(-12, 4) - base;
      const imm = random.of([near, random.between(-2048, 2047), random.between(-64, 64) * size]);
      if (imm >= -2048 && imm < 2048 && this.#inArena(rs1, imm, size)) return { rs1, imm };
    }
  }

  #load(): number {
    const random = this.#random;
    const name = random.of(LOADS);
    const rd = name.startsWith("F") ? random.below(32) : this.#rd();
    // The stream's own initial state, from its block: more corner operands.
    if (random.oneIn(4)) return encode(name, { rd, rs1: GP, imm: 8 * random.between(1, WORD_FCSR - 1) });
    return encode(name, { rd, ...this.#place(sizeOf(name)) });
  }

  #store(): number {
    const name = this.#random.of(STORES);
    return encode(name, { rs2: this.#random.below(32), ...this.#place(sizeOf(name)) });
  }

  /** The address of an aligned word of the arena in a register. */
  #aligned(size: number): { words: number[]; rs1: number } {
    const random = this.#random;
    if (random.oneIn(4)) return { words: [], rs1: S0 };
    const rs1 = this.#rd() || 10;
    // Few places, so that one is met again.
    const imm = random.of([0, 8, -8, 4 * random.between(-3, 3), 4 * random.between(-500, 500)]) & -size;
    return { words: [encode("ADDI", { rd: rs1, rs1: S0, imm })], rs1 };
  }

  #atomic(name: Mnemonic): number[] {
    const { words, rs1 } = this.#aligned(name.endsWith("D") ? 8 : 4);
    const orders = this.#random.below(4) << 25;
    return [...words, (encode(name, { rd: this.#rd(), rs1, rs2: this.#random.below(32) }) | orders) >>> 0];
  }

  /** LR … SC: mostly a pair that fits, with something between. */
  #reserved(): number[] {
    const random = this.#random;
    const { words, rs1 } = this.#aligned(8);
    const lr = this.#reservedSize === 8 ? "LR_D" : "LR_W";
    const sc = this.#reservedSize === 8 || random.oneIn(8) ? "SC_D" : "SC_W";
    const rd = this.#rd();
    const first = rd === rs1 ? 0 : rd;
    const between = random.of([
      [],
      [],
      [encode("SW", { rs1, rs2: random.below(32) })],
      [encode("SD", { rs1: S0, rs2: random.below(32), imm: 8 * random.between(-8, 8) })],
      [encode("FADD_D", { rd: 1, rs1: 2, rs2: 3 })],
    ]);
    const all = [
      ...words,
      encode(lr, { rd: first, rs1 }),
      ...between,
      encode(sc, { rd: this.#rd(), rs1: random.oneIn(8) ? S0 : rs1, rs2: random.below(32) }),
    ];
    // An SC without LR, an LR without SC; a second SC must fail.
    const missing = random.below(8);
    if (missing === 0) all.splice(words.length, 1);
    if (missing === 1) all.pop();
    if (random.oneIn(8)) all.push(encode(sc, { rd: this.#rd(), rs1: S0, rs2: random.below(32) }));
    return all;
  }

  #half(): number {
    for (;;) {
      const form = this.#random.of(COMPRESSED);
      if (form.memory === null) return form.half;
    }
  }

  #compressed(): number[] {
    const random = this.#random;
    if (random.oneIn(40)) {
      const imm = random.of([16, -16, 496, -496, 16 * random.between(1, 31)]);
      return [cAddi16sp(imm), cAddi16sp(-imm)];
    }
    for (;;) {
      const form = random.of(COMPRESSED);
      if (this.#allowed(form)) return [form.half];
    }
  }

  #allowed({ memory }: CompressedForm): boolean {
    return memory === null || this.#inArena(memory.base, memory.offset, memory.size);
  }

  /** fcsr and its parts; the rounding mode is legal again at once. */
  #csr(): number[] {
    const random = this.#random;
    const csr = random.of([CSR_FFLAGS, CSR_FFLAGS, CSR_FRM, CSR_FCSR]);
    const name = random.of(["CSRRW", "CSRRS", "CSRRC", "CSRRWI", "CSRRSI", "CSRRCI"] as const);
    const words = [encode(name, { rd: this.#rd(), rs1: random.oneIn(3) ? 0 : random.below(32), imm: csr })];
    if (csr !== CSR_FFLAGS) words.push(encode("CSRRWI", { rd: this.#rd(), rs1: random.below(5), imm: CSR_FRM }));
    return words;
  }
}
