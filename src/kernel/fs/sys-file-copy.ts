/** From file to file inside the kernel: sendfile(2), copy_file_range(2) (fs/read_write.c of Linux 6.12). */
import { EBADF, EFAULT, EFBIG, EINVAL, EISDIR, ERESTARTSYS } from "../../../abi/errno.ts";
import { O_APPEND } from "../../../abi/fcntl.ts";
import { S_ISDIR, S_ISREG } from "../../../abi/stat.ts";
import { SYS_copy_file_range, SYS_sendfile } from "../../../abi/syscalls.ts";
import type { Position } from "../../../devices/drivers/driver.ts";
import type { Core, SystemCall } from "../core.ts";
import { getDoubleWord, putDoubleWord } from "../words.ts";
import type { OpenFile } from "./file.ts";
import { MAX_FILE_BYTES } from "./inode.ts";

/** "sendfile() will transfer at most 0x7ffff000 (2,147,479,552) bytes", sendfile(2). */
const MOST = 0x7fff_f000;
const PIECE = 0x1_0000;

/** A position in user memory, or the file's own when the pointer is null; -EFAULT, -EINVAL. */
const positionAt = (core: Core, pointer: number, file: OpenFile): Position | number => {
  if (pointer === 0) return file.position;
  const value = getDoubleWord(core, pointer);
  if (value === null) return -EFAULT;
  return value < 0n || value > BigInt(MAX_FILE_BYTES) ? -EINVAL : { value: Number(value) };
};

const putPosition = (core: Core, pointer: number, { value }: Position): boolean =>
  pointer === 0 || putDoubleWord(core, pointer, BigInt(value));

/**
 * Moves bytes until the source ends or the target takes no more: how many, or why none. A target that is full puts the
 * process to sleep; `call.moved` then says what is done already, and the positions go along.
 */
const transfer = (
  core: Core,
  source: OpenFile,
  from: Position,
  target: OpenFile,
  to: Position,
  count: number,
): number => {
  const call = core.current.call!;
  let done = call.moved;
  while (done < count) {
    const length = Math.min(PIECE, count - done, source.inode.size - from.value);
    if (length <= 0) break;
    const bytes = source.inode.cache!.read(from.value, length);
    const written = target.ops.kernelWrite!(target, bytes, to);
    if (written === -ERESTARTSYS) {
      call.moved = done;
      return written;
    }
    if (written < 0) return done > 0 ? done : written;
    from.value += written;
    done += written;
  }
  return done;
};

const sysSendfile: SystemCall = (core, outFd, inFd, pointer, countArgument) => {
  const { files } = core.current;
  const source = files.get(inFd | 0);
  // "EBADF: The input file was not opened for reading or the output file was not opened for writing."
  if (source === undefined || !source.readable) return -EBADF;
  const from = positionAt(core, pointer, source);
  if (typeof from === "number") return from;
  const target = files.get(outFd | 0);
  if (target === undefined || !target.writable) return -EBADF;
  // "EINVAL: Descriptor is not valid or locked, or an mmap(2)-like operation is not available for in_fd, or count is
  // negative", or "out_fd has the O_APPEND flag set".
  if (countArgument < 0 || source.inode.cache === null || !S_ISREG(source.inode.mode)) return -EINVAL;
  if ((target.flags & O_APPEND) !== 0 || target.ops.kernelWrite === undefined) return -EINVAL;
  const result = transfer(core, source, from, target, target.position, Math.min(countArgument, MOST));
  return putPosition(core, pointer, from) ? result : -EFAULT;
};

const sysCopyFileRange: SystemCall = (core, inFd, inPointer, outFd, outPointer, lengthArgument, flags) => {
  const { files } = core.current;
  const [source, target] = [files.get(inFd | 0), files.get(outFd | 0)];
  if (source === undefined || target === undefined) return -EBADF;
  const from = positionAt(core, inPointer, source);
  const to = positionAt(core, outPointer, target);
  if (typeof from === "number") return from;
  if (typeof to === "number") return to;
  // "EINVAL: The flags argument is not 0."
  if (flags !== 0) return -EINVAL;
  // "EISDIR: Either fd_in or fd_out refers to a directory."
  if (S_ISDIR(source.inode.mode) || S_ISDIR(target.inode.mode)) return -EISDIR;
  if (source.inode.cache === null || target.inode.cache === null) return -EINVAL;
  if (!source.readable || !target.writable || (target.flags & O_APPEND) !== 0) return -EBADF;
  const length = lengthArgument < 0 ? MOST : Math.min(lengthArgument, MOST);
  if (to.value >= MAX_FILE_BYTES) return -EFBIG;
  const real = Math.max(0, Math.min(length, source.inode.size - from.value));
  // "EINVAL: fd_in and fd_out refer to the same file and the source and target ranges overlap."
  const overlap = source.inode === target.inode && from.value < to.value + real && to.value < from.value + real;
  if (overlap) return -EINVAL;
  const result = transfer(core, source, from, target, to, real);
  const told = putPosition(core, inPointer, from) && putPosition(core, outPointer, to);
  return told ? result : -EFAULT;
};

export const copySystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_sendfile]: sysSendfile,
  [SYS_copy_file_range]: sysCopyFileRange,
};
