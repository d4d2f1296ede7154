/** System calls on signals (kernel/signal.c of Linux 6.12). */
import { EFAULT, EINVAL, ESRCH } from "../../abi/errno.ts";
import {
  _NSIG,
  SI_TKILL,
  SI_USER,
  SIG_BLOCK,
  SIG_SETMASK,
  SIG_UNBLOCK,
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
import type { SystemCall } from "./core.ts";
import { UNBLOCKABLE } from "./signal.ts";

const sysRtSigaction: SystemCall = (core, signoArgument, act, oldAct, size) => {
  const signo = signoArgument | 0;
  if (size !== SIGSET_SIZE) return -EINVAL;
  if (signo < 1 || signo > _NSIG) return -EINVAL;
  const task = core.current;
  const bytes = new Uint8Array(sigaction.size);
  if (act !== 0 && core.copyFromUser(bytes, act) !== 0) return -EFAULT;
  // "EINVAL: An attempt is made to change the action for SIGKILL or SIGSTOP", sigaction(2).
  if (act !== 0 && (signo === SIGKILL || signo === SIGSTOP)) return -EINVAL;
  const before = task.actions[signo]!;
  if (act !== 0) {
    const wanted = sigaction.read(bytes);
    task.actions[signo] = { ...wanted, sa_mask: wanted.sa_mask & ~UNBLOCKABLE };
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

const isSignal = (signo: number): boolean => signo >= 0 && signo <= _NSIG;

/** kill(2): one process, or with 0 and -1 every process but the first ("process 1 (init)") and, for -1, the caller. */
const sysKill: SystemCall = (core, pidArgument, signoArgument) => {
  const pid = pidArgument | 0;
  const signo = signoArgument | 0;
  if (!isSignal(signo)) return -EINVAL;
  const everybody = [...core.tasks].filter((task) => pid === 0 || (task.pid !== 1 && task !== core.current));
  const one = core.tasks.get(pid);
  const targets = pid > 0 ? (one === undefined ? [] : [one]) : pid === 0 || pid === -1 ? everybody : [];
  if (targets.length === 0) return -ESRCH;
  if (signo !== 0) for (const task of targets) core.send(task, { signo, code: SI_USER, address: 0 });
  return 0;
};

const sysTkill: SystemCall = (core, pidArgument, signoArgument) => {
  const signo = signoArgument | 0;
  const pid = pidArgument | 0;
  if (pid <= 0 || !isSignal(signo)) return -EINVAL;
  const task = core.tasks.get(pid);
  if (task === undefined) return -ESRCH;
  if (signo !== 0) core.send(task, { signo, code: SI_TKILL, address: 0 });
  return 0;
};

export const signalSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_rt_sigaction]: sysRtSigaction,
  [SYS_rt_sigprocmask]: sysRtSigprocmask,
  [SYS_rt_sigpending]: sysRtSigpending,
  [SYS_kill]: sysKill,
  [SYS_tkill]: sysTkill,
  [SYS_tgkill]: (core, _group, pid, signo) => sysTkill(core, pid, signo, 0, 0, 0, 0),
};
