/**
 * The world of the MMU's property tests: random page tables, addresses, accesses and contexts, decoded from numbers so
 * that a failing run shrinks; the machine; the model that predicts it.
 */
import { expect } from "vitest";
import { CSR_MSTATUS, STATUS_MPP_SHIFT, STATUS_MPRV } from "../../assembly/csr-numbers.ts";
import { DAMAGE } from "../../assembly/layout.ts";
import { RAM_BASE, UART_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { PRV_M } from "../../assembly/riscv.ts";
import { BareMachine } from "./harness.ts";
import { deviceValue, isDevice, MmuModel, type Operation, type Outcome } from "./mmu-model.ts";
import type { Access } from "./reference-walker.ts";

export const ram = (page: number): number => RAM_BASE + page * 4096;
export const vram = (page: number): number => VRAM_BASE + page * 4096;
/** Page-table pages by level: two roots, three of the middle, four of the last level; two lie in video memory. */
export const TABLES = [
  [ram(4), ram(5), ram(6), vram(3)],
  [ram(2), ram(3), vram(2)],
  [ram(0), ram(1)],
] as const;
/** The entries of a table that the addresses below use. */
const INDEXES = [0, 1, 2, 255, 256, 511];
const DATA = [
  ram(8),
  ram(9),
  ram(10),
  vram(0),
  vram(1),
  ram(512),
  UART_BASE,
  ram(4),
  ram(4095),
  vram(255),
  0x2000_0000,
];
const SUPERPAGES = [RAM_BASE, ram(512), VRAM_BASE, RAM_BASE, ram(8), UART_BASE & ~0x1f_ffff];
const ACCESSES: Access[] = ["load", "store", "fetch"];

/** A number of 30 bits read from its low end; zero decodes to what is plainest. */
export class Bits {
  #rest: number;
  constructor(bits: number) {
    this.#rest = bits;
  }
  take(count: number): number {
    const value = this.#rest % count;
    this.#rest = Math.floor(this.#rest / count);
    return value;
  }
  of<T>(choices: readonly T[]): T {
    return choices[this.take(choices.length)]!;
  }
}

/** A PTE for a table of `level`: mostly a pointer above and a leaf at the end, sometimes anything. */
export const decodePte = (level: number, n: number): bigint => {
  const bits = new Bits(n);
  const kind = bits.take(64);
  if (kind === 63) return BigInt(bits.take(2 ** 20)) * 0x1_0000_1001n;
  if (kind === 62) return 0n;
  const noise = kind === 61 ? 1n << BigInt(54 + bits.take(10)) : 0n;
  const pointer = level > 0 ? kind < 52 : kind > 57;
  if (pointer) {
    const target = bits.of(TABLES[Math.max(level - 1, 0)]!);
    const flags = kind === 51 ? 1 | (bits.take(16) << 4) : 1 | (bits.take(8) === 7 ? 0x20 : 0);
    return (BigInt(target / 4096) << 10n) | BigInt(flags) | noise;
  }
  const target = level === 0 ? bits.of(DATA) : bits.of(SUPERPAGES);
  const cleared = bits.take(3) === 2 ? bits.take(256) & bits.take(256) : 0;
  return (BigInt(target / 4096) << 10n) | BigInt(0xdf & ~cleared) | (bits.take(4) === 3 ? 0x20n : 0n) | noise;
};

/** Canonical addresses mostly, near page borders mostly. */
export const decodeVa = (n: number): bigint => {
  const bits = new Bits(n);
  const vpn2 = bits.of([0, 0, 1, 255, 256, 511]);
  const vpn1 = bits.of([0, 0, 1, 511]);
  const vpn0 = bits.of([0, 0, 1, 511]);
  const offset = bits.of([0, 8, 0x7f8, 0xff8, 0xff9, 0xffc, 0xffd, 0xffe, 0xfff]);
  const va = (BigInt(vpn2) << 30n) | BigInt((vpn1 << 21) | (vpn0 << 12) | offset);
  const odd = bits.take(32);
  if (odd === 31) return BigInt.asUintN(64, va + (1n << 39n));
  if (odd === 30) return BigInt.asUintN(64, BigInt.asIntN(39, va) ^ (1n << 52n));
  // What the host can say: a 64-bit address as a number, sign-extended.
  if (odd === 29) return BigInt.asUintN(64, -(1n << 63n));
  return BigInt.asUintN(64, BigInt.asIntN(39, va));
};

export const toNumber = (va: bigint): number => Number(BigInt.asIntN(64, va));

export type ContextChange = Partial<MmuModel["context"]> & { mprv?: boolean };

/** A machine, its bus, and the model that follows it. */
export class World {
  readonly machine: BareMachine;
  model: MmuModel;
  /** Loads and stores have another privilege than fetches, which are then left out. */
  mprv = false;
  /** How many were compared. */
  accesses = 0;
  #bus: string[] = [];

  constructor() {
    let high = 0n;
    const read = (pa: number, width: number): number => {
      this.#bus.push(`load ${pa.toString(16)}/${width}`);
      if (!isDevice(BigInt(pa))) return -1;
      const value = deviceValue(BigInt(pa), width);
      high = value >> 32n;
      return Number(value & 0xffff_ffffn);
    };
    const write = (pa: number, width: number, lo: number, hi: number): number => {
      this.#bus.push(`store ${pa.toString(16)}/${width} ${((BigInt(hi) << 32n) | BigInt(lo)).toString(16)}`);
      return isDevice(BigInt(pa)) ? 1 : 0;
    };
    this.machine = new BareMachine({ bus: { read, high: () => Number(high), write } });
    this.model = new MmuModel(this.machine);
  }

  /** Ends a series of runs: pages that no prediction touched must be as they were. */
  finish(): void {
    this.model.memory.clearMachine();
    expect(this.model.memory.othersAreZero()).toBe(true);
  }

  start(tables: readonly number[]): void {
    this.model.memory.clearMachine();
    this.model = new MmuModel(this.machine);
    this.machine.exports.reset(this.machine.ramSize, this.machine.vramSize);
    this.mprv = false;
    let next = 0;
    for (const [level, pages] of TABLES.entries()) {
      for (const page of pages) {
        for (const index of INDEXES) this.writePte(page + 8 * index, decodePte(level, tables[next++ % tables.length]!));
      }
    }
    for (const [i, page] of [ram(8), ram(9), ram(10), ram(512), vram(0), vram(1)].entries()) {
      // Every word is its own, and none is a valid PTE.
      const words = BigUint64Array.from({ length: 512 }, (_, at) => (1n << 63n) + BigInt(i * 4096 + at * 8));
      this.model.memory.setPage(page, new Uint8Array(words.buffer));
      this.machine.bytes(page, 4096).set(new Uint8Array(words.buffer));
    }
  }

  /** The kernel's view: by physical address, past the MMU. */
  writePte(pa: number, pte: bigint): void {
    this.model.memory.write64(BigInt(pa), pte);
    this.model.memory.keep();
    this.machine.write64(pa, pte);
  }

  /** Where the walk for `va` reads its PTE of `level`, as the tables are now; the root's when it gets no further. */
  pteAddress(va: bigint, level: number): number {
    const entry = (table: bigint, i: number): bigint => table + ((va >> BigInt(12 + 9 * i)) & 511n) * 8n;
    let at = entry((this.model.context.satp & 0xfff_ffff_ffffn) * 4096n, 2);
    for (let i = 2; i > level && this.model.memory.has(at); i--) {
      const pte = this.model.memory.read64(at)!;
      if ((pte & 0xfn) !== 1n) break;
      at = entry(((pte >> 10n) & 0xfff_ffff_ffffn) * 4096n, i - 1);
    }
    return this.model.memory.has(at) ? Number(at) : ram(0);
  }

  /** `mprv`: the privilege is mstatus.MPP's, for loads and stores, of a hart in M mode. */
  setContext({ mprv = false, ...change }: ContextChange): void {
    const context = { ...this.model.context, ...change };
    this.model.context = context;
    if (change.satp !== undefined) this.machine.setSatp(context.satp);
    if (change.privilege !== undefined) {
      this.machine.exports.setPrivilege(mprv ? PRV_M : context.privilege);
      const status = mprv ? STATUS_MPRV | (context.privilege << STATUS_MPP_SHIFT) : 0;
      this.machine.exports.writeCsr(CSR_MSTATUS, status, 0);
      this.mprv = mprv;
    }
    this.machine.exports.setStatus(Number(context.sum), Number(context.mxr));
  }

  fence(va: bigint, asid: number, flags: number): void {
    this.machine.exports.sfenceVma(toNumber(va), asid, flags);
    this.model.fence(flags & 1 ? va : null, flags & 2 ? BigInt(asid) : null);
  }

  takeDamage(): void {
    this.machine.exports.takeDamage();
    const taken = this.machine.damage("taken");
    if (taken.join() !== [...this.model.damage].sort((a, b) => a - b).join()) {
      throw new Error(`damage taken: ${taken}, expected ${[...this.model.damage]}`);
    }
    this.model.damage = new Set();
  }

  access(operation: Operation): void {
    if (this.mprv && operation.access === "fetch") return;
    this.accesses++;
    const seen = this.perform(operation);
    const predictions: Outcome[] = [];
    const matched = this.model.predict(operation, (outcome) => {
      predictions.push(outcome);
      return text(outcome) === text(seen) && this.model.memory.equalsMachine() && this.#sameDamage();
    });
    if (!matched) {
      throw new Error(
        `${text(operation)} in ${text(this.model.context)}\n  did ${text(seen)}\n  expected ${predictions.map(text).join(" or ")}`,
      );
    }
  }

  #sameDamage(): boolean {
    const bits = new Uint8Array(this.machine.vramSize / 4096 / 8);
    for (const page of this.model.damage) bits[page >> 3]! |= 1 << (page & 7);
    return Buffer.compare(bits, this.machine.memory.subarray(DAMAGE, DAMAGE + bits.length)) === 0;
  }

  perform({ kind, access, va, size, value }: Operation): Outcome {
    const { exports } = this.machine;
    const at = toNumber(va);
    const lo = Number(value & 0xffff_ffffn);
    const hi = Number(value >> 32n);
    this.#bus = [];
    let result = 0n;
    let trapped: boolean;
    if (kind === "translate") {
      const host = exports.translate(at, ACCESSES.indexOf(access));
      trapped = host === 0;
      if (!trapped) result = BigInt(physical(this.machine, host));
    } else if (kind === "store") {
      if (size === 8) trapped = exports.store64(at, lo, hi) === 1;
      else trapped = [exports.store8, exports.store16, exports.store32][size >> 1]!(at, lo) === 1;
    } else if (size === 8) {
      result = this.machine.load64(at);
      trapped = exports.trapPending() === 1;
    } else {
      const loaded = [exports.load8, exports.load16, exports.load32][size >> 1]!(at);
      trapped = loaded === -1;
      if (!trapped) result = BigInt(loaded);
    }
    const trap = trapped ? { cause: exports.trapCause(), va: BigInt.asUintN(64, BigInt(exports.trapValue())) } : null;
    return { value: result, trap, bus: this.#bus };
  }
}

const physical = (machine: BareMachine, host: number): number => {
  const inRam = host - machine.host(RAM_BASE);
  return inRam >= 0 ? RAM_BASE + inRam : VRAM_BASE + (host - machine.host(VRAM_BASE));
};
export const text = (value: unknown): string =>
  JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `0x${item.toString(16)}` : item));

export const decodeAccess = (a: number, va: bigint, c: number): Operation => {
  const bits = new Bits(a);
  const kind = bits.of(["store", "load", "store", "load", "translate"] as const);
  const size = kind === "translate" ? 1 : bits.of([4, 8, 1, 2]);
  const access = kind === "translate" ? bits.of(ACCESSES) : kind;
  return { kind, access, va, size, value: (BigInt(c) << 34n) | BigInt(c) };
};

export const decodeContext = (n: number): ContextChange => {
  const bits = new Bits(n);
  switch (bits.take(8)) {
    case 0:
      return { privilege: bits.of([0, 1, 1, 3]), mprv: bits.take(3) === 2 };
    case 1:
    case 2:
      return { sum: bits.take(2) === 1, mxr: bits.take(2) === 1 };
    case 3:
      return { satp: 0n };
    default:
      return { satp: (8n << 60n) | (BigInt(bits.take(3)) << 44n) | BigInt(bits.of(TABLES[2]) / 4096) };
  }
};
