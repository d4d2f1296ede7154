/**
 * The kernel of one machine: the one object behind Core (what its rooms see of each other) and behind the driver's
 * Kernel (the exported symbols). It holds the parts together and decides as little as it can itself.
 */
import { EFAULT, ENOMEM, ENOSYS } from "../../abi/errno.ts";
import type { Program, SignalInfo } from "../../abi/program.ts";
import { SI_KERNEL } from "../../abi/signal.ts";
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import { PRV_U } from "../../assembly/riscv.ts";
import type { File, Inode, Module, VmArea, WaitQueue } from "../../devices/drivers/driver.ts";
import { KERN_ALERT, KERN_ERR, PAGE_SIZE } from "../../devices/drivers/vm.ts";
import type { Machine } from "../machine.ts";
import { Clock } from "./clock.ts";
import type { Core } from "./core.ts";
import { Log } from "./log.ts";
import { formatMaps } from "./maps.ts";
import { makeBadPageReporter } from "./mm/bad-page.ts";
import { KernelMemory } from "./mm/kernel-memory.ts";
import { Asids, Mm, type MmHost } from "./mm/mm.ts";
import { exitMmap, zapRange } from "./mm/munmap.ts";
import { PageAllocator } from "./mm/pages.ts";
import type { VmAreaRecord } from "./mm/vma.ts";
import { ModuleLoader } from "./module-loader.ts";
import type { KernelOops } from "./oops.ts";
import { VideoPins } from "./pin.ts";
import { type ProgramHost, ProgramImage } from "./program.ts";
import { Random } from "./random.ts";
import { Scheduler, type SchedulerHost, type Tracer } from "./scheduler.ts";
import { ExportedSymbols, type Parts } from "./symbols.ts";
import { systemCalls } from "./syscall-table.ts";
import { type Call, type ExitStatus, type Image, Task, TaskTable } from "./task.ts";
import { handleTrap } from "./trap.ts";
import { UserAccess } from "./uaccess.ts";
import type { WaitQueueHead } from "./wait-queue.ts";

export interface KernelOptions {
  /** Seed of /dev/random and getrandom(2): the same seed gives the same run. Default 1. */
  seed?: number;
  /** What CLOCK_REALTIME shows when the machine starts, in seconds since the epoch. Default 2025-01-01. */
  epoch?: number;
}

const DEFAULT_EPOCH = Date.UTC(2025, 0, 1) / 1000;

export interface SpawnOptions {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory. Default "/root". */
  readonly cwd?: string;
}

/** A process that the host started. */
export interface Process {
  readonly pid: number;
  readonly task: Task;
  readonly exited: Promise<ExitStatus>;
}

export class KernelCore extends ExportedSymbols implements Core, MmHost, ProgramHost, SchedulerHost {
  readonly tasks = new TaskTable();
  readonly asids = new Asids();
  readonly videoPins = new VideoPins();
  readonly modules: ModuleLoader;
  readonly vfs: Vfs;
  readonly zeroPfn: number;
  readonly scheduler: Scheduler;
  tracer: Tracer | null = null;
  /** The task whose address space is switched in, null when none is. */
  onHart: Task | null = null;
  readonly #epoch: number;
  #current: Task | null = null;
  readonly #exits = new Map<Task, (status: ExitStatus) => void>();

  static boot(machine: Machine, options: KernelOptions = {}): KernelCore {
    const clock = new Clock();
    const log = new Log(() => clock.now);
    let kernel: KernelCore | null = null;
    const comm = (): string => kernel?.current.comm ?? "swapper";
    const pages = new PageAllocator(machine, makeBadPageReporter(log, () => clock.now, comm));
    const memory = new KernelMemory(machine, pages, log);
    const user = new UserAccess(machine);
    const random = new Random(options.seed ?? 1);
    kernel = new KernelCore({ machine, clock, log, pages, memory, user, random }, options);
    return kernel;
  }

  private constructor(parts: Parts, options: KernelOptions) {
    super(parts);
    this.#epoch = options.epoch ?? DEFAULT_EPOCH;
    this.zeroPfn = this.pages.allocPage(true)!.pfn;
    this.user.onCopy = (length) => {
      this.current.counts.bytesCopied += length;
    };
    this.scheduler = new Scheduler(this);
    this.vfs = new Vfs(this);
    this.modules = new ModuleLoader(this);
    this.machine.exports.setPrivilege(PRV_U);
  }

  /** The task in whose name the kernel works. Before the first one: a task without a number (swapper). */
  get current(): Task {
    return this.#current ?? this.#idle;
  }
}
