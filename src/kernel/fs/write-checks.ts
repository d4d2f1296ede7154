/** What keeps a regular file from being written or resized: seals (memfd_create(2)), RLIMIT_FSIZE (getrlimit(2)). */
import { EFBIG, EPERM } from "../../../abi/errno.ts";
import { F_SEAL_FUTURE_WRITE, F_SEAL_GROW, F_SEAL_SHRINK, F_SEAL_WRITE } from "../../../abi/fcntl.ts";
import { RLIMIT_FSIZE } from "../../../abi/resource.ts";
import { SI_KERNEL, SIGXFSZ } from "../../../abi/signal.ts";
import type { VmArea } from "../../../devices/drivers/driver.ts";
import { VM_MAYWRITE, VM_SHARED, VM_WRITE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import { type InodeRecord, MAX_FILE_BYTES } from "./inode.ts";

const tooLarge = (core: Core): number => {
  core.send(core.current, { signo: SIGXFSZ, code: SI_KERNEL, address: 0 });
  return -EFBIG;
};

const WRITE_SEALS = F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;

/**
 * How many of `count` bytes may be written at `position`; -EFBIG, with the signal that RLIMIT_FSIZE sends ("Attempts to
 * extend a file beyond this limit result in delivery of a SIGXFSZ signal"); -EPERM of a seal. `limited` is false for
 * the host's own writes.
 */
export const writable = (core: Core, inode: InodeRecord, position: number, count: number, limited: boolean): number => {
  const limit = limited ? core.current.limits.soft(RLIMIT_FSIZE) : Number.POSITIVE_INFINITY;
  if (position >= limit) return tooLarge(core);
  if (position >= MAX_FILE_BYTES) return -EFBIG;
  const length = Math.min(count, Math.min(limit, MAX_FILE_BYTES) - position);
  const seals = inode.seals ?? 0;
  // "F_SEAL_WRITE: … you cannot modify the contents of the file", "F_SEAL_GROW: the size … cannot be increased": EPERM.
  const grows = position + length > inode.size;
  return (seals & WRITE_SEALS) !== 0 || (grows && (seals & F_SEAL_GROW) !== 0) ? -EPERM : length;
};

/** May the file become so long? 0, -EFBIG, -EPERM. */
export const checkSize = (core: Core, inode: InodeRecord, size: number): number => {
  if (size > MAX_FILE_BYTES) return -EFBIG;
  if (size > inode.size && size > core.current.limits.soft(RLIMIT_FSIZE)) return tooLarge(core);
  const seals = inode.seals ?? 0;
  // "F_SEAL_SHRINK: … the file in question cannot be reduced in size."
  const refused = size < inode.size ? F_SEAL_SHRINK : size > inode.size ? F_SEAL_GROW : 0;
  return (seals & refused) !== 0 ? -EPERM : 0;
};

/** seal_check_write: "trying to create a shared, writable memory-mapping via mmap(2) will fail with EPERM". */
export const checkMapping = ({ seals }: InodeRecord, vma: VmArea & { flags: number }): number => {
  if (((seals ?? 0) & WRITE_SEALS) === 0 || (vma.flags & VM_SHARED) === 0) return 0;
  if ((vma.flags & VM_WRITE) !== 0) return -EPERM;
  vma.flags &= ~VM_MAYWRITE;
  return 0;
};
