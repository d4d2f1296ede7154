/** Calls on file systems, on room in files, and the few that are about the machine. */
import {
  AT_EMPTY_PATH,
  AT_SYMLINK_NOFOLLOW,
  CLOSE_RANGE_CLOEXEC,
  CLOSE_RANGE_UNSHARE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
} from "../../../abi/fcntl.ts";
import {
  SYS_chroot,
  SYS_close_range,
  SYS_copy_file_range,
  SYS_execveat,
  SYS_fallocate,
  SYS_fchmodat2,
  SYS_fstatfs,
  SYS_membarrier,
  SYS_personality,
  SYS_preadv2,
  SYS_pwritev2,
  SYS_readahead,
  SYS_riscv_flush_icache,
  SYS_statfs,
  SYS_sync_file_range,
  SYS_syncfs,
  SYS_syslog,
  SYS_utimensat,
} from "../../../abi/syscalls.ts";
import { timespec } from "../../../abi/time.ts";
import { RWF_APPEND, RWF_DSYNC, RWF_HIPRI, RWF_NOWAIT, RWF_SYNC } from "../../../abi/uio.ts";
import {
  type Argument,
  arrayText,
  dirfd,
  fd,
  flags,
  hexadecimal,
  int,
  long,
  mode,
  path,
  pointer,
  size,
  uint,
} from "./arguments.ts";
import { showTimespec } from "./shows.ts";
import { call, hexResult, type Signatures } from "./signature.ts";
import { argv, environment } from "./signatures-processes.ts";
import { vectorFilled, vectorGiven } from "./signatures-transfer.ts";

const atFlags = flags({ AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH }, "AT_???");
const rwFlags = flags({ RWF_HIPRI, RWF_DSYNC, RWF_SYNC, RWF_NOWAIT, RWF_APPEND }, "RWF_???");
const fallocateFlags = flags({ FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE }, "FALLOC_FL_???");
const closeFlags = flags({ CLOSE_RANGE_UNSHARE, CLOSE_RANGE_CLOEXEC }, "CLOSE_RANGE_???");
/** Access and modification time. */
const times: Argument = {
  text: (view, value) => arrayText(view, value, 2, timespec.size, (bytes) => showTimespec(timespec.read(bytes))),
};

export const storageSignatures: Signatures = {
  [SYS_statfs]: call(path, pointer),
  [SYS_fstatfs]: call(fd, pointer),
  [SYS_chroot]: call(path),
  [SYS_fchmodat2]: call(dirfd, path, mode, atFlags),
  [SYS_utimensat]: call(dirfd, path, times, atFlags),
  [SYS_fallocate]: call(fd, fallocateFlags, long, long),
  [SYS_sync_file_range]: call(fd, long, long, hexadecimal),
  [SYS_readahead]: call(fd, long, size),
  [SYS_syncfs]: call(fd),
  [SYS_copy_file_range]: call(fd, pointer, fd, pointer, size, uint),
  [SYS_preadv2]: call(fd, vectorFilled, size, long, { ...rwFlags, register: 5 }),
  [SYS_pwritev2]: call(fd, vectorGiven, size, long, { ...rwFlags, register: 5 }),
  [SYS_close_range]: call(uint, uint, closeFlags),
  [SYS_execveat]: call(dirfd, path, argv, environment, atFlags),
  [SYS_personality]: hexResult(hexadecimal),
  [SYS_membarrier]: call(int, hexadecimal),
  [SYS_riscv_flush_icache]: call(pointer, pointer, hexadecimal),
  [SYS_syslog]: call(int, pointer, int),
};
