/**
 * F and D as instructions: registers, NaN boxes, rounding mode, flags, FS. What the operations compute is float.ts's
 * matter and tested there; here the truths are JavaScript's own doubles (round to nearest), the specification's rules
 * about registers, and that the interpreter's quick way and the exact one never differ.
 */
import { describe, expect, it } from "vitest";
import { FFLAG_NV, FFLAG_NX } from "../../../assembly/float-flags.ts";
import { CAUSE_ILLEGAL_INSTRUCTION } from "../../../assembly/riscv.ts";
import { ENCODINGS, encode, type Format, type Mnemonic, ROUNDED } from "./encode.ts";
import { DATA, HartMachine } from "./hart-machine.ts";
import { words } from "./reference.ts";

const BOX = 0xffff_ffff_0000_0000n;
const view = new DataView(new ArrayBuffer(8));
/** A NaN is the canonical one: "the sign is positive and all significand bits are clear except the MSB". */
const bits64 = (x: number): bigint => {
  if (Number.isNaN(x)) return 0x7ff8_0000_0000_0000n;
  view.setFloat64(0, x);
  return view.getBigUint64(0);
};
const bits32 = (x: number): bigint => {
  if (Number.isNaN(x)) return BOX | 0x7fc0_0000n;
  view.setFloat32(0, x);
  return BOX | BigInt(view.getUint32(0));
};

const DOUBLES = [
  0,
  -0,
  1,
  -1,
  1.5,
  Math.PI,
  1e308,
  -1e308,
  5e-324,
  2.2250738585072014e-308,
  1e-310,
  Infinity,
  -Infinity,
  NaN,
  0.1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  4294967295.5,
];
const SINGLES = [
  0,
  -0,
  1,
  -1,
  1.5,
  Math.PI,
  3e38,
  -3e38,
  1e-45,
  1.1754943508222875e-38,
  1e-39,
  Infinity,
  -Infinity,
  NaN,
  0.1,
  2 ** 31,
  16777217,
];
const SIGNALING = { S: BOX | 0x7f80_0001n, D: 0x7ff0_0000_0000_0001n };
const UNBOXED = 0x3f80_0000n;

const OPERATIONS = (Object.keys(ENCODINGS) as Mnemonic[]).filter(
  (name) => name.startsWith("F") && !/^F(ENCE|L[WD]$|S[WD]$)/.test(name),
);

/** Whether the operation's sources are singles. */
const isSingle = (name: Mnemonic): boolean =>
  name === "FCVT_D_S" ? true : name === "FCVT_S_D" ? false : /_S(_|$)/.test(name);

const operandsOf = (name: Mnemonic, seed: number): bigint[] => {
  const next = words(seed);
  if ((ENCODINGS[name].format as Format).startsWith("XF")) {
    return [
      0n,
      1n,
      0xffff_ffff_ffff_ffffn,
      0x7fff_ffffn,
      0x8000_0000n,
      0x8000_0000_0000_0000n,
      0x20_0000_0000_0001n,
      next(),
      next(),
    ];
  }
  const random = Array.from({ length: 6 }, next);
  if (isSingle(name))
    return [...SINGLES.map(bits32), SIGNALING.S, UNBOXED, ...random.map((x) => BOX | (x & 0xffff_ffffn))];
  return [...DOUBLES.map(bits64), SIGNALING.D, ...random];
};

describe("the quick way and the exact one agree", () => {
  const machine = new HartMachine();
  const run = (word: number, operands: bigint[], fflags: number, fs: number) => {
    for (const [i, value] of operands.entries()) machine.setF(10 + i, value);
    machine.setX(10, operands[0]!);
    machine.fflags = fflags;
    machine.fs = fs;
    machine.setF(20, 0x1234n);
    machine.setX(20, 0x1234);
    machine.execute(word);
    return { f: machine.f(20), x: machine.x(20), flags: machine.fflags };
  };

  it.each(OPERATIONS)("%s", (name) => {
    // FS is dirty and inexact is set: quick. FS is initial: exact.
    const operands = operandsOf(name, 11);
    const second = operands.length > 12 ? operands.filter((_, i) => i % 3 !== 1) : operands;
    const { format } = ENCODINGS[name];
    const modes = ROUNDED.has(format) ? [7, 1] : [0];
    for (const rm of modes) {
      const word = encode(name, { rd: 20, rs1: 10, rs2: 11, rs3: 12, rm });
      for (const a of operands) {
        for (const b of /^(F1|FX|XF|FXR|XFR)$/.test(format) ? [0n] : second) {
          const c = operands[Number((a ^ b) % BigInt(operands.length))]!;
          const quick = run(word, [a, b, c], FFLAG_NX, 3);
          const exact = run(word, [a, b, c], 0, 1);
          expect({ ...quick, flags: quick.flags & ~FFLAG_NX }, `${name} ${a.toString(16)} ${b.toString(16)}`).toEqual({
            ...exact,
            flags: exact.flags & ~FFLAG_NX,
          });
          expect(quick.flags & FFLAG_NX).toBe(FFLAG_NX);
          expect(machine.fs).toBe(3);
        }
      }
    }
  });
});

describe("values", () => {
  const machine = new HartMachine();
  const binary = [
    ["FADD", (a: number, b: number) => a + b],
    ["FSUB", (a: number, b: number) => a - b],
    ["FMUL", (a: number, b: number) => a * b],
    ["FDIV", (a: number, b: number) => a / b],
  ] as const;

  it.each(binary)("%s is JavaScript's", (name, operation) => {
    for (const flags of [0, FFLAG_NX]) {
      for (const a of DOUBLES) {
        for (const b of DOUBLES) {
          machine.setF(10, bits64(a));
          machine.setF(11, bits64(b));
          machine.fflags = flags;
          machine.execute(encode(`${name}_D`, { rd: 12, rs1: 10, rs2: 11 }));
          expect(machine.f(12), `${a} ${b}`).toBe(bits64(operation(a, b)));
        }
      }
      for (const a of SINGLES.map(Math.fround)) {
        for (const b of SINGLES.map(Math.fround)) {
          machine.setF(10, bits32(a));
          machine.setF(11, bits32(b));
          machine.execute(encode(`${name}_S`, { rd: 12, rs1: 10, rs2: 11 }));
          // A double holds sums and products of singles well enough to be rounded once more.
          expect(machine.f(12), `${a} ${b}`).toBe(bits32(operation(a, b)));
        }
      }
    }
  });

  it("signs of the fused multiply-adds", () => {
    for (const [name, want] of [
      ["FMADD_D", 7],
      ["FMSUB_D", 5],
      ["FNMSUB_D", -5],
      ["FNMADD_D", -7],
    ] as const) {
      for (const [i, x] of [2, 3, 1].entries()) machine.setF(10 + i, bits64(x));
      machine.execute(encode(name, { rd: 13, rs1: 10, rs2: 11, rs3: 12 }));
      expect(machine.f(13)).toBe(bits64(want));
    }
    for (const [name, want] of [
      ["FMADD_S", 7],
      ["FMSUB_S", 5],
      ["FNMSUB_S", -5],
      ["FNMADD_S", -7],
    ] as const) {
      for (const [i, x] of [2, 3, 1].entries()) machine.setF(10 + i, bits32(x));
      machine.execute(encode(name, { rd: 13, rs1: 10, rs2: 11, rs3: 12 }));
      expect(machine.f(13)).toBe(bits32(want));
    }
  });
});

describe("registers", () => {
  const machine = new HartMachine();

  it("flw boxes, fsw and fmv.x.w take the low half as it is", () => {
    machine.write64(DATA, 0x1111_2222_7f80_0001n);
    machine.setX(10, DATA);
    machine.execute(encode("FLW", { rd: 5, rs1: 10 }), encode("FMV_X_S", { rd: 6, rs1: 5 }));
    expect([machine.f(5), machine.x(6)]).toEqual([BOX | 0x7f80_0001n, 0x7f80_0001n]);
    machine.setF(5, 0x1234_5678_8765_4321n);
    machine.execute(encode("FSW", { rs1: 10, rs2: 5, imm: 4 }), encode("FMV_X_S", { rd: 6, rs1: 5 }));
    expect([machine.read64(DATA), machine.x(6)]).toEqual([0x8765_4321_7f80_0001n, 0xffff_ffff_8765_4321n]);
  });

  it("a single that is not boxed is the canonical NaN", () => {
    machine.setF(10, UNBOXED);
    machine.setF(11, bits32(1));
    machine.execute(encode("FADD_S", { rd: 12, rs1: 10, rs2: 11 }), encode("FCLASS_S", { rd: 5, rs1: 10 }));
    expect([machine.f(12), machine.x(5)]).toEqual([BOX | 0x7fc0_0000n, 1n << 9n]);
    machine.execute(encode("FSGNJ_S", { rd: 12, rs1: 10, rs2: 11 }));
    expect(machine.f(12)).toBe(BOX | 0x7fc0_0000n);
  });

  it("x0 takes no comparison's result; f0 is a register like others", () => {
    machine.setF(0, bits64(2));
    machine.execute(encode("FEQ_D", { rd: 0, rs1: 0, rs2: 0 }), encode("FADD_D", { rd: 0, rs1: 0, rs2: 0 }));
    expect([machine.x(0), machine.f(0)]).toEqual([0n, bits64(4)]);
  });

  it("a write of an f register makes FS dirty, a comparison's flag too", () => {
    for (const word of [encode("FLD", { rd: 5, rs1: 10 }), encode("FMV_D_X", { rd: 5 }), encode("FADD_D"), 0x2108]) {
      machine.setX(10, DATA);
      machine.fs = 1;
      machine.execute(word);
      expect(machine.fs, word.toString(16)).toBe(3);
    }
  });
});

describe("rounding modes", () => {
  const machine = new HartMachine();
  const third = (rm: number) => {
    machine.setF(10, bits64(1));
    machine.setF(11, bits64(3));
    machine.execute(encode("FDIV_D", { rd: 12, rs1: 10, rs2: 11, rm }));
    return machine.f(12);
  };
  const below = bits64(1 / 3);

  it("static, and frm's when dynamic", () => {
    for (const [rm, want] of [
      [0, below],
      [1, below],
      [2, below],
      [3, below + 1n],
      [4, below],
    ] as const) {
      machine.frm = 3;
      expect(third(rm)).toBe(want);
      machine.frm = rm;
      expect(third(7)).toBe(want);
    }
    machine.frm = 0;
  });

  it("an frm that is no mode makes dynamic ones illegal, and only those", () => {
    for (const frm of [5, 6, 7]) {
      machine.frm = frm;
      machine.setF(12, 0n);
      expect(third(7)).toBe(0n);
      expect(machine.exports.trapCause()).toBe(CAUSE_ILLEGAL_INSTRUCTION);
      expect(third(0)).toBe(below);
      machine.execute(encode("FSGNJ_D", { rd: 12, rs1: 10, rs2: 10 }));
      expect(machine.f(12)).toBe(bits64(1));
    }
    machine.frm = 0;
  });

  it("flags accrue", () => {
    machine.fflags = 0;
    third(7);
    expect(machine.fflags).toBe(FFLAG_NX);
    machine.setF(10, bits64(-1));
    machine.execute(encode("FSQRT_D", { rd: 12, rs1: 10 }));
    expect(machine.fflags).toBe(FFLAG_NX | FFLAG_NV);
  });
});
