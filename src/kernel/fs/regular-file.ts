/** Reading, writing and mapping a regular file in memory (mm/shmem.c, mm/filemap.c of Linux 6.12). */
import { EINVAL, ENOMEM, ENXIO } from "../../../abi/errno.ts";
import { O_APPEND, SEEK_CUR, SEEK_DATA, SEEK_END, SEEK_HOLE, SEEK_SET } from "../../../abi/fcntl.ts";
import type { File, FileOperations, Position, VmFault, VmOperations } from "../../../devices/drivers/driver.ts";
import { PAGE_ALIGN, PAGE_SIZE, VM_FAULT_OOM, VM_FAULT_SIGBUS } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import { type InodeRecord, MAX_FILE_BYTES } from "./inode.ts";
import { checkMapping, checkSize, writable } from "./write-checks.ts";

const inodeOf = (file: File): InodeRecord => file.inode as InodeRecord;

export interface RegularFile {
  readonly operations: FileOperations;
  /** For a mapping of the file: pages of the cache, by reference. */
  readonly vmOperations: VmOperations;
  /** truncate: "extended part reads as null bytes", mappings of what is gone get SIGBUS. 0 or -EFBIG. */
  setSize(inode: InodeRecord, size: number): number;
}

/** The operations of regular files, for inodes that have a page cache. `hooks` are more for their mappings. */
export const makeRegularFile = (core: Core, hooks: VmOperations = {}): RegularFile => {
  const vmOperations: VmOperations = { fault: (vmf) => fault(core, vmf), ...hooks };
  return {
    vmOperations,
    setSize: (inode, size) => setSize(core, inode, size),
    operations: {
      read: (file, buffer, count, position) => read(core, file, buffer, count, position),
      write: (file, buffer, count, position) => write(core, file, count, position, buffer),
      kernelWrite: (file, bytes, position) => write(core, file, bytes.length, position, bytes),
      llseek: (file, offset, whence) => seek(offset, whence, file.position.value, inodeOf(file).size, MAX_FILE_BYTES),
      fsync: () => 0,
      mmap: (file, vma) => {
        vma.ops = vmOperations;
        return checkMapping(inodeOf(file), vma);
      },
    },
  };
};

const read = (core: Core, file: File, buffer: number, count: number, position: Position): number => {
  const inode = inodeOf(file);
  // "On files that support seeking … If the file offset is at or past the end of file, no bytes are read", read(2).
  if (position.value >= inode.size) return 0;
  const done = inode.cache!.copyToUser(buffer, position.value, Math.min(count, inode.size - position.value));
  if (done > 0) position.value += done;
  touchAtime(core, inode);
  return done;
};

const write = (core: Core, file: File, count: number, position: Position, from: number | Uint8Array): number => {
  const inode = inodeOf(file);
  if (count === 0) return 0;
  // "If O_APPEND is set, the file offset is first set to the end of the file before writing", write(2).
  if ((file.flags & O_APPEND) !== 0) position.value = inode.size;
  const length = writable(core, inode, position.value, count, typeof from === "number");
  if (length < 0) return length;
  const cache = inode.cache!;
  if (position.value > inode.size) cache.zeroTail(inode.size);
  const done =
    typeof from === "number"
      ? cache.copyFromUser(from, position.value, length)
      : cache.write(position.value, from.subarray(0, length));
  if (done <= 0) return done;
  position.value += done;
  if (position.value > inode.size) {
    inode.size = position.value;
    cache.zeroTail(inode.size);
  }
  inode.mtime = core.realTime();
  inode.ctime = inode.mtime;
  return done;
};

const setSize = (core: Core, inode: InodeRecord, size: number): number => {
  const error = checkSize(core, inode, size);
  if (error < 0) return error;
  const before = inode.size;
  inode.size = size;
  if (size > before) inode.cache!.zeroTail(before);
  if (size < before) {
    core.unmapMappingRange(inode, PAGE_ALIGN(size), Number.POSITIVE_INFINITY);
    inode.cache!.truncate(size);
  }
  inode.mtime = core.realTime();
  inode.ctime = inode.mtime;
  return 0;
};

/** A page of the file for a mapping. Beyond the last page of the file there is nothing: SIGBUS (mmap(2)). */
const fault = (core: Core, vmf: VmFault): number => {
  const inode = inodeOf(vmf.vma.file!);
  if (vmf.pgoff >= Math.ceil(inode.size / PAGE_SIZE)) return VM_FAULT_SIGBUS;
  const page = inode.cache!.findOrCreate(vmf.pgoff);
  // A full file system is SIGBUS as on tmpfs, and so is what cannot be read; no memory at all is OOM.
  if (typeof page === "number") return page === -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
  core.pages.getPage(page);
  vmf.page = page;
  return 0;
};

/** generic_file_llseek_size(): the new position, or -EINVAL; -ENXIO for SEEK_DATA and SEEK_HOLE at or past the end. */
export const seek = (offset: number, whence: number, position: number, size: number, most: number): number => {
  let target = offset;
  switch (whence) {
    case SEEK_SET:
      break;
    case SEEK_CUR:
      target = position + offset;
      break;
    case SEEK_END:
      target = size + offset;
      break;
    case SEEK_DATA:
    case SEEK_HOLE:
      // All of the file counts as data, with a hole at its end: what lseek(2) allows as "the simplest implementation".
      if (offset < 0 || offset >= size) return -ENXIO;
      target = whence === SEEK_DATA ? offset : size;
      break;
    default:
      return -EINVAL;
  }
  return target < 0 || target > most ? -EINVAL : target;
};

const DAY = 86_400;

/** relatime (mount(8)): the access time moves when it is not younger than the last change, or is a day old. */
const touchAtime = (core: Core, inode: InodeRecord): void => {
  const now = core.realTime();
  const { atime, mtime, ctime } = inode;
  const notAfter = (other: typeof atime): boolean =>
    atime.seconds < other.seconds || (atime.seconds === other.seconds && atime.nanoseconds <= other.nanoseconds);
  if (notAfter(mtime) || notAfter(ctime) || now.seconds - atime.seconds >= DAY) inode.atime = now;
};
