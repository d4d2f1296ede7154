/**
 * Truth: what strace 6.1 printed on x86-64 Linux for the same calls of a small C program (its sa_restorer, which riscv64
 * does not have, and MAP_32BIT left out). Addresses are the ones it printed.
 */
import { describe, expect, test } from "vitest";
import { FBIO_WAITFORVSYNC, FBIOBLANK, FBIOGET_VSCREENINFO } from "../../../abi/fb.ts";
import { AT_FDCWD } from "../../../abi/fcntl.ts";
import { winsize } from "../../../abi/ioctl.ts";
import { rusage } from "../../../abi/resource.ts";
import { sigaction, stackT } from "../../../abi/signal.ts";
import { makedev, stat, statx } from "../../../abi/stat.ts";
import * as nr from "../../../abi/syscalls.ts";
import { termios } from "../../../abi/termios.ts";
import { itimerval, timespec } from "../../../abi/time.ts";
import { sysinfo, utsname } from "../../../abi/utsname.ts";
import { formatCall } from "../../../src/kernel/strace/format.ts";
import { type Content, longs, memory, words } from "./memory.ts";

type Case = readonly [
  line: string,
  nr: number,
  args: readonly number[],
  result: number | null,
  pieces?: Record<number, Content>,
];

const A = 0x1000;
const B = 0x7ffcb0039d60;
const [EPERM, ENOENT, EBADF, EAGAIN, ENOMEM, EFAULT, EINVAL, ENOTTY, ENOSYS, EOPNOTSUPP] = [
  1, 2, 9, 11, 12, 14, 22, 25, 38, 95,
];
const time = (tv_sec: number, tv_nsec: number) => timespec.encode({ tv_sec, tv_nsec });

const check = (cases: readonly Case[]) => {
  for (const [line, number, args, result, pieces = {}] of cases) {
    test(line, () => {
      expect(formatCall(memory(pieces), number, args, result)).toBe(line);
    });
  }
};

describe("opening and transferring", () => {
  const path = (text: string) => ({ [A]: `${text}\0` });

  const opened = (line: string, text: string, flags: number, result: number, mode = 0): Case => [
    line,
    nr.SYS_openat,
    [AT_FDCWD, A, flags, mode],
    result,
    path(text),
  ];
  check([
    opened('openat(AT_FDCWD, "/dev/fb0", O_RDWR)    = -1 ENOENT (No such file or directory)', "/dev/fb0", 2, -ENOENT),
    opened(
      'openat(AT_FDCWD, "/dev/fb0", O_RDWR|O_SYNC) = -1 ENOENT (No such file or directory)',
      "/dev/fb0",
      0o4010002,
      -ENOENT,
    ),
    opened('openat(AT_FDCWD, "/dev/null", O_RDONLY|O_CLOEXEC) = 3', "/dev/null", 0o2000000, 3),
    opened(
      'openat(AT_FDCWD, "/dev/null", O_WRONLY|O_CREAT|O_TRUNC|O_APPEND|O_NONBLOCK, 0644) = 4',
      "/dev/null",
      0o7101,
      4,
      0o644,
    ),
    [
      'openat(5, "x", O_RDONLY|O_NOFOLLOW|O_PATH|O_DIRECTORY) = -1 EBADF (Bad file descriptor)',
      nr.SYS_openat,
      [5, A, 0o10600000],
      -EBADF,
      path("x"),
    ],
    opened(
      'openat(AT_FDCWD, "x", O_RDWR|O_TMPFILE, 000) = -1 ENOENT (No such file or directory)',
      "x",
      0o20200002,
      -ENOENT,
    ),
    opened(
      'openat(AT_FDCWD, "x", O_ACCMODE|0x80000000) = -1 ENOENT (No such file or directory)',
      "x",
      0x80000003,
      -ENOENT,
    ),
    ["openat(AT_FDCWD, 0x8, O_RDONLY)         = -1 EFAULT (Bad address)", nr.SYS_openat, [AT_FDCWD, 8, 0], -EFAULT],
    ["openat(AT_FDCWD, NULL, O_RDONLY)        = -1 EFAULT (Bad address)", nr.SYS_openat, [AT_FDCWD, 0, 0], -EFAULT],
    opened(
      'openat(AT_FDCWD, "/a/very/long/path/that/goes/on/and/on/for/more/than/32/bytes", O_RDONLY|O_EXCL|O_NOCTTY|O_DSYNC|O_DIRECT|O_NOATIME|FASYNC) = -1 ENOENT (No such file or directory)',
      "/a/very/long/path/that/goes/on/and/on/for/more/than/32/bytes",
      0o1070600,
      -ENOENT,
    ),
    opened(
      'openat(AT_FDCWD, "x", O_ACCMODE|O_CREAT|O_EXCL|O_NOCTTY|O_TRUNC|O_APPEND|O_NONBLOCK|O_SYNC|O_DIRECT|O_LARGEFILE|O_NOFOLLOW|O_NOATIME|O_CLOEXEC|O_PATH|O_TMPFILE|FASYNC|0x7f80003c, 0777) = -1 ENOENT (No such file or directory)',
      "x",
      0x7fffffff,
      -ENOENT,
      0o777,
    ),
    ['write(4, "hello\\n", 6)                  = 6', nr.SYS_write, [4, A, 6], 6, { [A]: "hello\n" }],
    [
      'write(4, "a\\"b\\\\c\\t\\n\\r\\1\\177\\3771\\00012", 15) = 15',
      nr.SYS_write,
      [4, A, 15],
      15,
      { [A]: 'a"b\\c\t\n\r\x01\x7f\xff1\x0012' },
    ],
    [
      'write(4, "01234567890123456789012345678901"..., 40) = 40',
      nr.SYS_write,
      [4, A, 40],
      40,
      { [A]: "0123456789".repeat(4) },
    ],
    [
      'write(4, "01234567890123456789012345678901", 32) = 32',
      nr.SYS_write,
      [4, A, 32],
      32,
      { [A]: "01234567890123456789012345678901" },
    ],
    ['write(4, "\\0\\0\\0\\0", 4)                 = 4', nr.SYS_write, [4, A, 4], 4, { [A]: "\0\0\0\0" }],
    ["write(4, 0x8, 4)                        = 4", nr.SYS_write, [4, 8, 4], 4],
    ["write(4, NULL, 0)                       = 0", nr.SYS_write, [4, 0, 0], 0],
    ['write(4, "", 0)                         = 0', nr.SYS_write, [4, A, 0], 0],
    [
      'write(-1, "abc", 3)                     = -1 EBADF (Bad file descriptor)',
      nr.SYS_write,
      [-1, A, 3],
      -EBADF,
      { [A]: "abc" },
    ],
    ['read(5, "\\0\\0\\0\\0\\0\\0\\0\\0", 8)          = 8', nr.SYS_read, [5, A, 8], 8, { [A]: "\0".repeat(8) }],
    [
      "read(4, 0x7ffcb0039d60, 4)              = -1 EBADF (Bad file descriptor)",
      nr.SYS_read,
      [4, B, 4],
      -EBADF,
      { [B]: "1234" },
    ],
    ['pread64(5, "\\0\\0\\0\\0", 4, 256)          = 4', nr.SYS_pread64, [5, A, 4, 0x100], 4, { [A]: "\0\0\0\0" }],
    ['pwrite64(5, "abcd", 4, 4096)            = 4', nr.SYS_pwrite64, [5, A, 4, 4096], 4, { [A]: "abcd" }],
    [
      'writev(4, [{iov_base="ab", iov_len=2}, {iov_base="cde", iov_len=3}], 2) = 5',
      nr.SYS_writev,
      [4, A, 2],
      5,
      { [A]: longs(0x2000, 2, 0x3000, 3), 8192: "ab", 12288: "cde" },
    ],
    [
      'readv(5, [{iov_base="\\0\\0", iov_len=2}, {iov_base="\\0\\0\\0", iov_len=3}], 2) = 5',
      nr.SYS_readv,
      [5, A, 2],
      5,
      { [A]: longs(0x2000, 2, 0x3000, 3), 8192: "\0\0", 12288: "\0\0\0" },
    ],
    [
      "readv(99, [{iov_base=0x800000, iov_len=18446744073709551615}, {iov_base=NULL, iov_len=18446744073709551615}], 2) = -1 EBADF (Bad file descriptor)",
      nr.SYS_readv,
      [99, A, 2],
      -EBADF,
      { [A]: longs(0x800000, -1, 0, -1) },
    ],
    ["writev(99, [], 0)                       = -1 EBADF (Bad file descriptor)", nr.SYS_writev, [99, A, 0], -EBADF],
    ["writev(99, 0x8, 2)                      = -1 EBADF (Bad file descriptor)", nr.SYS_writev, [99, 8, 2], -EBADF],
    ["lseek(5, 16, SEEK_SET)                  = 0", nr.SYS_lseek, [5, 16, 0], 0],
    ["lseek(5, 0, 0x9 /* SEEK_??? */)         = -1 EINVAL (Invalid argument)", nr.SYS_lseek, [5, 0, 9], -EINVAL],
    ["close(99)                               = -1 EBADF (Bad file descriptor)", nr.SYS_close, [99], -EBADF],
    ["ftruncate(5, 100)                       = -1 EINVAL (Invalid argument)", nr.SYS_ftruncate, [5, 100], -EINVAL],
    [
      'getrandom("\\x5c\\xfc\\x42\\xf5\\xed\\xfd\\xfb\\x0a", 8, GRND_NONBLOCK) = 8',
      nr.SYS_getrandom,
      [A, 8, 1],
      8,
      { [A]: "\x5c\xfc\x42\xf5\xed\xfd\xfb\x0a" },
    ],
  ]);
});

describe("address spaces", () => {
  check([
    [
      "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f2dd37e5000",
      nr.SYS_mmap,
      [0, 8192, 3, 0x22, -1, 0],
      0x7f2dd37e5000,
    ],
    [
      "mmap(0x7f2dd37e5000, 4096, PROT_READ, MAP_SHARED|MAP_FIXED|MAP_POPULATE, 5, 0x1000) = 0x7f2dd37e5000",
      nr.SYS_mmap,
      [0x7f2dd37e5000, 4096, 1, 0x8011, 5, 0x1000],
      0x7f2dd37e5000,
    ],
    [
      "mmap(NULL, 0, PROT_NONE, MAP_FILE, -1, 0) = -1 EBADF (Bad file descriptor)",
      nr.SYS_mmap,
      [0, 0, 0, 0, -1, 0],
      -EBADF,
    ],
    [
      "mmap(0x10000, 4096, PROT_READ|PROT_EXEC|0xf0, MAP_SHARED_VALIDATE|MAP_NORESERVE|MAP_STACK|MAP_FIXED_NOREPLACE|32<<MAP_HUGE_SHIFT, 5, 0) = -1 EOPNOTSUPP (Operation not supported)",
      nr.SYS_mmap,
      [0x10000, 4096, 0xf5, 0x80124003, 5, 0],
      -EOPNOTSUPP,
    ],
    [
      "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_NONBLOCK|MAP_GROWSDOWN|MAP_DENYWRITE|MAP_LOCKED|MAP_HUGETLB|MAP_SYNC, 5, 0) = -1 EINVAL (Invalid argument)",
      nr.SYS_mmap,
      [0, 4096, 1, 0xd2902, 5, 0],
      -EINVAL,
    ],
    [
      "mmap(NULL, 4096, PROT_READ|PROT_WRITE|PROT_EXEC|PROT_SEM|0x30000000, 0x4 /* MAP_??? */, -1, 0x10000000000) = -1 EBADF (Bad file descriptor)",
      nr.SYS_mmap,
      [0, 4096, 0x3000000f, 4, -1, 0x100_0000_0000],
      -EBADF,
    ],
    [
      "mmap(NULL, 4096, 0xf0 /* PROT_??? */, MAP_PRIVATE|MAP_ANONYMOUS|1<<MAP_HUGE_SHIFT, -1, 0) = 0x7fddaa128000",
      nr.SYS_mmap,
      [0, 4096, 0xf0, 0x4000022, -1, 0],
      0x7fddaa128000,
    ],
    [
      "mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|0x800000, -1, 0) = 0x7fddaa126000",
      nr.SYS_mmap,
      [0, 4096, 0, 0x800022, -1, 0],
      0x7fddaa126000,
    ],
    [
      "mprotect(0x7f2dd37e5000, 4096, PROT_READ|PROT_WRITE|PROT_EXEC) = 0",
      nr.SYS_mprotect,
      [0x7f2dd37e5000, 4096, 7],
      0,
    ],
    [
      "mprotect(0x7f2dd37e5001, 4096, PROT_NONE) = -1 EINVAL (Invalid argument)",
      nr.SYS_mprotect,
      [0x7f2dd37e5001, 4096, 0],
      -EINVAL,
    ],
    [
      "mremap(0x7f2dd37e5000, 8192, 4096, 0)   = 0x7f2dd37e5000",
      nr.SYS_mremap,
      [0x7f2dd37e5000, 8192, 4096, 0, 5],
      0x7f2dd37e5000,
    ],
    [
      "mremap(0x7f2dd37e5000, 4096, 4096, MREMAP_MAYMOVE|MREMAP_FIXED, 0x20000000) = 0x20000000",
      nr.SYS_mremap,
      [0x7f2dd37e5000, 4096, 4096, 3, 0x20000000],
      0x20000000,
    ],
    [
      "mremap(NULL, 4096, 4096, 0xf0 /* MREMAP_??? */) = -1 EINVAL (Invalid argument)",
      nr.SYS_mremap,
      [0, 4096, 4096, 0xf0],
      -EINVAL,
    ],
    ["msync(0x20000000, 4096, MS_SYNC|MS_INVALIDATE) = 0", nr.SYS_msync, [0x20000000, 4096, 6], 0],
    ["msync(0x20000000, 4096, 0)              = 0", nr.SYS_msync, [0x20000000, 4096, 0], 0],
    ["mincore(0x7fd81f2fb000, 12288, [0, 0, 0]) = 0", nr.SYS_mincore, [0x7fd81f2fb000, 12288, A], 0, { [A]: "\0\0\0" }],
    [
      `mincore(0x7fd81f2fb000, 163840, [${"0, ".repeat(32)}...]) = 0`,
      nr.SYS_mincore,
      [0x7fd81f2fb000, 163840, A],
      0,
      { [A]: "\0".repeat(40) },
    ],
    [
      "mincore(0x1, 4096, 0x7ffcb0039d08)      = -1 EINVAL (Invalid argument)",
      nr.SYS_mincore,
      [1, 4096, 0x7ffcb0039d08],
      -EINVAL,
    ],
    ["madvise(0x20000000, 4096, MADV_DONTNEED) = 0", nr.SYS_madvise, [0x20000000, 4096, 4], 0],
    [
      "madvise(0x20000000, 4096, 0x63 /* MADV_??? */) = -1 EINVAL (Invalid argument)",
      nr.SYS_madvise,
      [0x20000000, 4096, 99],
      -EINVAL,
    ],
    [
      "mlock(0x20000000, 4096)                 = -1 ENOMEM (Cannot allocate memory)",
      nr.SYS_mlock,
      [0x20000000, 4096],
      -ENOMEM,
    ],
    ["mlockall(MCL_CURRENT|MCL_FUTURE)        = 0", nr.SYS_mlockall, [3], 0],
    ["munmap(0x20000000, 4096)                = 0", nr.SYS_munmap, [0x20000000, 4096], 0],
    ["brk(NULL)                               = 0x3aa0e000", nr.SYS_brk, [0], 0x3aa0e000],
    ['memfd_create("shm", MFD_CLOEXEC)        = 8', nr.SYS_memfd_create, [A, 1], 8, { [A]: "shm\0" }],
  ]);
});

describe("files", () => {
  const name = { [A]: "/nope\0" };
  const device = stat.encode({ st_mode: 0o020666, st_rdev: makedev(1, 3) });
  check([
    ["fstat(1, {st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), ...}) = 0", nr.SYS_fstat, [1, B], 0, { [B]: device }],
    [
      "fstat(99, 0x7ffcb0039c70)               = -1 EBADF (Bad file descriptor)",
      nr.SYS_fstat,
      [99, 0x7ffcb0039c70],
      -EBADF,
    ],
    ["fstat(6, {st_mode=0600, st_size=0, ...}) = 0", nr.SYS_fstat, [6, B], 0, { [B]: stat.encode({ st_mode: 0o600 }) }],
    [
      'newfstatat(AT_FDCWD, "/tmp", {st_mode=S_IFDIR|S_ISVTX|0777, st_size=4096, ...}, 0) = 0',
      nr.SYS_newfstatat,
      [AT_FDCWD, A, B, 0],
      0,
      { [A]: "/tmp\0", [B]: stat.encode({ st_mode: 0o041777, st_size: 4096 }) },
    ],
    [
      'newfstatat(1, "", {st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), ...}, AT_EMPTY_PATH) = 0',
      nr.SYS_newfstatat,
      [1, A, B, 0x1000],
      0,
      { [A]: "\0", [B]: device },
    ],
    [
      'statx(AT_FDCWD, "/etc/passwd", AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS, {stx_mask=STATX_BASIC_STATS|STATX_MNT_ID, stx_attributes=0, stx_mode=S_IFREG|0644, stx_size=1221, ...}) = 0',
      nr.SYS_statx,
      [AT_FDCWD, A, 0, 0x7ff, B],
      0,
      { [A]: "/etc/passwd\0", [B]: statx.encode({ stx_mask: 0x17ff, stx_mode: 0o100644, stx_size: 1221 }) },
    ],
    [
      'statx(AT_FDCWD, "/nope", AT_STATX_SYNC_AS_STAT|AT_SYMLINK_NOFOLLOW, STATX_ALL, 0x7ffcb0039b70) = -1 ENOENT (No such file or directory)',
      nr.SYS_statx,
      [AT_FDCWD, A, 0x100, 0xfff, 0x7ffcb0039b70],
      -ENOENT,
      name,
    ],
    ["fcntl(1, F_GETFD)                       = 0", nr.SYS_fcntl, [1, 1, 7], 0],
    ["fcntl(20, F_SETFD, FD_CLOEXEC)          = 0", nr.SYS_fcntl, [20, 2, 1], 0],
    ["fcntl(20, F_GETFD)                      = 0x1 (flags FD_CLOEXEC)", nr.SYS_fcntl, [20, 1], 1],
    ["fcntl(1, F_GETFL)                       = 0x8001 (flags O_WRONLY|O_LARGEFILE)", nr.SYS_fcntl, [1, 3], 0x8001],
    ["fcntl(3, F_GETFL)                       = 0 (flags O_RDONLY)", nr.SYS_fcntl, [3, 3], 0],
    ["fcntl(20, F_SETFL, O_RDWR|O_NONBLOCK)   = 0", nr.SYS_fcntl, [20, 4, 0o4002], 0],
    ["fcntl(1, F_DUPFD_CLOEXEC, 10)           = 12", nr.SYS_fcntl, [1, 1030, 10], 12],
    ["fcntl(1, 0x4d /* F_??? */, 0x5)         = -1 EINVAL (Invalid argument)", nr.SYS_fcntl, [1, 77, 5], -EINVAL],
    ["fcntl(99, F_SETSIG, SIGKILL)            = -1 EBADF (Bad file descriptor)", nr.SYS_fcntl, [99, 10, 9], -EBADF],
    [
      "fcntl(4, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=10}) = 0",
      nr.SYS_fcntl,
      [4, 6, A],
      0,
      { [A]: longs(1, 0, 10, 0) },
    ],
    [
      "fcntl(4, F_GETLK, {l_type=F_UNLCK, l_whence=SEEK_SET, l_start=0, l_len=10, l_pid=0}) = 0",
      nr.SYS_fcntl,
      [4, 5, A],
      0,
      { [A]: longs(2, 0, 10, 0) },
    ],
    ["flock(4, LOCK_EX|LOCK_NB)               = 0", nr.SYS_flock, [4, 6], 0],
    ["dup3(1, 20, O_CLOEXEC)                  = 20", nr.SYS_dup3, [1, 20, 0o2000000], 20],
    ["pipe2([8, 9], O_CLOEXEC)                = 0", nr.SYS_pipe2, [A, 0o2000000], 0, { [A]: words(8, 9) }],
    ["pipe2(0x8, 0)                           = -1 EFAULT (Bad address)", nr.SYS_pipe2, [8, 0], -EFAULT],
    [
      'mkdirat(AT_FDCWD, "/nope", 01777)       = -1 ENOENT (No such file or directory)',
      nr.SYS_mkdirat,
      [AT_FDCWD, A, 0o1777],
      -ENOENT,
      name,
    ],
    ['unlinkat(AT_FDCWD, "/nope", AT_REMOVEDIR) = 0', nr.SYS_unlinkat, [AT_FDCWD, A, 0x200], 0, name],
    [
      'mknodat(AT_FDCWD, "/nope", S_IFCHR|0600, makedev(0x1, 0x3)) = 0',
      nr.SYS_mknodat,
      [AT_FDCWD, A, 0o020600, 0x103],
      0,
      name,
    ],
    ['mknodat(AT_FDCWD, "/nope", S_IFIFO|0644) = 0', nr.SYS_mknodat, [AT_FDCWD, A, 0o010644, 0], 0, name],
    [
      'mknodat(AT_FDCWD, "/nope", S_IFBLK|S_ISUID|S_ISGID|S_ISVTX|0777, makedev(0x1d, 0)) = -1 ENOENT (No such file or directory)',
      nr.SYS_mknodat,
      [AT_FDCWD, A, 0o067777, 0x1d00],
      -ENOENT,
      name,
    ],
    [
      'mknodat(AT_FDCWD, "/nope", 0170644)     = -1 EINVAL (Invalid argument)',
      nr.SYS_mknodat,
      [AT_FDCWD, A, 0o170644, 5],
      -EINVAL,
      name,
    ],
    [
      "getdents64(7, 0x7ffcb0039d60 /* 2 entries */, 4096) = 48",
      nr.SYS_getdents64,
      [7, B, 4096],
      48,
      { [B]: Uint8Array.from({ length: 48 }, (_, i) => (i % 24 === 16 ? 24 : 0)) },
    ],
    ["getdents64(7, 0x7ffcb0039d60 /* 0 entries */, 4096) = 0", nr.SYS_getdents64, [7, B, 4096], 0],
    [
      'readlinkat(AT_FDCWD, "/nope", "/tmp/st/a", 100) = 9',
      nr.SYS_readlinkat,
      [AT_FDCWD, A, B, 100],
      9,
      { ...name, [B]: "/tmp/st/a" },
    ],
    ['faccessat(AT_FDCWD, "/nope", R_OK|W_OK) = 0', nr.SYS_faccessat, [AT_FDCWD, A, 6], 0, name],
    [
      'faccessat(AT_FDCWD, "/nope", F_OK)      = -1 ENOENT (No such file or directory)',
      nr.SYS_faccessat,
      [AT_FDCWD, A, 0],
      -ENOENT,
      name,
    ],
    [
      'faccessat2(AT_FDCWD, "/nope", R_OK, AT_EACCESS) = -1 ENOENT (No such file or directory)',
      nr.SYS_faccessat2,
      [AT_FDCWD, A, 4, 0x200],
      -ENOENT,
      name,
    ],
    ['getcwd("/tmp/st", 4096)                 = 8', nr.SYS_getcwd, [A, 4096], 8, { [A]: "/tmp/st\0" }],
    ["umask(022)                              = 000", nr.SYS_umask, [0o22], 0],
    ["umask(000)                              = 0777", nr.SYS_umask, [0], 0o777],
    [
      'fchownat(AT_FDCWD, "/nope", 1, -1, 0)   = -1 ENOENT (No such file or directory)',
      nr.SYS_fchownat,
      [AT_FDCWD, A, 1, -1, 0],
      -ENOENT,
      name,
    ],
    [
      'renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE|RENAME_EXCHANGE) = -1 EINVAL (Invalid argument)',
      nr.SYS_renameat2,
      [AT_FDCWD, A, AT_FDCWD, B, 3],
      -EINVAL,
      { [A]: "a\0", [B]: "b\0" },
    ],
    ["fadvise64(5, 0, 0, POSIX_FADV_DONTNEED) = 0", nr.SYS_fadvise64, [5, 0, 0, 4], 0],
  ]);
});

describe("ioctl", () => {
  const terminal = termios.encode({ c_iflag: 0x500, c_oflag: 5, c_cflag: 0xbf, c_lflag: 0x8a3b });
  const flags =
    "{c_iflag=ICRNL|IXON, c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0|OPOST|ONLCR, c_cflag=B38400|CS8|CREAD, c_lflag=ISIG|ICANON|ECHO|ECHOE|ECHOK|IEXTEN|ECHOCTL|ECHOKE, ...}";
  const enotty = "-1 ENOTTY (Inappropriate ioctl for device)";
  check([
    [`ioctl(1, FBIOGET_VSCREENINFO, 0x7ffcb0039d60) = ${enotty}`, nr.SYS_ioctl, [1, FBIOGET_VSCREENINFO, B], -ENOTTY],
    [`ioctl(1, FBIO_WAITFORVSYNC, 0x7ffcb0039d60) = ${enotty}`, nr.SYS_ioctl, [1, FBIO_WAITFORVSYNC, B], -ENOTTY],
    // A program that passes the command as a signed int.
    [`ioctl(1, FBIOGET_VBLANK, 0x7ffcb0039d60) = ${enotty}`, nr.SYS_ioctl, [1, 0x80204612 | 0, B], -ENOTTY],
    [`ioctl(1, FBIOBLANK, 0x1)                = ${enotty}`, nr.SYS_ioctl, [1, FBIOBLANK, 1], -ENOTTY],
    [`ioctl(1, _IOC(_IOC_NONE, 0x46, 0xff, 0), 0x7ffcb0039d60) = ${enotty}`, nr.SYS_ioctl, [1, 0x46ff, B], -ENOTTY],
    [
      `ioctl(1, _IOC(_IOC_READ, 0x7a, 0x3, 0x8), 0x7ffcb0039d60) = ${enotty}`,
      nr.SYS_ioctl,
      [1, 0x80087a03, B],
      -ENOTTY,
    ],
    [
      `ioctl(0, _IOC(_IOC_READ|_IOC_WRITE, 0xbe, 0xef, 0x1ead), 0) = ${enotty}`,
      nr.SYS_ioctl,
      [0, 0xdeadbeef, 0],
      -ENOTTY,
    ],
    [`ioctl(0, _IOC(_IOC_WRITE, 0, 0, 0x600), 0) = ${enotty}`, nr.SYS_ioctl, [0, 0x46000000, 0], -ENOTTY],
    [`ioctl(0, TCGETS, ${flags}) = 0`, nr.SYS_ioctl, [0, 0x5401, A], 0, { [A]: terminal }],
    [`ioctl(1, TCGETS, 0x7ffcb0039d60)        = ${enotty}`, nr.SYS_ioctl, [1, 0x5401, B], -ENOTTY],
    [`ioctl(0, SNDCTL_TMR_START or TCSETS, ${flags}) = 0`, nr.SYS_ioctl, [0, 0x5402, A], 0, { [A]: terminal }],
    [
      `ioctl(1, SNDCTL_TMR_START or TCSETS, {c_iflag=, c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0|, c_cflag=B0|CS5|, c_lflag=, ...}) = ${enotty}`,
      nr.SYS_ioctl,
      [1, 0x5402, A],
      -ENOTTY,
      { [A]: termios.encode({}) },
    ],
    [
      "ioctl(0, TIOCGWINSZ, {ws_row=0, ws_col=0, ws_xpixel=0, ws_ypixel=0}) = 0",
      nr.SYS_ioctl,
      [0, 0x5413, A],
      0,
      { [A]: winsize.encode({}) },
    ],
    ["ioctl(0, FIONREAD, [0])                 = 0", nr.SYS_ioctl, [0, 0x541b, A], 0, { [A]: words(0) }],
    ["ioctl(0, TIOCSPGRP, [13238])            = 0", nr.SYS_ioctl, [0, 0x5410, A], 0, { [A]: words(13238) }],
    ["ioctl(0, FIOCLEX)                       = 0", nr.SYS_ioctl, [0, 0x5451, 0], 0],
    ["ioctl(0, TCFLSH, TCIFLUSH)              = 0", nr.SYS_ioctl, [0, 0x540b, 0], 0],
    [
      "ioctl(0, TIOCSCTTY, 1)                  = -1 EPERM (Operation not permitted)",
      nr.SYS_ioctl,
      [0, 0x540e, 1],
      -EPERM,
    ],
    [`ioctl(1, KDSETMODE, KD_GRAPHICS)        = ${enotty}`, nr.SYS_ioctl, [1, 0x4b3a, 1], -ENOTTY],
    [
      `ioctl(1, VBG_IOCTL_VMMDEV_REQUEST_BIG or VT_GETSTATE, 0x7ffcb0039d60) = ${enotty}`,
      nr.SYS_ioctl,
      [1, 0x5603, B],
      -ENOTTY,
    ],
    [`ioctl(1, EVIOCGRAB, 1)                  = ${enotty}`, nr.SYS_ioctl, [1, 0x40044590, 1], -ENOTTY],
  ]);
});

describe("processes", () => {
  const status = (value: number) => ({ [A]: words(value) });
  check([
    ["getpid()                                = 887", nr.SYS_getpid, [], 887],
    ["clone(child_stack=NULL, flags=SIGCHLD)  = 13186", nr.SYS_clone, [17, 0, 0, 0, 0], 13186],
    [
      "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x8e5650) = 12707",
      nr.SYS_clone,
      [0x1200011, 0, 0, 0, 0x8e5650],
      12707,
    ],
    [
      "clone(child_stack=NULL, flags=CLONE_THREAD|CLONE_IO|127) = -1 EINVAL (Invalid argument)",
      nr.SYS_clone,
      [0x8001007f, 0, 0, 0, 0],
      -EINVAL,
    ],
    [
      "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL) = 12707",
      nr.SYS_wait4,
      [-1, A, 0, 0],
      12707,
      status(0x700),
    ],
    [
      "wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}], WSTOPPED|WCONTINUED, NULL) = 12708",
      nr.SYS_wait4,
      [-1, A, 10, 0],
      12708,
      status(11),
    ],
    [
      "wait4(13865, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 13865",
      nr.SYS_wait4,
      [13865, A, 2, 0],
      13865,
      status(0x137f),
    ],
    [
      "wait4(13865, [{WIFCONTINUED(s)}], WCONTINUED, NULL) = 13865",
      nr.SYS_wait4,
      [13865, A, 8, 0],
      13865,
      status(0xffff),
    ],
    [
      "wait4(-1, 0x7ffe916731c4, WNOHANG, 0x7ffe91673110) = 0",
      nr.SYS_wait4,
      [-1, 0x7ffe916731c4, 1, 0x7ffe91673110],
      0,
    ],
    [
      "wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGABRT}], 0, {ru_utime={tv_sec=0, tv_usec=101}, ru_stime={tv_sec=0, tv_usec=0}, ...}) = 13864",
      nr.SYS_wait4,
      [-1, A, 0, B],
      13864,
      { ...status(6), [B]: rusage.encode({ ru_utime: { tv_usec: 101 } }) },
    ],
    ["exit_group(3)                           = ?", nr.SYS_exit_group, [3], null],
    [
      'execve("/nope", ["a", "b"], 0x7ffe916730d0 /* 1 var */) = -1 ENOENT (No such file or directory)',
      nr.SYS_execve,
      [A, B, 0x7ffe916730d0],
      -ENOENT,
      { [A]: "/nope\0", [B]: longs(0x2000, 0x3000, 0), 8192: "a\0", 12288: "b\0", 140731337879760: longs(0x2000, 0) },
    ],
    ["execve(NULL, NULL, NULL)                = -1 EFAULT (Bad address)", nr.SYS_execve, [0, 0, 0], -EFAULT],
    ["futex(0x7ffcb0039d60, FUTEX_WAKE_PRIVATE, 1) = 0", nr.SYS_futex, [B, 129, 1, 0, 0, 0], 0],
    [
      "futex(0x7ffcb0039d60, FUTEX_WAIT, 6, NULL) = -1 EAGAIN (Resource temporarily unavailable)",
      nr.SYS_futex,
      [B, 0, 6, 0, 0, 0],
      -EAGAIN,
    ],
    [
      "futex(0x7ffcb0039d60, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 3, {tv_sec=0, tv_nsec=0}, FUTEX_BITSET_MATCH_ANY) = -1 EAGAIN (Resource temporarily unavailable)",
      nr.SYS_futex,
      [B, 9 | 128 | 256, 3, A, 0, -1],
      -EAGAIN,
      { [A]: time(0, 0) },
    ],
    [
      "futex(0x7ffcb0039d60, 0x4d /* FUTEX_??? */, 1, 0x2, 0x3, 0x4) = -1 ENOSYS (Function not implemented)",
      nr.SYS_futex,
      [B, 77, 1, 2, 3, 4],
      -ENOSYS,
    ],
    ['prctl(PR_SET_NAME, "name")              = 0', nr.SYS_prctl, [15, A], 0, { [A]: "name\0" }],
    ["set_robust_list(0x7ffcb0039d60, 24)     = 0", nr.SYS_set_robust_list, [B, 24], 0],
    [
      "rseq(0x7ffcb0039d60, 0x20, 0, 0x53053053) = -1 EINVAL (Invalid argument)",
      nr.SYS_rseq,
      [B, 32, 0, 0x53053053],
      -EINVAL,
    ],
    [
      "syscall_0x1f4(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)",
      0x1f4,
      [1, 2, 3, 4, 5, 6],
      -ENOSYS,
    ],
    [
      "syscall_0x1f4(0x2, 0x3, 0xffffffffffffffb8, 0x5, 0x6, 0x7ffcb003af48) = -1 ENOSYS (Function not implemented)",
      0x1f4,
      [2, 3, -72, 5, 6, 0x7ffcb003af48],
      -ENOSYS,
    ],
  ]);
});

describe("signals", () => {
  const act = (sa_handler: number, sa_flags: number, sa_mask: bigint) =>
    sigaction.encode({ sa_handler, sa_flags, sa_mask });
  const all = 0xffff_ffff_ffff_ffffn;
  check([
    ["kill(99999, SIGTERM)                    = -1 ESRCH (No such process)", nr.SYS_kill, [99999, 15], -3],
    ["kill(0, 0)                              = 0", nr.SYS_kill, [0, 0], 0],
    ["kill(99999, SIGRTMIN)                   = -1 ESRCH (No such process)", nr.SYS_kill, [99999, 32], -3],
    ["kill(99999, SIGRT_32)                   = -1 ESRCH (No such process)", nr.SYS_kill, [99999, 64], -3],
    ["kill(99999, 65)                         = -1 ESRCH (No such process)", nr.SYS_kill, [99999, 65], -3],
    [
      "rt_sigaction(SIGALRM, {sa_handler=0x401615, sa_mask=[INT], sa_flags=SA_RESTART}, NULL, 8) = 0",
      nr.SYS_rt_sigaction,
      [14, A, 0, 8],
      0,
      { [A]: act(0x401615, 0x10000000, 2n) },
    ],
    [
      "rt_sigaction(SIGUSR2, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0",
      nr.SYS_rt_sigaction,
      [12, A, B, 8],
      0,
      { [A]: act(1, 0, 0n), [B]: act(0, 0, 0n) },
    ],
    [
      "rt_sigaction(SIGUSR1, {sa_handler=0x1000, sa_mask=~[], sa_flags=SA_ONSTACK|SA_RESTART|SA_NODEFER|SA_RESETHAND|SA_SIGINFO|SA_NOCLDSTOP|SA_NOCLDWAIT|0xc00}, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0",
      nr.SYS_rt_sigaction,
      [10, A, B, 8],
      0,
      { [A]: act(0x1000, 0xd8000c07, all), [B]: act(0, 0, 0n) },
    ],
    [
      "rt_sigaction(SIGUSR1, {sa_handler=SIG_ERR, sa_mask=[HUP RT_1 RT_32], sa_flags=0}, NULL, 8) = 0",
      nr.SYS_rt_sigaction,
      [10, A, 0, 8],
      0,
      { [A]: act(-1, 0, 0x8000000100000001n) },
    ],
    [
      "rt_sigaction(99, NULL, NULL, 8)         = -1 EINVAL (Invalid argument)",
      nr.SYS_rt_sigaction,
      [99, 0, 0, 8],
      -EINVAL,
    ],
    [
      "rt_sigprocmask(SIG_BLOCK, [USR1 CHLD], [], 8) = 0",
      nr.SYS_rt_sigprocmask,
      [0, A, B, 8],
      0,
      { [A]: longs(0x10200), [B]: longs(0) },
    ],
    [
      "rt_sigprocmask(SIG_UNBLOCK, ~[KILL STOP RTMIN RT_1], NULL, 8) = 0",
      nr.SYS_rt_sigprocmask,
      [1, A, 0, 8],
      0,
      { [A]: longs(all & ~0x180040100n) },
    ],
    [
      "rt_sigprocmask(0x9 /* SIG_??? */, NULL, NULL, 8) = -1 EINVAL (Invalid argument)",
      nr.SYS_rt_sigprocmask,
      [9, 0, 0, 8],
      -EINVAL,
    ],
    [
      "rt_sigprocmask(SIG_SETMASK, 0x7ffe916732f4, 0x7ffe91673290, 4) = -1 EINVAL (Invalid argument)",
      nr.SYS_rt_sigprocmask,
      [2, 0x7ffe916732f4, 0x7ffe91673290, 4],
      -EINVAL,
      { 140731337880308: longs(0) },
    ],
    [
      "rt_sigsuspend([], 8)                    = ? ERESTARTNOHAND (To be restarted if no handler)",
      nr.SYS_rt_sigsuspend,
      [A, 8],
      -514,
      { [A]: longs(0) },
    ],
    [
      "sigaltstack(NULL, {ss_sp=NULL, ss_flags=SS_DISABLE, ss_size=0}) = 0",
      nr.SYS_sigaltstack,
      [0, A],
      0,
      { [A]: stackT.encode({ ss_flags: 2 }) },
    ],
    [
      "read(7, 0x7ffe91673290, 10)             = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
      nr.SYS_read,
      [7, 0x7ffe91673290, 10],
      -512,
    ],
  ]);
});

describe("time and the machine", () => {
  const fds = (...all: [fd: number, events: number, revents: number][]) =>
    new Uint8Array(Int16Array.from(all.flatMap(([fd, events, revents]) => [fd, fd >> 16, events, revents])).buffer);
  check([
    [
      "ppoll([{fd=9, events=POLLIN|POLLOUT}, {fd=99, events=POLLIN}], 2, {tv_sec=0, tv_nsec=997997}, NULL, 8) = 2 ([{fd=9, revents=POLLOUT|POLLERR}, {fd=99, revents=POLLNVAL}], left {tv_sec=0, tv_nsec=997997})",
      nr.SYS_ppoll,
      [A, 2, B, 0, 8],
      2,
      { [A]: fds([9, 5, 12], [99, 1, 32]), [B]: time(0, 997997) },
    ],
    [
      "ppoll([{fd=5, events=POLLPRI}], 1, {tv_sec=0, tv_nsec=0}, [USR1], 8) = 0 (Timeout)",
      nr.SYS_ppoll,
      [A, 1, B, 0x2000, 8],
      0,
      { [A]: fds([5, 2, 0]), [B]: time(0, 0), 8192: longs(512) },
    ],
    [
      "ppoll([{fd=-1}], 1, {tv_sec=0, tv_nsec=0}, NULL, 8) = 0 (Timeout)",
      nr.SYS_ppoll,
      [A, 1, B, 0, 8],
      0,
      { [A]: fds([-1, 1, 0]), [B]: time(0, 0) },
    ],
    ["ppoll(0x8, 1, NULL, NULL, 8)            = -1 EFAULT (Bad address)", nr.SYS_ppoll, [8, 1, 0, 0, 8], -EFAULT],
    [
      "clock_gettime(CLOCK_MONOTONIC, {tv_sec=4286, tv_nsec=849105808}) = 0",
      nr.SYS_clock_gettime,
      [1, A],
      0,
      { [A]: time(4286, 849105808) },
    ],
    [
      "clock_gettime(0x4d /* CLOCK_??? */, 0x7ffcb0039b20) = -1 EINVAL (Invalid argument)",
      nr.SYS_clock_gettime,
      [77, 0x7ffcb0039b20],
      -EINVAL,
    ],
    [
      "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=1000}, 0x7ffcb0039b20) = 0",
      nr.SYS_clock_nanosleep,
      [0, 0, A, 0x7ffcb0039b20],
      0,
      { [A]: time(0, 1000) },
    ],
    [
      "clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, {tv_sec=0, tv_nsec=1000}, NULL) = 0",
      nr.SYS_clock_nanosleep,
      [1, 1, A, 0],
      0,
      { [A]: time(0, 1000) },
    ],
    [
      "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=50000000}, {tv_sec=0, tv_nsec=30028218}) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)",
      nr.SYS_clock_nanosleep,
      [0, 0, A, B],
      -516,
      { [A]: time(0, 50000000), [B]: time(0, 30028218) },
    ],
    ["nanosleep(0x8, NULL)                    = -1 EFAULT (Bad address)", nr.SYS_nanosleep, [8, 0], -EFAULT],
    [
      "setitimer(ITIMER_REAL, {it_interval={tv_sec=0, tv_usec=0}, it_value={tv_sec=1, tv_usec=500000}}, {it_interval={tv_sec=0, tv_usec=0}, it_value={tv_sec=0, tv_usec=0}}) = 0",
      nr.SYS_setitimer,
      [0, A, B],
      0,
      { [A]: itimerval.encode({ it_value: { tv_sec: 1, tv_usec: 500000 } }), [B]: itimerval.encode({}) },
    ],
    [
      "times({tms_utime=0, tms_stime=0, tms_cutime=0, tms_cstime=0}) = 1718385578",
      nr.SYS_times,
      [A],
      1718385578,
      { [A]: longs(0, 0, 0, 0) },
    ],
    [
      'uname({sysname="Linux", nodename="vm", ...}) = 0',
      nr.SYS_uname,
      [A],
      0,
      { [A]: utsname.encode({ sysname: "Linux", nodename: "vm" }) },
    ],
    [
      "sysinfo({uptime=4287, loads=[3072, 25504, 49952], totalram=25276502016, freeram=24907304960, sharedram=9084928, bufferram=2252800, totalswap=0, freeswap=0, procs=107, totalhigh=0, freehigh=0, mem_unit=1}) = 0",
      nr.SYS_sysinfo,
      [A],
      0,
      {
        [A]: sysinfo.encode({
          uptime: 4287,
          loads: [3072, 25504, 49952],
          totalram: 25276502016,
          freeram: 24907304960,
          sharedram: 9084928,
          bufferram: 2252800,
          procs: 107,
          mem_unit: 1,
        }),
      },
    ],
    [
      "prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0",
      nr.SYS_prlimit64,
      [0, 3, 0, A],
      0,
      { [A]: longs(8192 * 1024, -1) },
    ],
    ["sched_getaffinity(0, 8, [0 1])          = 8", nr.SYS_sched_getaffinity, [0, 8, A], 8, { [A]: longs(3) }],
  ]);
});

test("an argument that no register holds is shown as what the register would hold", () => {
  expect(formatCall(memory({}), nr.SYS_munmap, [Number.NaN, Number.POSITIVE_INFINITY], -EINVAL)).toMatch(/^munmap\(/);
  expect(formatCall(memory({}), nr.SYS_munmap, [4096.5, 1.25], -EINVAL)).toBe(
    "munmap(0x1000, 1)                       = -1 EINVAL (Invalid argument)",
  );
  expect(formatCall(memory({}), nr.SYS_close, [], -EBADF)).toBe(
    "close(0)                                = -1 EBADF (Bad file descriptor)",
  );
});

test("a string is read no further than its page when it ends there", () => {
  const end = "/dev/fb0\0";
  const va = 0x5000 - end.length;
  expect(formatCall(memory({ [va]: end }), nr.SYS_openat, [AT_FDCWD, va, 2], 3)).toBe(
    'openat(AT_FDCWD, "/dev/fb0", O_RDWR)    = 3',
  );
  // Not terminated before memory ends: the kernel answers EFAULT, strace shows the address.
  expect(formatCall(memory({ [va]: "/dev/fb0!" }), nr.SYS_openat, [AT_FDCWD, va, 2], -EFAULT)).toBe(
    "openat(AT_FDCWD, 0x4ff7, O_RDWR)        = -1 EFAULT (Bad address)",
  );
});
