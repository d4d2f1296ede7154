/**
 * Arguments survive the collector. The incremental runtime collects while arguments are being made, so an element that
 * nothing holds yet would be freed and overwritten: as-bind's own converters corrupt some string[] that way.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { bindFixture, compileFixture, type FixtureBinding } from "./fixture.ts";

const CALLS = 20_000;

let incremental: FixtureBinding;
beforeAll(async () => {
  incremental = await bindFixture(await compileFixture("incremental"));
});

/** Different in every call, so that what an earlier call left behind is never right by chance. */
const words = (call: number): string[] =>
  Array.from({ length: 1 + (call % 9) }, (_, index) => `${call}.${index}${"🖥x".repeat((call + index) % 13)}`);

describe(`${CALLS} calls while the collector runs`, () => {
  test("string[]", () => {
    for (let call = 0; call < CALLS; call++) {
      const array = words(call);
      const joined = incremental.control.concatStrings!(array);
      if (joined !== array.join("|")) expect(joined, `call ${call}`).toBe(array.join("|"));
    }
  });

  test("string[][]", () => {
    for (let call = 0; call < CALLS / 10; call++) {
      const rows = [words(call), [], words(call + 1), words(call + 2)];
      expect(incremental.control.flatten!(rows)).toEqual(rows.flat());
    }
  });

  test("bool[]", () => {
    for (let call = 0; call < CALLS; call++) {
      const array = Array.from({ length: call % 17 }, (_, index) => (call >> (index % 8)) % 2 === 1);
      const inverted = incremental.control.invertBools!(array) as boolean[];
      if (inverted.length !== array.length || inverted.some((value, index) => value === array[index])) {
        expect(inverted, `call ${call}`).toEqual(array.map((value) => !value));
      }
    }
  });

  test("usize[]", () => {
    for (let call = 0; call < CALLS; call++) {
      const array = Array.from({ length: call % 17 }, (_, index) => 0xffff_ffff - call * 16 - index);
      const echoed = incremental.control.echoUsizes!(array) as number[];
      if (echoed.length !== array.length || echoed.some((value, index) => value !== array[index])) {
        expect(echoed, `call ${call}`).toEqual(array);
      }
    }
  });

  test("two strings and a typed array", () => {
    for (let call = 0; call < CALLS; call++) {
      const text = `call ${call}`;
      const joined = incremental.control.joinTwo!(text, "🖥");
      if (joined !== `${text}🖥`) expect(joined).toBe(`${text}🖥`);
      const bytes = Uint8Array.of(call % 255, 1, 2, call % 251);
      const bumped = incremental.control.bumpU8!(bytes) as Uint8Array;
      if (bumped[0] !== (call % 255) + 1 || bumped[3] !== call % 251) expect(bumped, `call ${call}`).toEqual(bytes);
    }
  });

  test("the memory stays small: what a call leaves behind is collected", () => {
    expect(incremental.memory.buffer.byteLength).toBeLessThanOrEqual(2 << 20);
  });
});

describe("the minimal runtime collects when it is told to", () => {
  test("an argument is released after its call, so that 1 MiB lasts for 100 MB of them", async () => {
    const { control, exports } = await bindFixture(await compileFixture("minimal"));
    const text = "x".repeat(50_000);
    for (let call = 0; call < 1000; call++) {
      control.codeUnits!(text);
      exports.__collect();
    }
    expect(control.codeUnits!(text)).toBe(50_000);
  });
});
