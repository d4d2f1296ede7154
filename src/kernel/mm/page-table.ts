/**
 * Sv39 page tables of one address space, in guest memory, where the MMU walks them. The kernel only ever writes what
 * the specification lets it write; it never tells the MMU a translation in any other way.
 *
 * A leaf entry as the kernel uses it (arch/riscv/include/asm/pgtable.h has the same uses):
 *
 *   63      54 53            10 9       8        7 6 5 4 3 2 1 0
 *   | 0       | PPN            | - | SPECIAL   | D A G U X W R V |
 *
 * SPECIAL (one of the two bits left to software): the page has no reference of this entry. PROT_NONE: V clear, G set:
 * the page is there, but nobody may touch it.
 */
import { PTE_A, PTE_D, PTE_G, PTE_PPN_SHIFT, PTE_R, PTE_U, PTE_V, PTE_W, PTE_X } from "../../../assembly/riscv.ts";
import { PAGE_SIZE, VM_EXEC, VM_READ, VM_SHARED, VM_WRITE } from "../../../devices/drivers/vm.ts";
import type { Machine } from "../../machine.ts";
import type { PageAllocator, PageRecord } from "./pages.ts";

export const PTE_SPECIAL = 0x100;
const PTE_PROT_NONE = PTE_G;

/** Bytes that one leaf table maps. */
const TABLE_SPAN = 512 * PAGE_SIZE;

export const ptePresent = (pte: number): boolean => (pte & (PTE_V | PTE_PROT_NONE)) !== 0;
export const ptePfn = (pte: number): number => pte >>> PTE_PPN_SHIFT;
export const pteWrite = (pte: number): boolean => (pte & PTE_W) !== 0;
export const pteSpecial = (pte: number): boolean => (pte & PTE_SPECIAL) !== 0;
export const makePte = (pfn: number, prot: number): number => ((pfn << PTE_PPN_SHIFT) | prot) >>> 0;
/** The entry with other permissions; A, D and the software bit stay (pte_modify). */
export const pteModify = (pte: number, prot: number): number =>
  ((pte & ~(PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_G)) | prot) >>> 0;

/**
 * The PTE bits of a page in a mapping with these flags (protection_map of arch/riscv/mm/init.c): writing implies
 * reading, a private page starts read-only (copy on write), executable alone is execute-only.
 */
export const protectionOf = (vmFlags: number): number => {
  if ((vmFlags & (VM_READ | VM_WRITE | VM_EXEC)) === 0) return PTE_PROT_NONE;
  let prot = PTE_V | PTE_U;
  if ((vmFlags & (VM_READ | VM_WRITE)) !== 0) prot |= PTE_R;
  if ((vmFlags & VM_WRITE) !== 0 && (vmFlags & VM_SHARED) !== 0) prot |= PTE_W;
  if ((vmFlags & VM_EXEC) !== 0) prot |= PTE_X;
  return prot;
};

/** Accessed and dirty in advance: a fault that the kernel handled is about to use the page anyway. */
export const ptePrepared = (pte: number, write: boolean): number => (pte | PTE_A | (write ? PTE_D : 0)) >>> 0;

export class PageTable {
  readonly #machine: Machine;
  readonly #pages: PageAllocator;
  readonly #root: PageRecord;
  /** Tables in use, the root included. */
  tables = 1;

  /** null: no memory for the root. */
  static create(machine: Machine, pages: PageAllocator): PageTable | null {
    const root = pages.allocPage(true);
    return root === null ? null : new PageTable(machine, pages, root);
  }

  private constructor(machine: Machine, pages: PageAllocator, root: PageRecord) {
    this.#machine = machine;
    this.#pages = pages;
    this.#root = root;
  }

  get rootPfn(): number {
    return this.#root.pfn;
  }

  /** The leaf entry of an address, or 0. */
  get(va: number): number {
    const slot = this.#slot(va);
    return slot === 0 ? 0 : this.#machine.u32[slot]!;
  }

  /** Writes the leaf entry, making tables on the way; false: no memory for them. */
  set(va: number, pte: number): boolean {
    const slot = this.#slotMaking(va);
    if (slot === 0) return false;
    this.#machine.u32[slot] = pte;
    return true;
  }

  /** Calls `visit` for each present leaf entry in [start, end); what it returns is the new entry. */
  update(start: number, end: number, visit: (va: number, pte: number) => number): void {
    for (let va = start; va < end; ) {
      const slot = this.#slot(va);
      const next = Math.min(end, (Math.floor(va / TABLE_SPAN) + 1) * TABLE_SPAN);
      if (slot !== 0) {
        for (let at = slot; va < next; va += PAGE_SIZE, at += 2) {
          const pte = this.#machine.u32[at]!;
          if (ptePresent(pte)) this.#machine.u32[at] = visit(va, pte);
        }
      }
      va = next;
    }
  }

  /** Frees the leaf tables that lie wholly in [floor, ceiling), whose entries are all clear (free_pgtables). */
  freeTables(floor: number, ceiling: number): void {
    const first = Math.ceil(floor / TABLE_SPAN) * TABLE_SPAN;
    for (let va = first; va + TABLE_SPAN <= ceiling; va += TABLE_SPAN) {
      const middle = this.#next(this.#index(this.#root.pfn, va, 30));
      if (middle === 0) {
        // Nothing below this gigabyte: go on at the next one.
        va = (Math.floor(va / 2 ** 30) + 1) * 2 ** 30 - TABLE_SPAN;
        continue;
      }
      const slot = this.#index(middle, va, 21);
      const leaf = this.#next(slot);
      if (leaf === 0) continue;
      this.#machine.u32[slot] = 0;
      this.#release(leaf);
    }
  }

  /** Frees every table. The address space must not be used after it. */
  destroy(): void {
    for (const middleSlot of this.#entries(this.#root.pfn)) {
      const middle = this.#next(middleSlot);
      for (const leafSlot of this.#entries(middle)) this.#release(this.#next(leafSlot));
      this.#release(middle);
    }
    this.#release(this.#root.pfn);
  }

  #release(pfn: number): void {
    this.tables--;
    this.#pages.putPage(this.#pages.pfnToPage(pfn));
  }

  /** Indices, in 32-bit words, of the entries in use of one table. */
  #entries(pfn: number): number[] {
    const first = this.#index(pfn, 0, 12);
    const used: number[] = [];
    for (let i = 0; i < 512; i++) if (this.#machine.u32[first + 2 * i] !== 0) used.push(first + 2 * i);
    return used;
  }

  /** Where the entry for `va` lies in the table at `pfn`: VPN[i] begins at bit `shift`. */
  #index(pfn: number, va: number, shift: number): number {
    const vpn = Math.floor(va / 2 ** shift) % 512;
    return this.#machine.hostOf(pfn * PAGE_SIZE) / 4 + vpn * 2;
  }

  /** The table that a pointer entry names, or 0. */
  #next(slot: number): number {
    return ptePfn(this.#machine.u32[slot]!);
  }

  #slot(va: number): number {
    const middle = this.#next(this.#index(this.#root.pfn, va, 30));
    if (middle === 0) return 0;
    const leaf = this.#next(this.#index(middle, va, 21));
    return leaf === 0 ? 0 : this.#index(leaf, va, 12);
  }

  #slotMaking(va: number): number {
    const middle = this.#nextMaking(this.#index(this.#root.pfn, va, 30));
    if (middle === 0) return 0;
    const leaf = this.#nextMaking(this.#index(middle, va, 21));
    return leaf === 0 ? 0 : this.#index(leaf, va, 12);
  }

  #nextMaking(slot: number): number {
    const there = this.#next(slot);
    if (there !== 0) return there;
    const table = this.#pages.allocPage(true);
    if (table === null) return 0;
    this.tables++;
    this.#machine.u32[slot] = makePte(table.pfn, PTE_V);
    return table.pfn;
  }
}
