/** File descriptors: open(2), read(2), write(2) and the calls around them. */
import { AT_FDCWD } from "../../abi/fcntl.ts";
import { type Pollfd, pollfd } from "../../abi/poll.ts";
import { type Stat, stat } from "../../abi/stat.ts";
import type { Fields, Struct, StructValue } from "../../abi/struct.ts";
import {
  SYS_close,
  SYS_dup,
  SYS_dup3,
  SYS_fcntl,
  SYS_fstat,
  SYS_fsync,
  SYS_ftruncate,
  SYS_ioctl,
  SYS_lseek,
  SYS_openat,
  SYS_ppoll,
  SYS_pread64,
  SYS_pwrite64,
  SYS_read,
  SYS_write,
} from "../../abi/syscalls.ts";
import { timespec } from "../../abi/time.ts";
import { after, type MaySleep, type SystemCalls } from "./calls.ts";
import type { Heap } from "./heap.ts";
import { cString } from "./memory.ts";

type Values<F extends Fields> = StructValue<Struct<F>>;

export interface FileCalls {
  /** The lowest free descriptor. `mode` counts with O_CREAT only. */
  open(path: string, flags: number, mode?: number): MaySleep<number>;
  close(fd: number): number;

  /** Bytes read into the program's memory at `va`; 0 at the end of the file. */
  read(fd: number, va: number, count: number): MaySleep<number>;
  /** Bytes written from the program's memory at `va`. */
  write(fd: number, va: number, count: number): MaySleep<number>;
  pread(fd: number, va: number, count: number, offset: number): number;
  pwrite(fd: number, va: number, count: number, offset: number): number;
  /** read and write with a buffer that is not the program's: the bytes are copied once more. */
  readBytes(fd: number, count: number): MaySleep<Uint8Array | -1>;
  writeBytes(fd: number, bytes: Uint8Array): MaySleep<number>;
  lseek(fd: number, offset: number, whence: number): number;
  fsync(fd: number): number;
  ftruncate(fd: number, length: number): number;

  /** `argument`: a number, or the address of what the command asks for. */
  ioctl(fd: number, command: number, argument?: number): MaySleep<number>;
  /** ioctl on a struct that holds `value`, else zeros: what the kernel left in it, or -1. */
  ioctlStruct<F extends Fields>(
    fd: number,
    command: number,
    struct: Struct<F>,
    value?: Parameters<Struct<F>["encode"]>[0],
  ): MaySleep<Values<F> | -1>;

  dup(fd: number): number;
  /** `newFd` is closed first when it is open. EINVAL when both are the same. */
  dup3(fd: number, newFd: number, flags: number): number;
  /** Not for F_SETLKW, which sleeps. */
  fcntl(fd: number, command: number, argument?: number): number;
  fstat(fd: number): Stat | -1;
  /** Sets `revents` of each; how many are not 0, or 0 after `timeout` milliseconds (negative: for ever). */
  poll(fds: Pollfd[], timeout: number): MaySleep<number>;
}

export function fileCalls(calls: SystemCalls, heap: Heap): FileCalls {
  const { user } = calls;
  return {
    open: (path, flags, mode = 0) =>
      withCString(calls, heap, path, (va) => calls.wait(SYS_openat, AT_FDCWD, va, flags, mode)),
    close: (fd) => calls.call(SYS_close, fd),

    read: (fd, va, count) => calls.wait(SYS_read, fd, va, count),
    write: (fd, va, count) => calls.wait(SYS_write, fd, va, count),
    pread: (fd, va, count, offset) => calls.call(SYS_pread64, fd, va, count, offset),
    pwrite: (fd, va, count, offset) => calls.call(SYS_pwrite64, fd, va, count, offset),
    readBytes: (fd, count) =>
      heap.temporary(count, (va) =>
        after(calls.wait(SYS_read, fd, va, count), (length) => (length < 0 ? -1 : user.read(va, length))),
      ),
    writeBytes: (fd, bytes) =>
      heap.temporary(bytes.length, (va) => {
        user.write(va, bytes);
        return calls.wait(SYS_write, fd, va, bytes.length);
      }),
    lseek: (fd, offset, whence) => calls.call(SYS_lseek, fd, offset, whence),
    fsync: (fd) => calls.call(SYS_fsync, fd),
    ftruncate: (fd, length) => calls.call(SYS_ftruncate, fd, length),

    ioctl: (fd, command, argument = 0) => calls.wait(SYS_ioctl, fd, command, argument),
    ioctlStruct: (fd, command, struct, value = {}) =>
      heap.temporary(struct.size, (va) => {
        user.write(va, struct.encode(value));
        return after(calls.wait(SYS_ioctl, fd, command, va), (result) =>
          result < 0 ? -1 : struct.read(user.read(va, struct.size)),
        );
      }),

    dup: (fd) => calls.call(SYS_dup, fd),
    dup3: (fd, newFd, flags) => calls.call(SYS_dup3, fd, newFd, flags),
    fcntl: (fd, command, argument = 0) => calls.call(SYS_fcntl, fd, command, argument),
    fstat: (fd) =>
      heap.temporary(stat.size, (va) =>
        calls.call(SYS_fstat, fd, va) < 0 ? -1 : stat.read(calls.user.read(va, stat.size)),
      ),
    poll: (fds, timeout) => poll(calls, heap, fds, timeout),
  };
}

/** `use` of a C string in the program's memory. */
export function withCString<T>(calls: SystemCalls, heap: Heap, text: string, use: (va: number) => T): T | -1 {
  const bytes = cString(text);
  return heap.temporary(bytes.length, (va) => {
    calls.user.write(va, bytes);
    return use(va);
  });
}

function poll(calls: SystemCalls, heap: Heap, fds: Pollfd[], timeout: number): MaySleep<number> {
  const { user } = calls;
  const { size, encode, read } = pollfd;
  return heap.temporary(fds.length * size + timespec.size, (va) => {
    for (const [i, one] of fds.entries()) user.write(va + i * size, encode(one));
    const time = timeout < 0 ? 0 : va + fds.length * size;
    if (time !== 0) {
      user.write(
        time,
        timespec.encode({ tv_sec: Math.floor(timeout / 1000), tv_nsec: Math.floor((timeout % 1000) * 1e6) }),
      );
    }
    return after(calls.wait(SYS_ppoll, va, fds.length, time, 0, 0), (result) => {
      for (const [i, one] of fds.entries()) one.revents = read(user.read(va + i * size, size)).revents;
      return result;
    });
  });
}
