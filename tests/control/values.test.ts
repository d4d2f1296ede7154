/**
 * Every type crosses the boundary both ways. The truth of an echo is its argument; ECMAScript says what a string is
 * ("a sequence of UTF-16 code units", lone surrogates included), the AssemblyScript book what each type holds.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { bindFixture, compileFixture, type FixtureBinding, type Values } from "./fixture.ts";

let fixture: FixtureBinding;
let control: Values;
beforeAll(async () => {
  fixture = await bindFixture(await compileFixture("minimal"));
  control = fixture.control;
});

describe("strings", () => {
  test.each([
    ["ASCII", "This is from user space"],
    ["empty", ""],
    ["Latin and Greek", "Bäume, Ωμέγα"],
    ["an emoji, which is a surrogate pair", "🖥️ scan 🎞"],
    ["a NUL in the middle", "a\0b"],
    ["a byte order mark at the start", "\ufeffabc"],
    ["a lone high surrogate", "x\ud83dy"],
    ["a lone low surrogate at the end", "x\udda5"],
    ["longer than a decoder's chunk, with a pair across the border", `${"x".repeat(4095)}🖥${"y".repeat(5000)}`],
    ["100,000 characters, ends in a lone surrogate", `${"ab".repeat(50_000)}\ud800`],
  ])("%s", (_what, text) => {
    expect(control.codeUnits!(text)).toBe(text.length);
    expect(control.echoString!(text)).toBe(text);
    fixture.exports.__collect();
  });

  test("two arguments do not disturb each other", () => {
    expect(control.joinTwo!("left 🖥", "right")).toBe("left 🖥right");
  });

  test("null comes out as null", () => {
    expect(control.noString!()).toBeNull();
  });
});

describe("numbers", () => {
  test.each([
    ["echoI8", [-128, 127]],
    ["echoU8", [0, 255]],
    ["echoI16", [-32768, 32767]],
    ["echoU16", [0, 65535]],
    ["echoI32", [-(2 ** 31), -1, 2 ** 31 - 1]],
    ["echoUsize", [0, 2 ** 31, 2 ** 32 - 1]],
    ["echoI64", [-(2n ** 63n), -1n, 2n ** 63n - 1n]],
    ["echoU64", [0n, 2n ** 63n, 2n ** 64n - 1n]],
    ["echoF32", [0.5, -0, Number.POSITIVE_INFINITY, Number.NaN, Math.fround(0.1)]],
    ["echoF64", [0.1, Number.MIN_VALUE, Number.MAX_VALUE, Number.NaN]],
  ] as const)("%s: the limits of the type", (name, values) => {
    for (const value of values) expect(control[name]!(value)).toBe(value);
  });

  test("u32 results above 2^31 are not negative", () => {
    expect(control.addU32!(0x8000_0000, 0x7fff_ffff)).toBe(0xffff_ffff);
  });

  test("booleans are booleans", () => {
    expect(control.not!(true)).toBe(false);
    expect(control.not!(false)).toBe(true);
  });

  test("void is undefined", () => {
    expect(control.nothing!()).toBeUndefined();
  });
});

describe("typed arrays", () => {
  test.each([
    ["bumpI8", Int8Array.of(126, -128, 5), Int8Array.of(127, -128, 5)],
    ["bumpU8", Uint8Array.of(254, 0, 5), Uint8Array.of(255, 0, 5)],
    ["bumpU8Clamped", Uint8ClampedArray.of(255, 7), Uint8ClampedArray.of(255, 7)],
    ["bumpI16", Int16Array.of(-32768, 5), Int16Array.of(-32767, 5)],
    ["bumpU16", Uint16Array.of(65534, 5), Uint16Array.of(65535, 5)],
    ["bumpI32", Int32Array.of(-(2 ** 31), 5), Int32Array.of(1 - 2 ** 31, 5)],
    ["bumpU32", Uint32Array.of(2 ** 32 - 2, 5), Uint32Array.of(2 ** 32 - 1, 5)],
    ["bumpI64", BigInt64Array.of(-(2n ** 63n), 5n), BigInt64Array.of(1n - 2n ** 63n, 5n)],
    ["bumpU64", BigUint64Array.of(2n ** 64n - 2n, 5n), BigUint64Array.of(2n ** 64n - 1n, 5n)],
    ["bumpF32", Float32Array.of(-0.5, 2), Float32Array.of(0.5, 2)],
    ["bumpF64", Float64Array.of(0.25, 2), Float64Array.of(1.25, 2)],
  ])("%s: in and out", (name, argument, expected) => {
    const before = argument.slice();
    const result = control[name]!(argument);
    expect(result).toEqual(expected);
    expect(argument, "the argument was copied in, not shared").toEqual(before);
  });

  test("a subarray crosses as its own elements only", () => {
    expect(control.bumpU8!(Uint8Array.of(9, 9, 1, 2, 9).subarray(2, 4))).toEqual(Uint8Array.of(2, 2));
  });

  test("a view is live: stores of the module are seen by the host, and the other way round", () => {
    const view = control.sharedArray!() as Uint16Array;
    expect(view.buffer).toBe(fixture.memory.buffer);
    control.storeShared!(3, 777);
    expect(view[3]).toBe(777);
    view[3] = 778;
    expect(control.sharedAt!(3)).toBe(778);
  });

  test("a view inside a buffer has its own start and length", () => {
    const whole = control.sharedArray!() as Uint16Array;
    const middle = control.sharedMiddle!() as Uint16Array;
    expect(middle.length).toBe(4);
    expect(middle.byteOffset).toBe(whole.byteOffset + 4);
  });

  test("an array buffer is copied", () => {
    const buffer = Uint8Array.of(1, 2, 3).buffer;
    const result = control.echoBuffer!(buffer) as ArrayBuffer;
    expect(new Uint8Array(result)).toEqual(Uint8Array.of(1, 2, 3));
    expect(result).not.toBe(buffer);
  });
});

describe("arrays", () => {
  test("of strings", () => {
    expect(control.reverseStrings!(["a", "", "🖥"])).toEqual(["🖥", "", "a"]);
    expect(control.concatStrings!([])).toBe("");
  });

  test("of booleans and of sizes, whose names contain those of scalars", () => {
    expect(control.invertBools!([true, false, true])).toEqual([false, true, false]);
    expect(control.sumUsizes!([1, 2, 0x8000_0000])).toBe(0x8000_0003);
    expect(control.echoUsizes!([0, 2 ** 32 - 1])).toEqual([0, 2 ** 32 - 1]);
  });

  test("of doubles and of 64-bit integers", () => {
    expect(control.echoF64s!([0.1, -0])).toEqual([0.1, -0]);
    expect(control.echoI64s!([-1n, 2n ** 62n])).toEqual([-1n, 2n ** 62n]);
  });

  test("of arrays", () => {
    expect(control.flatten!([["a", "b"], [], ["c"]])).toEqual(["a", "b", "c"]);
  });

  test("with more room than elements: only the elements come out", () => {
    expect(control.countTo!(3)).toEqual([1, 2, 3]);
    expect(control.countTo!(0)).toEqual([]);
  });
});
