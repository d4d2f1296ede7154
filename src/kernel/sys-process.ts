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
  SYS_uname,
} from "../../abi/syscalls.ts";
import { utsname } from "../../abi/utsname.ts";
import type { Core, SystemCall } from "./core.ts";
import { isInterrupted } from "./signal.ts";

const sysExit: SystemCall = (core, code) => {
  core.exit(core.current, { code: code & 0xff });
  return 0;
};

/** What uname(2) says. The release is the Linux whose behaviour is modelled. */
export const UTSNAME = {
  sysname: "Linux",
  nodename: "scanout",
  release: "6.12.0-scanout",
  version: "#1 SMP",
  machine: "riscv64",
  domainname: "(none)",
};

const sysUname: SystemCall = (core, pointer) => (core.copyToUser(pointer, utsname.encode(UTSNAME)) === 0 ? 0 : -EFAULT);

const GRND_NONBLOCK = 1;
const GRND_RANDOM = 2;
const GRND_INSECURE = 4;
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
  [SYS_uname]: sysUname,
  [SYS_getrandom]: sysGetrandom,
};
