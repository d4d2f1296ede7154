/**
 * The kernel of one machine: the one object behind Core (what its rooms see of each other) and behind the driver's
 * Kernel (the exported symbols). It holds the parts together and decides as little as it can itself.
 */
import { EFAULT, ENOSYS } from "../../abi/errno.ts";
import type { Pin, Program, SignalInfo } from "../../abi/program.ts";
import { SI_KERNEL } from "../../abi/signal.ts";
import type { Inode, Module, VmArea, WaitQueue } from "../../devices/drivers/driver.ts";
import { KERN_ALERT } from "../../devices/drivers/vm.ts";
import type { Machine } from "../machine.ts";
import { Clock } from "./clock.ts";
import type { Core } from "./core.ts";
import { endDeadlock } from "./deadlock.ts";
import type { ExecRequest } from "./exec/exec.ts";
import { type RunFileHost, runFile } from "./exec/run-file.ts";
import { releaseTask } from "./exit.ts";
import { FdTable } from "./fs/fd-table.ts";
import type { HostDirectory } from "./fs/host-directory.ts";
import { FsState } from "./fs/path.ts";
import { Vfs } from "./fs/vfs.ts";
import { FutexTable } from "./futex.ts";
import type { HartHost } from "./hart/hart-image.ts";
import { HartRegisters } from "./hart/port.ts";
import { checkLimits, type KernelLimits } from "./kernel-limits.ts";
import { Log } from "./log.ts";
import { makeBadPageReporter } from "./mm/bad-page.ts";
import type { FaultSignal } from "./mm/fault.ts";
import { KernelMemory } from "./mm/kernel-memory.ts";
import { Mm } from "./mm/mm.ts";
import { PageAllocator } from "./mm/pages.ts";
import { KernelMmHost } from "./mm-host.ts";
import { ModuleLoader, type ModuleOwner } from "./module-loader.ts";
import { oopsLines, textOf } from "./oops.ts";
import { pinUserPages, VideoPins } from "./pin.ts";
import type { ProgramHost } from "./program.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import type { SchedulerHost, Tracer } from "./scheduler-host.ts";
import { type Process, Spawner, type SpawnHost, type SpawnOptions } from "./spawn.ts";
import { ExportedSymbols, type Parts } from "./symbols.ts";
import { fireCpuTimers } from "./sys-itimer.ts";
import { firePosixCpuTimers } from "./sys-timer.ts";
import { systemCalls } from "./syscall-table.ts";
import { type Call, type ExitStatus, type Image, Task, TaskTable } from "./task.ts";
import { handleTrap } from "./trap.ts";
import { UserAccess } from "./uaccess.ts";
import { newUtsName } from "./uts.ts";
import type { WaitQueueHead } from "./wait-queue.ts";

export interface KernelOptions {
  /** Seed of /dev/random and getrandom(2): the same seed gives the same run. Default 1. */
  seed?: number;
  /** What CLOCK_REALTIME shows when the machine starts, in seconds since the epoch. Default 2025-01-01. */
  epoch?: number;
  /** What programs may take at most. Default: DEFAULT_LIMITS. */
  limits?: Partial<KernelLimits>;
  /** Shown as "/": read from it, never written to it. Default: an empty file system in memory. */
  root?: HostDirectory;
}

/** Nanoseconds from one tick of the time CSR to the next: 10 MHz (timebase-frequency). */
const TICK = 100;
const DEFAULT_EPOCH = Date.UTC(2025, 0, 1) / 1000;

/** The kernel of one machine, with its file systems mounted and no driver loaded. */
export class KernelCore extends ExportedSymbols implements Core, ProgramHost, SchedulerHost, HartHost, SpawnHost {
  readonly tasks = new TaskTable();
  readonly videoPins = new VideoPins();
  readonly scheduler = new Scheduler(this);
  readonly futexes = new FutexTable();
  readonly uts = newUtsName();
  readonly hart: HartRegisters;
  readonly #runFileHost: RunFileHost;
  readonly modules = new ModuleLoader({
    kernel: this,
    runAs: (comm, owner, work) => this.#runAs(comm, owner, work),
    oops: (error) => this.oops(this.#current, error),
  });
  readonly limits: KernelLimits;
  readonly mmHost: KernelMmHost;
  readonly vfs: Vfs;
  tracer: Tracer | null = null;
  /** The task whose address space is switched in, null when none is. */
  onHart: Task | null = null;
  /** Sees a process before its mappings and files go. */
  onExit: ((task: Task) => void) | null = null;
  /** True while the host may still bring something a sleeping task waits for (it may type). */
  inputOpen: () => boolean = () => false;
  /** Programs that the host starts begin with the scheduler's next turn, not at once. */
  startsWithTurn = false;
  /** Opens descriptors 0, 1 and 2 of a process that the host starts, in its name. Unless told otherwise: /dev/console. */
  openStdio: (task: Task) => void = (task) => this.vfs.openConsole(task.files);
  readonly #epoch: number;
  readonly #idle: Task;
  #current: Task;
  #oopses = 0;
  readonly #spawner = new Spawner(this);

  static boot(machine: Machine, options: KernelOptions = {}): KernelCore {
    const clock = new Clock();
    const log = new Log(() => clock.now);
    let kernel: KernelCore | null = null;
    const comm = (): string => kernel?.current.comm ?? "swapper";
    const report = makeBadPageReporter(log, () => clock.now, comm);
    const pages = new PageAllocator(machine, report);
    const memory = new KernelMemory(machine, pages, log);
    const parts = { machine, clock, log, pages, memory, user: new UserAccess(machine) };
    kernel = new KernelCore({ ...parts, random: new Random(options.seed ?? 1) }, options);
    return kernel;
  }

  private constructor(parts: Parts, options: KernelOptions) {
    super(parts);
    this.#epoch = options.epoch ?? DEFAULT_EPOCH;
    this.limits = checkLimits(options.limits);
    this.tasks.max = this.limits.processes;
    this.mmHost = new KernelMmHost(this);
    const { mmHost } = this;
    const mmChanged = (task: Task): void => this.#mmChanged(task);
    this.#runFileHost = { core: this, mmHost, hartHost: this, mmChanged };
    this.hart = new HartRegisters(this.machine);
    this.machine.exports.setHostKernel(1);
    this.vfs = new Vfs(this, options.root);
    this.vfs.proc.create("modules", () => this.modules.list());
    this.vfs.proc.create("version", () => `${this.uts.sysname} version ${this.uts.release} ${this.uts.version}\n`);
    const mm = Mm.create(this.mmHost);
    if (mm === null) throw new Error("assert: no memory for the first page table");
    this.#idle = new Task(0, "swapper", null, mm, new FdTable(), FsState.root(this.vfs));
    this.#current = this.#idle;
    this.user.onCopy = (length) => {
      this.#current.counts.bytesCopied += length;
    };
    this.#switchToNobody();
  }

  /** The task in whose name the kernel works. Between processes: swapper, number 0. */
  get current(): Task {
    return this.#current;
  }

  // Processes

  /** Starts a TypeScript program as a process of its own, with the console as its standard files. */
  spawn(program: Program, options: SpawnOptions = {}): Process {
    return this.#spawner.spawn(program, options);
  }

  /**
   * Starts a riscv64 program file of the machine's tree as a process of its own.
   * @throws Error that names the file and the errno when it cannot be executed.
   */
  spawnFile(path: string, options: SpawnOptions = {}): Process {
    return this.#spawner.spawnFile(path, options);
  }

  exec(task: Task, request: ExecRequest): number {
    return runFile(this.#runFileHost, task, request);
  }

  withMm<T>(mm: Mm, work: () => T): T {
    const before = this.onHart;
    this.onHart = null;
    this.user.mm = mm;
    mm.activate();
    try {
      return work();
    } finally {
      this.user.mm = null;
      if (before === null) this.#switchToNobody();
      else this.switchTo(before);
    }
  }

  #mmChanged(task: Task): void {
    if (this.onHart !== task) return;
    this.onHart = null;
    this.switchTo(task);
  }

  start(task: Task, image: Image): void {
    task.image = image;
    task.onWake = () => this.scheduler.wake(task);
    this.tasks.add(task);
    if (this.startsWithTurn && task.parent === null) this.scheduler.begin(() => image.start());
    else image.start();
  }

  /** Sends a signal from outside the machine. */
  signal(pid: number, signo: number): void {
    const task = this.tasks.get(pid);
    if (task !== undefined) this.send(task, { signo, code: SI_KERNEL, address: 0 });
  }

  asCurrent(task: Task, work: () => void): void {
    const before = this.#current;
    this.#current = task;
    try {
      work();
    } finally {
      this.#current = before;
    }
  }

  // SchedulerHost

  invoke(_task: Task, call: Call): number {
    const handler = systemCalls[call.nr];
    if (handler === undefined) return -ENOSYS;
    const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0] = call.args;
    return handler(this, a0, a1, a2, a3, a4, a5);
  }

  switchTo(task: Task): void {
    this.#current = task;
    if (this.onHart === task) return;
    this.onHart = task;
    this.user.mm = task.mm;
    task.mm.activate();
  }

  exiting(task: Task): void {
    this.onExit?.(task);
    this.scheduler.guard(task, undefined, () => releaseTask(this, task));
    if (task.pid === task.sid) for (const hook of this.sessionEndHooks) hook(task.sid);
  }

  leave(task: Task): void {
    if (this.onHart === task) this.#switchToNobody();
    if (this.#current === task) this.#current = this.#idle;
  }

  /** The MMU must not walk the page table of an address space that is gone: swapper's maps nothing. */
  #switchToNobody(): void {
    this.onHart = null;
    this.user.mm = null;
    this.#idle.mm.activate();
  }

  oops(task: Task, error: unknown): void {
    this.#oopses++;
    for (const line of oopsLines(error, this.#oopses, task.comm, task.pid)) this.printk(`${KERN_ALERT}${line}\n`);
  }

  ended(task: Task): void {
    this.#spawner.ended(task);
  }

  canStillWake(): boolean {
    return this.inputOpen();
  }

  deadlock(): void {
    endDeadlock(this);
  }

  // HartHost

  /** The time CSR shows the same clock as clock_gettime(2). Real time stands still in a slice. */
  beginSlice(): number {
    const { clock } = this;
    this.machine.exports.setTime(Math.floor(clock.now / TICK), clock.isReal ? 0 : TICK);
    return clock.isReal ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(clock.nextEvent - clock.now));
  }

  /** One instruction takes one nanosecond of virtual time. */
  elapse(instructions: number): void {
    if (this.clock.isReal) this.clock.catchUp();
    else this.clock.elapse(instructions);
  }

  cpuTimePassed(task: Task): void {
    fireCpuTimers(this, task);
    firePosixCpuTimers(this, task);
  }

  at(deadline: number, fire: () => void): () => void {
    return this.clock.at(deadline, fire);
  }

  force(task: Task, signal: FaultSignal): void {
    this.scheduler.force(task, signal);
  }

  guard<T>(task: Task, otherwise: T, work: () => T): T {
    return this.scheduler.guard(task, otherwise, work);
  }

  // ProgramHost

  enter(task: Task, nr: number, args: readonly number[]): number | null {
    return this.scheduler.enter(task, nr, args);
  }

  userTrap(task: Task): void {
    const { trapCause, trapValue } = this.machine.exports;
    this.#current = task;
    const cause = trapCause();
    const address = trapValue();
    const signal = this.scheduler.guard(task, null, () => handleTrap(task.mm, cause, address));
    if (signal !== null) this.scheduler.force(task, signal);
  }

  pin(task: Task, va: number, length: number, writable: boolean): Pin | number {
    const pin = this.scheduler.guard(task, -EFAULT, () => pinUserPages(task.mm, va, length, writable, this.videoPins));
    this.scheduler.deliver(task);
    return pin;
  }

  get inHandler(): boolean {
    return this.scheduler.inHandler;
  }

  exit(task: Task, status: ExitStatus): void {
    this.scheduler.exit(task, status);
  }

  send(task: Task, info: SignalInfo): void {
    this.scheduler.send(task, info);
  }

  crashed(task: Task, error: unknown): void {
    const text = `${task.comm}: uncaught ${textOf(error)}\n`;
    this.switchTo(task);
    try {
      this.vfs.writeText(task.files.get(2), text);
    } catch {
      // Nobody waits for a full pipe here, and a driver that fails now fails a process that has ended anyway.
      this.printk(text);
    }
  }

  // Core

  sleepOn(queue: WaitQueue | null, timeout?: number): number {
    return this.scheduler.sleepOn(this.#current, queue as WaitQueueHead | null, timeout);
  }

  realTime(): { seconds: number; nanoseconds: number } {
    return { seconds: this.#epoch + Math.floor(this.clock.now / 1e9), nanoseconds: Math.floor(this.clock.now % 1e9) };
  }

  // Mappings

  shmemZeroSetup(vma: VmArea): number {
    return this.mmHost.shmemZeroSetup(vma);
  }

  unmapMappingRange(inode: Inode, start: number, end: number): void {
    this.mmHost.unmapMappingRange(inode, start, end);
  }

  cleanMappings(inode: Inode): void {
    this.mmHost.cleanMappings(inode);
  }

  copyFromUserToPhysical(pa: number, from: number, length: number): number {
    const host = this.#hostRange(pa, length);
    return host === 0 ? length : this.user.copyUserToHost(host, from, length);
  }

  copyPhysicalToUser(to: number, pa: number, length: number): number {
    const host = this.#hostRange(pa, length);
    return host === 0 ? length : this.user.copyHostToUser(to, host, length);
  }

  /** The host address of a physical range; 0: not all of it is memory. */
  #hostRange(pa: number, length: number): number {
    const host = this.machine.hostOf(pa);
    return length > 0 && this.machine.hostOf(pa + length - 1) === 0 ? 0 : host;
  }

  // Modules

  /** Loads a driver module: 0, or the negative errno of its init. */
  insmod(module: Module, parameters: Readonly<Record<string, number>> = {}): number {
    return this.modules.insmod(module, parameters);
  }

  /** Unloads one by name: 0, -ENOENT, -EWOULDBLOCK while it is in use, -EBUSY when it has no exit. */
  rmmod(name: string): number {
    return this.modules.rmmod(name);
  }

  /** Runs a module's function as the process that its command would be: reports name it, it has no user memory. */
  #runAs<T>(comm: string, owner: ModuleOwner, work: () => T): T {
    const before = { current: this.#current, owner: this.owner, onHart: this.onHart };
    const task = new Task(0, comm, null, this.#idle.mm, new FdTable(), FsState.root(this.vfs));
    this.switchTo(task);
    this.owner = owner;
    try {
      return work();
    } finally {
      if (before.onHart === null) this.#switchToNobody();
      else this.switchTo(before.onHart);
      this.#current = before.current;
      this.owner = before.owner;
    }
  }
}
