/** System calls on directories: where a process stands, and what a directory holds (fs/open.c, fs/readdir.c). */
import { EBADF, EFAULT, EINVAL, ENOENT, ENOTDIR, EPERM, ERANGE } from "../../../abi/errno.ts";
import { AT_FDCWD } from "../../../abi/fcntl.ts";
import { DIRENT64_NAME, linuxDirent64, S_IFMT, S_ISDIR } from "../../../abi/stat.ts";
import { SYS_chdir, SYS_chroot, SYS_fchdir, SYS_getcwd, SYS_getdents64 } from "../../../abi/syscalls.ts";
import type { SystemCall } from "../core.ts";
import { directoryEntries } from "./directory.ts";
import type { DirectoryEntry } from "./inode.ts";
import { encodePath, pathOf } from "./path.ts";
import { lookupAt } from "./sys-file-path.ts";

const sysChdir: SystemCall = (core, path) => {
  const found = lookupAt(core, AT_FDCWD, path, true);
  if (typeof found === "number") return found;
  if (!S_ISDIR(found.inode.mode)) return -ENOTDIR;
  core.current.fs.cwd = found;
  return 0;
};

const sysFchdir: SystemCall = (core, fd) => {
  const file = core.current.files.getRaw(fd | 0);
  if (file === undefined) return -EBADF;
  if (!S_ISDIR(file.inode.mode)) return -ENOTDIR;
  core.current.fs.cwd = file.dentry;
  return 0;
};

/** "chroot() changes the root directory of the calling process". The working directory stays where it is. */
const sysChroot: SystemCall = (core, path) => {
  const found = lookupAt(core, AT_FDCWD, path, true);
  if (typeof found === "number") return found;
  if (!S_ISDIR(found.inode.mode)) return -ENOTDIR;
  // "EPERM: The caller has insufficient privilege."
  if (!core.current.cred.isPrivileged) return -EPERM;
  core.current.fs.root = found;
  return 0;
};

/** The system call, not the library function: it returns the length of the path with its NUL. */
const sysGetcwd: SystemCall = (core, buffer, size) => {
  const { cwd } = core.current.fs;
  // "ENOENT: The current working directory has been unlinked."
  if (cwd.unlinked) return -ENOENT;
  const bytes = encodePath(`${pathOf(cwd)}\0`);
  // "ERANGE: The size argument is less than the length of the absolute pathname"; a size_t that is negative is huge.
  if (size >= 0 && bytes.length > size) return -ERANGE;
  return core.copyToUser(buffer, bytes) === 0 ? bytes.length : -EFAULT;
};

/** DT_… is the type bits of the mode, shifted down (IFTODT). */
const direntType = (mode: number): number => (mode & S_IFMT) >>> 12;

/** One struct linux_dirent64 with its name; its length is a multiple of 8. */
const formatEntry = ({ name, inode, cookie }: DirectoryEntry): Uint8Array => {
  const text = encodePath(name);
  const length = Math.ceil((DIRENT64_NAME + text.length + 1) / 8) * 8;
  const record = new Uint8Array(Math.max(length, linuxDirent64.size));
  const fixed = { d_ino: inode.ino, d_off: cookie, d_reclen: length, d_type: direntType(inode.mode) };
  linuxDirent64.write(record, 0, fixed);
  record.set(text, DIRENT64_NAME);
  return record.subarray(0, length);
};

const sysGetdents64: SystemCall = (core, fd, buffer, countArgument) => {
  const file = core.current.files.get(fd | 0);
  if (file === undefined) return -EBADF;
  if (!S_ISDIR(file.inode.mode)) return -ENOTDIR;
  // "ENOENT: No such directory": it was removed while it was open.
  if (file.dentry.unlinked) return -ENOENT;
  const count = countArgument >>> 0;
  let done = 0;
  for (const entry of directoryEntries(core.current.fs, file.dentry, file.position.value)) {
    const record = formatEntry(entry);
    // "EINVAL: Result buffer is too small."
    if (done + record.length > count) return done > 0 ? done : -EINVAL;
    if (core.copyToUser(buffer + done, record) !== 0) return done > 0 ? done : -EFAULT;
    done += record.length;
    file.position.value = entry.cookie;
  }
  return done;
};

export const directorySystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_chdir]: sysChdir,
  [SYS_fchdir]: sysFchdir,
  [SYS_chroot]: sysChroot,
  [SYS_getcwd]: sysGetcwd,
  [SYS_getdents64]: sysGetdents64,
};
