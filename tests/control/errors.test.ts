/** A wrong argument is refused before the module runs, by an error that names the type and the value. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { bindFixture, compileFixture, type FixtureBinding, type Values } from "./fixture.ts";

let fixture: FixtureBinding;
let control: Values;
beforeAll(async () => {
  fixture = await bindFixture(await compileFixture("minimal"));
  control = fixture.control;
});

describe("wrong arguments", () => {
  test.each([
    ["codeUnits", 7, TypeError, "expected string, got 7"],
    ["codeUnits", null, TypeError, "expected string, got null"],
    ["codeUnits", undefined, TypeError, "expected string, got undefined"],
    ["echoI32", "7", TypeError, 'expected i32, got "7"'],
    ["echoI32", 1.5, TypeError, "expected i32, got 1.5"],
    ["echoI32", Number.NaN, TypeError, "expected i32, got NaN"],
    ["echoI32", 2 ** 31, RangeError, "expected i32 (-2147483648 to 2147483647), got 2147483648"],
    ["echoU8", 256, RangeError, "expected u8 (0 to 255), got 256"],
    ["echoUsize", -1, RangeError, "expected usize (0 to 4294967295), got -1"],
    ["echoI64", 7, TypeError, "expected i64 (a BigInt), got 7"],
    ["echoU64", -1n, RangeError, "expected u64, got -1n"],
    ["echoF64", 7n, TypeError, "expected f64, got 7n"],
    ["not", 1, TypeError, "expected bool, got 1"],
    ["bumpU8", [1, 2], TypeError, "expected Uint8Array, got [object Array]"],
    ["bumpU8", Int8Array.of(1), TypeError, "expected Uint8Array, got [object Int8Array]"],
    ["bumpI64", BigUint64Array.of(1n), TypeError, "expected BigInt64Array, got [object BigUint64Array]"],
    ["echoBuffer", Uint8Array.of(1), TypeError, "expected ArrayBuffer, got [object Uint8Array]"],
    ["concatStrings", "ab", TypeError, 'expected Array, got "ab"'],
    ["concatStrings", ["a", 7], TypeError, "expected string, got 7"],
    ["invertBools", [1], TypeError, "expected bool, got 1"],
    ["sumUsizes", [-1], RangeError, "expected usize (0 to 4294967295), got -1"],
  ] as const)("%s(%o)", (name, argument, kind, message) => {
    const call = () => control[name]!(argument);
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });

  test("too few and too many", () => {
    expect(() => control.addU32!(1)).toThrow("Expected 2 arguments, got 1");
    expect(() => control.nothing!(1)).toThrow("Expected 0 arguments, got 1");
  });

  test("a long text is cut in the message", () => {
    expect(() => control.echoI32!("y".repeat(500))).toThrow(`expected i32, got "${"y".repeat(40)}…"`);
  });

  test("an array with a wrong element leaves nothing pinned", () => {
    const large = Array.from({ length: 20_000 }, (): unknown => 1.5);
    large.push("wrong");
    // 160 KB each: the heap of 1 MiB could not hold a hundred of them
    for (let turn = 0; turn < 100; turn++) {
      expect(() => control.echoF64s!(large)).toThrow('expected f64, got "wrong"');
      fixture.exports.__collect();
    }
  });

  test("a type with no converter is an error, not an address", () => {
    expect(() => control.opaque!()).toThrow(
      "a result of type tests/control/wasm/control/Opaque cannot cross the boundary",
    );
  });
});

describe("what the module throws", () => {
  test("an abort is an Error with its message, file and line", async () => {
    const file = "tests/control/wasm/control.ts";
    const source = await readFile(new URL(`../../${file}`, import.meta.url), "utf8");
    const line = source.split("\n").findIndex((text) => text.includes("throw new Error(why)")) + 1;
    expect(() => control.fail!("no such mode: 7")).toThrow(`abort: no such mode: 7 at ${file}:${line}:3`);
  });

  test("a full heap traps and does not grow the memory", () => {
    const pages = fixture.memory.grow(0);
    expect(() => control.allocate!(2 << 20)).toThrow(WebAssembly.RuntimeError);
    expect(fixture.memory.grow(0)).toBe(pages);
  });
});

describe("what is no such module", () => {
  test("bytes that are not WebAssembly", async () => {
    await expect(bindFixture(Uint8Array.of(1, 2, 3, 4))).rejects.toThrow(WebAssembly.CompileError);
  });

  test("a module without bindings", async () => {
    // the smallest module: magic number and version (WebAssembly core specification, "Modules" of the binary format)
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    await expect(bindFixture(empty)).rejects.toThrow("not built with --exportRuntime");
  });
});
