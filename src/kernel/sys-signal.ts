/** System calls on signals (kernel/signal.c of Linux 6.12). */
import { EFAULT, EINVAL, EPERM, ESRCH } from "../../abi/errno.ts";
import {
  _NSIG,
  SI_TKILL,
  SI_USER,
  SIG_BLOCK,
  SIG_SETMASK,
  SIG_UNBLOCK,
  SIGCONT,
  SIGKILL,
  SIGSET_SIZE,
  SIGSTOP,
  sigaction,
  sigmask,
} from "../../abi/signal.ts";
import {
  SYS_kill,
  SYS_rt_sigaction,
  SYS_rt_sigpending,
  SYS_rt_sigprocmask,
  SYS_tgkill,
  SYS_tkill,
} from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import { setAction, UNBLOCKABLE } from "./signal.ts";
import type { Task } from "./task.ts";

const sysRtSigaction: SystemCall = (core, signoArgument, act, oldAct, size) => {
  const signo = signoArgument | 0;
  if (size !== SIGSET_SIZE) return -EINVAL;
  const bytes = new Uint8Array(sigaction.size);
  if (act !== 0 && core.copyFromUser(bytes, act) !== 0) return -EFAULT;
  if (signo < 1 || signo > _NSIG) return -EINVAL;
  // "EINVAL: An attempt is made to change the action for SIGKILL or SIGSTOP", sigaction(2).
  if (act !== 0 && (signo === SIGKILL || signo === SIGSTOP)) return -EINVAL;
  const task = core.current;
  const before = task.actions[signo]!;
  if (act !== 0) {
    const wanted = sigaction.read(bytes);
    setAction(task, signo, { ...wanted, sa_mask: wanted.sa_mask & ~UNBLOCKABLE });
  }
  if (oldAct === 0) return 0;
  return core.copyToUser(oldAct, sigaction.encode(before)) === 0 ? 0 : -EFAULT;
};

const setBytes = (set: bigint): Uint8Array => {
  const bytes = new Uint8Array(SIGSET_SIZE);
  new DataView(bytes.buffer).setBigUint64(0, set, true);
  return bytes;
};

const changeMask = (blocked: bigint, how: number, set: bigint): bigint | null => {
  switch (how) {
    case SIG_BLOCK:
      return blocked | set;
    case SIG_UNBLOCK:
      return blocked & ~set;
    case SIG_SETMASK:
      return set;
    default:
      return null;
  }
};

const sysRtSigprocmask: SystemCall = (core, how, set, oldSet, size) => {
  if (size !== SIGSET_SIZE) return -EINVAL;
  const task = core.current;
  const before = task.blocked;
  if (set !== 0) {
    const bytes = new Uint8Array(SIGSET_SIZE);
    if (core.copyFromUser(bytes, set) !== 0) return -EFAULT;
    const blocked = changeMask(before, how | 0, new DataView(bytes.buffer).getBigUint64(0, true));
    if (blocked === null) return -EINVAL;
    task.blocked = blocked & ~UNBLOCKABLE;
  }
  if (oldSet === 0) return 0;
  return core.copyToUser(oldSet, setBytes(before)) === 0 ? 0 : -EFAULT;
};

const sysRtSigpending: SystemCall = (core, set, size) => {
  if (size < 0 || size > SIGSET_SIZE) return -EINVAL;
  const pending = core.current.pending.reduce((all, info) => all | sigmask(info.signo), 0n) & core.current.blocked;
  return core.copyToUser(set, setBytes(pending).subarray(0, size)) === 0 ? 0 : -EFAULT;
};

/** Sends to one task: -EINVAL for no signal number; number 0 only asks whether the task is there. */
const sendTo = (core: Core, task: Task, signo: number, code: number): number => {
  if (signo < 0 || signo > _NSIG) return -EINVAL;
  const { pid, cred } = core.current;
  // "EPERM: The calling process does not have permission to send the signal".
  if (!cred.maySignal(task.cred) && !(signo === SIGCONT && task.sid === core.current.sid)) return -EPERM;
  if (signo !== 0) core.send(task, { signo, code, address: 0, pid, uid: cred.user.real });
  return 0;
};

/** Whom kill(2)'s first argument means: a process, its group, "every process … except for process 1 (init)". */
const targetsOf = (core: Core, pid: number): Task[] => {
  const { current } = core;
  if (pid > 0) {
    const one = core.tasks.get(pid);
    return one === undefined ? [] : [one];
  }
  if (pid === -1) return [...core.tasks].filter((task) => task.pid !== 1 && task !== current);
  const group = pid === 0 ? current.pgid : -pid;
  return [...core.tasks].filter((task) => task.pgid === group);
};

const sysKill: SystemCall = (core, pid, signo) => {
  const targets = targetsOf(core, pid | 0);
  // "ESRCH: The target process or process group does not exist."
  if (targets.length === 0) return -ESRCH;
  const results = targets.map((task) => sendTo(core, task, signo | 0, SI_USER));
  // "at least one signal was sent" is success.
  return results.includes(0) ? 0 : results[0]!;
};

/** tgkill(2) and tkill(2): a thread is its process here, so its group is itself. */
const sysTgkill: SystemCall = (core, groupArgument, pidArgument, signo) => {
  const group = groupArgument | 0;
  const pid = pidArgument | 0;
  if (pid <= 0 || group <= 0) return -EINVAL;
  const task = core.tasks.get(pid);
  return task === undefined || group !== pid ? -ESRCH : sendTo(core, task, signo | 0, SI_TKILL);
};

export const signalSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_rt_sigaction]: sysRtSigaction,
  [SYS_rt_sigprocmask]: sysRtSigprocmask,
  [SYS_rt_sigpending]: sysRtSigpending,
  [SYS_kill]: sysKill,
  [SYS_tkill]: (core, pid, signo) => sysTgkill(core, pid, pid, signo, 0, 0, 0),
  [SYS_tgkill]: sysTgkill,
};
