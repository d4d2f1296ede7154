/** A look into the machine for people: processes, mappings, and the way from a pixel to its byte. Nothing is changed. */

import { VRAM_BASE } from "../../assembly/memory-map.ts";
import { PTE_R, PTE_V, PTE_W, PTE_X } from "../../assembly/riscv.ts";
import { PAGE_SIZE } from "../../devices/drivers/vm.ts";
import { pixelSize } from "../../devices/hardware/video-card.ts";
import type { Computer } from "../computer.ts";
import { mapsOf } from "../kernel/fs/proc-files.ts";
import { nameOf } from "../kernel/maps.ts";
import type { FaultEvent, FaultKind } from "../kernel/mm/mm.ts";
import { Strace } from "../kernel/strace.ts";
import type { Task } from "../kernel/task.ts";

export interface ProcessInfo {
  readonly pid: number;
  readonly name: string;
  readonly state: Task["state"];
}

/** One step of the page walk: the entry of one table. */
export interface WalkLevel {
  /** 2, 1, 0: the root first. */
  readonly level: number;
  /** VPN[level]: which entry of the table. */
  readonly vpn: number;
  /** Physical address of the entry, and the entry. */
  readonly at: number;
  readonly pte: bigint;
}

export interface PageWalk {
  readonly va: number;
  readonly levels: readonly WalkLevel[];
  /** Physical address, and its place in the machine's linear memory; null: the walk ends in a fault. */
  readonly pa: number | null;
  readonly host: number | null;
}

/** Where a pixel is. */
export interface PixelPlace {
  readonly x: number;
  readonly y: number;
  /** Bytes from the start of video memory. */
  readonly offset: number;
  readonly pa: number;
  /** The process that maps it, and where; null when none does. */
  readonly mapping: {
    readonly process: ProcessInfo;
    readonly path: string;
    readonly start: number;
    readonly walk: PageWalk;
  } | null;
}

/** A page fault: what was tried where, and what the kernel did about it. */
export interface PageFaultInfo {
  readonly access: "load" | "store" | "fetch";
  /** Virtual; the start of the page when the kernel brought one in. */
  readonly address: number;
  /** The mapping as /proc/<pid>/maps names it: a path, "[heap]", "[stack]"; "" for other anonymous memory; null: none. */
  readonly mapping: string | null;
  readonly kind: FaultKind;
}

const ACCESS_NAMES = ["load", "store", "fetch"] as const;
const LEVELS = 3;
const VPN_BITS = 9;

export class Inspector {
  readonly #computer: Computer;

  constructor(computer: Computer) {
    this.#computer = computer;
  }

  processes(): ProcessInfo[] {
    return [...this.#computer.kernel.tasks].map(describe);
  }

  /** /proc/<pid>/maps; empty for a process that has ended. */
  maps(pid: number): string {
    const task = this.#computer.kernel.tasks.get(pid);
    return task === undefined || task.state === "zombie" ? "" : mapsOf(task);
  }

  /** Walks the page table of a process as the MMU does, without setting A or D. null: no such process. */
  walk(pid: number, va: number): PageWalk | null {
    const task = this.#computer.kernel.tasks.get(pid);
    return task === undefined || task.state === "zombie" ? null : this.#walk(task, va);
  }

  /** The byte of a pixel of the screen, and who has mapped it. */
  pixel(x: number, y: number): PixelPlace {
    const { stride, start, format } = this.#computer.card.state.frame;
    const offset = start + y * stride + x * pixelSize(format);
    const pa = VRAM_BASE + offset;
    for (const task of this.#computer.kernel.tasks) {
      if (task.state === "zombie") continue;
      for (const vma of task.mm.vmas) {
        if (vma.file?.path !== "/dev/fb0") continue;
        const va = vma.start + offset - vma.pgoff * PAGE_SIZE;
        if (va < vma.start || va >= vma.end) continue;
        const walk = this.#walk(task, va);
        return { x, y, offset, pa, mapping: { process: describe(task), path: vma.file.path, start: vma.start, walk } };
      }
    }
    return { x, y, offset, pa, mapping: null };
  }

  /** Calls `write` with each line that strace -f would print, until what comes back is called. */
  trace(write: (line: string) => void): () => void {
    const { kernel } = this.#computer;
    const tracer = new Strace({ write });
    kernel.tracer = tracer;
    return () => {
      if (kernel.tracer === tracer) kernel.tracer = null;
    };
  }

  /** Calls `see` with each page fault of all processes, until what comes back is called. */
  faults(see: (fault: PageFaultInfo) => void): () => void {
    const { mmHost } = this.#computer.kernel;
    const tell = ({ mm, vma, address, access, kind }: FaultEvent): void =>
      see({
        access: ACCESS_NAMES[access]!,
        address,
        mapping: vma === null ? null : nameOf(mm, vma, vma.file),
        kind,
      });
    mmHost.onFault = tell;
    return () => {
      if (mmHost.onFault === tell) mmHost.onFault = null;
    };
  }

  #walk(task: Task, va: number): PageWalk {
    const { machine } = this.#computer;
    const levels: WalkLevel[] = [];
    let table = task.mm.table.rootPfn * PAGE_SIZE;
    for (let level = LEVELS - 1; level >= 0; level--) {
      const span = PAGE_SIZE * 2 ** (VPN_BITS * level);
      const vpn = Math.floor(va / span) % 2 ** VPN_BITS;
      const at = table + 8 * vpn;
      const host = machine.hostOf(at);
      if (host === 0) break;
      const pte = BigInt(machine.u32[host / 4]!) | (BigInt(machine.u32[host / 4 + 1]!) << 32n);
      levels.push({ level, vpn, at, pte });
      const bits = Number(pte & 0x3ffn);
      if ((bits & PTE_V) === 0) break;
      table = Number((pte >> 10n) & 0xfff_ffff_ffffn) * PAGE_SIZE;
      if ((bits & (PTE_R | PTE_W | PTE_X)) === 0) continue;
      const pa = table + (va % span);
      return { va, levels, pa, host: machine.hostOf(pa) || null };
    }
    return { va, levels, pa: null, host: null };
  }
}

const describe = ({ pid, comm, state }: Task): ProcessInfo => ({ pid, name: comm, state });
