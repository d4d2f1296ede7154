/**
 * An address space (struct mm_struct): its page table, its mappings, its heap. The other files of this folder change
 * it, one system call each.
 */
import { SATP_HI_ASID_SHIFT, SATP_HI_MODE_SHIFT, SATP_MODE_SV39 } from "../../../assembly/riscv.ts";
import type { File, Inode, VmArea } from "../../../devices/drivers/driver.ts";
import { PAGE_SIZE, VM_GROWSDOWN, VM_SHARED, VM_WRITE } from "../../../devices/drivers/vm.ts";
import type { Machine } from "../../machine.ts";
import { PageTable } from "./page-table.ts";
import type { PageAllocator } from "./pages.ts";
import { VmAreaList, type VmAreaRecord } from "./vma.ts";

/** One past the last user address of Sv39: half of 2^39. */
export const TASK_SIZE = 0x40_0000_0000;
/** Mappings are handed out from here downwards: 128 MiB are left for the stack (arch_pick_mmap_layout). */
export const MMAP_BASE = TASK_SIZE - 0x800_0000;
/** vm.mmap_min_addr: a hint below it is rounded up. */
export const MMAP_MIN_ADDR = 0x1_0000;
/** Above so many pages it is cheaper to flush the whole address space. */
const FLUSH_ALL_ABOVE = 64;

/** What an address space needs of the rest of the kernel. */
export interface MmHost {
  readonly machine: Machine;
  readonly pages: PageAllocator;
  readonly asids: Asids;
  /** Mappings of one address space (vm.max_map_count). */
  readonly maxMapCount: number;
  /** The page of zeroes that every first read of anonymous memory shares. */
  readonly zeroPfn: number;
  getFile(file: File): void;
  putFile(file: File): void;
  /** The mappings of a file's bytes and whose they are, for truncate. */
  mappingsOf(inode: Inode): Map<VmArea, Mm>;
  /** A page could not be made for want of memory, and the one who asked cannot go on without it. */
  outOfMemory(): void;
  /** Is the page at this offset of the file in memory, mapped or not (filemap_get_incore_folio)? */
  isCached(file: File, pgoff: number): boolean;
  /** Gives a shared anonymous mapping a file of its own in memory (shmem_zero_setup). */
  shmemZeroSetup(vma: VmArea): number;
  /** Is told of every page fault; null while nobody watches. */
  readonly onFault?: ((fault: FaultEvent) => void) | null;
}

/** What a page fault came to. */
export type FaultKind =
  | "zero page"
  | "new page"
  | "fault handler"
  | "copy on write"
  | "made writable"
  | "no mapping"
  | "not permitted"
  | "bus error"
  | "out of memory";

/** A page fault, for who watches. */
export interface FaultEvent {
  readonly mm: Mm;
  /** null: there is no mapping at the address. */
  readonly vma: VmAreaRecord | null;
  readonly address: number;
  /** ACCESS_… */
  readonly access: number;
  readonly kind: FaultKind;
}

/** Soft limits of its process, in bytes (RLIMIT_STACK, RLIMIT_DATA, RLIMIT_AS). */
export interface MmLimits {
  readonly stack: number;
  readonly data: number;
  readonly addressSpace: number;
}

/** Where a program finds what execve gave it. */
export interface MmLayout {
  /** The stack pointer that it began with. */
  readonly startStack: number;
  readonly vdso: number;
  /** Its environment strings lie in [envStart, envEnd). */
  readonly envStart: number;
  readonly envEnd: number;
  readonly auxv: Uint8Array;
}

/** A range whose pages somebody holds (pin_user_pages); it ends with the mapping. */
export interface PinnedRange {
  readonly start: number;
  readonly end: number;
  ended(): void;
}

/** Address-space identifiers, 1 … 65535; 0 is nobody's. */
export class Asids {
  readonly #free: number[] = [];
  #next = 1;

  take(): number {
    return this.#free.pop() ?? (this.#next < 0x1_0000 ? this.#next++ : 0);
  }

  give(asid: number): void {
    this.#free.push(asid);
  }
}

export class Mm {
  readonly host: MmHost;
  readonly table: PageTable;
  readonly asid: number;
  readonly vmas = new VmAreaList();
  readonly pins = new Set<PinnedRange>();
  /** Processes that run in it: two, while a parent waits in vfork (mm_users). */
  users = 1;
  /** The heap: [startBrk, brk), byte-exact. */
  startBrk = 0x1000_0000;
  brk = 0x1000_0000;
  limits: MmLimits = { stack: 0x80_0000, data: Number.POSITIVE_INFINITY, addressSpace: Number.POSITIVE_INFINITY };
  /** What exec put where; null for a program that is no ELF file. */
  layout: MmLayout | null = null;
  /** Faults that a page's content had to be made for, and the others. */
  majorFaults = 0;
  minorFaults = 0;

  /** null: no memory for the page table, or no identifier left. */
  static create(host: MmHost): Mm | null {
    const asid = host.asids.take();
    if (asid === 0) return null;
    const table = PageTable.create(host.machine, host.pages);
    if (table === null) {
      host.asids.give(asid);
      return null;
    }
    return new Mm(host, table, asid);
  }

  private constructor(host: MmHost, table: PageTable, asid: number) {
    this.host = host;
    this.table = table;
    this.asid = asid;
  }

  /** Makes this the address space that user accesses go through (switch_mm). */
  activate(): void {
    const hi = ((SATP_MODE_SV39 << SATP_HI_MODE_SHIFT) | (this.asid << SATP_HI_ASID_SHIFT)) >>> 0;
    this.host.machine.exports.setSatp(this.table.rootPfn, hi);
  }

  /** Forgets cached translations of [start, end) (flush_tlb_range). */
  flush(start: number, end: number): void {
    const { sfenceVma } = this.host.machine.exports;
    if ((end - start) / PAGE_SIZE > FLUSH_ALL_ABOVE) {
      sfenceVma(0, this.asid, 2);
      return;
    }
    for (let va = start; va < end; va += PAGE_SIZE) sfenceVma(va, this.asid, 3);
  }

  /** Puts a new mapping into the address space, with its claim on its file. */
  link(vma: VmAreaRecord): void {
    this.vmas.insert(vma);
    if (vma.file !== null) this.host.mappingsOf(vma.file.inode).set(vma, this);
  }

  /** A mapping that is out of the list gives up its claim on its file, which loses one user. */
  forget(vma: VmAreaRecord): void {
    if (vma.file === null) return;
    this.host.mappingsOf(vma.file.inode).delete(vma);
    this.host.putFile(vma.file);
  }

  /** Ends the pins that hold a page of [start, end): it is no longer what is mapped there. */
  endPins(start: number, end: number): void {
    if (this.pins.size === 0) return;
    for (const pin of [...this.pins]) if (pin.start < end && pin.end > start) pin.ended();
  }

  /** Is the page pinned? */
  isPinned(va: number): boolean {
    if (this.pins.size === 0) return false;
    for (const pin of this.pins) if (pin.start < va + PAGE_SIZE && pin.end > va) return true;
    return false;
  }

  /** Joins a mapping with its neighbours where they are alike. */
  merge(vma: VmAreaRecord): void {
    for (const gone of this.vmas.merge(vma)) this.forget(gone);
  }

  /** "ENOMEM: The process's RLIMIT_AS or RLIMIT_DATA limit … would have been exceeded", mmap(2) (may_expand_vm). */
  mayExpand(vmFlags: number, bytes: number): boolean {
    const { addressSpace, data } = this.limits;
    if (addressSpace < Number.POSITIVE_INFINITY && this.totalBytes + bytes > addressSpace) return false;
    if (data === Number.POSITIVE_INFINITY || !isData(vmFlags)) return true;
    let used = 0;
    for (const vma of this.vmas) if (isData(vma.flags)) used += vma.end - vma.start;
    return used + bytes <= data;
  }

  /** Bytes mapped (total_vm). */
  get totalBytes(): number {
    let total = 0;
    for (const vma of this.vmas) total += vma.end - vma.start;
    return total;
  }
}

/** "a private writable mapping that is no stack" counts as data (is_data_mapping). */
const isData = (vmFlags: number): boolean => (vmFlags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) === VM_WRITE;
