/** System calls that make, move and remove names (fs/namei.c of Linux 6.12). */
import {
  EACCES,
  EBUSY,
  EEXIST,
  EFAULT,
  EINVAL,
  EISDIR,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  EROFS,
  EXDEV,
} from "../../../abi/errno.ts";
import { AT_EMPTY_PATH, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, RENAME_NOREPLACE } from "../../../abi/fcntl.ts";
import {
  major,
  minor,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  S_ISBLK,
  S_ISCHR,
  S_ISDIR,
  S_ISVTX,
} from "../../../abi/stat.ts";
import {
  SYS_linkat,
  SYS_mkdirat,
  SYS_mknodat,
  SYS_renameat2,
  SYS_symlinkat,
  SYS_unlinkat,
} from "../../../abi/syscalls.ts";
import { MKDEV } from "../../../devices/drivers/vm.ts";
import type { Core, SystemCall } from "../core.ts";
import type { DentryRecord } from "./dentry.ts";
import type { Walked } from "./path.ts";
import { lookupAt, readPath, walkAt } from "./sys-file-path.ts";

/** Where a new name goes (filename_create), or -errno. */
const newName = (core: Core, dirfd: number, path: number, isDirectory: boolean): Walked | number => {
  const walked = walkAt(core, dirfd, path);
  if (typeof walked === "number") return walked;
  if (walked.kind !== "name" || walked.dentry !== null) return -EEXIST;
  // Only a directory can be asked for with a slash at the end.
  if (walked.slash && !isDirectory) return -ENOENT;
  if (walked.parent.inode.superBlock.readOnly) return -EROFS;
  return walked.parent.unlinked ? -ENOENT : walked;
};

const done = (made: DentryRecord | number): number => (typeof made === "number" ? made : 0);

const sysMkdirat: SystemCall = (core, dirfd, path, modeArgument) => {
  const at = newName(core, dirfd, path, true);
  if (typeof at === "number") return at;
  const mode = modeArgument & (0o777 | S_ISVTX) & ~core.current.fs.umask;
  return done(at.parent.inode.operations.mkdir?.(at.parent, at.name, mode) ?? -EPERM);
};

const NODE_TYPES = new Set([0, S_IFREG, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK]);

const sysMknodat: SystemCall = (core, dirfd, path, modeArgument, dev) => {
  const type = modeArgument & S_IFMT;
  // "EINVAL: mode requested creation of something other than a regular file, device special file, FIFO or socket."
  if (!NODE_TYPES.has(type)) return type === S_IFDIR ? -EPERM : -EINVAL;
  const at = newName(core, dirfd, path, false);
  if (typeof at === "number") return at;
  const mode = (type || S_IFREG) | (modeArgument & 0o7777 & ~core.current.fs.umask);
  const rdev = S_ISCHR(mode) || S_ISBLK(mode) ? MKDEV(major(dev >>> 0), minor(dev >>> 0)) : 0;
  const missing = (mode & S_IFMT) === S_IFREG ? -EACCES : -EPERM;
  return done(at.parent.inode.operations.create?.(at.parent, at.name, mode, rdev) ?? missing);
};

const sysSymlinkat: SystemCall = (core, target, dirfd, path) => {
  const text = readPath(core, target);
  if (typeof text === "number") return text;
  const at = newName(core, dirfd, path, false);
  if (typeof at === "number") return at;
  return done(at.parent.inode.operations.symlink?.(at.parent, at.name, text) ?? -EPERM);
};

const sysLinkat: SystemCall = (core, oldDirfd, oldPath, dirfd, path, flagsArgument) => {
  const flags = flagsArgument | 0;
  if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const old = lookupAt(core, oldDirfd, oldPath, (flags & AT_SYMLINK_FOLLOW) !== 0, (flags & AT_EMPTY_PATH) !== 0);
  if (typeof old === "number") return old;
  const at = newName(core, dirfd, path, false);
  if (typeof at === "number") return at;
  if (old.inode.superBlock !== at.parent.inode.superBlock) return -EXDEV;
  const { operations } = at.parent.inode;
  // "EPERM: oldpath is a directory", and a file system without hard links.
  if (operations.link === undefined || S_ISDIR(old.inode.mode)) return -EPERM;
  if (old.inode.nlink === 0) return -ENOENT;
  return done(operations.link(at.parent, at.name, old.inode));
};

const unlink = (core: Core, dirfd: number, path: number): number => {
  const at = walkAt(core, dirfd, path);
  if (typeof at === "number") return at;
  if (at.kind !== "name") return -EISDIR;
  if (at.parent.inode.superBlock.readOnly) return -EROFS;
  if (at.dentry === null) return -ENOENT;
  const isDirectory = S_ISDIR(at.dentry.inode.mode);
  if (isDirectory) return -EISDIR;
  if (at.slash) return -ENOTDIR;
  return at.parent.inode.operations.unlink?.(at.dentry) ?? -EPERM;
};

/** What a last component that is no name gives: rmdir(2) has a sentence for each. */
const RMDIR_ERRORS = { root: -EBUSY, dot: -EINVAL, dotdot: -ENOTEMPTY };

const rmdir = (core: Core, dirfd: number, path: number): number => {
  const at = walkAt(core, dirfd, path);
  if (typeof at === "number") return at;
  if (at.kind !== "name") return RMDIR_ERRORS[at.kind];
  if (at.parent.inode.superBlock.readOnly) return -EROFS;
  if (at.dentry === null) return -ENOENT;
  if (!S_ISDIR(at.dentry.inode.mode)) return -ENOTDIR;
  if (at.dentry.mountPoint !== null) return -EBUSY;
  return at.parent.inode.operations.rmdir?.(at.dentry) ?? -EPERM;
};

const sysUnlinkat: SystemCall = (core, dirfd, path, flagsArgument) => {
  const flags = flagsArgument | 0;
  if ((flags & ~AT_REMOVEDIR) !== 0) return -EINVAL;
  return flags === AT_REMOVEDIR ? rmdir(core, dirfd, path) : unlink(core, dirfd, path);
};

const sysRenameat2: SystemCall = (core, oldDirfd, oldPath, dirfd, path, flagsArgument) => {
  const flags = flagsArgument | 0;
  // "EINVAL: … the filesystem does not support one of the flags": RENAME_EXCHANGE and RENAME_WHITEOUT.
  if ((flags & ~RENAME_NOREPLACE) !== 0) return -EINVAL;
  // Both strings are fetched before either is walked.
  const target = readPath(core, path);
  if (target === -EFAULT && typeof readPath(core, oldPath) === "string") return target;
  const from = walkAt(core, oldDirfd, oldPath);
  if (typeof from === "number") return from;
  const to = walkAt(core, dirfd, path);
  if (typeof to === "number") return to;
  const noReplace = (flags & RENAME_NOREPLACE) !== 0;
  return checkRename(from, to, noReplace) ?? rename(from.dentry!, to);
};

/** do_renameat2(), in its order; null: nothing is against it. */
const checkRename = (from: Walked, to: Walked, noReplace: boolean): number | null => {
  if (from.parent.inode.superBlock !== to.parent.inode.superBlock) return -EXDEV;
  if (from.kind !== "name") return -EBUSY;
  if (to.kind !== "name") return noReplace ? -EEXIST : -EBUSY;
  if (from.parent.inode.superBlock.readOnly) return -EROFS;
  if (from.dentry === null) return -ENOENT;
  if (noReplace && to.dentry !== null) return -EEXIST;
  if (!S_ISDIR(from.dentry.inode.mode) && (from.slash || to.slash)) return -ENOTDIR;
  // "EINVAL: The new pathname contained a path prefix of the old", and the reverse is never empty.
  if (from.dentry.isAncestorOf(to.parent)) return -EINVAL;
  if (to.dentry?.isAncestorOf(from.parent)) return -ENOTEMPTY;
  if (to.parent.unlinked) return -ENOENT;
  return null;
};

const rename = (dentry: DentryRecord, { parent, name, dentry: target }: Walked): number => {
  // "If oldpath and newpath are existing hard links referring to the same file, then rename() does nothing."
  if (target?.inode === dentry.inode) return 0;
  if (target !== null) {
    const isDirectory = S_ISDIR(dentry.inode.mode);
    if (isDirectory && !S_ISDIR(target.inode.mode)) return -ENOTDIR;
    if (!isDirectory && S_ISDIR(target.inode.mode)) return -EISDIR;
    if (target.mountPoint !== null) return -EBUSY;
  }
  if (dentry.mountPoint !== null) return -EBUSY;
  return parent.inode.operations.rename?.(dentry, parent, name, target) ?? -EPERM;
};

export const treeSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_mkdirat]: sysMkdirat,
  [SYS_mknodat]: sysMknodat,
  [SYS_symlinkat]: sysSymlinkat,
  [SYS_linkat]: sysLinkat,
  [SYS_unlinkat]: sysUnlinkat,
  [SYS_renameat2]: sysRenameat2,
};
