/** System calls on the address space. */
import { EFAULT, EINVAL, ENOMEM } from "../../abi/errno.ts";
import { MAP_ANONYMOUS, MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, MLOCK_ONFAULT } from "../../abi/mman.ts";
import {
  SYS_brk,
  SYS_madvise,
  SYS_mincore,
  SYS_mlock,
  SYS_mlock2,
  SYS_mlockall,
  SYS_mmap,
  SYS_mprotect,
  SYS_mremap,
  SYS_msync,
  SYS_munlock,
  SYS_munlockall,
  SYS_munmap,
} from "../../abi/syscalls.ts";
import { PAGE_SIZE } from "../../devices/drivers/vm.ts";
import type { Core, SystemCall } from "./core.ts";
import { brk } from "./mm/brk.ts";
import { madvise, mincore, mlock, msync } from "./mm/madvise.ts";
import { checkMmapArguments, mmap } from "./mm/mmap.ts";
import { mprotect } from "./mm/mprotect.ts";
import { mremap } from "./mm/mremap.ts";
import { munmap } from "./mm/munmap.ts";
import { accessOk } from "./uaccess.ts";

const sysMmap: SystemCall = (core, address, length, prot, flags, fd, offset) => {
  const file = (flags & MAP_ANONYMOUS) !== 0 ? null : (core.current.files.get(fd | 0) ?? null);
  const error = checkMmapArguments(offset, flags, file !== null);
  if (error < 0) return error;
  return mmap(core.current.mm, { address, length, prot: prot | 0, flags: flags | 0, file, offset });
};

const sysMincore: SystemCall = (core, start, length, vector) => {
  // "EINVAL: addr is not a multiple of the page size."
  if (start % PAGE_SIZE !== 0) return -EINVAL;
  // "ENOMEM: length is greater than (TASK_SIZE - addr)."
  if (!accessOk(start, length)) return -ENOMEM;
  const pages = Math.ceil(length / PAGE_SIZE);
  // "EFAULT: vec points to an invalid address."
  if (!accessOk(vector, pages)) return -EFAULT;
  return mincore(core.current.mm, start, pages * PAGE_SIZE, (offset, bytes) => {
    return core.copyToUser(vector + offset, bytes) === 0;
  });
};

const sysMlock2: SystemCall = (core, start, length, flags) => {
  // "EINVAL: (mlock2()) Unknown flags were specified."
  if ((flags & ~MLOCK_ONFAULT) !== 0) return -EINVAL;
  return mlock(core.current.mm, start, length, true, (flags & MLOCK_ONFAULT) !== 0);
};

/** mlockall(2): "MCL_CURRENT: Lock all pages which are currently mapped"; MCL_FUTURE is not modelled. */
const sysMlockall: SystemCall = (core, flags) => {
  if (flags === 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) !== 0 || flags === MCL_ONFAULT) return -EINVAL;
  if ((flags & MCL_CURRENT) !== 0) lockAll(core, true, (flags & MCL_ONFAULT) !== 0);
  return 0;
};

/** What cannot be locked is left as it is, as apply_mlockall_flags does. */
const lockAll = (core: Core, on: boolean, onFault: boolean): void => {
  const { mm } = core.current;
  for (const { start, end } of [...mm.vmas]) mlock(mm, start, end - start, on, onFault);
};

export const memorySystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_brk]: (core, address) => brk(core.current.mm, address),
  [SYS_mmap]: sysMmap,
  [SYS_munmap]: (core, start, length) => munmap(core.current.mm, start, length),
  [SYS_mprotect]: (core, start, length, prot) => mprotect(core.current.mm, start, length, prot | 0),
  [SYS_mremap]: (core, old, oldLength, newLength, flags, to) =>
    mremap(core.current.mm, old, oldLength, newLength, flags | 0, to),
  [SYS_msync]: (core, start, length, flags) => msync(core.current.mm, start, length, flags | 0),
  [SYS_mincore]: sysMincore,
  [SYS_madvise]: (core, start, length, advice) => madvise(core.current.mm, start, length, advice | 0),
  [SYS_mlock]: (core, start, length) => mlock(core.current.mm, start, length, true),
  [SYS_mlock2]: sysMlock2,
  [SYS_mlockall]: sysMlockall,
  [SYS_munlockall]: (core) => {
    lockAll(core, false, false);
    return 0;
  },
  [SYS_munlock]: (core, start, length) => mlock(core.current.mm, start, length, false),
};
