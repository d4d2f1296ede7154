/** Truth: the riscv64 psABI's LP64 sizes and alignments ("C/C++ type details"), and C's rules for padding. */
import { describe, expect, expectTypeOf, test } from "vitest";
import { array, bits64, chars, defineStruct, i16, i32, i64, pointer, u8, u16, u32, u64 } from "../../abi/struct.ts";

describe("layout", () => {
  test("a field starts at a multiple of its own size, and the size is a multiple of the largest alignment", () => {
    const mixed = defineStruct({ a: u8, b: u16, c: u8, d: u32, e: u8, f: i64, g: u8 });
    expect(mixed.offsets).toEqual({ a: 0, b: 2, c: 4, d: 8, e: 12, f: 16, g: 24 });
    expect(mixed.size).toBe(32);
    expect(mixed.align).toBe(8);
  });

  test("a nested struct is aligned to its largest field, an array to its element", () => {
    const inner = defineStruct({ a: u8, b: u32 });
    const outer = defineStruct({ x: u8, inner, y: u8, list: array(u16, 3), name: chars(5) });
    expect(outer.offsets).toEqual({ x: 0, inner: 4, y: 12, list: 14, name: 20 });
    expect(outer.size).toBe(28);
  });

  test("a size may be asked for, for a union's tail", () => {
    expect(defineStruct({ a: u32 }, { size: 128 }).size).toBe(128);
  });
});

describe("reading and writing", () => {
  const sample = defineStruct({ a: u8, b: i16, c: i32, d: u32, e: i64, f: u64, g: bits64, h: pointer });

  test("little-endian two's complement", () => {
    const bytes = sample.encode({ a: 0x12, b: -2, c: -3, d: 0x89ab_cdef, e: -4, f: 0x1_0000_0002, g: 1n << 63n });
    expect(Buffer.from(bytes).toString("hex")).toBe(
      "1200feff" +
        "fdffffff" +
        "efcdab89" +
        "00000000" +
        "fcffffffffffffff" +
        "0200000001000000" +
        "0000000000000080" +
        "0000000000000000",
    );
    expect(sample.read(bytes)).toEqual({
      a: 0x12,
      b: -2,
      c: -3,
      d: 0x89ab_cdef,
      e: -4,
      f: 0x1_0000_0002,
      g: 1n << 63n,
      h: 0,
    });
  });

  test("writing names some fields and leaves the others alone", () => {
    const bytes = new Uint8Array(sample.size + 4).fill(0xff);
    sample.write(bytes, 4, { c: 7 });
    expect(bytes.filter((byte) => byte !== 0xff)).toEqual(Uint8Array.of(7, 0, 0, 0));
    expect(bytes[4 + sample.offsets.c]).toBe(7);
  });

  test("works on a view that does not start at its buffer's first byte", () => {
    const bytes = new Uint8Array(64).subarray(3);
    sample.write(bytes, 8, { h: -0x2a_0000_0000 });
    expect(sample.read(bytes, 8).h).toBe(-0x2a_0000_0000);
    expect(bytes[8 + sample.offsets.h + 7]).toBe(0xff);
  });

  test("a 64-bit number beyond 2^53 reads as the nearest double; bits64 keeps every bit", () => {
    const one = defineStruct({ value: u64 });
    expect(one.read(new Uint8Array(8).fill(0xff)).value).toBe(2 ** 64);
    expect(one.encode({ value: -1 })).toEqual(new Uint8Array(8).fill(0xff));
    expect(defineStruct({ value: bits64 }).read(new Uint8Array(8).fill(0xff)).value).toBe(0xffff_ffff_ffff_ffffn);
  });

  test("char arrays end at their NUL and keep room for it", () => {
    const named = defineStruct({ id: chars(6), after: u8 });
    const bytes = named.encode({ id: "first", after: 9 });
    named.write(bytes, 0, { id: "ab" });
    expect([...bytes]).toEqual([0x61, 0x62, 0, 0, 0, 0, 9]);
    expect(named.read(bytes)).toEqual({ id: "ab", after: 9 });
    expect(() => named.encode({ id: "sixsix" })).toThrow(RangeError);
  });

  test("mistakes of ours are named", () => {
    expect(() => sample.read(new Uint8Array(sample.size - 1))).toThrow(
      "a struct of 48 bytes at 0 does not fit in 47 bytes",
    );
    // @ts-expect-error no such field
    expect(() => sample.encode({ z: 1 })).toThrow("no field z");
    expect(() => sample.encode({ e: 0.5 })).toThrow(RangeError);
    expect(() => defineStruct({ list: array(u8, 2) }).encode({ list: [1, 2, 3] })).toThrow(
      "3 values for an array of 2",
    );
  });

  test("field names and types are inferred", () => {
    const outer = defineStruct({ inner: defineStruct({ a: u8 }), list: array(u32, 2), set: bits64, name: chars(4) });
    expectTypeOf(outer.read(new Uint8Array(outer.size))).toEqualTypeOf<{
      inner: { a: number };
      list: number[];
      set: bigint;
      name: string;
    }>();
    expect(outer.encode({ inner: {}, list: [1] })).toHaveLength(32);
  });
});
