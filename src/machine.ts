/**
 * The machine as the host sees it: one wasm instance, its linear memory, and the addresses in it. One instance is one
 * machine; nothing is shared between two.
 */
import { HART_COUNTERS } from "../assembly/hart-layout.ts";
import { HART, RAM, VIDEO_MEMORY } from "../assembly/layout.ts";
import {
  RAM_BASE,
  RAM_SIZE_MAX,
  RAM_SIZE_MIN,
  VRAM_BASE,
  VRAM_SIZE_MAX,
  VRAM_SIZE_MIN,
} from "../assembly/memory-map.ts";
import { PAGE_SIZE } from "../assembly/riscv.ts";
import { Bus } from "../devices/hardware/bus.ts";
import type { VideoMemory } from "../devices/hardware/video-card-engine.ts";
import type { Control } from "./control/binding.ts";
import { bindControl } from "./control/binding.ts";
import type { MachineSource } from "./control/source.ts";
import type { MachineExports } from "./machine-exports.ts";

const MIB = 0x10_0000;
const WASM_PAGE = 0x1_0000;

export interface MachineOptions {
  /** Bytes of RAM: 16 MiB to 2 GiB, a multiple of 4096. Default 64 MiB. */
  ram?: number;
  /** Bytes of video memory: 1 to 64 MiB, a multiple of 4096. Default 16 MiB. */
  videoMemory?: number;
  /** The machine's WebAssembly; default is the one of this package. */
  source?: MachineSource;
}

const checkSize = (what: string, size: number, least: number, most: number): void => {
  if (!Number.isInteger(size) || size < least || size > most || size % PAGE_SIZE !== 0) {
    throw new RangeError(
      `${what}: ${size} bytes is not a multiple of ${PAGE_SIZE} from ${least / MIB} MiB to ${most / MIB} MiB`,
    );
  }
};

export class Machine {
  readonly exports: MachineExports;
  readonly control: Control;
  readonly memory: WebAssembly.Memory;
  readonly bus: Bus;
  /** Bytes. */
  readonly ramSize: number;
  readonly vramSize: number;
  /** The whole linear memory: a host address is an index into `u8`, a quarter of it one into `u32`. */
  readonly u8: Uint8Array<ArrayBuffer>;
  readonly u32: Uint32Array;

  private constructor(
    exports: MachineExports,
    control: Control,
    memory: WebAssembly.Memory,
    bus: Bus,
    ramSize: number,
    vramSize: number,
  ) {
    this.exports = exports;
    this.control = control;
    this.memory = memory;
    this.bus = bus;
    this.ramSize = ramSize;
    this.vramSize = vramSize;
    this.u8 = new Uint8Array(memory.buffer as ArrayBuffer);
    this.u32 = new Uint32Array(memory.buffer);
  }

  /** @throws RangeError when a size is outside its range. */
  static async create(options: MachineOptions = {}): Promise<Machine> {
    const ram = options.ram ?? 64 * MIB;
    const vram = options.videoMemory ?? 16 * MIB;
    checkSize("RAM", ram, RAM_SIZE_MIN, RAM_SIZE_MAX);
    checkSize("video memory", vram, VRAM_SIZE_MIN, VRAM_SIZE_MAX);
    const bus = new Bus();
    const total = Math.ceil((RAM + ram) / WASM_PAGE);
    const { control, exports, memory } = await bindControl(options.source, bus, total);
    exports.reset(ram, vram);
    return new Machine(exports, control, memory, bus, ram, vram);
  }

  /** The host address of a physical address in RAM or video memory, or 0: there is no memory. */
  hostOf(pa: number): number {
    if (pa >= RAM_BASE && pa - RAM_BASE < this.ramSize) return RAM + (pa - RAM_BASE);
    if (pa >= VRAM_BASE && pa - VRAM_BASE < this.vramSize) return VIDEO_MEMORY + (pa - VRAM_BASE);
    return 0;
  }

  /** Video memory for a device that writes it on its own, like the card's 2D engine. */
  videoMemory(): VideoMemory {
    const { exports, vramSize } = this;
    return {
      bytes: this.u8.subarray(VIDEO_MEMORY, VIDEO_MEMORY + vramSize),
      written(offset, length) {
        exports.markDamage(offset, length);
        exports.invalidateCode(VRAM_BASE + offset, length);
      },
    };
  }

  /** A counter of the hart record: COUNTER_… of assembly/hart-layout.ts. */
  counter(index: number): number {
    const at = (HART + HART_COUNTERS) / 4 + 2 * index;
    return this.u32[at]! + this.u32[at + 1]! * 2 ** 32;
  }

  /** The bytes of `length` at a physical address that lies in one piece of memory. A live view. */
  bytes(pa: number, length: number): Uint8Array {
    const host = this.hostOf(pa);
    if (host === 0 || this.hostOf(pa + length - 1) === 0) {
      throw new RangeError(`physical range 0x${pa.toString(16)} + ${length} is not memory`);
    }
    return this.u8.subarray(host, host + length);
  }
}
