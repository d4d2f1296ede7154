/**
 * The reference model of the MMU: physical memory, the walker of the specification, and the set of translations that
 * a TLB may still know. It predicts every access; where a PTE was changed and no sfence.vma followed, the old and the
 * new translation are both right, so there may be more than one prediction, and the machine must match one of them.
 */
import { UART_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import type { BareMachine } from "./harness.ts";
import { ModelMemory } from "./model-memory.ts";
import { type Access, type Context, type Translation, translateBySpecification } from "./reference-walker.ts";

const PAGE = 4096n;
const CAUSES = {
  page: { load: 13, store: 15, fetch: 12 },
  access: { load: 5, store: 7, fetch: 1 },
} as const;

/** A translation that an earlier access used. */
interface Cached {
  readonly context: Context;
  readonly access: Access;
  readonly page: bigint;
  readonly pa: bigint;
  readonly level: number;
  readonly global: boolean;
}

/** What an access does, as far as anybody outside can see; memory is compared apart. */
export interface Outcome {
  /** The loaded value, the physical address of a translation, or 0. */
  value: bigint;
  /** The exception code and the faulting address (unsigned), or null. */
  trap: { cause: number; va: bigint } | null;
  /** What the bus saw: "read pa/width", "write pa/width value". */
  bus: string[];
}

export interface Operation {
  kind: "load" | "store" | "translate";
  access: Access;
  va: bigint;
  size: number;
  value: bigint;
}

type Choice = Translation | "walk";

/** The value that the device at UART_BASE answers in the tests: its offset in each byte. */
export const deviceValue = (pa: bigint, size: number): bigint => {
  const byte = BigInt(Number(pa - BigInt(UART_BASE)) & 0xff);
  return Array.from({ length: size }).reduce<bigint>((value) => (value << 8n) | byte, 0n);
};
export const isDevice = (pa: bigint): boolean => pa >= BigInt(UART_BASE) && pa < BigInt(UART_BASE) + PAGE;

const wrap = (va: bigint): bigint => BigInt.asUintN(64, va);

export class MmuModel {
  readonly memory: ModelMemory;
  context: Context = { satp: 0n, privilege: 3, sum: false, mxr: false };
  /** Video pages with their damage bit set. */
  damage = new Set<number>();
  #cached: Cached[] = [];

  constructor(machine: BareMachine) {
    this.memory = new ModelMemory(machine);
  }

  /** sfence.vma: drops what the specification says must go. Null stands for x0. */
  fence(va: bigint | null, asid: bigint | null): void {
    this.#cached = this.#cached.filter((entry) => {
      // "… except for entries containing global mappings."
      if (asid !== null && (entry.global || ((entry.context.satp >> 44n) & 0xffffn) !== asid)) return true;
      if (va === null) return false;
      const shift = 12n + 9n * BigInt(entry.level);
      return wrap(va) >> shift !== entry.page >> shift;
    });
  }

  /** All outcomes that are right; `accept` is asked for each, with memory and damage as they would be then. */
  predict(operation: Operation, accept: (outcome: Outcome) => boolean): boolean {
    const last = wrap(operation.va + BigInt(operation.size) - 1n);
    const secondPage = last - (last % PAGE);
    const crosses = secondPage !== operation.va - (operation.va % PAGE);
    const seconds = crosses ? this.#choices(secondPage, operation.access) : [null];
    for (const first of this.#choices(operation.va, operation.access)) {
      for (const second of seconds) {
        const damage = new Set(this.damage);
        const cached = [...this.#cached];
        const outcome = second === null ? this.#single(operation, first) : this.#crossing(operation, first, second);
        if (accept(outcome)) {
          this.memory.keep();
          return true;
        }
        this.memory.rollback();
        this.damage = damage;
        this.#cached = cached;
      }
    }
    return false;
  }

  /** A walk now, and what a TLB may remember of this page. */
  #choices(va: bigint, access: Access): Choice[] {
    const page = va - (va % PAGE);
    const remembered = this.#cached.filter(
      (entry) => entry.access === access && entry.page === page && sameContext(entry.context, this.context),
    );
    return ["walk", ...remembered.map((entry) => ({ fault: null, update: null, ...entry }))];
  }

  #translate(choice: Choice, va: bigint, access: Access): Translation {
    if (choice === "walk") return translateBySpecification(va, access, this.context, this.memory);
    return choice.fault === null ? { ...choice, pa: choice.pa + (va % PAGE) } : choice;
  }

  #trap(fault: "page" | "access", va: bigint, access: Access): Outcome {
    return { value: 0n, trap: { cause: CAUSES[fault][access], va }, bus: [] };
  }

  /** Step 7, and the entry that the access may leave in a TLB. */
  #commit(translation: Translation & { fault: null }, va: bigint, access: Access): void {
    const { update, level, global } = translation;
    if (update !== null) {
      this.memory.write64(update.pa, update.pte);
      this.#markDamage(update.pa);
    }
    if (!this.memory.has(translation.pa)) return;
    const page = va - (va % PAGE);
    this.#cached.push({ context: this.context, access, page, pa: translation.pa - (va % PAGE), level, global });
    if (access === "store") this.#markDamage(translation.pa);
  }

  #markDamage(pa: bigint): void {
    const page = Number(pa - BigInt(VRAM_BASE)) / 4096;
    if (page >= 0 && pa < BigInt(VRAM_BASE) + 0x4000_0000n) this.damage.add(Math.floor(page));
  }

  #single(operation: Operation, choice: Choice): Outcome {
    const { va, access, size } = operation;
    const translation = this.#translate(choice, va, access);
    if (translation.fault !== null) return this.#trap(translation.fault, va, access);
    const { pa } = translation;
    if (this.memory.has(pa)) {
      this.#commit(translation, va, access);
      if (operation.kind === "translate") return { value: pa, trap: null, bus: [] };
      return { value: this.#transfer(operation, (i) => pa + i), trap: null, bus: [] };
    }
    const onBus = pa % BigInt(size) === 0n && pa < 1n << 53n;
    if (operation.kind === "translate" || !onBus) return this.#trap("access", va, access);
    this.#commit(translation, va, access);
    const text = `${operation.kind} ${pa.toString(16)}/${size}`;
    if (operation.kind === "load") {
      if (!isDevice(pa)) return { ...this.#trap("access", va, access), bus: [text] };
      return { value: deviceValue(pa, size), trap: null, bus: [text] };
    }
    const bus = [`${text} ${BigInt.asUintN(8 * size, operation.value).toString(16)}`];
    return isDevice(pa) ? { value: 0n, trap: null, bus } : { ...this.#trap("access", va, access), bus };
  }

  /** Both pages must be memory that allows the access; a store leaves no trace on the first when the second faults. */
  #crossing(operation: Operation, firstChoice: Choice, secondChoice: Choice): Outcome {
    const { va, access } = operation;
    const first = this.#translate(firstChoice, va, access);
    if (first.fault !== null) return this.#trap(first.fault, va, access);
    if (!this.memory.has(first.pa)) return this.#trap("access", va, access);
    if (access === "load") this.#commit(first, va, access);
    const onFirst = PAGE - (va % PAGE);
    const border = wrap(va + onFirst);
    const second = this.#translate(secondChoice, border, access);
    if (second.fault !== null) return this.#trap(second.fault, border, access);
    if (!this.memory.has(second.pa)) return this.#trap("access", border, access);
    this.#commit(second, border, access);
    if (access === "store") this.#commit(first, va, access);
    const at = (i: bigint): bigint => (i < onFirst ? first.pa + i : second.pa + i - onFirst);
    return { value: this.#transfer(operation, at), trap: null, bus: [] };
  }

  #transfer({ kind, size, value }: Operation, at: (i: bigint) => bigint): bigint {
    let loaded = 0n;
    for (let i = 0n; i < BigInt(size); i++) {
      if (kind === "store") this.memory.write8(at(i), Number((value >> (8n * i)) & 0xffn));
      else loaded |= BigInt(this.memory.read8(at(i))) << (8n * i);
    }
    return loaded;
  }
}

/** SUM "has no effect … when executing in U-mode". */
const sameContext = (a: Context, b: Context): boolean =>
  a.satp === b.satp && a.privilege === b.privilege && a.mxr === b.mxr && (a.sum === b.sum || a.privilege === 0);
