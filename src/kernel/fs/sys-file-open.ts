/** System calls on descriptors (fs/open.c, fs/file.c, fs/fcntl.c, fs/ioctl.c of Linux 6.12). */
import { EBADF, EFAULT, EINVAL, EMFILE, ENOTTY } from "../../../abi/errno.ts";
import {
  CLOSE_RANGE_CLOEXEC,
  CLOSE_RANGE_UNSHARE,
  F_ADD_SEALS,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GET_SEALS,
  F_GETFD,
  F_GETFL,
  F_GETPIPE_SZ,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  O_CLOEXEC,
  O_NONBLOCK,
  O_PATH,
} from "../../../abi/fcntl.ts";
import { FIOCLEX, FIONBIO, FIONCLEX, FIONREAD } from "../../../abi/ioctl.ts";
import { S_ISDIR, S_ISFIFO, S_ISREG } from "../../../abi/stat.ts";
import {
  SYS_close,
  SYS_close_range,
  SYS_dup,
  SYS_dup3,
  SYS_fcntl,
  SYS_ioctl,
  SYS_openat,
  SYS_pipe2,
} from "../../../abi/syscalls.ts";
import type { Core, SystemCall } from "../core.ts";
import { type OpenFile, SETFL_MASK } from "./file.ts";
import { makePipe, PIPE_SIZE } from "./pipe.ts";
import { isLockCommand, lockCommand } from "./sys-file-lock.ts";
import { addSeals, getSeals } from "./sys-file-memfd.ts";
import { directoryOf, readPath } from "./sys-file-path.ts";

const sysOpenat: SystemCall = (core, dirfd, pointer, flagsArgument, modeArgument) => {
  const { files, fs } = core.current;
  const flags = flagsArgument | 0;
  const path = readPath(core, pointer);
  if (typeof path === "number") return path;
  const free = files.lowestFree();
  if (free < 0) return free;
  const base = directoryOf(core, dirfd, path);
  if (typeof base === "number") return base;
  const file = core.vfs.open(fs, path, flags, modeArgument & 0o7777, base);
  return typeof file === "number" ? file : files.install(file, (flags & O_CLOEXEC) !== 0);
};

const sysDup: SystemCall = (core, fd) => {
  const file = core.current.files.getRaw(fd | 0);
  return file === undefined ? -EBADF : duplicate(core, file, 0, false);
};

const duplicate = (core: Core, file: OpenFile, from: number, closeOnExec: boolean): number => {
  const fd = core.current.files.install(file.get(), closeOnExec, from);
  if (fd < 0) file.put();
  return fd;
};

const sysDup3: SystemCall = (core, oldArgument, newArgument, flagsArgument) => {
  const [oldFd, newFd, flags] = [oldArgument | 0, newArgument | 0, flagsArgument | 0];
  // "EINVAL: (dup3()) flags contain an invalid value … oldfd was equal to newfd."
  if ((flags & ~O_CLOEXEC) !== 0 || oldFd === newFd) return -EINVAL;
  // "EBADF: newfd is out of the allowed range for file descriptors."
  if (newFd < 0 || newFd >= core.current.files.max) return -EBADF;
  const file = core.current.files.getRaw(oldFd);
  if (file === undefined) return -EBADF;
  core.current.files.replace(newFd, file.get(), (flags & O_CLOEXEC) !== 0);
  return newFd;
};

const sysFcntl: SystemCall = (core, fdArgument, commandArgument, argument) => {
  const { files } = core.current;
  const [fd, command] = [fdArgument | 0, commandArgument | 0];
  const file = files.getRaw(fd);
  if (file === undefined) return -EBADF;
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      // "EINVAL: op is F_DUPFD and arg is negative or is greater than the maximum allowable value."
      if (argument >>> 0 >= files.max) return -EINVAL;
      return duplicate(core, file, argument >>> 0, command === F_DUPFD_CLOEXEC);
    case F_GETFD:
      return files.isCloseOnExec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
      files.setCloseOnExec(fd, (argument & FD_CLOEXEC) !== 0);
      return 0;
    case F_GETFL:
      return file.flags;
  }
  if ((file.flags & O_PATH) !== 0) return -EBADF;
  if (isLockCommand(command)) return lockCommand(core, file, command, argument);
  switch (command) {
    case F_SETFL:
      file.flags = (file.flags & ~SETFL_MASK) | (argument & SETFL_MASK);
      return 0;
    case F_ADD_SEALS:
      return addSeals(core, file, argument >>> 0);
    case F_GET_SEALS:
      return getSeals(file);
    case F_GETPIPE_SZ:
      return S_ISFIFO(file.inode.mode) ? PIPE_SIZE : -EBADF;
    default:
      return -EINVAL;
  }
};

/** The command is unsigned (drivers compare it with _IOR… numbers), the argument a signed register. */
const sysIoctl: SystemCall = (core, fdArgument, commandArgument, argument) => {
  const { files } = core.current;
  const fd = fdArgument | 0;
  const command = commandArgument >>> 0;
  const file = files.get(fd);
  if (file === undefined) return -EBADF;
  switch (command) {
    case FIOCLEX:
    case FIONCLEX:
      files.setCloseOnExec(fd, command === FIOCLEX);
      return 0;
    case FIONBIO: {
      const on = readInt(core, argument);
      if (on === null) return -EFAULT;
      file.flags = on === 0 ? file.flags & ~O_NONBLOCK : file.flags | O_NONBLOCK;
      return 0;
    }
    case FIONREAD:
      if (!S_ISREG(file.inode.mode)) break;
      return writeInts(core, argument, [file.inode.size - file.position.value]);
  }
  // "ENOTTY: The specified operation does not apply to the kind of object that the file descriptor fd references."
  return S_ISDIR(file.inode.mode) ? -ENOTTY : (file.ops.ioctl?.(file, command, argument) ?? -ENOTTY);
};

const readInt = (core: Core, pointer: number): number | null => {
  const bytes = new Uint8Array(4);
  return core.copyFromUser(bytes, pointer) === 0 ? new DataView(bytes.buffer).getInt32(0, true) : null;
};

const writeInts = (core: Core, pointer: number, values: readonly number[]): number =>
  core.copyToUser(pointer, new Uint8Array(new Int32Array(values).buffer)) === 0 ? 0 : -EFAULT;

const sysPipe2: SystemCall = (core, pointer, flagsArgument) => {
  const flags = flagsArgument | 0;
  // O_DIRECT, packets, is not modelled: EINVAL, as on a kernel before it (3.4).
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) !== 0) return -EINVAL;
  const { files } = core.current;
  const ends = makePipe(core, flags & O_NONBLOCK);
  const fds = ends.map((end) => files.install(end, (flags & O_CLOEXEC) !== 0));
  // "EFAULT: pipefd is not valid", and on any failure pipefd stays as it was and nothing is open.
  const error = fds.some((fd) => fd < 0) ? -EMFILE : writeInts(core, pointer, fds);
  if (error === 0) return 0;
  for (const [i, end] of ends.entries()) {
    if (fds[i]! >= 0) files.close(fds[i]!);
    else end.put();
  }
  return error;
};

/** "close_range() … closes all open file descriptors from first to last (included)." */
const sysCloseRange: SystemCall = (core, firstArgument, lastArgument, flags) => {
  const { files } = core.current;
  const [first, last] = [firstArgument >>> 0, lastArgument >>> 0];
  // "EINVAL: flags is not valid, or first is greater than last."
  if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) !== 0 || first > last) return -EINVAL;
  for (const fd of files.open()) {
    if (fd < first || fd > last) continue;
    if ((flags & CLOSE_RANGE_CLOEXEC) !== 0) files.setCloseOnExec(fd, true);
    else files.close(fd);
  }
  return 0;
};

export const descriptorSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_openat]: sysOpenat,
  [SYS_close]: (core, fd) => core.current.files.close(fd | 0),
  [SYS_close_range]: sysCloseRange,
  [SYS_dup]: sysDup,
  [SYS_dup3]: sysDup3,
  [SYS_fcntl]: sysFcntl,
  [SYS_ioctl]: sysIoctl,
  [SYS_pipe2]: sysPipe2,
};
