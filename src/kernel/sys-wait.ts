/** wait4(2) and waitid(2) (kernel/exit.c of Linux 6.12). */
import { ECHILD, EFAULT, EINVAL, ESRCH } from "../../abi/errno.ts";
import { CLD_CONTINUED, CLD_EXITED, CLD_KILLED, CLD_STOPPED, SIGCHLD, siginfoChild } from "../../abi/signal.ts";
import { SYS_wait4, SYS_waitid } from "../../abi/syscalls.ts";
import {
  __WALL,
  __WCLONE,
  __WNOTHREAD,
  P_ALL,
  P_PGID,
  P_PID,
  W_EXITCODE,
  WCONTINUED,
  WEXITED,
  WNOHANG,
  WNOWAIT,
  WSTOPPED,
  WUNTRACED,
} from "../../abi/wait.ts";
import type { Core, SystemCall } from "./core.ts";
import type { Task } from "./task.ts";
import { addChild, rusageBytes, usageOf } from "./usage.ts";
import { putWord } from "./words.ts";

/** What a child has done, for its parent. */
interface Report {
  readonly task: Task;
  /** CLD_…. */
  readonly code: number;
  /** The exit status, or the signal. */
  readonly value: number;
}

type Selector = (child: Task) => boolean;

/** The status word of wait(2). */
const statusWord = ({ code, value }: Report): number => {
  if (code === CLD_EXITED) return W_EXITCODE(value, 0);
  if (code === CLD_KILLED) return W_EXITCODE(0, value);
  return code === CLD_STOPPED ? (value << 8) | 0x7f : 0xffff;
};

const reportOf = (task: Task, options: number): Report | null => {
  if (task.state === "zombie") {
    if ((options & WEXITED) === 0) return null;
    const status = task.status!;
    return "code" in status
      ? { task, code: CLD_EXITED, value: status.code }
      : { task, code: CLD_KILLED, value: status.signal };
  }
  const event = task.jobEvent;
  if (event?.kind === "stopped" && (options & WSTOPPED) !== 0) return { task, code: CLD_STOPPED, value: event.signo };
  if (event?.kind === "continued" && (options & WCONTINUED) !== 0)
    return { task, code: CLD_CONTINUED, value: event.signo };
  return null;
};

/** A child that can be reported; 0 with WNOHANG, or -errno. */
const waitFor = (core: Core, matches: Selector, options: number): Report | number => {
  const { current } = core;
  // "__WCLONE: Wait for "clone" children only", those whose end sends no SIGCHLD: there are none.
  const onlyClones = (options & (__WCLONE | __WALL)) === (__WCLONE | 0);
  const children = onlyClones ? [] : [...current.children].filter(matches);
  if (children.length === 0) return -ECHILD;
  for (const child of children) {
    const report = reportOf(child, options);
    if (report === null) continue;
    if ((options & WNOWAIT) === 0) consume(core, report);
    return report;
  }
  return (options & WNOHANG) !== 0 ? 0 : core.sleepOn(current.childEnded);
};

/** The child has been waited for: an ended one is gone. */
const consume = (core: Core, { task }: Report): void => {
  if (task.state !== "zombie") {
    task.jobEvent = null;
    return;
  }
  addChild(core.current, task);
  core.tasks.remove(task);
};

const WAIT4_OPTIONS = WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL;

/** wait4's first argument: a process, any, the caller's group, a group. */
const selectorOf = (parent: Task, pid: number): Selector => {
  if (pid > 0) return (child) => child.pid === pid;
  if (pid === -1) return () => true;
  return (child) => child.pgid === (pid === 0 ? parent.pgid : -pid);
};

const sysWait4: SystemCall = (core, pidArgument, statusPointer, optionArgument, usage) => {
  const pid = pidArgument | 0;
  const options = optionArgument | 0;
  if ((options & ~WAIT4_OPTIONS) !== 0) return -EINVAL;
  if (pid === -0x8000_0000) return -ESRCH;
  const report = waitFor(core, selectorOf(core.current, pid), options | WEXITED);
  if (typeof report === "number") return report;
  if (statusPointer !== 0 && !putWord(core, statusPointer, statusWord(report))) return -EFAULT;
  if (usage !== 0 && core.copyToUser(usage, rusageOf(report.task)) !== 0) return -EFAULT;
  return report.task.pid;
};

const rusageOf = (task: Task): Uint8Array => rusageBytes(usageOf(task));

const WAITID_OPTIONS = WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL;

const waitidSelector = (core: Core, type: number, id: number): Selector | number => {
  switch (type) {
    case P_ALL:
      return () => true;
    case P_PID:
      return id <= 0 ? -EINVAL : (child) => child.pid === id;
    case P_PGID:
      // "Since Linux 5.4, if id is zero, then wait for any child that is in the same process group as the caller's"
      return id < 0 ? -EINVAL : (child) => child.pgid === (id === 0 ? core.current.pgid : id);
    default:
      return -EINVAL;
  }
};

const sysWaitid: SystemCall = (core, type, idArgument, info, optionArgument, usage) => {
  const options = optionArgument | 0;
  if ((options & ~WAITID_OPTIONS) !== 0) return -EINVAL;
  // "EINVAL: The options argument was invalid": one of the three must be there.
  if ((options & (WEXITED | WSTOPPED | WCONTINUED)) === 0) return -EINVAL;
  const matches = waitidSelector(core, type | 0, idArgument | 0);
  if (typeof matches === "number") return matches;
  const report = waitFor(core, matches, options);
  if (typeof report === "number" && report < 0) return report;
  if (typeof report !== "number" && usage !== 0 && core.copyToUser(usage, rusageOf(report.task)) !== 0) return -EFAULT;
  if (info === 0) return 0;
  // With WNOHANG and nobody, "si_pid and si_signo" are zero.
  const bytes = siginfoChild.encode(
    typeof report === "number"
      ? {}
      : {
          si_signo: SIGCHLD,
          si_code: report.code,
          si_pid: report.task.pid,
          si_uid: report.task.cred.user.real,
          si_status: report.value,
        },
  );
  // The kernel writes the fields, not the 128 bytes (SYSCALL_DEFINE5(waitid)).
  return core.copyToUser(info, bytes.subarray(0, siginfoChild.offsets.si_status + 4)) === 0 ? 0 : -EFAULT;
};

export const waitSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_wait4]: sysWait4,
  [SYS_waitid]: sysWaitid,
};
