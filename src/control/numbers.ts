/**
 * AssemblyScript's number types at the boundary. Nothing is rounded or wrapped silently: a value the type cannot hold
 * is an error.
 */
import type { Converter } from "../../build/as-bind.js";

/** How an error names what it got: a short text for any value. */
export const shown = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "object" && value !== null) return Object.prototype.toString.call(value);
  return String(value);
};

export const wrongType = (type: string, value: unknown): TypeError =>
  new TypeError(`expected ${type}, got ${shown(value)}`);

/** Least and greatest value. */
const INTEGERS: Record<string, readonly [number, number]> = {
  i8: [-0x80, 0x7f],
  u8: [0, 0xff],
  i16: [-0x8000, 0x7fff],
  u16: [0, 0xffff],
  i32: [-0x8000_0000, 0x7fff_ffff],
  u32: [0, 0xffff_ffff],
  isize: [-0x8000_0000, 0x7fff_ffff],
  usize: [0, 0xffff_ffff],
};

/** i8 to u32, isize and usize (32 bits): a JavaScript number. */
export const integers: Converter = {
  ascToJs(_instance, value, type) {
    // wasm has no unsigned result: a u32 above 2^31 arrives negative
    return type.startsWith("u") ? Number(value) >>> 0 : value;
  },
  jsToAsc(_instance, value, type) {
    if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(type, value);
    const [least, most] = INTEGERS[type]!;
    if (value < least || value > most) throw new RangeError(`expected ${type} (${least} to ${most}), got ${value}`);
    return value;
  },
};

/** i64 and u64: a BigInt. */
export const longs: Converter = {
  ascToJs(_instance, value, type) {
    return type === "u64" ? BigInt.asUintN(64, BigInt(value)) : value;
  },
  jsToAsc(_instance, value, type) {
    if (typeof value !== "bigint") throw wrongType(`${type} (a BigInt)`, value);
    const held = type === "u64" ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
    if (held !== value) throw new RangeError(`expected ${type}, got ${value}n`);
    return value;
  },
};

/** f32 and f64: a JavaScript number, NaN and the infinities too. f32 rounds to the nearest. */
export const floats: Converter = {
  ascToJs: (_instance, value) => value,
  jsToAsc(_instance, value, type) {
    if (typeof value !== "number") throw wrongType(type, value);
    return value;
  },
};

export const booleans: Converter = {
  ascToJs: (_instance, value) => value !== 0,
  jsToAsc(_instance, value) {
    // wasm takes true as 1; the argument itself must come back, or as-bind would pin it like an object
    if (typeof value !== "boolean") throw wrongType("bool", value);
    return value;
  },
};
