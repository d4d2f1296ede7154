/**
 * System calls on process groups and sessions (kernel/sys.c of Linux 6.12).
 *
 * Not modelled: a session's controlling terminal; the EACCES of setpgid(2) for a child that has called execve.
 */
import { EINVAL, EPERM, ESRCH } from "../../abi/errno.ts";
import { SYS_getpgid, SYS_getsid, SYS_setpgid, SYS_setsid } from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import type { Task } from "./task.ts";

/** The process of an argument: 0 is the caller. */
const taskOf = (core: Core, pid: number): Task | undefined =>
  (pid | 0) === 0 ? core.current : core.tasks.get(pid | 0);

const sysSetpgid: SystemCall = (core, pidArgument, groupArgument) => {
  const { current } = core;
  const group = groupArgument | 0;
  // "EINVAL: pgid is less than 0."
  if (group < 0) return -EINVAL;
  // "ESRCH: pid is not the calling process and not a child of the calling process."
  const task = taskOf(core, pidArgument);
  if (task === undefined || (task !== current && task.parent !== current)) return -ESRCH;
  // "EPERM: … to change the process group ID of one of the children …, and the child was in a different session"
  if (task.sid !== current.sid || task.sid === task.pid) return -EPERM;
  const wanted = group === 0 ? task.pid : group;
  // "EPERM: An attempt was made to move a process into a process group in a different session"
  const joins = [...core.tasks].some((one) => one.pgid === wanted && one.sid === task.sid);
  if (wanted !== task.pid && !joins) return -EPERM;
  task.pgid = wanted;
  return 0;
};

const sysSetsid: SystemCall = (core) => {
  const { current } = core;
  // "EPERM: The process group ID of any process equals the PID of the calling process."
  if ([...core.tasks].some((task) => task.pgid === current.pid)) return -EPERM;
  current.sid = current.pid;
  current.pgid = current.pid;
  return current.pid;
};

export const processGroupSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_setpgid]: sysSetpgid,
  [SYS_getpgid]: (core, pid) => taskOf(core, pid)?.pgid ?? -ESRCH,
  [SYS_getsid]: (core, pid) => taskOf(core, pid)?.sid ?? -ESRCH,
  [SYS_setsid]: sysSetsid,
};
