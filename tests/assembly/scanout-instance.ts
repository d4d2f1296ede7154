/** A machine for the tests of scanout: video memory as large as it can be, no RAM, nobody on the bus. */
import { HART_VRAM_SIZE } from "../../assembly/hart-layout.ts";
import {
  DAMAGE_TAKEN,
  DAMAGE_TAKEN_SIZE,
  HART,
  PALETTE,
  PICTURE,
  RAM,
  VIDEO_MEMORY,
  VIDEO_MEMORY_SIZE,
} from "../../assembly/layout.ts";
import type { MachineExports } from "../../src/machine-exports.ts";
import { collectCoverage } from "./coverage.ts";
import { machineModule } from "./harness.ts";

type ScanoutExports = Pick<MachineExports, "scanout" | "scanoutTop" | "scanoutBottom">;

const WASM_PAGE = 0x1_0000;

export class ScanoutInstance {
  readonly exports: ScanoutExports;
  /** The whole of linear memory up to RAM, and one page behind it that must stay as it is. */
  readonly memory: Uint8Array;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: RAM / WASM_PAGE + 1, maximum: 65536 });
    const abort = (): never => {
      throw new Error("abort");
    };
    const bus = { read: () => -1, high: () => 0, write: () => 0 };
    const instance = new WebAssembly.Instance(machineModule, { env: { memory, abort }, bus });
    collectCoverage(instance.exports, memory);
    this.exports = instance.exports as unknown as ScanoutExports;
    this.memory = new Uint8Array(memory.buffer);
    this.setVramSize(VIDEO_MEMORY_SIZE);
  }

  /** As reset() does. */
  setVramSize(bytes: number): void {
    new DataView(this.memory.buffer).setUint32(HART + HART_VRAM_SIZE, bytes, true);
  }

  video(offset: number, length: number): Uint8Array {
    return this.memory.subarray(VIDEO_MEMORY + offset, VIDEO_MEMORY + offset + length);
  }

  picture(width: number, height: number): Uint8Array {
    return this.memory.subarray(PICTURE, PICTURE + width * height * 4);
  }

  setPalette(colours: readonly (readonly [red: number, green: number, blue: number])[]): void {
    for (const [i, [red, green, blue]] of colours.entries()) this.memory.set([red, green, blue, 255], PALETTE + i * 4);
  }

  /** What takeDamage() leaves behind: exactly these pages were written. */
  setDamage(pages: Iterable<number>): void {
    this.memory.fill(0, DAMAGE_TAKEN, DAMAGE_TAKEN + DAMAGE_TAKEN_SIZE);
    for (const page of pages) this.memory[DAMAGE_TAKEN + (page >> 3)]! |= 1 << (page & 7);
  }
}
