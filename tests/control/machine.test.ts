/** The control surface of the machine itself (build/machine.wasm). */
import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { HEAP_SIZE, PALETTE, PICTURE, PICTURE_SIZE, RAM, VIDEO_MEMORY } from "../../assembly/layout.ts";
import { RAM_BASE, UART_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { type Binding, bindControl } from "../../src/control/binding.ts";
import type { Runtime } from "../../src/control/object-layout.ts";
import { collectCoverage } from "../assembly/coverage.ts";

const MIB = 0x10_0000;
const RAM_SIZE = 16 * MIB;
const VRAM_SIZE = 3 * MIB;
const PAGES = (RAM + RAM_SIZE) / 0x1_0000;
const WASM = process.env.SCANOUT_WASM ?? "build/machine.wasm";

const bindMachine = async (bus: TestBus, pages: number): Promise<Binding> => {
  const binding = await bindControl(await readFile(WASM), bus, pages);
  collectCoverage(binding.exports, binding.memory);
  return binding;
};

/** A class, as the real bus is: its methods are not own properties. */
class TestBus {
  answer = 0x1234_5678;
  readonly log: string[] = [];
  read(pa: number, width: number): number {
    this.log.push(`read ${pa.toString(16)} ${width}`);
    return this.answer;
  }
  high(): number {
    return 0;
  }
  write(pa: number, width: number, lo: number): number {
    this.log.push(`write ${pa.toString(16)} ${width} ${lo}`);
    return 1;
  }
}

let bus: TestBus;
let machine: Binding;
beforeEach(async () => {
  bus = new TestBus();
  machine = await bindMachine(bus, PAGES);
  machine.exports.reset(RAM_SIZE, VRAM_SIZE);
});

describe("describe", () => {
  test("names the architecture and both memories", () => {
    expect(machine.control.describe()).toMatch(/^RV64GC with Sv39, 16 MiB RAM, 3 MiB video memory$/);
  });

  test("a size that is no whole number of MiB is told exactly", () => {
    machine.exports.reset(RAM_SIZE, VRAM_SIZE + 4096);
    expect(machine.control.describe()).toContain("16 MiB RAM, 3076 KiB video memory");
  });
});

describe("causeName", () => {
  // RISC-V privileged architecture 20240411, table "Machine cause register (mcause) values after trap", interrupt bit 0
  test.each([
    [0, "Instruction address misaligned"],
    [1, "Instruction access fault"],
    [2, "Illegal instruction"],
    [3, "Breakpoint"],
    [4, "Load address misaligned"],
    [5, "Load access fault"],
    [6, "Store/AMO address misaligned"],
    [7, "Store/AMO access fault"],
    [8, "Environment call from U-mode"],
    [9, "Environment call from S-mode"],
    [10, "Reserved"],
    [11, "Environment call from M-mode"],
    [12, "Instruction page fault"],
    [13, "Load page fault"],
    [14, "Reserved"],
    [15, "Store/AMO page fault"],
    [16, "Reserved"],
    [17, "Reserved"],
    [18, "Software check"],
    [19, "Hardware error"],
    [20, "Reserved"],
    [23, "Reserved"],
    [24, "Designated for custom use"],
    [31, "Designated for custom use"],
    [32, "Reserved"],
    [47, "Reserved"],
    [48, "Designated for custom use"],
    [63, "Designated for custom use"],
    [64, "Reserved"],
    [0xffff_ffff, "Reserved"],
  ])("%i", (cause, name) => {
    expect(machine.control.causeName(cause)).toBe(name);
  });

  test("names what a load that trapped left behind", () => {
    bus.answer = -1; // nobody answers
    expect(machine.exports.load32(UART_BASE)).toBe(-1);
    expect(machine.control.causeName(machine.exports.trapCause())).toBe("Load access fault");
  });

  test("a wrong argument", () => {
    const causeName = machine.control.causeName as (...args: unknown[]) => string;
    expect(() => causeName("13")).toThrow('expected u32, got "13"');
    expect(() => causeName(-1)).toThrow("expected u32 (0 to 4294967295), got -1");
    expect(() => causeName()).toThrow("Expected 1 arguments, got 0");
  });
});

describe("views", () => {
  test("lie where the layout says, are as long as the region, and are of linear memory itself", () => {
    const { control, memory } = machine;
    const regions = [
      [control.videoMemory(), VIDEO_MEMORY, VRAM_SIZE, Uint8Array],
      [control.ram(), RAM, RAM_SIZE, Uint8Array],
      [control.picture(), PICTURE, PICTURE_SIZE, Uint8ClampedArray],
      [control.palette(), PALETTE, 256 * 4, Uint32Array],
    ] as const;
    for (const [view, start, byteLength, kind] of regions) {
      expect(view).toBeInstanceOf(kind);
      expect(view.buffer).toBe(memory.buffer);
      expect(view.byteOffset).toBe(start);
      expect(view.byteLength).toBe(byteLength);
    }
  });

  test("what the machine stores, the views show; what they store, the machine loads", () => {
    const { control, exports } = machine;
    const videoMemory = control.videoMemory();
    const ram = control.ram();
    expect(exports.store32(VRAM_BASE + 8, 0x0403_0201)).toBe(0);
    expect([...videoMemory.subarray(8, 12)]).toEqual([1, 2, 3, 4]);
    ram[RAM_SIZE - 1] = 0xa5;
    expect(exports.load8(RAM_BASE + RAM_SIZE - 1)).toBe(0xa5);
  });

  test("stay live through every later call of the control surface", () => {
    const { control, exports } = machine;
    const ram = control.ram();
    for (let call = 0; call < 1000; call++) {
      control.describe();
      control.videoMemory();
      control.palette();
    }
    exports.store8(RAM_BASE, 77);
    expect(ram[0]).toBe(77);
  });

  test("2 GiB of RAM: a length that is negative as i32", async () => {
    const size = 0x8000_0000;
    const large = await bindMachine(bus, (RAM + size) / 0x1_0000);
    large.exports.reset(size, VRAM_SIZE);
    const ram = large.control.ram();
    expect(ram.length).toBe(size);
    ram[size - 1] = 0x5a;
    expect(large.exports.load8(RAM_BASE + size - 1)).toBe(0x5a);
  });
});

describe("the heap", () => {
  const heapOf = (binding: Binding): Runtime => binding.exports as unknown as Runtime;

  test("lasts: what one call leaves, the next one frees", () => {
    for (let call = 0; call < 20_000; call++) machine.control.describe();
    for (let call = 0; call < 20_000; call++) machine.control.ram();
    expect(machine.control.describe()).toContain("16 MiB RAM");
  });

  test("stays in the first HEAP_SIZE bytes: it fills up, and neither grows the memory nor takes the hart's", () => {
    const { __new } = heapOf(machine);
    const bytes = machine.memory.buffer.byteLength;
    let last = 0;
    expect(() => {
      for (;;) last = __new(4096, 0) + 4096;
    }).toThrow(WebAssembly.RuntimeError);
    expect(last).toBeGreaterThan(HEAP_SIZE - 3 * 4096);
    expect(last).toBeLessThanOrEqual(HEAP_SIZE);
    expect(machine.memory.buffer.byteLength).toBe(bytes);
  });

  test("an abort in the machine is an Error that names file and line", () => {
    expect(() => heapOf(machine).__new(0x7fff_ffff, 0)).toThrow(/^abort: .+ at ~lib\/rt\/tcms\.ts:\d+:\d+$/);
  });
});

describe("raw exports", () => {
  test("are the engine's own functions: nothing wraps them", () => {
    // WebAssembly JavaScript interface, "Table.prototype.set": anything but an exported function is a TypeError
    const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 });
    expect(() => table.set(0, machine.exports.load8)).not.toThrow();
    expect(() => table.set(0, machine.control.describe)).toThrow(TypeError);
  });

  test("and bound ones are reached by one way each", () => {
    expect(Object.keys(machine.control).sort()).toEqual([
      "causeName",
      "describe",
      "palette",
      "picture",
      "ram",
      "videoMemory",
    ]);
  });

  test("reach a bus whose methods are those of a class", () => {
    expect(machine.exports.load32(UART_BASE)).toBe(0x1234_5678);
    expect(machine.exports.store8(UART_BASE, 65)).toBe(0);
    expect(bus.log).toEqual(["read 10000000 4", "write 10000000 1 65"]);
  });

  test("two machines share nothing", async () => {
    const other = await bindMachine(new TestBus(), PAGES);
    other.exports.reset(RAM_SIZE, VRAM_SIZE);
    machine.exports.store8(RAM_BASE, 1);
    expect(other.exports.load8(RAM_BASE)).toBe(0);
  });
});

test("without a source, the module of this package is taken", async () => {
  const packaged = await bindControl(undefined, bus, PAGES);
  packaged.exports.reset(RAM_SIZE, VRAM_SIZE);
  expect(packaged.control.describe()).toBe(machine.control.describe());
});
