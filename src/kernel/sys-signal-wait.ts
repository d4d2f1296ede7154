/** Waiting for signals, and sending them with a value (kernel/signal.c of Linux 6.12). */
import { EAGAIN, EFAULT, EINTR, EINVAL, EPERM, ERESTARTSYS, ESRCH } from "../../abi/errno.ts";
import { _NSIG, SI_MAX_SIZE, SI_TKILL } from "../../abi/signal.ts";
import {
  SYS_rt_sigqueueinfo,
  SYS_rt_sigsuspend,
  SYS_rt_sigtimedwait,
  SYS_rt_tgsigqueueinfo,
} from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import { readSiginfo, siginfoBytes } from "./siginfo.ts";
import { isInterrupted, takeFrom, UNBLOCKABLE } from "./signal.ts";
import { putInForce, readSignalSet } from "./signal-mask.ts";
import type { Task } from "./task.ts";
import { readTimespec } from "./time-value.ts";

const sysRtSigsuspend: SystemCall = (core, pointer, size) => {
  const mask = readSignalSet(core, pointer, size);
  if (typeof mask === "number") return mask;
  putInForce(core, mask);
  // "sigsuspend() always returns -1, with errno set to indicate the error (normally, EINTR)", after a handler.
  const result = core.sleepOn(null);
  return isInterrupted(core.current) ? -EINTR : result;
};

const sysRtSigtimedwait: SystemCall = (core, setPointer, infoPointer, timePointer, size) => {
  const wanted = readSignalSet(core, setPointer, size);
  if (typeof wanted === "number") return wanted;
  const timeout = timePointer === 0 ? undefined : readTimespec(core, timePointer);
  if (timeout !== undefined && timeout < 0) return timeout;
  const { current } = core;
  const info = takeFrom(current, wanted & ~UNBLOCKABLE);
  if (info !== undefined) {
    const told = infoPointer === 0 || core.copyToUser(infoPointer, siginfoBytes(info)) === 0;
    return told ? info.signo : -EFAULT;
  }
  // "If both fields of this structure are zero, a poll is performed".
  const result = timeout === 0 ? 0 : core.sleepOn(current.signalArrived, timeout);
  // "EAGAIN: No signal in set became pending within the timeout period specified to sigtimedwait()."
  if (result !== -ERESTARTSYS) return -EAGAIN;
  return isInterrupted(current) ? -EINTR : result;
};

/** "the process must not … impersonate": codes of the kernel, and of kill, are not for others (do_rt_sigqueueinfo). */
const queueInfo = (core: Core, task: Task | undefined, signo: number, pointer: number): number => {
  const bytes = new Uint8Array(SI_MAX_SIZE);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const info = readSiginfo(bytes, signo);
  if ((info.code >= 0 || info.code === SI_TKILL) && task !== core.current) return -EPERM;
  if (task === undefined) return -ESRCH;
  // "EINVAL: sig was invalid."
  if (signo < 0 || signo > _NSIG) return -EINVAL;
  if (!core.current.cred.maySignal(task.cred)) return -EPERM;
  if (signo !== 0) core.send(task, info);
  return 0;
};

const sysRtTgsigqueueinfo: SystemCall = (core, groupArgument, pidArgument, signo, pointer) => {
  const [group, pid] = [groupArgument | 0, pidArgument | 0];
  if (pid <= 0 || group <= 0) return -EINVAL;
  // A thread is its process here.
  return queueInfo(core, group === pid ? core.tasks.get(pid) : undefined, signo | 0, pointer);
};

export const signalWaitSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_rt_sigsuspend]: sysRtSigsuspend,
  [SYS_rt_sigtimedwait]: sysRtSigtimedwait,
  [SYS_rt_sigqueueinfo]: (core, pid, signo, info) => queueInfo(core, core.tasks.get(pid | 0), signo | 0, info),
  [SYS_rt_tgsigqueueinfo]: sysRtTgsigqueueinfo,
};
