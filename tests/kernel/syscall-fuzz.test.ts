/**
 * Random system calls with hostile arguments: whatever a program does, an errno, a result or a signal comes out; the
 * host never throws, the log has no bug in it, and when the program is gone every page is back.
 *
 * One seed is one program. A failure names it: SCANOUT_SEED=n runs that one alone; SCANOUT_FUZZ=n runs n of them.
 */
import { expect, test } from "vitest";
import { errnoName } from "../../abi/errno.ts";
import { O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.ts";
import { _NSIG, SIGBUS, SIGCHLD, SIGKILL, SIGSEGV, SIGUSR1 } from "../../abi/signal.ts";
import * as syscalls from "../../abi/syscalls.ts";
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import { type Libc, program } from "../../guests/libc.ts";
import { systemCalls } from "../../src/kernel/syscall-table.ts";
import { deviceModule, Jump, Lab, PAGE } from "./lab.ts";

const CALLS = 400;
const TASK_SIZE = 2 ** 38;
const FIRST_SEED = 20_250_101;

/** mulberry32: 32 bits of state. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 … below - 1. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

const HOSTILE = [0, 1, -1, 8, 255, PAGE - 1, PAGE, PAGE + 1, 0x1_0000, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32 - 1]
  .concat([TASK_SIZE - PAGE, TASK_SIZE - 1, TASK_SIZE, TASK_SIZE + 1, -TASK_SIZE, 2 ** 47, 2 ** 53 - 1, 2 ** 53])
  .concat([-(2 ** 53), 2 ** 63, -(2 ** 63), 2 ** 64, -PAGE, -4095, -4096, 0.5, Number.NaN, Number.POSITIVE_INFINITY]);

/** What the kernel has, but for what ends a program at once; all that Linux has; and what nobody has. */
const ENDS = new Set([syscalls.SYS_exit, syscalls.SYS_exit_group]);
const MODELLED = Object.keys(systemCalls)
  .map(Number)
  .filter((nr) => !ENDS.has(nr));
const LINUX: readonly number[] = Object.values(syscalls);
const UNKNOWN = [244, 299, 470, 1000, 2 ** 31, -1, -(2 ** 63), 0.5, Number.NaN];
const PATHS = [
  "/tmp/a",
  "/tmp",
  "/",
  "",
  ".",
  "..",
  "b",
  "/dev/zero",
  "/dev/mem",
  "/dev/console",
  "/dev/card",
  "/dev/null",
].concat([
  "/proc/self/maps",
  "/proc/self/fd/0",
  "/sys/kernel/debug",
  "/no/such",
  "a".repeat(300),
  "/tmp/a/",
  "/tmp/\n",
]);

/** A device with every method, each of which does what a driver does. */
const card = deviceModule("card", (kernel) => {
  const page = kernel.allocPages(0xdc0, 0)!;
  return {
    mmap(_file, vma) {
      if (vma.pgoff === 0) {
        return kernel.remapPfnRange(vma, vma.start, VRAM_BASE / PAGE, vma.end - vma.start, vma.pageProt);
      }
      vma.ops = {
        fault(vmf) {
          if (vmf.pgoff > 8) return 2;
          kernel.getPage(page);
          vmf.page = page;
          return 0;
        },
        pageMkwrite: () => 0,
      };
      return 0;
    },
    read: (_file, buffer, count, position) =>
      kernel.simpleReadFromBuffer(buffer, count, position, new Uint8Array(100).fill(3)),
    write: (_file, buffer, count) => count - kernel.copyFromUser(new Uint8Array(Math.min(count, PAGE)), buffer),
    ioctl: (_file, _command, argument) => (kernel.clearUser(argument, 16) === 0 ? 0 : -14),
  };
});

/** The program of one seed. */
class Fuzzer {
  readonly c: Libc;
  readonly random: Random;
  /** What was done, for the message. */
  readonly history: string[] = [];
  /** What no program may see, of this one and its children. */
  readonly failures: unknown[];
  readonly #generation: number;
  readonly #pointers: number[];
  readonly #strings: number;
  readonly #fds: number[] = [-1, 0, 1, 2, 99, 1023, 1024, -100];

  constructor(c: Libc, random: Random, failures: unknown[], generation = 0) {
    this.c = c;
    this.random = random;
    this.failures = failures;
    this.#generation = generation;
    // Whatever handler a call has set: a fault leaves what it came from, anything else returns.
    c.user.onSignal((_handler, info) => {
      if (info.signo === SIGSEGV || info.signo === SIGBUS) throw new Jump(info);
    });
    const m = c.mmap(0, 8 * PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const shared = c.mmap(0, 4 * PAGE, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    this.#strings = c.mmap(0, PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    c.mprotect(m + 2 * PAGE, PAGE, 1);
    c.mprotect(m + 4 * PAGE, PAGE, 0);
    c.munmap(m + 6 * PAGE, PAGE);
    this.#pointers = [m, m + 8, m + PAGE - 4, m + 2 * PAGE, m + 4 * PAGE - 8, m + 4 * PAGE, m + 6 * PAGE - 1, shared];
  }

  async prepare(): Promise<void> {
    const { c } = this;
    const flags = O_RDWR | O_NONBLOCK;
    for (const path of ["/dev/zero", "/dev/null", "/dev/card", "/dev/mem"]) this.#fds.push(await c.open(path, flags));
    this.#fds.push(await c.open("/tmp/a", O_RDWR | O_CREAT, 0o600), await c.open("/tmp", O_RDONLY));
    c.ftruncate(this.#fds.at(-2)!, 3 * PAGE + 5);
    const ends = c.malloc(8);
    await c.syscall(syscalls.SYS_pipe2, ends, O_NONBLOCK);
    this.#fds.push(c.user.load32(ends), c.user.load32(ends + 4));
    this.#pointers.push(c.mmap(0, 4 * PAGE, 3, MAP_SHARED, this.#fds.at(-4)!, 0));
  }

  #any(): number {
    const { random } = this;
    switch (random.below(6)) {
      case 0:
        return random.pick(HOSTILE);
      case 1:
        return random.pick(this.#pointers) + random.below(3) * PAGE;
      case 2:
        return random.pick(this.#fds);
      case 3:
        return random.below(256);
      case 4:
        return 2 ** random.below(40) + random.pick([-1, 0, 1]);
      default:
        return random.pick(this.#pointers);
    }
  }

  #range(): number {
    return this.random.below(3) === 0
      ? this.#any()
      : this.random.pick(this.#pointers) - (this.random.below(8) === 0 ? 1 : 0);
  }

  #address(): number {
    const at = this.#range();
    return this.random.below(4) === 0 ? at : Math.floor(at / PAGE) * PAGE;
  }

  #length(): number {
    return this.random.pick([1, PAGE, PAGE, 2 * PAGE, 5 * PAGE, 64 * PAGE, PAGE + 1, this.random.pick(HOSTILE)]);
  }

  /** A call that has a chance: number and arguments. */
  #likely(): [number, ...number[]] {
    const { random } = this;
    const fd = random.pick(this.#fds);
    const prot = random.below(8);
    const flags = random.pick([MAP_PRIVATE, MAP_SHARED, 3, 0]) | random.pick([0, MAP_ANONYMOUS, MAP_ANONYMOUS]);
    const more = random.pick([0, 0, MAP_FIXED, 0x8000, 0x2000, 0x100, 0x4000, 0x10_0000]);
    const name = random.pick(PATHS);
    this.c.strcpy(this.#strings, name);
    const calls: (() => [number, ...number[]])[] = [
      () => [syscalls.SYS_mmap, this.#address(), this.#length(), prot, flags | more, fd, random.below(4) * PAGE],
      () => [syscalls.SYS_munmap, this.#address(), this.#length()],
      () => [syscalls.SYS_mprotect, this.#address(), this.#length(), prot],
      () => [syscalls.SYS_mremap, this.#address(), this.#length(), this.#length(), random.below(8), this.#address()],
      () => [syscalls.SYS_madvise, this.#address(), this.#length(), random.below(26)],
      () => [syscalls.SYS_msync, this.#address(), this.#length(), random.below(8)],
      () => [syscalls.SYS_mincore, this.#address(), this.#length(), this.#range()],
      () => [
        random.pick([syscalls.SYS_mlock, syscalls.SYS_mlock2, syscalls.SYS_munlock]),
        this.#address(),
        this.#length(),
        0,
      ],
      () => [syscalls.SYS_brk, this.#any()],
      () => [syscalls.SYS_read, fd, this.#range(), this.#length()],
      () => [syscalls.SYS_write, fd, this.#range(), this.#length()],
      () => [
        random.pick([syscalls.SYS_pread64, syscalls.SYS_pwrite64]),
        fd,
        this.#range(),
        this.#length(),
        this.#any(),
      ],
      () => [random.pick([syscalls.SYS_readv, syscalls.SYS_writev]), fd, this.#range(), random.below(5)],
      () => [syscalls.SYS_openat, -100, this.#strings, this.#any(), 0o600],
      () => [syscalls.SYS_ioctl, fd, this.#any(), this.#range()],
      () => [syscalls.SYS_lseek, fd, this.#any(), random.below(6)],
      () => [syscalls.SYS_ftruncate, fd, this.#any()],
      () => [syscalls.SYS_rt_sigaction, random.below(66), this.#range(), this.#range(), 8],
      () => [syscalls.SYS_rt_sigprocmask, random.below(4), this.#range(), this.#range(), 8],
      () => [
        syscalls.SYS_kill,
        random.pick([0, this.c.getpid()]),
        random.pick([0, SIGUSR1, SIGCHLD, random.below(66)]),
      ],
      () => [syscalls.SYS_wait4, random.pick([-1, 0, this.#any()]), this.#range(), 1, this.#range()],
      () => [syscalls.SYS_nanosleep, this.#range(), this.#range()],
      () => [syscalls.SYS_clock_nanosleep, random.below(12), random.below(2), this.#range(), this.#range()],
      () => [syscalls.SYS_ppoll, this.#range(), random.below(4), this.#range(), 0, 8],
    ];
    return random.pick(calls)();
  }

  /** One call: its result is an integer, and a negative one is an errno that has a name. */
  async #call(): Promise<void> {
    const { random } = this;
    const raw = (): [number, ...number[]] => [
      random.pick(random.below(200) === 0 ? LINUX : random.below(20) === 0 ? UNKNOWN : MODELLED),
      ...Array.from({ length: random.below(8) }, () => this.#any()),
    ];
    const [nr, ...args] = random.below(5) < 3 ? this.#likely() : raw();
    this.history.push(`syscall(${[nr, ...args].join(", ")})`);
    const result = await this.c.user.syscall(nr, ...args);
    if (!Number.isInteger(result)) throw new Error(`the result is ${result}`);
    if (result < 0 && (result < -4095 || /^\d/.test(errnoName(-result)))) throw new Error(`the result is ${result}`);
  }

  #access(): void {
    const { user } = this.c;
    const va = this.#any();
    const accesses: (() => unknown)[] = [
      () => user.load8(va),
      () => user.load32(va),
      () => user.load64(va),
      () => user.store16(va, 1),
      () => user.store64(va, 1n),
      () => user.read(va, this.random.below(2 * PAGE)),
      () => user.fill(va, 1, this.#length()),
      () => user.copy(this.#any(), va, this.#length()),
      () => user.pin(va, this.#length(), this.random.below(2) === 0),
    ];
    const which = this.random.below(accesses.length);
    this.history.push(`access ${which} at ${va}`);
    accesses[which]!();
  }

  /** A child that does some of the same, and is waited for by nobody or by a wait4 that comes along. */
  #fork(): void {
    this.history.push("fork");
    if (this.#generation === 2) return;
    const random = new Random(this.random.below(2 ** 31));
    this.c.fork(async (child) => {
      const fuzzer = new Fuzzer(child, random, this.failures, this.#generation + 1);
      for (let i = 0; i < 30; i++) await fuzzer.step();
      return 0;
    });
  }

  async step(): Promise<void> {
    try {
      const kind = this.random.below(20);
      if (kind === 0) this.#fork();
      else if (kind < 4) this.#access();
      else await this.#call();
    } catch (error) {
      // A fault that the program's handler left by siglongjmp, or the end of the process.
      if (error instanceof Jump) return;
      if ((error as Error).name !== "TaskEnded") this.failures.push(error);
      throw error;
    }
  }
}

/** Wakes what sleeps for ever: a signal each millisecond, and at last one that cannot be blocked. */
const waker = (target: () => number) =>
  program(async (c) => {
    c.sigaction(SIGUSR1, 1);
    for (let i = 0; i < 2000; i++) {
      await c.nanosleep({ tv_nsec: 1e6 });
      if (c.kill(target(), i < 1900 ? SIGUSR1 : SIGKILL) < 0) break;
    }
    return 0;
  });

const runSeed = async (seed: number): Promise<void> => {
  const lab = await Lab.boot({ seed });
  expect(lab.kernel.insmod(card)).toBe(0);
  const before = lab.pagesInUse();
  const failures: unknown[] = [];
  let history: readonly string[] = [];
  const fuzz = program(async (c) => {
    for (let signo = 1; signo <= _NSIG; signo++) c.sigaction(signo, () => {});
    const fuzzer = new Fuzzer(c, new Random(seed), failures);
    history = fuzzer.history;
    await fuzzer.prepare();
    for (let i = 0; i < CALLS; i++) await fuzzer.step();
    return 0;
  });
  const { exited, pid } = lab.kernel.spawn(fuzz, { argv: ["fuzz"] });
  lab.kernel.spawn(
    waker(() => pid),
    { argv: ["waker"] },
  );
  await exited;
  while ([...lab.kernel.tasks].length > 0) await new Promise((resolve) => setImmediate(resolve));
  const last = history.slice(-5).join("\n");
  if (failures.length > 0) throw new Error(`SCANOUT_SEED=${seed} after\n${last}`, { cause: failures[0] });
  const bugs = lab.log().filter((text) => /BUG|Oops|assert|Unable/.test(text));
  expect(bugs, `SCANOUT_SEED=${seed} after\n${last}`).toEqual([]);
  expect(lab.pagesInUse(), `pages: SCANOUT_SEED=${seed}`).toBe(before);
};

test("nothing but errnos, results and signals comes out of random system calls, and no page is lost", async () => {
  const only = process.env.SCANOUT_SEED;
  if (only !== undefined) {
    await runSeed(Number(only));
    return;
  }
  const count = Number(process.env.SCANOUT_FUZZ ?? 30);
  for (let i = 0; i < count; i++) {
    await runSeed(FIRST_SEED + i);
  }
}, 600_000);
