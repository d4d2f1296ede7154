/** System calls that look at a file: its inode, its file system, who may use it (fs/stat.c, fs/open.c, fs/statfs.c). */
import { EACCES, EBADF, EFAULT, EINVAL, ENOENT, EROFS } from "../../../abi/errno.ts";
import {
  AT_EACCESS,
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_NO_AUTOMOUNT,
  AT_SYMLINK_NOFOLLOW,
  NAME_MAX,
  R_OK,
  W_OK,
  X_OK,
} from "../../../abi/fcntl.ts";
import { makedev, S_ISDIR, S_ISLNK, S_ISREG, S_IXGRP, S_IXOTH, S_IXUSR, stat } from "../../../abi/stat.ts";
import { ST_RDONLY, ST_RELATIME, ST_VALID, statfs } from "../../../abi/statfs.ts";
import {
  SYS_faccessat,
  SYS_faccessat2,
  SYS_fstat,
  SYS_fstatfs,
  SYS_newfstatat,
  SYS_readlinkat,
  SYS_statfs,
} from "../../../abi/syscalls.ts";
import { MAJOR, MINOR, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core, SystemCall } from "../core.ts";
import type { DentryRecord } from "./dentry.ts";
import type { HostSpace } from "./host-directory.ts";
import type { InodeRecord, SuperBlock } from "./inode.ts";
import { encodePath, readLinkOf } from "./path.ts";
import { lookupAt } from "./sys-file-path.ts";

/** The kernel's dev_t as user space sees it. */
const encodeDev = (dev: number): number => makedev(MAJOR(dev), MINOR(dev));

/** st_blocks counts 512 bytes, whatever st_blksize says. */
const BLOCKS_OF_PAGE = PAGE_SIZE / 512;

const putStat = (core: Core, inode: InodeRecord, pointer: number): number => {
  const bytes = stat.encode({
    st_dev: encodeDev(inode.superBlock.dev),
    st_ino: inode.ino,
    st_mode: inode.mode,
    st_nlink: inode.nlink,
    st_uid: inode.uid,
    st_gid: inode.gid,
    st_rdev: encodeDev(inode.rdev),
    st_size: inode.size,
    st_blksize: PAGE_SIZE,
    st_blocks: (inode.cache?.count ?? 0) * BLOCKS_OF_PAGE,
    st_atime: inode.atime.seconds,
    st_atime_nsec: inode.atime.nanoseconds,
    st_mtime: inode.mtime.seconds,
    st_mtime_nsec: inode.mtime.nanoseconds,
    st_ctime: inode.ctime.seconds,
    st_ctime_nsec: inode.ctime.nanoseconds,
  });
  return core.copyToUser(pointer, bytes) === 0 ? 0 : -EFAULT;
};

const sysFstat: SystemCall = (core, fd, pointer) => {
  const file = core.current.files.getRaw(fd | 0);
  return file === undefined ? -EBADF : putStat(core, file.inode, pointer);
};

const sysNewfstatat: SystemCall = (core, dirfd, path, pointer, flagsArgument) => {
  const flags = flagsArgument | 0;
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const emptyAllowed = (flags & AT_EMPTY_PATH) !== 0;
  // Since Linux 6.11 a null pointer is an empty path here.
  if (emptyAllowed && path === 0 && (dirfd | 0) >= 0) return sysFstat(core, dirfd, pointer, 0, 0, 0, 0);
  const found = lookupAt(core, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0, emptyAllowed);
  return typeof found === "number" ? found : putStat(core, found.inode, pointer);
};

/** A file system without a limit says 0, as tmpfs does. */
const spaceOf = ({ space, maxPages, usedPages, cleanPages }: SuperBlock): HostSpace | number => {
  if (space !== null) return space();
  const blocks = Number.isFinite(maxPages) ? maxPages : 0;
  const free = Math.max(0, blocks - (usedPages - cleanPages));
  return { blockSize: PAGE_SIZE, blocks, free, available: free };
};

const putStatfs = (core: Core, { inode }: DentryRecord, pointer: number): number => {
  const { magic, dev, readOnly } = inode.superBlock;
  const space = spaceOf(inode.superBlock);
  if (typeof space === "number") return space;
  const bytes = statfs.encode({
    f_type: magic,
    f_bsize: space.blockSize,
    f_blocks: space.blocks,
    f_bfree: space.free,
    f_bavail: space.available,
    f_fsid: [MINOR(dev), 0],
    f_namelen: NAME_MAX,
    f_frsize: space.blockSize,
    f_flags: ST_VALID | ST_RELATIME | (readOnly ? ST_RDONLY : 0),
  });
  return core.copyToUser(pointer, bytes) === 0 ? 0 : -EFAULT;
};

const sysStatfs: SystemCall = (core, path, pointer) => {
  const found = lookupAt(core, AT_FDCWD, path, true);
  return typeof found === "number" ? found : putStatfs(core, found, pointer);
};

const sysFstatfs: SystemCall = (core, fd, pointer) => {
  const file = core.current.files.getRaw(fd | 0);
  return file === undefined ? -EBADF : putStatfs(core, file.dentry, pointer);
};

/** Everybody is root, who may read and write everything and execute what anybody may execute (capabilities(7)). */
const mayAccess = ({ mode, superBlock }: InodeRecord, wanted: number): number => {
  const isSpecial = !S_ISREG(mode) && !S_ISDIR(mode) && !S_ISLNK(mode);
  // "EROFS: Write permission was requested for a file on a read-only filesystem."
  if ((wanted & W_OK) !== 0 && superBlock.readOnly && !isSpecial) return -EROFS;
  const executable = S_ISDIR(mode) || (mode & (S_IXUSR | S_IXGRP | S_IXOTH)) !== 0;
  return (wanted & X_OK) === 0 || executable ? 0 : -EACCES;
};

const sysFaccessat2: SystemCall = (core, dirfd, path, wantedArgument, flagsArgument) => {
  const [wanted, flags] = [wantedArgument | 0, flagsArgument | 0];
  if ((wanted & ~(R_OK | W_OK | X_OK)) !== 0) return -EINVAL;
  if ((flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const found = lookupAt(core, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0, (flags & AT_EMPTY_PATH) !== 0);
  return typeof found === "number" ? found : mayAccess(found.inode, wanted);
};

const sysReadlinkat: SystemCall = (core, dirfd, path, buffer, sizeArgument) => {
  const size = sizeArgument | 0;
  if (size <= 0) return -EINVAL;
  const found = lookupAt(core, dirfd, path, false, true);
  if (typeof found === "number") return found;
  // An empty path means the link that an O_PATH descriptor refers to.
  if (!S_ISLNK(found.inode.mode) && core.strncpyFromUser(path, 1) === "") return -ENOENT;
  const target = readLinkOf(found);
  if (typeof target === "number") return target;
  // "readlink() … It will (silently) truncate the contents" and "does not append a terminating null byte".
  const bytes = encodePath(target).subarray(0, size);
  return core.copyToUser(buffer, bytes) === 0 ? bytes.length : -EFAULT;
};

export const statSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_fstat]: sysFstat,
  [SYS_newfstatat]: sysNewfstatat,
  [SYS_statfs]: sysStatfs,
  [SYS_fstatfs]: sysFstatfs,
  [SYS_faccessat]: (core, dirfd, path, wanted) => sysFaccessat2(core, dirfd, path, wanted, 0, 0, 0),
  [SYS_faccessat2]: sysFaccessat2,
  [SYS_readlinkat]: sysReadlinkat,
};
