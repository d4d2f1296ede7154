/** Processes and time: wait(2), kill(2), nanosleep(2), clock_gettime(2). */
import { i32 } from "../../abi/struct.ts";
import {
  SYS_clock_gettime,
  SYS_clock_nanosleep,
  SYS_exit_group,
  SYS_getpid,
  SYS_getppid,
  SYS_kill,
  SYS_wait4,
} from "../../abi/syscalls.ts";
import { CLOCK_REALTIME, type Timespec, timespec } from "../../abi/time.ts";
import { after, type MaySleep, type SystemCalls } from "./calls.ts";
import type { Heap } from "./heap.ts";

/** What wait tells: `pid` 0 with WNOHANG when no child has ended; `status` for WIFEXITED and its relatives. */
export interface Waited {
  readonly pid: number;
  readonly status: number;
}

export interface ProcessCalls {
  getpid(): number;
  getppid(): number;
  kill(pid: number, signo: number): number;
  /** A child by its pid, or any with -1. */
  waitpid(pid: number, options?: number): MaySleep<Waited | -1>;
  /** Ends the program; nothing is buffered, so both are the same. Only the low 8 bits of `status` count. */
  exit(status: number): never;
  _exit(status: number): never;
  /** 0, or -1 with EINTR: then `remaining`, when given, holds the time that is left. */
  nanosleep(request: Partial<Timespec>, remaining?: Timespec): MaySleep<number>;
  /** `clock`: CLOCK_…. */
  clock_gettime(clock: number): Timespec | -1;
}

export function processCalls(calls: SystemCalls, heap: Heap): ProcessCalls {
  const exit = (status: number): never => {
    calls.call(SYS_exit_group, status);
    throw new Error("assert: exit_group returned");
  };
  return {
    getpid: () => calls.call(SYS_getpid),
    getppid: () => calls.call(SYS_getppid),
    kill: (pid, signo) => calls.call(SYS_kill, pid, signo),
    waitpid: (pid, options = 0) =>
      heap.temporary(i32.size, (va) =>
        after(calls.wait(SYS_wait4, pid, va, options, 0), (child) =>
          child < 0 ? -1 : { pid: child, status: child === 0 ? 0 : calls.user.load32(va) },
        ),
      ),
    exit,
    _exit: exit,
    nanosleep: (request, remaining) => nanosleep(calls, heap, request, remaining),
    clock_gettime: (clock) =>
      heap.temporary(timespec.size, (va) =>
        calls.call(SYS_clock_gettime, clock, va) < 0 ? -1 : timespec.read(calls.user.read(va, timespec.size)),
      ),
  };
}

/** glibc's nanosleep is clock_nanosleep(CLOCK_REALTIME, 0, …). */
function nanosleep(
  calls: SystemCalls,
  heap: Heap,
  request: Partial<Timespec>,
  remaining: Timespec | undefined,
): MaySleep<number> {
  const { size, encode, read } = timespec;
  return heap.temporary(2 * size, (va) => {
    calls.user.write(va, encode(request));
    const rest = remaining === undefined ? 0 : va + size;
    return after(calls.wait(SYS_clock_nanosleep, CLOCK_REALTIME, 0, va, rest), (result) => {
      if (result < 0 && remaining !== undefined) Object.assign(remaining, read(calls.user.read(rest, size)));
      return result;
    });
  });
}
