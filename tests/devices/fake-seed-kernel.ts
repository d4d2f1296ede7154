/**
 * As much of a kernel as the two seed drivers call, in plain objects: it keeps what it gave out, so that a test sees
 * what a driver forgets to give back, and it fails where it is told to.
 */
import { EBUSY, ENOMEM } from "../../abi/errno.ts";
import type { Cdev, Dentry, File, FileOperations, Inode, Kernel, Page, VmArea } from "../../devices/drivers/driver.ts";
import { PAGE_SIZE, PG_reserved } from "../../devices/drivers/vm.ts";

export interface FakePage extends Page {
  readonly bytes: Uint8Array;
}

/** One call of remapPfnRange. */
export interface Remapped {
  readonly address: number;
  readonly pfn: number;
  readonly size: number;
  readonly prot: number;
}

type Failing = "vmalloc" | "kmalloc" | "getZeroedPage" | "allocChrdevRegion" | "cdevAdd" | "remapPfnRange";

const INODE: Inode = { ino: 1, mode: 0o20600, rdev: 0, size: 0, privateData: null };

export class FakeSeedKernel {
  readonly log: string[] = [];
  /** What the driver holds: allocations by address, "dev", "cdev", "debugfs NAME". */
  readonly held = new Set<number | string>();
  readonly remapped: Remapped[] = [];
  readonly pages = new Map<number, FakePage>();
  ops: FileOperations | null = null;
  debugfs: { readonly name: string; readonly mode: number; readonly unsafe: boolean } | null = null;
  failing: Failing | null = null;
  #next = -0x2a_0000_0000;
  #pfn = 0x8_0000;

  /** What the drivers see: a call of anything else is a TypeError. */
  get kernel(): Kernel {
    return this as unknown as Kernel;
  }

  printk(text: string): void {
    this.log.push(text);
  }

  vmalloc(size: number): number {
    return this.failing === "vmalloc" ? 0 : this.#allocate(size, -7);
  }
  vfree(address: number): void {
    this.held.delete(address);
  }
  kmalloc(size: number): number {
    return this.failing === "kmalloc" ? 0 : this.#allocate(size, 1);
  }
  kzalloc(size: number): number {
    return this.kmalloc(size);
  }
  kfree(address: number): void {
    this.held.delete(address);
  }
  getZeroedPage(): number {
    return this.failing === "getZeroedPage" ? 0 : this.#allocate(PAGE_SIZE, 1);
  }
  freePage(address: number): void {
    this.virtToPage(address).refcount--;
    this.held.delete(address);
  }

  virtToPage(address: number): FakePage {
    const page = this.pages.get(Math.floor(address / PAGE_SIZE));
    if (page === undefined) throw new Error(`no page at ${address}`);
    return page;
  }
  vmallocToPage(address: number): FakePage {
    return this.virtToPage(address);
  }
  vmallocToPfn(address: number): number {
    return this.virtToPage(address).pfn;
  }
  pageToPfn(page: Page): number {
    return page.pfn;
  }
  getPage(page: Page): void {
    page.refcount++;
  }
  SetPageReserved(page: Page): void {
    page.flags |= PG_reserved;
  }
  ClearPageReserved(page: Page): void {
    page.flags &= ~PG_reserved;
  }

  read(address: number, length: number): Uint8Array {
    return Uint8Array.from({ length }, (_, i) => this.#byte(address + i)[0]!);
  }
  write(address: number, bytes: Uint8Array): void {
    bytes.forEach((byte, i) => {
      this.#byte(address + i)[0] = byte;
    });
  }
  store32(address: number, value: number): void {
    this.write(address, new Uint8Array(Uint32Array.of(value).buffer));
  }

  vmFlagsSet(vma: VmArea, flags: number): void {
    (vma as { flags: number }).flags |= flags;
  }
  remapPfnRange(_vma: VmArea, address: number, pfn: number, size: number, prot: number): number {
    if (this.failing === "remapPfnRange" && this.remapped.length === 3) return -ENOMEM;
    this.remapped.push({ address, pfn, size, prot });
    return 0;
  }

  allocChrdevRegion(): number {
    if (this.failing === "allocChrdevRegion") return -EBUSY;
    this.held.add("dev");
    return 245 * 0x10_0000;
  }
  unregisterChrdevRegion(): void {
    this.held.delete("dev");
  }
  cdevInit(ops: FileOperations): Cdev {
    return { ops, dev: 0, count: 0 };
  }
  cdevAdd(cdev: Cdev): number {
    if (this.failing === "cdevAdd") return -EBUSY;
    this.ops = cdev.ops;
    this.held.add("cdev");
    return 0;
  }
  cdevDel(): void {
    this.held.delete("cdev");
  }

  debugfsCreateFile(name: string, mode: number, _parent: Dentry | null, _data: unknown, ops: FileOperations): Dentry {
    return this.#createFile(name, mode, ops, false);
  }
  debugfsCreateFileUnsafe(name: string, mode: number, _parent: null, _data: unknown, ops: FileOperations): Dentry {
    return this.#createFile(name, mode, ops, true);
  }
  debugfsRemove({ name }: Dentry): void {
    this.held.delete(`debugfs ${name}`);
  }

  /** A file that the driver opened, or the error. */
  open(name: string): File | number {
    const at = { path: `/${name}`, inode: INODE, position: { value: 0 } };
    const file = { name, ...at, flags: 2, readable: true, writable: true, privateData: null };
    const error = this.ops?.open?.(INODE, file) ?? 0;
    return error < 0 ? error : file;
  }

  /** The NUL-terminated string at `address`. */
  text(address: number): string {
    const bytes = this.read(address, 100);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  #createFile(name: string, mode: number, ops: FileOperations, unsafe: boolean): Dentry {
    this.ops = ops;
    this.debugfs = { name, mode, unsafe };
    this.held.add(`debugfs ${name}`);
    return { name };
  }

  #byte(address: number): Uint8Array {
    const { bytes } = this.virtToPage(address);
    const offset = address - Math.floor(address / PAGE_SIZE) * PAGE_SIZE;
    return bytes.subarray(offset, offset + 1);
  }

  /** Pages filled with 0xaa where C promises nothing; physically `step` apart. */
  #allocate(size: number, step: number): number {
    const address = this.#next;
    const count = Math.ceil(size / PAGE_SIZE);
    if (step < 0) this.#pfn -= step * count;
    for (let i = 0; i < count; i++) {
      const bytes = new Uint8Array(PAGE_SIZE);
      if (step < 0) bytes.fill(0xaa);
      this.pages.set(address / PAGE_SIZE + i, { pfn: this.#pfn, refcount: 1, mapcount: 0, flags: 0, bytes });
      this.#pfn += step;
    }
    this.#next += (count + 1) * PAGE_SIZE;
    this.held.add(address);
    return address;
  }
}

/** A mapping as mmap(2) makes it: `pages` long, from page `pgoff` of its file on. */
export const fakeVma = (pages: number, pgoff = 0): VmArea => ({
  start: 0x3f_c000_0000,
  end: 0x3f_c000_0000 + pages * PAGE_SIZE,
  pgoff,
  pageProt: 0x5a,
  flags: 0,
  file: null,
  ops: null,
  privateData: null,
});
