/**
 * The driver contract: what a driver may call (`Kernel`, the exported symbols) and what it offers (`FileOperations`,
 * `VmOperations`). src/kernel implements the first and calls the second; drivers import nothing of src.
 *
 * Names are Linux 6.12's, transliterated. Every function that can fail returns a negative errno, as in Linux.
 *
 * An address is a number. A user pointer is 0 … 2^38; a kernel pointer is the sign-extended 39-bit address, so it is
 * negative (0xffffffd6_0000_0000 is -0x2a_0000_0000). A driver reaches kernel memory through `kernel.read`, `write`,
 * `load32`, `store32`: a JavaScript program has no pointers to dereference.
 */

/** struct page: the kernel's record of one physical page. */
export interface Page {
  /** Physical page number: pa >> 12. */
  readonly pfn: number;
  /** Users of the page; it is freed when the last one puts it (page_count). */
  refcount: number;
  /** Page-table entries that map it by reference (not by remapPfnRange). */
  mapcount: number;
  /** PG_…. */
  flags: number;
}

/** struct inode, as far as drivers see it. */
export interface Inode {
  readonly ino: number;
  /** S_IF… | permissions. */
  readonly mode: number;
  /** dev_t of a device node, else 0. */
  readonly rdev: number;
  /** Bytes. */
  size: number;
  privateData: unknown;
}

/** struct file: one open file description. */
export interface File {
  /** The last component of the path it was opened by (f_path.dentry->d_name). */
  readonly name: string;
  /** The whole path, as /proc/self/maps shows it. */
  readonly path: string;
  readonly inode: Inode;
  /** O_… of open(2). */
  readonly flags: number;
  /** May it be read, may it be written (FMODE_READ, FMODE_WRITE). */
  readonly readable: boolean;
  readonly writable: boolean;
  /** Where the next read or write begins (f_pos). */
  readonly position: Position;
  privateData: unknown;
}

/** A file position that a read or write moves (`loff_t *`). */
export interface Position {
  value: number;
}

/** struct vm_area_struct: one mapping of one address space. */
export interface VmArea {
  /** First byte, and one past the last; both page-aligned. */
  readonly start: number;
  readonly end: number;
  /** Offset into the file in pages. */
  readonly pgoff: number;
  /** PTE bits of a page mapped here (vm_page_prot). */
  pageProt: number;
  /** VM_…. A driver adds bits with `vmFlagsSet`. */
  readonly flags: number;
  readonly file: File | null;
  ops: VmOperations | null;
  privateData: unknown;
}

/** struct vm_fault. */
export interface VmFault {
  readonly vma: VmArea;
  /** Page-aligned virtual address. */
  readonly address: number;
  /** Page offset in the file: vma.pgoff + ((address - vma.start) >> 12). */
  readonly pgoff: number;
  /** FAULT_FLAG_…. */
  readonly flags: number;
  /** Set by the handler, with a reference taken for the caller. */
  page: Page | null;
}

/** struct vm_operations_struct. `fault` was called `nopage` before Linux 2.6.26. */
export interface VmOperations {
  /** A mapping came to be by fork, split or mremap; not by mmap itself. */
  open?(vma: VmArea): void;
  /** A mapping goes. */
  close?(vma: VmArea): void;
  /** Called before a split at `address`; a negative errno refuses it. */
  maySplit?(vma: VmArea, address: number): number;
  /** The mapping was moved. */
  mremap?(vma: VmArea): number;
  /** A page that is not there was touched: set vmf.page and return 0, or return VM_FAULT_…. */
  fault?(vmf: VmFault): number;
  /** A read-only page of a shared writable mapping is about to be written. */
  pageMkwrite?(vmf: VmFault): number;
}

/** What a poll method answers with: `events` (POLL…) and the queues that tell when they change. */
export interface PollTable {
  pollWait(queue: WaitQueue): void;
}

/** wait_queue_head_t: tasks that sleep until somebody wakes them. */
export interface WaitQueue {
  wakeUp(): void;
}

/** struct file_operations. A method that is not there gives the errno that Linux gives for it. */
export interface FileOperations {
  open?(inode: Inode, file: File): number;
  /** The last reference to the open file went: after the last close and the last unmap. */
  release?(inode: Inode, file: File): number;
  /** Bytes read, or a negative errno. May sleep: see `sleepOn`. */
  read?(file: File, buffer: number, count: number, position: Position): number;
  write?(file: File, buffer: number, count: number, position: Position): number;
  /** As write, of bytes that the kernel itself has (kernel_write). */
  kernelWrite?(file: File, bytes: Uint8Array, position: Position): number;
  /**
   * The new position, or -errno; -ESPIPE makes pread and pwrite give ESPIPE too (nonseekable_open). Without it the
   * position moves freely, SEEK_END from inode.size (default_llseek).
   */
  llseek?(file: File, offset: number, whence: number): number;
  mmap?(file: File, vma: VmArea): number;
  ioctl?(file: File, command: number, argument: number): number;
  poll?(file: File, table: PollTable): number;
  fsync?(file: File): number;
}

/** struct cdev, made by cdevInit. */
export interface Cdev {
  readonly ops: FileOperations;
  /** First device number and how many; set by cdevAdd. */
  dev: number;
  count: number;
}

/** What sysfs shows of a device: /sys/class/`class`/<name> with these files, and dev and uevent. */
export interface SysfsDevice {
  readonly class: string;
  readonly attributes: Readonly<Record<string, DeviceAttribute>>;
}

/** struct device_attribute: a file whose text is made when it is read. */
export interface DeviceAttribute {
  show(): string;
}

/** struct dentry, as debugfs hands it out. */
export interface Dentry {
  readonly name: string;
}

/** Registers of a device, mapped into the kernel by ioremap. Offsets in bytes from the device's start. */
export interface IoMemory {
  readl(offset: number): number;
  writel(value: number, offset: number): void;
}

/** Memory of a device, mapped into the kernel by memremap. */
export interface MappedMemory {
  /** It begins at a multiple of 4 in its buffer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes [offset, offset + length) were written: whoever watches the memory must hear of it. */
  written(offset: number, length: number): void;
}

/** The exported symbols of the kernel. */
export interface Kernel {
  /**
   * The task that runs: whom a report names, and its process group and session. `call` is the system call it makes: the
   * same object whenever a method that slept is called again, so a WeakMap on it holds what a sleeper must remember. It
   * says when the call was made, and how many bytes it moved before it slept in the middle, which a signal that ends it
   * there makes its result.
   */
  readonly current: {
    readonly pid: number;
    readonly comm: string;
    readonly pgid: number;
    readonly sid: number;
    readonly call: { readonly started: number; moved: number } | null;
  };

  /** Text with an optional KERN_… prefix; a line ends with "\n". */
  printk(text: string): void;

  // Pages (mm/page_alloc.c)
  /** Kernel pointer to a zeroed page, or 0: no memory. */
  getZeroedPage(gfp: number): number;
  freePage(address: number): void;
  /** 2^order contiguous pages, or null. The first page stands for all until splitPage. */
  allocPages(gfp: number, order: number): Page | null;
  freePages(page: Page, order: number): void;
  /** Gives each page of a higher-order allocation its own reference count. */
  splitPage(page: Page, order: number): void;
  getPage(page: Page): void;
  putPage(page: Page): void;
  SetPageReserved(page: Page): void;
  ClearPageReserved(page: Page): void;

  // Addresses
  pageToPfn(page: Page): number;
  pfnToPage(pfn: number): Page;
  pageAddress(page: Page): number;
  /** Of an address in the linear map (getZeroedPage, kmalloc); not of a vmalloc address. */
  virtToPage(address: number): Page;
  vmallocToPage(address: number): Page;
  vmallocToPfn(address: number): number;

  // Kernel memory (mm/slab, mm/vmalloc.c)
  /** Physically contiguous, at most 4 MiB; 0: no memory. */
  kmalloc(size: number, gfp: number): number;
  kzalloc(size: number, gfp: number): number;
  kfree(address: number): void;
  /** Virtually contiguous only; 0: no memory. */
  vmalloc(size: number): number;
  vzalloc(size: number): number;
  /** Zeroed, and allowed for remapVmallocRange. */
  vmallocUser(size: number): number;
  vfree(address: number): void;
  read(address: number, length: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
  load32(address: number): number;
  store32(address: number, value: number): void;
  memset(address: number, byte: number, length: number): void;

  // User memory (uaccess.h): the number of bytes that could NOT be copied
  copyToUser(to: number, from: Uint8Array): number;
  /** Fills `into` from user memory. */
  copyFromUser(into: Uint8Array, from: number): number;
  clearUser(to: number, length: number): number;
  /** User memory to and from physical memory (video memory, RAM), page by page, without a bounce buffer. */
  copyFromUserToPhysical(pa: number, from: number, length: number): number;
  copyPhysicalToUser(to: number, pa: number, length: number): number;
  /** simple_read_from_buffer(): a read method over a kernel buffer. */
  simpleReadFromBuffer(to: number, count: number, position: Position, from: Uint8Array): number;

  // Mappings (mm/memory.c)
  vmFlagsSet(vma: VmArea, flags: number): void;
  /** Maps physical pages [pfn, pfn + size/4096) at `address`: sets VM_IO|VM_PFNMAP|VM_DONTEXPAND|VM_DONTDUMP. */
  remapPfnRange(vma: VmArea, address: number, pfn: number, size: number, prot: number): number;
  /** Maps one page by reference: sets VM_MIXEDMAP. */
  vmInsertPage(vma: VmArea, address: number, page: Page): number;
  /** For a fault handler of a VM_PFNMAP mapping: VM_FAULT_NOPAGE or VM_FAULT_SIGBUS. */
  vmfInsertPfn(vma: VmArea, address: number, pfn: number): number;
  remapVmallocRange(vma: VmArea, address: number, pgoff: number): number;
  /** Gives a shared mapping without a page of its own, as of /dev/zero, memory of its own: it becomes vma.file. */
  shmemZeroSetup(vma: VmArea): number;
  /** Maps a device's physical range for vma.pgoff and the vma's length, or -EINVAL. */
  vmIomapMemory(vma: VmArea, pa: number, length: number): number;

  // Devices
  ioremap(pa: number, size: number): IoMemory;
  /** Of video memory: all of [pa, pa + size) must lie in it. */
  memremap(pa: number, size: number): MappedMemory;
  /** Takes a free major number and `count` minors from `baseMinor`: dev_t, or a negative errno. */
  allocChrdevRegion(baseMinor: number, count: number, name: string): number;
  registerChrdevRegion(dev: number, count: number, name: string): number;
  unregisterChrdevRegion(dev: number, count: number): void;
  cdevInit(ops: FileOperations): Cdev;
  cdevAdd(cdev: Cdev, dev: number, count: number): number;
  cdevDel(cdev: Cdev): void;
  /**
   * Makes and removes a node in /dev, as devtmpfs does for a registered device. `mode` is permissions. With `sysfs` the
   * device is in /sys/class too (device_create_with_groups).
   */
  deviceCreate(name: string, dev: number, mode: number, sysfs?: SysfsDevice): void;
  deviceDestroy(dev: number): void;
  /** Files under /sys/kernel/debug. The plain one's proxy has no mmap: mmap gives ENODEV, as in Linux today. */
  debugfsCreateFile(name: string, mode: number, parent: Dentry | null, data: unknown, ops: FileOperations): Dentry;
  debugfsCreateFileUnsafe(
    name: string,
    mode: number,
    parent: Dentry | null,
    data: unknown,
    ops: FileOperations,
  ): Dentry;
  debugfsCreateDir(name: string, parent: Dentry | null): Dentry;
  debugfsRemove(dentry: Dentry): void;

  // Job control (kernel/signal.c, drivers/tty/tty_jobctrl.c)
  /** Sends a signal to each process of a group, from the kernel (kill_pgrp). */
  killPgrp(pgid: number, signo: number): void;
  /** The session that a process group is in; 0: there is no such group. */
  sessionOfPgrp(pgid: number): number;
  /** Is nobody left who would continue the current process's group? */
  isCurrentPgrpOrphaned(): boolean;
  /** Does the current process block or ignore the signal? */
  isIgnored(signo: number): boolean;
  /** `hook` hears the session whose leader ends (disassociate_ctty). */
  onSessionEnd(hook: (sid: number) => void): void;

  // Sleeping
  waitQueue(): WaitQueue;
  /**
   * Puts the current task to sleep on `queue`, until it is woken, `timeout` nanoseconds have passed, or a signal
   * comes. Returns -ERESTARTSYS, which the method returns in turn: the kernel calls the method again after the wake-up,
   * so it must look at its condition first and sleep second, as a wait_event loop does.
   */
  sleepOn(queue: WaitQueue, timeout?: number): number;
  /** CLOCK_MONOTONIC in nanoseconds. */
  ktimeGet(): number;
  /** CLOCK_REALTIME. */
  ktimeGetRealTs64(): { tv_sec: number; tv_nsec: number };
  /**
   * A timer that is not set yet. It does not make virtual time pass: it comes when the clock gets there because a program
   * runs, or waits for a time.
   */
  timerSetup(callback: () => void): TimerList;
  /** Cryptographically unimportant random bytes, from the machine's seed. */
  getRandomBytes(into: Uint8Array): void;
}

/** struct timer_list: calls its function once at a time that is set. */
export interface TimerList {
  /** Sets it, or sets it anew: `delay` nanoseconds from now. */
  mod(delay: number): void;
  delete(): void;
}

/** A loaded module: module_init and module_exit. */
export interface ModuleInstance {
  /** 0 or a negative errno, which insmod reports. */
  init(): number;
  exit?(): void;
}

/** A driver module. Its state lives in what `create` closes over: one module can be loaded on many machines. */
export interface Module {
  /** As lsmod shows it. */
  readonly name: string;
  /** module_param defaults; insmod refuses a name that is not here. */
  readonly parameters?: Readonly<Record<string, number>>;
  create(kernel: Kernel, parameters: Readonly<Record<string, number>>): ModuleInstance;
}
