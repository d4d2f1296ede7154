/** Calls on the machine as a whole: its names, its clock, its log, what user mode may rely on (kernel/sys.c and kin). */
import { EFAULT, EINVAL, EPERM } from "../../abi/errno.ts";
import {
  SYS_clock_settime,
  SYS_membarrier,
  SYS_personality,
  SYS_riscv_flush_icache,
  SYS_setdomainname,
  SYS_sethostname,
  SYS_settimeofday,
  SYS_syslog,
  SYS_uname,
} from "../../abi/syscalls.ts";
import { utsname } from "../../abi/utsname.ts";
import type { Core, SystemCall } from "./core.ts";

/** __NEW_UTS_LEN. */
const NAME_MOST = 64;

const sysUname: SystemCall = (core, pointer) =>
  core.copyToUser(pointer, utsname.encode(core.uts)) === 0 ? 0 : -EFAULT;

const setName =
  (which: "nodename" | "domainname"): SystemCall =>
  (core, pointer, lengthArgument) => {
    const length = lengthArgument | 0;
    // "EPERM: … the caller did not have the CAP_SYS_ADMIN capability", and then "EINVAL: len is negative or too large."
    if (!core.current.cred.isPrivileged) return -EPERM;
    if (length < 0 || length > NAME_MOST) return -EINVAL;
    const bytes = new Uint8Array(length);
    if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
    core.uts[which] = new TextDecoder().decode(bytes).split("\0")[0]!;
    return 0;
  };

/** "By setting persona to 0xffffffff … the current persona … is left unchanged." What it asks for is kept, not done. */
const sysPersonality: SystemCall = (core, persona) => {
  const { attributes } = core.current;
  const before = attributes.personality;
  if (persona >>> 0 !== 0xffff_ffff) attributes.personality = persona >>> 0;
  return before;
};

/** MEMBARRIER_CMD_GLOBAL: with one hart every store is seen by all that run after it. */
const MEMBARRIER_QUERY = 0;
const MEMBARRIER_GLOBAL = 1;
const sysMembarrier: SystemCall = (_core, command, flags) => {
  if (flags !== 0) return -EINVAL;
  if ((command | 0) === MEMBARRIER_QUERY) return MEMBARRIER_GLOBAL;
  return (command | 0) === MEMBARRIER_GLOBAL ? 0 : -EINVAL;
};

/** SYS_RISCV_FLUSH_ICACHE_LOCAL. The hart's decoded code follows every store already. */
const sysFlushIcache: SystemCall = (_core, _start, _end, flags) => ((flags & ~1) === 0 ? 0 : -EINVAL);

/** "EPERM: The caller lacks privilege": the machine's time is its own, and nobody sets it. */
const noTimeSetting: SystemCall = () => -EPERM;

const SYSLOG_READ_ALL = 3;
const SYSLOG_SIZE_BUFFER = 10;

/** syslog(2), of which dmesg(1) needs two actions. */
const sysSyslog: SystemCall = (core: Core, type, pointer, lengthArgument) => {
  const length = lengthArgument | 0;
  const text = new TextEncoder().encode(core.dmesg());
  switch (type | 0) {
    case SYSLOG_READ_ALL: {
      if (pointer === 0 || length < 0) return -EINVAL;
      // "SYSLOG_ACTION_READ_ALL … read all messages remaining in the ring buffer": the last ones that fit.
      const bytes = text.subarray(Math.max(0, text.length - length));
      return core.copyToUser(pointer, bytes) === 0 ? bytes.length : -EFAULT;
    }
    case SYSLOG_SIZE_BUFFER:
      return text.length + 1;
    default:
      return -EINVAL;
  }
};

export const machineSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_uname]: sysUname,
  [SYS_sethostname]: setName("nodename"),
  [SYS_setdomainname]: setName("domainname"),
  [SYS_personality]: sysPersonality,
  [SYS_membarrier]: sysMembarrier,
  [SYS_riscv_flush_icache]: sysFlushIcache,
  [SYS_settimeofday]: noTimeSetting,
  [SYS_clock_settime]: noTimeSetting,
  [SYS_syslog]: sysSyslog,
};
