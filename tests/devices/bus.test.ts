import { describe, expect, it } from "vitest";
import { Bus } from "../../devices/hardware/bus.ts";
import type { MachineImports } from "../../src/machine-exports.ts";
import { AnswersItsOffset, answersItsId } from "./toy-devices.ts";

describe("routing", () => {
  it("hands a device the offset from its own start", () => {
    const bus = new Bus();
    bus.attach(0x1100_0000, new AnswersItsOffset(0x1000, [4]));
    expect(bus.read(0x1100_0000, 4)).toBe(0);
    expect(bus.read(0x1100_0ffc, 4)).toBe(0xffc);
  });

  it("finds each of several devices at its first and its last byte, and nobody beside them", () => {
    const bus = new Bus();
    bus.attach(0x3000, answersItsId(3, 0x1000));
    bus.attach(0x1000, answersItsId(1, 0x1000));
    bus.attach(0x2000, answersItsId(2, 0x1000));
    bus.attach(0x5000, answersItsId(5, 8));
    const at = (pa: number) => bus.read(pa, 1);
    expect([0x0fff, 0x1000, 0x1fff, 0x2000, 0x2fff, 0x3000, 0x3fff].map(at)).toEqual([-1, 1, 1, 2, 2, 3, 3]);
    expect([0x4000, 0x4fff, 0x5000, 0x5007, 0x5008].map(at)).toEqual([-1, -1, 5, 5, -1]);
  });

  it("reaches addresses above 4 GiB exactly", () => {
    const bus = new Bus();
    bus.attach(2 ** 40, new AnswersItsOffset(0x1000, [4]));
    expect(bus.read(2 ** 40 + 0x124, 4)).toBe(0x124);
    expect(bus.read(0x124, 4)).toBe(-1);
  });
});

describe("access widths", () => {
  const bus = new Bus();
  const device = new AnswersItsOffset(0x100, [1, 4]);
  bus.attach(0x1000, device);

  it("turns a width that the device does not take into an access fault", () => {
    expect([1, 2, 4, 8].map((width) => bus.read(0x1008, width))).toEqual([8, -1, 8, -1]);
    expect([1, 2, 4, 8].map((width) => bus.write(0x1008, width, 7, 0))).toEqual([1, 0, 1, 0]);
    expect(device.writes).toEqual([
      [8, 1, 7],
      [8, 4, 7],
    ]);
  });

  it("turns a misaligned access into an access fault", () => {
    expect([0x1001, 0x1002, 0x1003, 0x10fd].map((pa) => bus.read(pa, 4))).toEqual([-1, -1, -1, -1]);
    expect(bus.write(0x1002, 4, 0, 0)).toBe(0);
  });

  it("gives unsigned values, 0xffffffff too, which is not the -1 of nobody", () => {
    const ones = new Bus();
    ones.attach(0, { ...answersItsId(0xffff_ffff, 8), read: () => -1 });
    expect(ones.read(0, 4)).toBe(0xffff_ffff);
  });

  it("hands a write the bits of its width", () => {
    const narrow = new AnswersItsOffset(16, [1, 2, 4]);
    const other = new Bus();
    other.attach(0, narrow);
    for (const width of [1, 2, 4]) other.write(8, width, -2, 0x55);
    expect(narrow.writes).toEqual([
      [8, 1, 0xfe],
      [8, 2, 0xfffe],
      [8, 4, 0xffff_fffe],
    ]);
  });

  it("makes two accesses of 4 of one of 8, the lower half first", () => {
    const wide = new AnswersItsOffset(16, [4, 8]);
    const other = new Bus();
    other.attach(0, wide);
    expect(other.read(8, 8)).toBe(8);
    expect(other.high()).toBe(12);
    other.read(0, 4);
    expect(other.high()).toBe(12);
    expect(other.write(8, 8, -1, 0x8000_0000 | 0)).toBe(1);
    expect(wide.writes).toEqual([
      [8, 4, 0xffff_ffff],
      [12, 4, 0x8000_0000],
    ]);
  });
});

describe("attach", () => {
  const taken = () => {
    const bus = new Bus();
    bus.attach(0x2000, answersItsId(1, 0x1000));
    return bus;
  };

  it.each([
    ["the same range", 0x2000, 0x1000],
    ["one byte range at its end", 0x2ff8, 0x1000],
    ["one that ends in it", 0x1000, 0x1008],
    ["one inside", 0x2800, 8],
    ["one around it", 0, 0x1_0000],
  ])("refuses %s, naming both", (_name, base, size) => {
    expect(() => taken().attach(base, answersItsId(2, size))).toThrow(
      `bus: AnswersItsId 2 at 0x${base.toString(16)} … 0x${(base + size - 1).toString(16)} ` +
        "overlaps AnswersItsId 1 at 0x2000 … 0x2fff",
    );
  });

  it("takes neighbours", () => {
    const bus = taken();
    bus.attach(0x1ff8, answersItsId(2, 8));
    bus.attach(0x3000, answersItsId(3, 8));
    expect([0x1ff8, 0x2000, 0x2fff, 0x3000].map((pa) => bus.read(pa, 1))).toEqual([2, 1, 1, 3]);
  });

  it.each([
    ["a base between words", 0x1004, 8],
    ["a size that is no whole word", 0x1000, 12],
    ["no size", 0x1000, 0],
  ])("refuses %s", (_name, base, size) => {
    expect(() => new Bus().attach(base, answersItsId(1, size))).toThrow("multiple of 8 bytes");
  });
});

it("is what the machine imports", () => {
  const imports: MachineImports["bus"] = new Bus();
  expect(imports.read(0x1234, 4)).toBe(-1);
});
