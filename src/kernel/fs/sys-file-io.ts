/** System calls that move bytes (fs/read_write.c of Linux 6.12). */
import { EBADF, EFAULT, EINVAL, EISDIR, EOPNOTSUPP, ERESTARTSYS, ESPIPE } from "../../../abi/errno.ts";
import { AT_FDCWD, O_NONBLOCK, SEEK_CUR, SEEK_HOLE } from "../../../abi/fcntl.ts";
import { POLLIN } from "../../../abi/poll.ts";
import { S_ISDIR, S_ISFIFO, S_ISREG } from "../../../abi/stat.ts";
import {
  SYS_fdatasync,
  SYS_fsync,
  SYS_ftruncate,
  SYS_lseek,
  SYS_pread64,
  SYS_preadv,
  SYS_preadv2,
  SYS_pwrite64,
  SYS_pwritev,
  SYS_pwritev2,
  SYS_read,
  SYS_readv,
  SYS_sync,
  SYS_truncate,
  SYS_write,
  SYS_writev,
} from "../../../abi/syscalls.ts";
import { iovec, RWF_DSYNC, RWF_HIPRI, RWF_SYNC, UIO_MAXIOV } from "../../../abi/uio.ts";
import type { Position } from "../../../devices/drivers/driver.ts";
import type { Core, SystemCall } from "../core.ts";
import type { OpenFile } from "./file.ts";
import { pollMask } from "./poll.ts";
import { seek } from "./regular-file.ts";
import { lookupAt } from "./sys-file-path.ts";

/** "read() (and similar system calls) will transfer at most 0x7ffff000 (2,147,479,552) bytes", read(2). */
const MAX_RW_COUNT = 0x7fff_f000;
/**
 * 2^63: an address at or above it is in the kernel's half and refused before anything is copied (TASK_SIZE_MAX of
 * riscv), a file offset is too large for loff_t.
 */
const LIMIT = 2 ** 63;

interface Segment {
  readonly base: number;
  readonly length: number;
}

const accessOk = (base: number, length: number): boolean => base >= 0 && length >= 0 && base + length < LIMIT;

/** The buffer of read or write, cut to what one call moves; -EFAULT. */
const oneSegment = (base: number, count: number): Segment[] | number =>
  accessOk(base, count) ? [{ base, length: Math.min(count, MAX_RW_COUNT) }] : -EFAULT;

/** An array of struct iovec (import_iovec); -EINVAL, -EFAULT. Together at most MAX_RW_COUNT bytes. */
const importIovec = (core: Core, pointer: number, count: number): Segment[] | number => {
  if (count < 0 || count > UIO_MAXIOV) return -EINVAL;
  const bytes = new Uint8Array(count * iovec.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const vectors = Array.from({ length: count }, (_, i) => iovec.read(bytes, i * iovec.size));
  if (vectors.some(({ iov_len }) => iov_len >= LIMIT)) return -EINVAL;
  if (vectors.some(({ iov_base, iov_len }) => !accessOk(iov_base, iov_len))) return -EFAULT;
  let left = MAX_RW_COUNT;
  return vectors.flatMap(({ iov_base, iov_len }) => {
    const length = Math.min(iov_len, left);
    left -= length;
    return length === 0 ? [] : [{ base: iov_base, length }];
  });
};

type Import = () => Segment[] | number;

/** rw_verify_area(): a range that passes the largest file offset is EINVAL. */
const passesEnd = (segments: readonly Segment[], position: Position): boolean =>
  position.value + segments.reduce((sum, { length }) => sum + length, 0) >= LIMIT;

const readInto = (file: OpenFile, segmentsOf: Import, position: Position): number => {
  if (!file.readable) return -EBADF;
  if (file.ops.read === undefined) return -EINVAL;
  const segments = segmentsOf();
  if (typeof segments === "number") return segments;
  if (passesEnd(segments, position)) return -EINVAL;
  let done = 0;
  for (const { base, length } of segments) {
    // What has been read is not held back by a file that has no more just now.
    if (done > 0 && file.ops.poll !== undefined && (pollMask(file) & POLLIN) === 0) break;
    const read = file.ops.read(file, base, length, position);
    if (read < 0) return done > 0 ? done : read;
    done += read;
    if (read < length) break;
  }
  return done;
};

/** A blocking pipe takes all that is written to it, however often the writer has to sleep (pipe(7)). */
const takesAll = (file: OpenFile): boolean => S_ISFIFO(file.inode.mode) && (file.flags & O_NONBLOCK) === 0;

const writeFrom = (core: Core, file: OpenFile, segmentsOf: Import, position: Position): number => {
  if (!file.writable) return -EBADF;
  if (file.ops.write === undefined) return -EINVAL;
  const segments = segmentsOf();
  if (typeof segments === "number") return segments;
  if (passesEnd(segments, position)) return -EINVAL;
  const { call } = core.current;
  // Not 0 when the call slept in the middle and is made again.
  let done = call?.moved ?? 0;
  let skip = done;
  for (const { base, length } of segments) {
    let at = Math.min(skip, length);
    skip -= at;
    // A count of 0 reaches the file too: what a driver says to it is the result.
    while (at < length || (length === 0 && done === 0)) {
      const written = file.ops.write(file, base + at, length - at, position);
      if (written === -ERESTARTSYS && call !== null) call.moved = done;
      if (written < 0) return done > 0 && written !== -ERESTARTSYS ? done : written;
      done += written;
      at += written;
      if (at < length && !(written > 0 && takesAll(file))) return done;
      if (length === 0) return written;
    }
  }
  return done;
};

const fileOf = (core: Core, fd: number): OpenFile | undefined => core.current.files.get(fd | 0);

const sysRead: SystemCall = (core, fd, buffer, count) => {
  const file = fileOf(core, fd);
  return file === undefined ? -EBADF : readInto(file, () => oneSegment(buffer, count), file.position);
};

const sysWrite: SystemCall = (core, fd, buffer, count) => {
  const file = fileOf(core, fd);
  return file === undefined ? -EBADF : writeFrom(core, file, () => oneSegment(buffer, count), file.position);
};

const sysReadv: SystemCall = (core, fd, vector, count) => {
  const file = fileOf(core, fd);
  return file === undefined ? -EBADF : readInto(file, () => importIovec(core, vector, count), file.position);
};

const sysWritev: SystemCall = (core, fd, vector, count) => {
  const file = fileOf(core, fd);
  return file === undefined ? -EBADF : writeFrom(core, file, () => importIovec(core, vector, count), file.position);
};

/** The file of a call at a position of its own; -EINVAL, -EBADF, and -ESPIPE for a pipe or terminal. */
const positioned = (core: Core, fd: number, position: number): OpenFile | number => {
  if (position < 0) return -EINVAL;
  const file = fileOf(core, fd);
  if (file === undefined) return -EBADF;
  return isSeekable(file) ? file : -ESPIPE;
};

/** Pipes and terminals have no position at all: asked where it is, they say ESPIPE. */
const isSeekable = (file: OpenFile): boolean => file.ops.llseek?.(file, 0, SEEK_CUR) !== -ESPIPE;

const sysPread64: SystemCall = (core, fd, buffer, count, value) => {
  const file = positioned(core, fd, value);
  return typeof file === "number" ? file : readInto(file, () => oneSegment(buffer, count), { value });
};

const sysPwrite64: SystemCall = (core, fd, buffer, count, value) => {
  const file = positioned(core, fd, value);
  return typeof file === "number" ? file : writeFrom(core, file, () => oneSegment(buffer, count), { value });
};

const sysPreadv: SystemCall = (core, fd, vector, count, value) => {
  const file = positioned(core, fd, value);
  return typeof file === "number" ? file : readInto(file, () => importIovec(core, vector, count), { value });
};

const sysPwritev: SystemCall = (core, fd, vector, count, value) => {
  const file = positioned(core, fd, value);
  return typeof file === "number" ? file : writeFrom(core, file, () => importIovec(core, vector, count), { value });
};

/** preadv2(2): the offset is one register here, the next is unused. RWF_NOWAIT and its kin are not modelled. */
const RWF_HARMLESS = RWF_HIPRI | RWF_DSYNC | RWF_SYNC;

const vectorCall2 =
  (at: SystemCall, onwards: SystemCall): SystemCall =>
  (core, fd, vector, count, value, high, flags) => {
    // "EOPNOTSUPP: An unknown flag is specified in flags."
    if ((flags & ~RWF_HARMLESS) !== 0) return -EOPNOTSUPP;
    // "if the offset argument is -1, then the current file offset is used and updated", preadv2(2).
    return value === -1 ? onwards(core, fd, vector, count, 0, 0, 0) : at(core, fd, vector, count, value, high, 0);
  };

const sysLseek: SystemCall = (core, fd, offset, whenceArgument) => {
  const file = fileOf(core, fd);
  if (file === undefined) return -EBADF;
  const whence = whenceArgument >>> 0;
  if (whence > SEEK_HOLE) return -EINVAL;
  const position =
    file.ops.llseek?.(file, offset, whence) ?? seek(offset, whence, file.position.value, file.inode.size, LIMIT);
  if (position >= 0) file.position.value = position;
  return position;
};

const sysFtruncate: SystemCall = (core, fd, length) => {
  if (length < 0) return -EINVAL;
  const file = fileOf(core, fd);
  if (file === undefined) return -EBADF;
  // "EINVAL: fd does not reference a regular file", or "EBADF or EINVAL: fd is not open for writing": EINVAL on Linux.
  if (!S_ISREG(file.inode.mode) || !file.writable) return -EINVAL;
  return core.vfs.truncate(file.inode, length);
};

const sysTruncate: SystemCall = (core, path, length) => {
  if (length < 0) return -EINVAL;
  const found = lookupAt(core, AT_FDCWD, path, true);
  if (typeof found === "number") return found;
  if (S_ISDIR(found.inode.mode)) return -EISDIR;
  return S_ISREG(found.inode.mode) ? core.vfs.truncate(found.inode, length) : -EINVAL;
};

/** "EINVAL: fd is bound to a special file (e.g., a pipe, FIFO, or socket) which does not support synchronization." */
const sysFsync: SystemCall = (core, fd) => {
  const file = fileOf(core, fd);
  if (file === undefined) return -EBADF;
  return file.ops.fsync?.(file) ?? -EINVAL;
};

export const ioSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_read]: sysRead,
  [SYS_write]: sysWrite,
  [SYS_readv]: sysReadv,
  [SYS_writev]: sysWritev,
  [SYS_pread64]: sysPread64,
  [SYS_pwrite64]: sysPwrite64,
  [SYS_preadv]: sysPreadv,
  [SYS_pwritev]: sysPwritev,
  [SYS_preadv2]: vectorCall2(sysPreadv, sysReadv),
  [SYS_pwritev2]: vectorCall2(sysPwritev, sysWritev),
  [SYS_lseek]: sysLseek,
  [SYS_ftruncate]: sysFtruncate,
  [SYS_truncate]: sysTruncate,
  [SYS_fsync]: sysFsync,
  [SYS_fdatasync]: sysFsync,
  [SYS_sync]: () => 0,
};
