/** System calls on processes: clone, wait4, exit, identity (kernel/fork.c, exit.c, sys.c of Linux 6.12). */
import { EAGAIN, ECHILD, EFAULT, EINVAL, ENOMEM, ENOSYS, ESRCH } from "../../abi/errno.ts";
import { rusage } from "../../abi/resource.ts";
import {
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_PARENT_SETTID,
  CLONE_VFORK,
  CLONE_VM,
  CSIGNAL,
} from "../../abi/sched.ts";
import { SIGCHLD } from "../../abi/signal.ts";
import {
  SYS_clone,
  SYS_exit,
  SYS_exit_group,
  SYS_getegid,
  SYS_geteuid,
  SYS_getgid,
  SYS_getpid,
  SYS_getppid,
  SYS_getrandom,
  SYS_gettid,
  SYS_getuid,
  SYS_sched_yield,
  SYS_uname,
  SYS_wait4,
} from "../../abi/syscalls.ts";
import { utsname } from "../../abi/utsname.ts";
import { __WALL, __WCLONE, __WNOTHREAD, W_EXITCODE, WCONTINUED, WNOHANG, WUNTRACED } from "../../abi/wait.ts";
import type { Core, SystemCall } from "./core.ts";
import { dupMm } from "./mm/fork.ts";
import { hasSignal } from "./signal.ts";
import { type ExitStatus, Task } from "./task.ts";

/** The status word of wait(2). */
const statusWord = (status: ExitStatus): number =>
  "code" in status ? W_EXITCODE(status.code, 0) : W_EXITCODE(0, status.signal);

/** What fork, vfork and posix_spawn of a C library ask for. The words at CHILD_CLEARTID are for threads, of which there are none. */
const CLONE_KNOWN = CSIGNAL | CLONE_VFORK | CLONE_VM | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID;

/**
 * clone(2) as fork(2), vfork(2) and posix_spawn(3) use it. A child that would share the address space until it runs
 * another program (CLONE_VM with CLONE_VFORK) gets a copy; threads come later.
 */
const sysClone: SystemCall = (core, flags, stack, parentTid, _tls, childTid) => {
  const parent = core.current;
  if ((flags & ~CLONE_KNOWN) !== 0) return -ENOSYS;
  if ((flags & CLONE_VM) !== 0 && (flags & CLONE_VFORK) === 0) return -ENOSYS;
  if ((flags & CSIGNAL) !== SIGCHLD) return -EINVAL;
  if (parent.image?.canFork !== true) return -ENOSYS;
  const pid = core.tasks.nextPid();
  if (pid === 0) return -EAGAIN;
  const mm = dupMm(parent.mm);
  if (mm === null) return -ENOMEM;
  const child = new Task(pid, parent.comm, parent, mm, parent.files.clone(), parent.fs.clone());
  child.argv = parent.argv;
  child.blocked = parent.blocked;
  parent.actions.forEach((action, signo) => {
    child.actions[signo] = { ...action };
  });
  child.executable = parent.executable?.get() ?? null;
  const image = parent.image.fork(child);
  if (stack !== 0) image.onHart?.setStack(stack);
  if ((flags & CLONE_PARENT_SETTID) !== 0) core.copyToUser(parentTid, word(pid));
  if ((flags & CLONE_CHILD_SETTID) !== 0) core.withMm(mm, () => core.copyToUser(childTid, word(pid)));
  core.start(child, image);
  return pid;
};

const KNOWN_OPTIONS = WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL;

/** Does the child match wait4's first argument: a process, any, the caller's group, a group? */
const matches = (parent: Task, child: Task, pid: number): boolean => {
  if (pid > 0) return child.pid === pid;
  if (pid === -1) return true;
  return child.pgid === (pid === 0 ? parent.pgid : -pid);
};

const sysWait4: SystemCall = (core, pidArgument, statusPointer, optionArgument, usage) => {
  const { current } = core;
  const pid = pidArgument | 0;
  const options = optionArgument | 0;
  if ((options & ~KNOWN_OPTIONS) !== 0) return -EINVAL;
  if (pid === -0x8000_0000) return -ESRCH;
  // "__WCLONE: Wait for "clone" children only", those whose end sends no SIGCHLD: there are none.
  const onlyClones = (options & (__WCLONE | __WALL)) === (__WCLONE | 0);
  const children = onlyClones ? [] : [...current.children].filter((child) => matches(current, child, pid));
  if (children.length === 0) return -ECHILD;
  const ended = children.find((child) => child.state === "zombie");
  if (ended === undefined) return (options & WNOHANG) !== 0 ? 0 : core.sleepOn(current.childEnded);
  core.tasks.remove(ended);
  if (statusPointer !== 0 && core.copyToUser(statusPointer, word(statusWord(ended.status!))) !== 0) return -EFAULT;
  if (usage !== 0 && core.copyToUser(usage, usageOf(ended)) !== 0) return -EFAULT;
  return ended.pid;
};

/** struct rusage. A program takes no time here, so the times are 0; of the rest, faults are counted. */
const usageOf = (task: Task): Uint8Array =>
  rusage.encode({ ru_minflt: task.mm.minorFaults, ru_majflt: task.mm.majorFaults });

const word = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
};

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
  return hasSignal(core.current) ? 0 : result;
};

const root: SystemCall = () => 0;

export const processSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_clone]: sysClone,
  [SYS_wait4]: sysWait4,
  [SYS_exit]: sysExit,
  [SYS_exit_group]: sysExit,
  [SYS_getpid]: (core) => core.current.pid,
  [SYS_gettid]: (core) => core.current.pid,
  [SYS_getppid]: (core) => core.current.parent?.pid ?? 0,
  [SYS_getuid]: root,
  [SYS_geteuid]: root,
  [SYS_getgid]: root,
  [SYS_getegid]: root,
  [SYS_sched_yield]: sysSchedYield,
  [SYS_uname]: sysUname,
  [SYS_getrandom]: sysGetrandom,
};
