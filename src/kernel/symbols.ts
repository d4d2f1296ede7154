/**
 * The exported symbols: what drivers call, handed to the part of the kernel that does it. EXPORT_SYMBOL is a method
 * here. One line each, in the order of devices/drivers/driver.ts.
 */
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import type { SignalInfo } from "../../abi/program.ts";
import { SI_KERNEL, SIG_IGN } from "../../abi/signal.ts";
import type {
  Cdev,
  Dentry,
  FileOperations,
  IoMemory,
  Kernel,
  MappedMemory,
  Page,
  Position,
  SysfsDevice,
  TimerList,
  VmArea,
  WaitQueue,
} from "../../devices/drivers/driver.ts";
import { GFP_ZERO, PG_reserved } from "../../devices/drivers/vm.ts";
import type { Machine } from "../machine.ts";
import type { Clock } from "./clock.ts";
import type { CdevRecord } from "./fs/chrdev.ts";
import type { Vfs } from "./fs/vfs.ts";
import { ioremap, memremap } from "./io-memory.ts";
import { isOrphanedGroup } from "./job-control.ts";
import type { Log } from "./log.ts";
import type { KernelMemory } from "./mm/kernel-memory.ts";
import type { Mm } from "./mm/mm.ts";
import type { PageAllocator, PageRecord } from "./mm/pages.ts";
import * as remap from "./mm/remap.ts";
import type { VmAreaRecord } from "./mm/vma.ts";
import type { ModuleOwner } from "./module-loader.ts";
import type { Random } from "./random.ts";
import { isBlocked } from "./signal.ts";
import type { Task, TaskTable } from "./task.ts";
import type { UserAccess } from "./uaccess.ts";
import { WaitQueueHead } from "./wait-queue.ts";

/** The parts that the symbols reach. */
export interface Parts {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly log: Log;
  readonly pages: PageAllocator;
  readonly memory: KernelMemory;
  readonly user: UserAccess;
  readonly random: Random;
}

export abstract class ExportedSymbols implements Kernel {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly log: Log;
  readonly pages: PageAllocator;
  readonly memory: KernelMemory;
  readonly user: UserAccess;
  readonly random: Random;

  constructor(parts: Parts) {
    this.machine = parts.machine;
    this.clock = parts.clock;
    this.log = parts.log;
    this.pages = parts.pages;
    this.memory = parts.memory;
    this.user = parts.user;
    this.random = parts.random;
  }

  abstract readonly current: Task;
  abstract sleepOn(queue: WaitQueue | null, timeout?: number): number;
  abstract shmemZeroSetup(vma: VmArea): number;
  abstract copyFromUserToPhysical(pa: number, from: number, length: number): number;
  abstract copyPhysicalToUser(to: number, pa: number, length: number): number;
  abstract readonly vfs: Vfs;
  abstract readonly tasks: TaskTable;
  abstract send(task: Task, info: SignalInfo): void;
  protected readonly sessionEndHooks: ((sid: number) => void)[] = [];
  /** The module whose init is running: what it registers is its own. */
  protected owner: ModuleOwner | null = null;

  printk(text: string): void {
    this.log.printk(text);
  }

  dmesg(): string {
    return this.log.dmesg();
  }

  // Pages

  getZeroedPage(gfp: number): number {
    return this.memory.allocPage(gfp | GFP_ZERO);
  }

  freePage(address: number): void {
    if (address !== 0) this.pages.putPage(this.memory.virtToPage(address));
  }

  allocPages(gfp: number, order: number): Page | null {
    return this.pages.allocPages(order, (gfp & GFP_ZERO) !== 0);
  }

  freePages(page: Page, _order: number): void {
    this.pages.putPage(page as PageRecord);
  }

  splitPage(page: Page, order: number): void {
    this.pages.splitPage(page as PageRecord, order);
  }

  getPage(page: Page): void {
    this.pages.getPage(page as PageRecord);
  }

  putPage(page: Page): void {
    this.pages.putPage(page as PageRecord);
  }

  SetPageReserved(page: Page): void {
    page.flags |= PG_reserved;
  }

  ClearPageReserved(page: Page): void {
    page.flags &= ~PG_reserved;
  }

  // Addresses

  pageToPfn(page: Page): number {
    return page.pfn;
  }

  pfnToPage(pfn: number): Page {
    return this.pages.pfnToPage(pfn);
  }

  pageAddress(page: Page): number {
    return this.memory.addressOf(page as PageRecord);
  }

  virtToPage(address: number): Page {
    return this.memory.virtToPage(address);
  }

  vmallocToPage(address: number): Page {
    return this.memory.vmalloc.pageAt(address);
  }

  vmallocToPfn(address: number): number {
    return this.memory.vmalloc.pageAt(address).pfn;
  }

  // Kernel memory

  kmalloc(size: number, gfp: number): number {
    return this.memory.kmalloc(size, gfp);
  }

  kzalloc(size: number, gfp: number): number {
    return this.memory.kmalloc(size, gfp | GFP_ZERO);
  }

  kfree(address: number): void {
    this.memory.slab.free(address);
  }

  vmalloc(size: number): number {
    return this.memory.vmalloc.alloc(size, false, false);
  }

  vzalloc(size: number): number {
    return this.memory.vmalloc.alloc(size, true, false);
  }

  vmallocUser(size: number): number {
    return this.memory.vmalloc.alloc(size, true, true);
  }

  vfree(address: number): void {
    this.memory.vmalloc.free(address);
  }

  read(address: number, length: number): Uint8Array {
    return this.memory.read(address, length);
  }

  write(address: number, bytes: Uint8Array): void {
    this.memory.write(address, bytes);
  }

  load32(address: number): number {
    return this.memory.load32(address);
  }

  store32(address: number, value: number): void {
    this.memory.store32(address, value);
  }

  memset(address: number, byte: number, length: number): void {
    this.memory.memset(address, byte, length);
  }

  // User memory

  copyToUser(to: number, from: Uint8Array): number {
    return this.user.copyToUser(to, from);
  }

  copyFromUser(into: Uint8Array, from: number): number {
    return this.user.copyFromUser(into, from);
  }

  clearUser(to: number, length: number): number {
    return this.user.clearUser(to, length);
  }

  copyHostToUser(to: number, host: number, length: number): number {
    return this.user.copyHostToUser(to, host, length);
  }

  copyUserToHost(host: number, from: number, length: number): number {
    return this.user.copyUserToHost(host, from, length);
  }

  strncpyFromUser(from: number, limit: number): string | number {
    return this.user.strncpyFromUser(from, limit);
  }

  simpleReadFromBuffer(to: number, count: number, position: Position, from: Uint8Array): number {
    if (position.value < 0) return -EINVAL;
    if (position.value >= from.length || count === 0) return 0;
    const length = Math.min(count, from.length - position.value);
    const missed = this.copyToUser(to, from.subarray(position.value, position.value + length));
    if (missed === length) return -EFAULT;
    position.value += length - missed;
    return length - missed;
  }

  // Mappings: those of the task whose mmap or fault is being served

  vmFlagsSet(vma: VmArea, flags: number): void {
    (vma as VmAreaRecord).flags |= flags;
  }

  remapPfnRange(vma: VmArea, address: number, pfn: number, size: number, prot: number): number {
    return remap.remapPfnRange(this.#mm, vma as VmAreaRecord, address, pfn, size, prot);
  }

  vmInsertPage(vma: VmArea, address: number, page: Page): number {
    return remap.vmInsertPage(this.#mm, vma as VmAreaRecord, address, page as PageRecord);
  }

  vmfInsertPfn(vma: VmArea, address: number, pfn: number): number {
    return remap.vmfInsertPfn(this.#mm, vma as VmAreaRecord, address, pfn);
  }

  remapVmallocRange(vma: VmArea, address: number, pgoff: number): number {
    const area = this.memory.vmalloc.areaAt(address);
    return remap.remapVmallocRange(this.#mm, vma as VmAreaRecord, vma.start, area, pgoff);
  }

  vmIomapMemory(vma: VmArea, pa: number, length: number): number {
    return remap.vmIomapMemory(this.#mm, vma as VmAreaRecord, pa, length);
  }

  // Devices

  allocChrdevRegion(baseMinor: number, count: number, name: string): number {
    return this.vfs.chrdevs.allocRegion(baseMinor, count, name);
  }

  registerChrdevRegion(dev: number, count: number, name: string): number {
    return this.vfs.chrdevs.registerRegion(dev, count, name);
  }

  unregisterChrdevRegion(dev: number, count: number): void {
    this.vfs.chrdevs.unregisterRegion(dev, count);
  }

  cdevInit(ops: FileOperations): Cdev {
    return this.vfs.chrdevs.cdevInit(ops, this.owner);
  }

  cdevAdd(cdev: Cdev, dev: number, count: number): number {
    return this.vfs.chrdevs.cdevAdd(cdev as CdevRecord, dev, count);
  }

  cdevDel(cdev: Cdev): void {
    this.vfs.chrdevs.cdevDel(cdev as CdevRecord);
  }

  deviceCreate(name: string, dev: number, mode: number, sysfs?: SysfsDevice): void {
    this.vfs.devtmpfs.deviceCreate(name, dev, mode);
    if (sysfs !== undefined) this.vfs.sysfs.deviceCreate(name, dev, sysfs, this.owner);
  }

  deviceDestroy(dev: number): void {
    this.vfs.devtmpfs.deviceDestroy(dev);
    this.vfs.sysfs.deviceDestroy(dev);
  }

  debugfsCreateFile(name: string, mode: number, parent: Dentry | null, data: unknown, ops: FileOperations): Dentry {
    return this.vfs.debugfs.createFile(name, mode, parent, data, ops, this.owner);
  }

  debugfsCreateFileUnsafe(
    name: string,
    mode: number,
    parent: Dentry | null,
    data: unknown,
    ops: FileOperations,
  ): Dentry {
    return this.vfs.debugfs.createFileUnsafe(name, mode, parent, data, ops, this.owner);
  }

  debugfsCreateDir(name: string, parent: Dentry | null): Dentry {
    return this.vfs.debugfs.createDir(name, parent);
  }

  debugfsRemove(dentry: Dentry): void {
    this.vfs.debugfs.remove(dentry);
  }

  // Registers and time

  ioremap(pa: number, size: number): IoMemory {
    return ioremap(this.machine, pa, size);
  }

  // Job control

  killPgrp(pgid: number, signo: number): void {
    for (const task of [...this.tasks]) if (task.pgid === pgid) this.send(task, { signo, code: SI_KERNEL, address: 0 });
  }

  sessionOfPgrp(pgid: number): number {
    for (const task of this.tasks) if (task.pgid === pgid) return task.sid;
    return 0;
  }

  isCurrentPgrpOrphaned(): boolean {
    return isOrphanedGroup(this.tasks, this.current.pgid);
  }

  isIgnored(signo: number): boolean {
    return isBlocked(this.current, signo) || this.current.actions[signo]!.sa_handler === SIG_IGN;
  }

  onSessionEnd(hook: (sid: number) => void): void {
    this.sessionEndHooks.push(hook);
  }

  memremap(pa: number, size: number): MappedMemory {
    return memremap(this.machine, pa, size);
  }

  waitQueue(): WaitQueueHead {
    return new WaitQueueHead();
  }

  ktimeGet(): number {
    return this.clock.now;
  }

  abstract realTime(): { seconds: number; nanoseconds: number };

  ktimeGetRealTs64(): { tv_sec: number; tv_nsec: number } {
    const { seconds, nanoseconds } = this.realTime();
    return { tv_sec: seconds, tv_nsec: nanoseconds };
  }

  timerSetup(callback: () => void): TimerList {
    let cancel = (): void => {};
    return {
      mod: (delay) => {
        cancel();
        cancel = this.clock.at(this.clock.now + delay, callback, false);
      },
      delete: () => cancel(),
    };
  }

  getRandomBytes(into: Uint8Array): void {
    this.random.fill(into);
  }

  get #mm(): Mm {
    return this.current.mm;
  }
}
