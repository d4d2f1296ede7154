/** What has been used: getrusage(2), times(2), sysinfo(2). One instruction on the hart is one nanosecond. */
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import { RUSAGE_CHILDREN, RUSAGE_SELF, RUSAGE_THREAD } from "../../abi/resource.ts";
import { SYS_getrusage, SYS_sysinfo, SYS_times } from "../../abi/syscalls.ts";
import { tms, USER_HZ } from "../../abi/time.ts";
import { sysinfo } from "../../abi/utsname.ts";
import { PAGE_SIZE } from "../../devices/drivers/vm.ts";
import type { SystemCall } from "./core.ts";
import { SECOND } from "./time-value.ts";
import { rusageBytes, usageOf } from "./usage.ts";

const sysGetrusage: SystemCall = (core, whoArgument, pointer) => {
  const who = whoArgument | 0;
  // "EINVAL: who is invalid."
  if (who !== RUSAGE_SELF && who !== RUSAGE_CHILDREN && who !== RUSAGE_THREAD) return -EINVAL;
  const { current } = core;
  const used = who === RUSAGE_CHILDREN ? current.childrenUsage : usageOf(current);
  return core.copyToUser(pointer, rusageBytes(used)) === 0 ? 0 : -EFAULT;
};

const ticks = (nanoseconds: number): number => Math.floor(nanoseconds / (SECOND / USER_HZ));

/** "times() returns the number of clock ticks that have elapsed since an arbitrary point in the past": since the start. */
const sysTimes: SystemCall = (core, pointer) => {
  const { current } = core;
  const bytes = tms.encode({ tms_utime: ticks(current.cpuTime), tms_cutime: ticks(current.childrenUsage.cpuTime) });
  if (pointer !== 0 && core.copyToUser(pointer, bytes) !== 0) return -EFAULT;
  return ticks(core.ktimeGet());
};

/** There is no swap, and nobody keeps an average of the load. */
const sysSysinfo: SystemCall = (core, pointer) => {
  const { pages, vfs } = core;
  const bytes = sysinfo.encode({
    uptime: Math.floor(core.ktimeGet() / SECOND),
    totalram: pages.total * PAGE_SIZE,
    freeram: pages.available * PAGE_SIZE,
    sharedram: vfs.shmem.superBlock.usedPages * PAGE_SIZE,
    procs: [...core.tasks].length,
    mem_unit: 1,
  });
  return core.copyToUser(pointer, bytes) === 0 ? 0 : -EFAULT;
};

export const usageSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_getrusage]: sysGetrusage,
  [SYS_times]: sysTimes,
  [SYS_sysinfo]: sysSysinfo,
};
