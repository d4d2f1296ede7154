// The floating point of assembly/ by itself, for tests/assembly/float*.test.ts: a function an instruction, named as in
// Float, FloatCompare and FloatConvert. Every operand and result travels as 64 bits.
import { Float } from "../../../assembly/float.ts";
import { FloatCompare } from "../../../assembly/float-compare.ts";
import { FloatConvert } from "../../../assembly/float-convert.ts";

export function add64(a: u64, b: u64, rm: u32): u64 {
  return Float.add64(a, b, rm);
}

export function sub64(a: u64, b: u64, rm: u32): u64 {
  return Float.sub64(a, b, rm);
}

export function mul64(a: u64, b: u64, rm: u32): u64 {
  return Float.mul64(a, b, rm);
}

export function div64(a: u64, b: u64, rm: u32): u64 {
  return Float.div64(a, b, rm);
}

export function sqrt64(a: u64, rm: u32): u64 {
  return Float.sqrt64(a, rm);
}

export function fma64(a: u64, b: u64, c: u64, rm: u32): u64 {
  return Float.fma64(a, b, c, rm);
}

export function eq64(a: u64, b: u64): u64 {
  return FloatCompare.eq64(a, b);
}

export function lt64(a: u64, b: u64): u64 {
  return FloatCompare.lt64(a, b);
}

export function le64(a: u64, b: u64): u64 {
  return FloatCompare.le64(a, b);
}

export function min64(a: u64, b: u64): u64 {
  return FloatCompare.min64(a, b);
}

export function max64(a: u64, b: u64): u64 {
  return FloatCompare.max64(a, b);
}

export function sgnj64(a: u64, b: u64): u64 {
  return FloatCompare.sgnj64(a, b);
}

export function sgnjn64(a: u64, b: u64): u64 {
  return FloatCompare.sgnjn64(a, b);
}

export function sgnjx64(a: u64, b: u64): u64 {
  return FloatCompare.sgnjx64(a, b);
}

export function classify64(a: u64): u64 {
  return FloatCompare.classify64(a);
}

export function add32(a: u64, b: u64, rm: u32): u64 {
  return Float.add32(<u32>a, <u32>b, rm);
}

export function sub32(a: u64, b: u64, rm: u32): u64 {
  return Float.sub32(<u32>a, <u32>b, rm);
}

export function mul32(a: u64, b: u64, rm: u32): u64 {
  return Float.mul32(<u32>a, <u32>b, rm);
}

export function div32(a: u64, b: u64, rm: u32): u64 {
  return Float.div32(<u32>a, <u32>b, rm);
}

export function sqrt32(a: u64, rm: u32): u64 {
  return Float.sqrt32(<u32>a, rm);
}

export function fma32(a: u64, b: u64, c: u64, rm: u32): u64 {
  return Float.fma32(<u32>a, <u32>b, <u32>c, rm);
}

export function eq32(a: u64, b: u64): u64 {
  return FloatCompare.eq32(<u32>a, <u32>b);
}

export function lt32(a: u64, b: u64): u64 {
  return FloatCompare.lt32(<u32>a, <u32>b);
}

export function le32(a: u64, b: u64): u64 {
  return FloatCompare.le32(<u32>a, <u32>b);
}

export function min32(a: u64, b: u64): u64 {
  return FloatCompare.min32(<u32>a, <u32>b);
}

export function max32(a: u64, b: u64): u64 {
  return FloatCompare.max32(<u32>a, <u32>b);
}

export function sgnj32(a: u64, b: u64): u64 {
  return FloatCompare.sgnj32(<u32>a, <u32>b);
}

export function sgnjn32(a: u64, b: u64): u64 {
  return FloatCompare.sgnjn32(<u32>a, <u32>b);
}

export function sgnjx32(a: u64, b: u64): u64 {
  return FloatCompare.sgnjx32(<u32>a, <u32>b);
}

export function classify32(a: u64): u64 {
  return FloatCompare.classify32(<u32>a);
}

export function fcvtWD(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtWD(a, rm);
}

export function fcvtWuD(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtWuD(a, rm);
}

export function fcvtLD(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtLD(a, rm);
}

export function fcvtLuD(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtLuD(a, rm);
}

export function fcvtDW(a: u64): u64 {
  return FloatConvert.fcvtDW(a);
}

export function fcvtDWu(a: u64): u64 {
  return FloatConvert.fcvtDWu(a);
}

export function fcvtDL(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtDL(a, rm);
}

export function fcvtDLu(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtDLu(a, rm);
}

export function fcvtWS(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtWS(<u32>a, rm);
}

export function fcvtWuS(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtWuS(<u32>a, rm);
}

export function fcvtLS(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtLS(<u32>a, rm);
}

export function fcvtLuS(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtLuS(<u32>a, rm);
}

export function fcvtSW(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtSW(a, rm);
}

export function fcvtSWu(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtSWu(a, rm);
}

export function fcvtSL(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtSL(a, rm);
}

export function fcvtSLu(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtSLu(a, rm);
}

export function fcvtDS(a: u64): u64 {
  return FloatConvert.fcvtDS(<u32>a);
}

export function fcvtSD(a: u64, rm: u32): u64 {
  return FloatConvert.fcvtSD(a, rm);
}
