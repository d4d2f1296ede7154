/**
 * As much of a kernel as the framebuffer driver calls: a real bus with a real video card behind ioremap, one stretch of
 * user memory whose ends are faults, and records of what the driver asked for.
 */
import { EINVAL, ERESTARTSYS } from "../../abi/errno.ts";
import { VIDEO_CARD_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import type {
  Cdev,
  File,
  FileOperations,
  Inode,
  IoMemory,
  Kernel,
  VmArea,
  WaitQueue,
} from "../../devices/drivers/driver.ts";
import { PAGE_SIZE } from "../../devices/drivers/vm.ts";
import { Bus } from "../../devices/hardware/bus.ts";
import { VideoCard } from "../../devices/hardware/video-card.ts";

/** User memory is [USER, USER + USER_SIZE). */
export const USER = 0x1_0000;
export const USER_SIZE = 0x40_0000;

export class FakeKernel {
  readonly user = new Uint8Array(USER_SIZE);
  readonly video: Uint8Array;
  readonly bus = new Bus();
  readonly card: VideoCard;
  readonly log: string[] = [];
  /** "fb 29:0+256", "cdev", "/dev/fb0 600": what is registered now. */
  readonly held = new Set<string>();
  /** Physical ranges that were mapped. */
  readonly mapped: { readonly pa: number; readonly length: number }[] = [];
  readonly current = { pid: 1, comm: "probe", call: {} as object };
  /** How often a task went to sleep, and was woken. */
  sleeps = 0;
  wakeUps = 0;
  failing: "registerChrdevRegion" | "cdevAdd" | null = null;
  ops: FileOperations | null = null;

  constructor(vramSize: number, mode: { width: number; height: number; format: number }) {
    this.video = new Uint8Array(vramSize);
    this.card = new VideoCard(vramSize, mode);
    this.bus.attach(VIDEO_CARD_BASE, this.card.device);
  }

  /** What the driver sees: a call of anything else is a TypeError. */
  get kernel(): Kernel {
    return this as unknown as Kernel;
  }

  printk(text: string): void {
    this.log.push(text);
  }

  // User memory: bytes before the first bad one are copied, the rest is counted

  copyToUser(to: number, from: Uint8Array): number {
    const length = this.#reach(to, from.length);
    if (length > 0) this.user.set(from.subarray(0, length), to - USER);
    return from.length - length;
  }
  copyFromUser(into: Uint8Array, from: number): number {
    const length = this.#reach(from, into.length);
    into.set(this.user.subarray(from - USER, from - USER + length));
    return into.length - length;
  }
  copyFromUserToPhysical(pa: number, from: number, length: number): number {
    return this.copyFromUser(this.#physical(pa, length), from);
  }
  copyPhysicalToUser(to: number, pa: number, length: number): number {
    return this.copyToUser(to, this.#physical(pa, length));
  }

  /** The rule of vm_iomap_memory() in mm/memory.c. */
  vmIomapMemory(vma: VmArea, pa: number, length: number): number {
    const pages = Math.ceil(length / PAGE_SIZE);
    const wanted = (vma.end - vma.start) / PAGE_SIZE;
    if (vma.pgoff > pages || wanted > pages - vma.pgoff) return -EINVAL;
    return this.remapPfnRange(vma, vma.start, pa / PAGE_SIZE + vma.pgoff, wanted * PAGE_SIZE);
  }
  remapPfnRange(_vma: VmArea, _address: number, pfn: number, size: number): number {
    this.mapped.push({ pa: pfn * PAGE_SIZE, length: size });
    return 0;
  }

  ioremap(pa: number, _size: number): IoMemory {
    return {
      readl: (offset) => this.bus.read(pa + offset, 4),
      writel: (value, offset) => void this.bus.write(pa + offset, 4, value, 0),
    };
  }

  registerChrdevRegion(dev: number, count: number, name: string): number {
    if (this.failing === "registerChrdevRegion") return -16;
    this.held.add(`${name} ${dev >> 20}:${dev & 0xf_ffff}+${count}`);
    return 0;
  }
  unregisterChrdevRegion(dev: number, count: number): void {
    this.held.delete(`fb ${dev >> 20}:${dev & 0xf_ffff}+${count}`);
  }
  cdevInit(ops: FileOperations): Cdev {
    return { ops, dev: 0, count: 0 };
  }
  cdevAdd(cdev: Cdev): number {
    if (this.failing === "cdevAdd") return -12;
    this.ops = cdev.ops;
    this.held.add("cdev");
    return 0;
  }
  cdevDel(): void {
    this.held.delete("cdev");
  }
  deviceCreate(name: string, dev: number, mode: number): void {
    this.held.add(`/dev/${name} ${dev >> 20}:${dev & 0xf_ffff} ${mode.toString(8)}`);
  }
  deviceDestroy(dev: number): void {
    for (const name of this.held)
      if (name.startsWith("/dev/") && name.includes(` ${dev >> 20}:`)) this.held.delete(name);
  }

  waitQueue(): WaitQueue {
    return { wakeUp: () => void this.wakeUps++ };
  }
  sleepOn(): number {
    this.sleeps++;
    return -ERESTARTSYS;
  }

  /** Bytes of [at, at + length) before the first that is not there. */
  #reach(at: number, length: number): number {
    return at < USER ? 0 : Math.max(0, Math.min(length, USER + USER_SIZE - at));
  }

  #physical(pa: number, length: number): Uint8Array {
    const offset = pa - VRAM_BASE;
    if (!(offset >= 0 && length > 0 && offset + length <= this.video.length)) {
      throw new RangeError(`physical range 0x${pa.toString(16)} + ${length} is not memory`);
    }
    return this.video.subarray(offset, offset + length);
  }
}

/** A device node of the framebuffer, and a file that it was opened by. */
export const fbInode = (minor: number): Inode => ({
  ino: 1,
  mode: 0o20600,
  rdev: 29 * 0x10_0000 + minor,
  size: 0,
  privateData: null,
});
export const fbFile: File = {
  name: "fb0",
  path: "/dev/fb0",
  inode: fbInode(0),
  flags: 2,
  readable: true,
  writable: true,
  position: { value: 0 },
  privateData: null,
};
