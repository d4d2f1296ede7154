/** statx(2) (fs/stat.c of Linux 6.12). No file here remembers when it was made: STATX_BTIME is never among the answers. */
import { EFAULT, EINVAL } from "../../../abi/errno.ts";
import { AT_EMPTY_PATH, AT_NO_AUTOMOUNT, AT_STATX_SYNC_TYPE, AT_SYMLINK_NOFOLLOW } from "../../../abi/fcntl.ts";
import { STATX_BASIC_STATS, statx } from "../../../abi/stat.ts";
import { SYS_statx } from "../../../abi/syscalls.ts";
import { MAJOR, MINOR, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core, SystemCall } from "../core.ts";
import type { InodeRecord, Timestamp } from "./inode.ts";
import { lookupAt } from "./sys-file-path.ts";

const KNOWN_FLAGS = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE;
const STATX__RESERVED = 0x8000_0000;
const BLOCK = 512;

const timestamp = ({ seconds, nanoseconds }: Timestamp) => ({ tv_sec: seconds, tv_nsec: nanoseconds });

const statxBytes = (inode: InodeRecord): Uint8Array =>
  statx.encode({
    stx_mask: STATX_BASIC_STATS,
    stx_blksize: PAGE_SIZE,
    stx_nlink: inode.nlink,
    stx_uid: inode.uid,
    stx_gid: inode.gid,
    stx_mode: inode.mode,
    stx_ino: inode.ino,
    stx_size: inode.size,
    stx_blocks: ((inode.cache?.count ?? 0) * PAGE_SIZE) / BLOCK,
    stx_atime: timestamp(inode.atime),
    stx_mtime: timestamp(inode.mtime),
    stx_ctime: timestamp(inode.ctime),
    stx_rdev_major: MAJOR(inode.rdev),
    stx_rdev_minor: MINOR(inode.rdev),
    stx_dev_major: MAJOR(inode.superBlock.dev),
    stx_dev_minor: MINOR(inode.superBlock.dev),
  });

const put = (core: Core, pointer: number, inode: InodeRecord): number =>
  core.copyToUser(pointer, statxBytes(inode)) === 0 ? 0 : -EFAULT;

const sysStatx: SystemCall = (core, dirfd, path, flagsArgument, mask, pointer) => {
  const flags = flagsArgument | 0;
  // "EINVAL: Reserved flag specified in mask."
  if ((mask & STATX__RESERVED) !== 0) return -EINVAL;
  // "EINVAL: Invalid flag specified in flags": of the two about synchronising, one.
  if ((flags & AT_STATX_SYNC_TYPE) === AT_STATX_SYNC_TYPE || (flags & ~KNOWN_FLAGS) !== 0) return -EINVAL;
  const found = lookupAt(core, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0, (flags & AT_EMPTY_PATH) !== 0);
  return typeof found === "number" ? found : put(core, pointer, found.inode);
};

export const statxSystemCalls: Readonly<Record<number, SystemCall>> = { [SYS_statx]: sysStatx };
