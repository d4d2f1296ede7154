/** System calls on processes: clone, wait4, exit, identity (kernel/fork.c, exit.c, sys.c of Linux 6.12). */
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import {
  SYS_exit,
  SYS_exit_group,
  SYS_getpid,
  SYS_getppid,
  SYS_getrandom,
  SYS_gettid,
  SYS_sched_yield,
} from "../../abi/syscalls.ts";
import { GRND_INSECURE, GRND_NONBLOCK, GRND_RANDOM } from "../../abi/utsname.ts";
import type { Core, SystemCall } from "./core.ts";
import { isInterrupted } from "./signal.ts";

const sysExit: SystemCall = (core, code) => {
  core.exit(core.current, { code: code & 0xff });
  return 0;
};

/** One call hands out at most so many bytes (INT_MAX, as in the kernel). */
const GETRANDOM_MOST = 0x7fff_ffff;
const PIECE = 0x1_0000;

const sysGetrandom: SystemCall = (core, buffer, length, flags) => {
  if ((flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) !== 0) return -EINVAL;
  // "Requesting insecure and blocking randomness at the same time makes no sense."
  if ((flags & (GRND_RANDOM | GRND_INSECURE)) === (GRND_RANDOM | GRND_INSECURE)) return -EINVAL;
  const wanted = length < 0 ? GETRANDOM_MOST : Math.min(length, GETRANDOM_MOST);
  return fillRandom(core, buffer, wanted);
};

const fillRandom = (core: Core, buffer: number, wanted: number): number => {
  let done = 0;
  while (done < wanted) {
    const bytes = new Uint8Array(Math.min(PIECE, wanted - done));
    core.getRandomBytes(bytes);
    const missed = core.copyToUser(buffer + done, bytes);
    done += bytes.length - missed;
    if (missed > 0) return done > 0 ? done : -EFAULT;
  }
  return done;
};

/** Of virtual time: long enough that who waits for a time gets its turn between two processes that only yield. */
const YIELD = 1000;

/** "sched_yield() … always succeeds": all others that can run do so first. */
const sysSchedYield: SystemCall = (core) => {
  if (core.inHandler) return 0;
  const result = core.sleepOn(null, YIELD);
  return isInterrupted(core.current) ? 0 : result;
};

export const processSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_exit]: sysExit,
  [SYS_exit_group]: sysExit,
  [SYS_getpid]: (core) => core.current.pid,
  [SYS_gettid]: (core) => core.current.pid,
  [SYS_getppid]: (core) => core.current.parent?.pid ?? 0,
  [SYS_sched_yield]: sysSchedYield,
  [SYS_getrandom]: sysGetrandom,
};
