/** Advice about files, and room for them: fadvise64(2), readahead(2), fallocate(2), syncfs(2), sync_file_range(2). */
import { EBADF, EFBIG, EINVAL, ENODEV, EOPNOTSUPP, EPERM, ESPIPE } from "../../../abi/errno.ts";
import {
  F_SEAL_FUTURE_WRITE,
  F_SEAL_GROW,
  F_SEAL_WRITE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
} from "../../../abi/fcntl.ts";
import { S_ISBLK, S_ISDIR, S_ISFIFO, S_ISLNK, S_ISREG } from "../../../abi/stat.ts";
import { SYS_fadvise64, SYS_fallocate, SYS_readahead, SYS_sync_file_range, SYS_syncfs } from "../../../abi/syscalls.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core, SystemCall } from "../core.ts";
import { type InodeRecord, MAX_FILE_BYTES } from "./inode.ts";

/** POSIX_FADV_NORMAL … POSIX_FADV_NOREUSE. */
const LAST_ADVICE = 5;
/** SYNC_FILE_RANGE_WAIT_BEFORE | WRITE | WAIT_AFTER. */
const SYNC_FLAGS = 7;

/** Files are in memory already: the advice is checked, and nothing is to be done. */
const sysFadvise64: SystemCall = (core, fd, _offset, length, advice) => {
  const file = core.current.files.get(fd | 0);
  if (file === undefined) return -EBADF;
  // "ESPIPE: The specified file descriptor refers to a pipe or FIFO."
  if (S_ISFIFO(file.inode.mode)) return -ESPIPE;
  // "EINVAL: An invalid value was specified for advice."
  return length < 0 || (advice | 0) < 0 || (advice | 0) > LAST_ADVICE ? -EINVAL : 0;
};

const sysReadahead: SystemCall = (core, fd) => {
  const file = core.current.files.get(fd | 0);
  // "EBADF: fd is not a valid file descriptor or is not open for reading."
  if (file === undefined || !file.readable) return -EBADF;
  return S_ISREG(file.inode.mode) ? 0 : -EINVAL;
};

const sysSyncfs: SystemCall = (core, fd) => (core.current.files.get(fd | 0) === undefined ? -EBADF : 0);

const sysSyncFileRange: SystemCall = (core, fd, offset, length, flags) => {
  const file = core.current.files.get(fd | 0);
  if (file === undefined) return -EBADF;
  // "EINVAL: flags specifies an invalid bit; or offset or nbytes is invalid."
  if ((flags & ~SYNC_FLAGS) !== 0 || offset < 0 || length < 0) return -EINVAL;
  const { mode } = file.inode;
  // "ESPIPE: fd refers to something other than a regular file, a block device, or a directory."
  return S_ISREG(mode) || S_ISBLK(mode) || S_ISDIR(mode) || S_ISLNK(mode) ? 0 : -ESPIPE;
};

/** Pages for a range, so that later writes to it do not fail for want of room. */
const allocate = (inode: InodeRecord, offset: number, length: number): number => {
  const last = Math.ceil((offset + length) / PAGE_SIZE);
  for (let pgoff = Math.floor(offset / PAGE_SIZE); pgoff < last; pgoff++) {
    const page = inode.cache!.findOrCreate(pgoff);
    if (typeof page === "number") return page;
  }
  return 0;
};

/** "Within the specified range, partial filesystem blocks are zeroed, and whole filesystem blocks are removed". */
const punchHole = (core: Core, inode: InodeRecord, offset: number, end: number): number => {
  const first = Math.ceil(offset / PAGE_SIZE) * PAGE_SIZE;
  const last = Math.floor(end / PAGE_SIZE) * PAGE_SIZE;
  if (first < last) core.unmapMappingRange(inode, first, last);
  return inode.cache!.punch(offset, end);
};

const changeRoom = (core: Core, inode: InodeRecord, mode: number, offset: number, length: number): number => {
  const seals = inode.seals ?? 0;
  if (mode === (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)) {
    if ((seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) !== 0) return -EPERM;
    return punchHole(core, inode, offset, Math.min(offset + length, inode.size));
  }
  const grows = (mode & FALLOC_FL_KEEP_SIZE) === 0 && offset + length > inode.size;
  if (grows && (seals & F_SEAL_GROW) !== 0) return -EPERM;
  const error = allocate(inode, offset, length);
  if (error < 0 || !grows) return error;
  return core.vfs.truncate(inode, offset + length);
};

const sysFallocate: SystemCall = (core, fd, modeArgument, offset, length) => {
  const file = core.current.files.get(fd | 0);
  if (file === undefined) return -EBADF;
  const mode = modeArgument | 0;
  // "EINVAL: offset was less than 0, or size was less than or equal to 0."
  if (offset < 0 || length <= 0) return -EINVAL;
  if ((mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE)) !== 0) return -EOPNOTSUPP;
  // "FALLOC_FL_PUNCH_HOLE … must be ORed in mode with FALLOC_FL_KEEP_SIZE": else EOPNOTSUPP.
  if (mode === FALLOC_FL_PUNCH_HOLE) return -EOPNOTSUPP;
  if (!file.writable) return -EBADF;
  if (S_ISFIFO(file.inode.mode)) return -ESPIPE;
  // "ENODEV: fd does not refer to a regular file or a directory."
  if (!S_ISREG(file.inode.mode)) return -ENODEV;
  if (offset + length > MAX_FILE_BYTES) return -EFBIG;
  return file.inode.cache === null ? -EOPNOTSUPP : changeRoom(core, file.inode, mode, offset, length);
};

export const adviceSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_fadvise64]: sysFadvise64,
  [SYS_readahead]: sysReadahead,
  [SYS_syncfs]: sysSyncfs,
  [SYS_sync_file_range]: sysSyncFileRange,
  [SYS_fallocate]: sysFallocate,
};
