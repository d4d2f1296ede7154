/** System calls that change what is written down about a file: mode, owner, times (fs/open.c, fs/utimes.c). */
import { EBADF, EFAULT, EINVAL, EOPNOTSUPP, EROFS } from "../../../abi/errno.ts";
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from "../../../abi/fcntl.ts";
import { S_ISDIR, S_ISGID, S_ISLNK, S_ISUID, S_IXGRP } from "../../../abi/stat.ts";
import {
  SYS_fchmod,
  SYS_fchmodat,
  SYS_fchmodat2,
  SYS_fchown,
  SYS_fchownat,
  SYS_umask,
  SYS_utimensat,
} from "../../../abi/syscalls.ts";
import { timespec } from "../../../abi/time.ts";
import type { Core, SystemCall } from "../core.ts";
import type { Attributes, InodeRecord, Timestamp } from "./inode.ts";
import { lookupAt } from "./sys-file-path.ts";

const PERMISSIONS = 0o7777;
/** tv_nsec of utimensat(2): the current time; leave it as it is (linux/stat.h). */
const UTIME_NOW = 0x3fff_ffff;
const UTIME_OMIT = 0x3fff_fffe;
const SECOND = 1e9;

/** May the inode change so? The file system, if it has a say, has taken it over. */
const setAttributes = (inode: InodeRecord, attributes: Attributes): number =>
  inode.superBlock.readOnly ? -EROFS : (inode.operations.setAttributes?.(inode, attributes) ?? 0);

const changeMode = (core: Core, inode: InodeRecord, mode: number): number => {
  const error = setAttributes(inode, { mode: mode & PERMISSIONS });
  if (error < 0) return error;
  inode.mode = (inode.mode & ~PERMISSIONS) | (mode & PERMISSIONS);
  inode.ctime = core.realTime();
  return 0;
};

const sysFchmod: SystemCall = (core, fd, mode) => {
  const file = core.current.files.get(fd | 0);
  return file === undefined ? -EBADF : changeMode(core, file.inode, mode);
};

const sysFchmodat: SystemCall = (core, dirfd, path, mode) => {
  const found = lookupAt(core, dirfd, path, true);
  return typeof found === "number" ? found : changeMode(core, found.inode, mode);
};

/** "fchmodat2(): Identical to fchmodat(), except that the flags argument is supported." */
const sysFchmodat2: SystemCall = (core, dirfd, path, mode, flagsArgument) => {
  const flags = flagsArgument | 0;
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const found = lookupAt(core, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0, (flags & AT_EMPTY_PATH) !== 0);
  if (typeof found === "number") return found;
  // The mode of a symbolic link cannot be changed.
  return S_ISLNK(found.inode.mode) ? -EOPNOTSUPP : changeMode(core, found.inode, mode);
};

/** "If the owner or group is specified as -1, then that ID is not changed", chown(2). */
const changeOwner = (core: Core, inode: InodeRecord, uid: number, gid: number): number => {
  const wanted = {
    uid: (uid | 0) === -1 ? inode.uid : uid >>> 0,
    gid: (gid | 0) === -1 ? inode.gid : gid >>> 0,
  };
  const error = setAttributes(inode, wanted);
  if (error < 0) return error;
  inode.uid = wanted.uid;
  inode.gid = wanted.gid;
  // "When the owner or group of an executable file is changed … the S_ISUID and S_ISGID mode bits are cleared."
  if (!S_ISDIR(inode.mode)) {
    inode.mode &= ~S_ISUID;
    if ((inode.mode & S_IXGRP) !== 0) inode.mode &= ~S_ISGID;
  }
  inode.ctime = core.realTime();
  return 0;
};

const sysFchown: SystemCall = (core, fd, uid, gid) => {
  const file = core.current.files.get(fd | 0);
  return file === undefined ? -EBADF : changeOwner(core, file.inode, uid, gid);
};

const sysFchownat: SystemCall = (core, dirfd, path, uid, gid, flagsArgument) => {
  const flags = flagsArgument | 0;
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const found = lookupAt(core, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0, (flags & AT_EMPTY_PATH) !== 0);
  return typeof found === "number" ? found : changeOwner(core, found.inode, uid, gid);
};

/** Access and modification time; null leaves one as it is. */
interface Times {
  readonly atime: Timestamp | null;
  readonly mtime: Timestamp | null;
}

const readTimes = (core: Core, pointer: number): Times | number => {
  const now = core.realTime();
  // "If times is NULL, then both timestamps are set to the current time."
  if (pointer === 0) return { atime: now, mtime: now };
  const bytes = new Uint8Array(2 * timespec.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const given = [timespec.read(bytes), timespec.read(bytes, timespec.size)];
  const isLegal = (nsec: number): boolean => nsec === UTIME_NOW || nsec === UTIME_OMIT || (nsec >= 0 && nsec < SECOND);
  // "EINVAL: Invalid value in one of the tv_nsec fields."
  const illegal = given.some(({ tv_nsec }) => !isLegal(tv_nsec));
  if (illegal) return -EINVAL;
  const [atime, mtime] = given.map(({ tv_sec, tv_nsec }): Timestamp | null => {
    if (tv_nsec === UTIME_OMIT) return null;
    return tv_nsec === UTIME_NOW ? now : { seconds: tv_sec, nanoseconds: tv_nsec };
  });
  return { atime: atime ?? null, mtime: mtime ?? null };
};

const setTimes = (core: Core, inode: InodeRecord, { atime, mtime }: Times): number => {
  const error = setAttributes(inode, { ...(atime && { atime }), ...(mtime && { mtime }) });
  if (error < 0) return error;
  if (atime !== null) inode.atime = atime;
  if (mtime !== null) inode.mtime = mtime;
  inode.ctime = core.realTime();
  return 0;
};

const sysUtimensat: SystemCall = (core, dirfd, path, pointer, flagsArgument) => {
  const flags = flagsArgument | 0;
  const times = readTimes(core, pointer);
  // What is not legal is found when the path is looked at; what leaves both alone looks at nothing.
  if (times === -EFAULT) return times;
  if (typeof times !== "number" && times.atime === null && times.mtime === null) return 0;
  if (path === 0 && (dirfd | 0) !== AT_FDCWD) {
    // futimens(3).
    if (flags !== 0) return -EINVAL;
    const file = core.current.files.get(dirfd | 0);
    if (file === undefined) return -EBADF;
    return typeof times === "number" ? times : setTimes(core, file.inode, times);
  }
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const found = lookupAt(core, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0, (flags & AT_EMPTY_PATH) !== 0);
  if (typeof found === "number") return found;
  return typeof times === "number" ? times : setTimes(core, found.inode, times);
};

/** "umask() … set the calling process's file mode creation mask to mask & 0777"; never fails. */
const sysUmask: SystemCall = (core, mask) => {
  const { fs } = core.current;
  const before = fs.umask;
  fs.umask = mask & 0o777;
  return before;
};

export const attributeSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_fchmod]: sysFchmod,
  [SYS_fchmodat]: sysFchmodat,
  [SYS_fchmodat2]: sysFchmodat2,
  [SYS_fchown]: sysFchown,
  [SYS_fchownat]: sysFchownat,
  [SYS_utimensat]: sysUtimensat,
  [SYS_umask]: sysUmask,
};
