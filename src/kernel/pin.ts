/**
 * Pinned user pages (pin_user_pages of mm/gup.c): views on memory that the pages' owner keeps in place. They end with
 * unpin(), with munmap of any part, and with the process.
 */
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import type { Pin } from "../../abi/program.ts";
import { VIDEO_MEMORY } from "../../assembly/layout.ts";
import { ACCESS_LOAD, ACCESS_STORE } from "../../assembly/riscv.ts";
import { PAGE_SIZE, VM_WRITE } from "../../devices/drivers/vm.ts";
import type { Machine } from "../machine.ts";
import { handleFault } from "./mm/fault.ts";
import type { Mm, PinnedRange } from "./mm/mm.ts";
import { ptePfn, pteSpecial } from "./mm/page-table.ts";
import type { PageRecord } from "./mm/pages.ts";
import { isCowMapping } from "./mm/vma.ts";
import { accessOk } from "./uaccess.ts";

/** A view was asked of a pin that is over. */
export class PinEnded extends Error {
  constructor(va: number) {
    super(`pin of 0x${va.toString(16)} has ended: its pages were unpinned or unmapped`);
    this.name = "PinEnded";
  }
}

/** A byte range of linear memory. */
interface Run {
  readonly host: number;
  length: number;
}

/** Video memory that is written through views: damaged in every frame, as nobody sees the stores. */
export class VideoPins {
  readonly #runs = new Set<Run>();

  add(run: Run): void {
    this.#runs.add(run);
  }

  delete(run: Run): void {
    this.#runs.delete(run);
  }

  /** Marks all of them damaged: before each scanout. */
  markDamage(machine: Machine): void {
    for (const run of this.#runs) machine.exports.markDamage(run.host - VIDEO_MEMORY, run.length);
  }
}

class PinnedPages implements Pin, PinnedRange {
  readonly start: number;
  readonly end: number;
  readonly #va: number;
  readonly #length: number;
  readonly #mm: Mm;
  readonly #runs: readonly Run[];
  readonly #pages: readonly PageRecord[];
  readonly #video: VideoPins;
  #alive = true;

  constructor(
    mm: Mm,
    va: number,
    length: number,
    runs: readonly Run[],
    pages: readonly PageRecord[],
    video: VideoPins,
  ) {
    this.#mm = mm;
    this.#va = va;
    this.#length = length;
    this.#runs = runs;
    this.#pages = pages;
    this.#video = video;
    this.start = va - (va % PAGE_SIZE);
    this.end = va + length;
    mm.pins.add(this);
  }

  get runs(): readonly Uint8Array[] {
    this.#check();
    return this.#runs.map((run) => this.#mm.host.machine.u8.subarray(run.host, run.host + run.length));
  }

  get u8(): Uint8Array {
    return this.#whole((buffer, host) => new Uint8Array(buffer, host, this.#length));
  }

  get u16(): Uint16Array {
    return this.#whole((buffer, host) => new Uint16Array(buffer, host, this.#length >> 1));
  }

  get u32(): Uint32Array {
    return this.#whole((buffer, host) => new Uint32Array(buffer, host, this.#length >> 2));
  }

  unpin(): void {
    this.ended();
  }

  ended(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#mm.pins.delete(this);
    for (const run of this.#runs) this.#video.delete(run);
    for (const page of this.#pages) this.#mm.host.pages.putPage(page);
  }

  #check(): void {
    if (!this.#alive) throw new PinEnded(this.#va);
  }

  #whole<T>(make: (buffer: ArrayBuffer, host: number) => T): T {
    this.#check();
    const [run, ...others] = this.#runs;
    if (run === undefined || others.length > 0) {
      throw new RangeError(`pin of 0x${this.#va.toString(16)}: its pages are not contiguous, use runs`);
    }
    return make(this.#mm.host.machine.memory.buffer as ArrayBuffer, run.host);
  }
}

/**
 * How a page is to be faulted in for a pin. A private page that its process may write is made its own now, for reading
 * too (FAULT_FLAG_UNSHARE): the pin and the mapping must go on meaning the same page when the process writes it.
 */
const pinAccess = (mm: Mm, va: number, writable: boolean): number => {
  const flags = mm.vmas.lookup(va)?.flags ?? 0;
  return writable || (isCowMapping(flags) && (flags & VM_WRITE) !== 0) ? ACCESS_STORE : ACCESS_LOAD;
};

/** Pins [va, va + length); -EINVAL for no length, -EFAULT when a page is not there or may not be accessed so. */
export const pinUserPages = (mm: Mm, va: number, length: number, writable: boolean, video: VideoPins): Pin | number => {
  if (!(length > 0)) return -EINVAL;
  if (!accessOk(va, length)) return -EFAULT;
  const { machine, pages } = mm.host;
  const runs: Run[] = [];
  const held: PageRecord[] = [];
  for (let done = 0; done < length; ) {
    const access = pinAccess(mm, va + done, writable);
    const host = machine.exports.translate(va + done, access);
    if (host === 0) {
      if (handleFault(mm, va + done, access) === null && machine.exports.translate(va + done, access) !== 0) continue;
      for (const page of held) pages.putPage(page);
      return -EFAULT;
    }
    const count = Math.min(length - done, PAGE_SIZE - (host % PAGE_SIZE));
    const last = runs.at(-1);
    if (last !== undefined && last.host + last.length === host) last.length += count;
    else runs.push({ host, length: count });
    const pte = mm.table.get(va + done);
    if (!pteSpecial(pte)) {
      const page = pages.pfnToPage(ptePfn(pte));
      pages.getPage(page);
      held.push(page);
    }
    done += count;
  }
  const pin = new PinnedPages(mm, va, length, runs, held, video);
  if (writable) for (const run of runs) if (isVideo(machine, run)) video.add(run);
  return pin;
};

const isVideo = (machine: Machine, run: Run): boolean =>
  run.host >= VIDEO_MEMORY && run.host - VIDEO_MEMORY < machine.vramSize;
