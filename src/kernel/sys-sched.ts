/**
 * Scheduling (kernel/sched/syscalls.c of Linux 6.12): one hart, on which every process gets its turn. What a program
 * sets is kept and told, and changes nothing.
 */
import { EACCES, EFAULT, EINVAL, EPERM, ESRCH } from "../../abi/errno.ts";
import {
  PRIO_PGRP,
  PRIO_PROCESS,
  PRIO_USER,
  SCHED_BATCH,
  SCHED_FIFO,
  SCHED_IDLE,
  SCHED_OTHER,
  SCHED_RESET_ON_FORK,
  SCHED_RR,
} from "../../abi/sched.ts";
import {
  SYS_getcpu,
  SYS_getpriority,
  SYS_sched_get_priority_max,
  SYS_sched_get_priority_min,
  SYS_sched_getaffinity,
  SYS_sched_getparam,
  SYS_sched_getscheduler,
  SYS_sched_rr_get_interval,
  SYS_sched_setaffinity,
  SYS_sched_setparam,
  SYS_sched_setscheduler,
  SYS_setpriority,
} from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import type { Task } from "./task.ts";
import { putTimespec } from "./time-value.ts";
import { getWord, putWord } from "./words.ts";

/** sched_rr_get_interval of SCHED_RR: 100 ms (RR_TIMESLICE). */
const RR_INTERVAL = 100_000_000;
const LONG = 8;

/** Process 0 is the caller; undefined: "ESRCH: The thread whose ID is pid could not be found." */
const taskOf = (core: Core, pid: number): Task | undefined =>
  (pid | 0) === 0 ? core.current : core.tasks.get(pid | 0);

const isRealTime = (policy: number): boolean => policy === SCHED_FIFO || policy === SCHED_RR;
const POLICIES = new Set([SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE]);
const mayHave = (policy: number, priority: number): boolean =>
  POLICIES.has(policy) && (isRealTime(policy) ? priority >= 1 && priority <= 99 : priority === 0);

const setPolicy = (core: Core, pid: number, wanted: number | null, paramPointer: number): number => {
  if (paramPointer === 0 || (pid | 0) < 0) return -EINVAL;
  const priority = getWord(core, paramPointer);
  if (priority === null) return -EFAULT;
  const task = taskOf(core, pid);
  if (task === undefined) return -ESRCH;
  const policy = wanted === null ? task.attributes.policy : wanted & ~SCHED_RESET_ON_FORK;
  // "EINVAL: policy is not one of the recognized policies", or "param does not make sense for the specified policy".
  if (!mayHave(policy, priority | 0)) return -EINVAL;
  if (isRealTime(policy) && !core.current.cred.isPrivileged) return -EPERM;
  task.attributes.policy = policy;
  task.attributes.schedPriority = priority;
  if (wanted !== null) task.attributes.resetOnFork = (wanted & SCHED_RESET_ON_FORK) !== 0;
  return 0;
};

const sysGetscheduler: SystemCall = (core, pid) => {
  if ((pid | 0) < 0) return -EINVAL;
  const attributes = taskOf(core, pid)?.attributes;
  if (attributes === undefined) return -ESRCH;
  return attributes.policy | (attributes.resetOnFork ? SCHED_RESET_ON_FORK : 0);
};

const sysGetparam: SystemCall = (core, pid, pointer) => {
  if (pointer === 0 || (pid | 0) < 0) return -EINVAL;
  const task = taskOf(core, pid);
  if (task === undefined) return -ESRCH;
  return putWord(core, pointer, task.attributes.schedPriority) ? 0 : -EFAULT;
};

const priorityBound =
  (bound: number): SystemCall =>
  (_core, policyArgument) => {
    const policy = policyArgument | 0;
    if (!POLICIES.has(policy)) return -EINVAL;
    return isRealTime(policy) ? bound : 0;
  };

const sysRrGetInterval: SystemCall = (core, pid, pointer) => {
  if ((pid | 0) < 0) return -EINVAL;
  const task = taskOf(core, pid);
  if (task === undefined) return -ESRCH;
  return putTimespec(core, pointer, task.attributes.policy === SCHED_RR ? RR_INTERVAL : 0) ? 0 : -EFAULT;
};

/** "the number of bytes placed copied into the mask buffer": one long, whose bit 0 is the one hart. */
const sysGetaffinity: SystemCall = (core, pid, lengthArgument, pointer) => {
  const length = lengthArgument >>> 0;
  // "EINVAL: cpusetsize is smaller than the size of the affinity mask used by the kernel."
  if (length < LONG || length % LONG !== 0) return -EINVAL;
  if (taskOf(core, pid) === undefined) return -ESRCH;
  return core.copyToUser(pointer, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0])) === 0 ? LONG : -EFAULT;
};

const sysSetaffinity: SystemCall = (core, pid, lengthArgument, pointer) => {
  const bytes = new Uint8Array(Math.min(lengthArgument >>> 0, LONG));
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  if (taskOf(core, pid) === undefined) return -ESRCH;
  // "EINVAL: The affinity bit mask mask contains no processors that are currently physically on the system".
  return ((bytes[0] ?? 0) & 1) === 0 ? -EINVAL : 0;
};

const sysGetcpu: SystemCall = (core, cpu, node) => {
  const told = (cpu === 0 || putWord(core, cpu, 0)) && (node === 0 || putWord(core, node, 0));
  return told ? 0 : -EFAULT;
};

/** Whom getpriority(2) means. */
const selected = (core: Core, which: number, who: number): Task[] | null => {
  const { current } = core;
  const all = [...core.tasks].filter((task) => task.state !== "zombie");
  switch (which) {
    case PRIO_PROCESS:
      return all.filter((task) => task.pid === (who === 0 ? current.pid : who));
    case PRIO_PGRP:
      return all.filter((task) => task.pgid === (who === 0 ? current.pgid : who));
    case PRIO_USER:
      return all.filter((task) => task.cred.user.real === (who === 0 ? current.cred.user.real : who));
    default:
      return null;
  }
};

/** The system call "returns 40..1", 20 less the nice value: a negative result would be an errno. */
const sysGetpriority: SystemCall = (core, which, who) => {
  const tasks = selected(core, which | 0, who | 0);
  if (tasks === null) return -EINVAL;
  return tasks.length === 0 ? -ESRCH : 20 - Math.min(...tasks.map((task) => task.attributes.nice));
};

const sysSetpriority: SystemCall = (core, which, who, niceArgument) => {
  const tasks = selected(core, which | 0, who | 0);
  if (tasks === null) return -EINVAL;
  if (tasks.length === 0) return -ESRCH;
  const nice = Math.max(-20, Math.min(19, niceArgument | 0));
  for (const task of tasks) {
    // "EACCES: The caller attempted to set a lower nice value … but did not have the required privilege".
    if (nice < task.attributes.nice && !core.current.cred.isPrivileged) return -EACCES;
    task.attributes.nice = nice;
  }
  return 0;
};

export const schedSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_sched_setparam]: (core, pid, param) => setPolicy(core, pid, null, param),
  [SYS_sched_setscheduler]: (core, pid, policy, param) =>
    (policy | 0) < 0 ? -EINVAL : setPolicy(core, pid, policy | 0, param),
  [SYS_sched_getscheduler]: sysGetscheduler,
  [SYS_sched_getparam]: sysGetparam,
  [SYS_sched_get_priority_max]: priorityBound(99),
  [SYS_sched_get_priority_min]: priorityBound(1),
  [SYS_sched_rr_get_interval]: sysRrGetInterval,
  [SYS_sched_getaffinity]: sysGetaffinity,
  [SYS_sched_setaffinity]: sysSetaffinity,
  [SYS_getcpu]: sysGetcpu,
  [SYS_getpriority]: sysGetpriority,
  [SYS_setpriority]: sysSetpriority,
};
