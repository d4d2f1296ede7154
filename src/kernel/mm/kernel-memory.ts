/**
 * The kernel's own addresses: the linear map of all RAM, and vmalloc's. Drivers read and write through here. An address
 * that is not mapped is an Oops.
 */
import { RAM_BASE } from "../../../assembly/memory-map.ts";
import { GFP_ZERO, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Machine } from "../../machine.ts";
import type { Log } from "../log.ts";
import { KernelOops } from "../oops.ts";
import type { PageAllocator, PageRecord } from "./pages.ts";
import { Slab } from "./slab.ts";
import { VMALLOC_END, VMALLOC_START, Vmalloc } from "./vmalloc.ts";

/** 0xffffffd6_0000_0000, sign-extended: where the linear map of RAM begins in an Sv39 Linux. */
export const PAGE_OFFSET = -0x2a_0000_0000;

export class KernelMemory {
  readonly vmalloc: Vmalloc;
  readonly slab: Slab;
  readonly #machine: Machine;
  readonly #pages: PageAllocator;

  constructor(machine: Machine, pages: PageAllocator, log: Log) {
    this.#machine = machine;
    this.#pages = pages;
    this.vmalloc = new Vmalloc(pages, log);
    this.slab = new Slab(pages, log, (page) => this.addressOf(page));
  }

  addressOf(page: PageRecord): number {
    return PAGE_OFFSET + (page.pfn * PAGE_SIZE - RAM_BASE);
  }

  /** The page behind a linear-map address. @throws KernelOops for any other address. */
  virtToPage(address: number): PageRecord {
    const offset = address - PAGE_OFFSET;
    if (!(offset >= 0 && offset < this.#machine.ramSize)) throw new KernelOops(address);
    return this.#pages.pfnToPage(Math.floor((offset + RAM_BASE) / PAGE_SIZE));
  }

  allocPage(gfp: number): number {
    const page = this.#pages.allocPage((gfp & GFP_ZERO) !== 0);
    return page === null ? 0 : this.addressOf(page);
  }

  kmalloc(size: number, gfp: number): number {
    const address = this.slab.alloc(size);
    if (address < 0 && (gfp & GFP_ZERO) !== 0) this.memset(address, 0, size);
    return address;
  }

  read(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#forEachPage(address, length, (host, done, count) => {
      bytes.set(this.#machine.u8.subarray(host, host + count), done);
    });
    return bytes;
  }

  write(address: number, bytes: Uint8Array): void {
    this.#forEachPage(address, bytes.length, (host, done, count) => {
      this.#machine.u8.set(bytes.subarray(done, done + count), host);
    });
  }

  memset(address: number, byte: number, length: number): void {
    this.#forEachPage(address, length, (host, _done, count) => {
      this.#machine.u8.fill(byte, host, host + count);
    });
  }

  load32(address: number): number {
    const bytes = this.read(address, 4);
    return new DataView(bytes.buffer).getUint32(0, true);
  }

  store32(address: number, value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
    this.write(address, bytes);
  }

  #pageAt(address: number): PageRecord {
    if (address >= VMALLOC_START && address < VMALLOC_END) return this.vmalloc.pageAt(address);
    return this.virtToPage(address);
  }

  #forEachPage(address: number, length: number, visit: (host: number, done: number, count: number) => void): void {
    for (let done = 0; done < length; ) {
      const at = address + done;
      const page = this.#pageAt(at);
      const offset = at - Math.floor(at / PAGE_SIZE) * PAGE_SIZE;
      const count = Math.min(length - done, PAGE_SIZE - offset);
      visit(this.#pages.hostOf(page) + offset, done, count);
      done += count;
    }
  }
}
