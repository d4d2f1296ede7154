/**
 * A bare machine for the tests of assembly/: the wasm instance, its memory and a bus of the test's own, without
 * src/. SCANOUT_WASM names another wasm file than build/machine.wasm (the coverage build).
 */
import { readFileSync } from "node:fs";
import { COUNTERS, HART_COUNTERS } from "../../assembly/hart-layout.ts";
import { DAMAGE, DAMAGE_TAKEN, HART, RAM, VIDEO_MEMORY } from "../../assembly/layout.ts";
import { RAM_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import type { MachineExports, MachineImports } from "../../src/machine-exports.ts";
import { collectCoverage } from "./coverage.ts";

const WASM_PAGE = 0x1_0000;
const MIB = 0x10_0000;

export const machineModule = new WebAssembly.Module(readFileSync(process.env.SCANOUT_WASM ?? "build/machine.wasm"));

/** Nobody answers anywhere. */
const emptyBus: MachineImports["bus"] = { read: () => -1, high: () => 0, write: () => 0 };

export class BareMachine {
  readonly exports: MachineExports;
  readonly memory: Uint8Array;
  readonly view: DataView;
  readonly ramSize: number;
  readonly vramSize: number;

  constructor(options: { ram?: number; vram?: number; bus?: MachineImports["bus"] } = {}) {
    this.ramSize = options.ram ?? 16 * MIB;
    this.vramSize = options.vram ?? MIB;
    // One page more than the machine has: it must stay zero.
    const pages = (RAM + this.ramSize) / WASM_PAGE + 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const abort = (): never => {
      throw new Error("abort");
    };
    const imports = { env: { memory, abort }, bus: { ...(options.bus ?? emptyBus) } };
    const instance = new WebAssembly.Instance(machineModule, imports);
    collectCoverage(instance.exports, memory);
    this.exports = instance.exports as unknown as MachineExports;
    this.memory = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.exports.reset(this.ramSize, this.vramSize);
  }

  /** Where a guest-physical address lies in linear memory. */
  host(pa: number): number {
    if (pa >= RAM_BASE && pa < RAM_BASE + this.ramSize) return RAM + (pa - RAM_BASE);
    if (pa >= VRAM_BASE && pa < VRAM_BASE + this.vramSize) return VIDEO_MEMORY + (pa - VRAM_BASE);
    throw new RangeError(`no memory at physical address 0x${pa.toString(16)}`);
  }

  read64(pa: number): bigint {
    return this.view.getBigUint64(this.host(pa), true);
  }

  write64(pa: number, value: bigint): void {
    this.view.setBigUint64(this.host(pa), value, true);
  }

  bytes(pa: number, length: number): Uint8Array {
    return this.memory.subarray(this.host(pa), this.host(pa) + length);
  }

  setSatp(satp: bigint): void {
    this.exports.setSatp(Number(satp & 0xffff_ffffn), Number(satp >> 32n));
  }

  /** A 64-bit load as an unsigned number. */
  load64(va: number): bigint {
    return BigInt.asUintN(64, this.exports.load64(va));
  }

  /** COUNTER_… of assembly/hart-layout.ts. */
  counter(index: number): number {
    if (index < 0 || index >= COUNTERS) throw new RangeError(`counter ${index}`);
    return Number(this.view.getBigUint64(HART + HART_COUNTERS + 8 * index, true));
  }

  /** Page numbers in video memory with their bit set: those waiting, or those of the last takeDamage(). */
  damage(which: "live" | "taken"): number[] {
    const base = which === "live" ? DAMAGE : DAMAGE_TAKEN;
    const pages = [];
    for (let page = 0; page < this.vramSize / 4096; page++) {
      if (this.memory[base + (page >> 3)]! & (1 << (page & 7))) pages.push(page);
    }
    return pages;
  }
}

/** Sv39 page tables in the machine's RAM. */
export class PageTables {
  readonly #machine: BareMachine;
  readonly root: number;
  #next: number;

  /** `at`: physical address of the first table; more follow it. */
  constructor(machine: BareMachine, at: number) {
    this.#machine = machine;
    this.root = at;
    this.#next = at + 4096;
    machine.bytes(at, 4096).fill(0);
  }

  satp(asid = 0): bigint {
    return (8n << 60n) | (BigInt(asid) << 44n) | BigInt(this.root / 4096);
  }

  /** Physical address of the PTE for `va` at `level` (2 is the root), making the tables above it. */
  pte(va: number, level = 0): number {
    const address = BigInt.asUintN(64, BigInt(va));
    let table = this.root;
    for (let i = 2; ; i--) {
      const at = table + Number((address >> BigInt(12 + 9 * i)) & 0x1ffn) * 8;
      if (i === level) return at;
      const pte = this.#machine.read64(at);
      if ((pte & 1n) !== 0n) {
        table = Number((pte >> 10n) & 0xfff_ffff_ffffn) * 4096;
        continue;
      }
      table = this.#next;
      this.#next += 4096;
      this.#machine.bytes(table, 4096).fill(0);
      this.#machine.write64(at, (BigInt(table / 4096) << 10n) | 1n);
    }
  }

  /** Writes a leaf: `flags` are the low ten bits. */
  map(va: number, pa: number, flags: number, level = 0): void {
    this.#machine.write64(this.pte(va, level), (BigInt(pa / 4096) << 10n) | BigInt(flags));
  }
}
