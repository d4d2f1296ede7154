/**
 * A small C library for programs in TypeScript. Its names, its results and its errno are C's: a call that fails gives -1
 * (mmap: MAP_FAILED, malloc: 0) and `c.errno` says why. What C returns through a pointer is the result instead:
 * `c.fstat(fd)` gives the struct, or -1.
 *
 *     export default program(async (c) => {
 *       const fd = await c.open("/dev/fb0", O_RDWR);
 *       if (fd < 0) return c.perror("open"), 1;
 *       const va = c.mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
 *       c.user.store32(va, 0xff8800);
 *       return c.close(fd);
 *     });
 *
 * Calls that signal(7) lists as interruptible can sleep: open, read, write, ioctl, waitpid, poll, nanosleep, and what
 * prints. Await those. The others give their result at once.
 *
 * Strings and structs that the kernel is to see are put into the program's own memory, because it copies them from user
 * addresses; read and write take such addresses too (`c.malloc`, `c.mmap`), and loads and stores are `c.user`'s.
 */
import type { Program, User } from "../abi/program.ts";
import { type MaySleep, SystemCalls } from "./libc/calls.ts";
import { type FileCalls, fileCalls } from "./libc/files.ts";
import { Heap, type HeapState } from "./libc/heap.ts";
import { type MemoryCalls, memoryCalls } from "./libc/memory.ts";
import { type PathCalls, pathCalls } from "./libc/paths.ts";
import { type ProcessCalls, processCalls } from "./libc/processes.ts";
import { HandlerTable, type SignalCalls, signalCalls } from "./libc/signals.ts";
import { type StdioCalls, stdioCalls } from "./libc/stdio.ts";

export type { User } from "../abi/program.ts";
export type { MaySleep } from "./libc/calls.ts";
export type { DirectoryEntry } from "./libc/paths.ts";
export type { Waited } from "./libc/processes.ts";
export type { SignalHandler } from "./libc/signals.ts";

export interface Libc extends FileCalls, PathCalls, MemoryCalls, ProcessCalls, SignalCalls, StdioCalls {
  /** Loads, stores, pinned views, arguments and environment. */
  readonly user: User;
  /** Why the last call that failed did so: E…. */
  errno: number;
  /** syscall(2): any call by its number (abi/syscalls.ts). */
  syscall(nr: number, ...args: number[]): MaySleep<number>;
  /**
   * fork(2), with the child's program: it runs in a copy of this address space, with a C library of its own that
   * knows the same blocks and signal handlers. The child's pid, or -1.
   */
  fork(child: Main): number;
}

/** A program on the C library. Its value, or 0 for none, is the exit status. */
export type Main = (c: Libc) => MaySleep<number | undefined>;

/** The C library's own state, which a fork copies with the memory. */
interface LibcState {
  readonly heap: HeapState;
  readonly handlers: HandlerTable;
}

/** Makes a program of `main`: `export default program(async (c) => { … })`. */
export const program =
  (main: Main): Program =>
  (user) =>
    main(libc(user));

/** A C library for `user`. A program makes one, once. */
export function libc(user: User): Libc {
  return makeLibc(user);
}

function makeLibc(user: User, inherited?: LibcState): Libc {
  const calls = new SystemCalls(user);
  const heap = new Heap(calls, inherited?.heap);
  const handlers = inherited?.handlers ?? new HandlerTable();
  handlers.attach(user);
  const files = fileCalls(calls, heap);
  return {
    ...files,
    ...pathCalls(calls, heap),
    ...memoryCalls(calls, heap),
    ...processCalls(calls, heap),
    ...signalCalls(calls, heap, handlers),
    ...stdioCalls(calls, files),
    user,
    get errno() {
      return calls.errno;
    },
    set errno(value) {
      calls.errno = value;
    },
    syscall: (nr, ...args) => calls.wait(nr, ...args),
    fork(child) {
      const state = { heap: heap.copyState(), handlers: new HandlerTable(handlers) };
      return calls.checked(user.fork((childUser) => child(makeLibc(childUser, state))));
    },
  };
}
