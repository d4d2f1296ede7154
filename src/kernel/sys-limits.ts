/** prlimit(2), getrlimit(2), setrlimit(2) (kernel/sys.c of Linux 6.12). */
import { EFAULT, EINVAL, EPERM, ESRCH } from "../../abi/errno.ts";
import { RLIM_INFINITY, RLIM_NLIMITS, RLIMIT_NOFILE, rlimit } from "../../abi/resource.ts";
import { SYS_getrlimit, SYS_prlimit64, SYS_setrlimit } from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import type { Limit } from "./limits.ts";
import type { Task } from "./task.ts";

/** What a number holds exactly; above it a limit is none. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER);
const numberOf = (limit: bigint): number => (limit > MOST ? Number.POSITIVE_INFINITY : Number(limit));
const bitsOf = (limit: number): bigint => (limit === Number.POSITIVE_INFINITY ? RLIM_INFINITY : BigInt(limit));

const readLimit = (core: Core, pointer: number): Limit | number => {
  const bytes = new Uint8Array(rlimit.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const { rlim_cur, rlim_max } = rlimit.read(bytes);
  // "EINVAL: rlim->rlim_cur was greater than rlim->rlim_max."
  return rlim_cur > rlim_max ? -EINVAL : { soft: numberOf(rlim_cur), hard: numberOf(rlim_max) };
};

const setLimit = (core: Core, task: Task, resource: number, wanted: Limit): number => {
  const { hard } = task.limits.get(resource);
  // "EPERM: … the limit to be raised is a hard one and the caller is not privileged", or RLIMIT_NOFILE above fs.nr_open.
  if (resource === RLIMIT_NOFILE && wanted.hard > core.limits.openFiles) return -EPERM;
  if (wanted.hard > hard && !core.current.cred.isPrivileged) return -EPERM;
  task.limits.set(resource, wanted);
  task.applyLimits();
  return 0;
};

const prlimit = (core: Core, task: Task, resource: number, newPointer: number, oldPointer: number): number => {
  const before = task.limits.get(resource);
  if (newPointer !== 0) {
    const wanted = readLimit(core, newPointer);
    const error = typeof wanted === "number" ? wanted : setLimit(core, task, resource, wanted);
    if (error < 0) return error;
  }
  if (oldPointer === 0) return 0;
  const bytes = rlimit.encode({ rlim_cur: bitsOf(before.soft), rlim_max: bitsOf(before.hard) });
  return core.copyToUser(oldPointer, bytes) === 0 ? 0 : -EFAULT;
};

/** "EINVAL: The value specified in resource is not valid", getrlimit(2). */
const isResource = (resource: number): boolean => resource >= 0 && resource < RLIM_NLIMITS;

const sysPrlimit64: SystemCall = (core, pidArgument, resource, newPointer, oldPointer) => {
  if (!isResource(resource)) return -EINVAL;
  const pid = pidArgument | 0;
  const task = pid === 0 ? core.current : core.tasks.get(pid);
  if (task === undefined) return -ESRCH;
  // "EPERM: The calling process did not have permission to set limits for the process specified by pid."
  const same = core.current.cred.user.real === task.cred.user.real;
  if (task !== core.current && !core.current.cred.isPrivileged && !same) return -EPERM;
  return prlimit(core, task, resource, newPointer, oldPointer);
};

export const limitSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_prlimit64]: sysPrlimit64,
  [SYS_getrlimit]: (core, resource, pointer) => {
    if (!isResource(resource)) return -EINVAL;
    return pointer === 0 ? -EFAULT : prlimit(core, core.current, resource, 0, pointer);
  },
  [SYS_setrlimit]: (core, resource, pointer) => {
    if (pointer === 0) return -EFAULT;
    return isResource(resource) ? prlimit(core, core.current, resource, pointer, 0) : -EINVAL;
  },
};
