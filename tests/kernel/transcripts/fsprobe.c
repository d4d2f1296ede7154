// File-system calls as a real Linux answers them: one line a call, "name(arguments) = result".
// Recorded with: gcc -w -D_GNU_SOURCE fsprobe.c -o fsprobe && cd an empty directory of a tmpfs && ./fsprobe > fsprobe.txt (as root)
// fsprobe.test.ts parses the lines and makes the same calls on our kernel.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#define buf 0x10000000L   /* 64 KiB that are there */
#define edge 0x20000ffcL  /* the last 4 bytes before a hole */
#define hole 0x20001000L
#define N255 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define N256 N255 "n"
static long show(const char *call, long r) {
  if (r == -1) printf("%s = -1 %s\n", call, strerrorname_np(errno)); else printf("%s = %ld\n", call, r);
  return r;
}
#define S(name, ...) show(#name "(" #__VA_ARGS__ ")", syscall(SYS_##name, __VA_ARGS__))
// What lies in the buffer; what fstatat put there; 4 words put there.
#define TEXT(n) printf("text(" #n ") = %.*s\n", n, (char *)buf)
#define STAT(path) do { struct stat s; if (fstatat(AT_FDCWD, path, &s, AT_SYMLINK_NOFOLLOW)) show("stat(" #path ")", -1); \
  else printf("stat(" #path ") = %o %ld %ld\n", s.st_mode, (long)s.st_nlink, (long)s.st_size); } while (0)
#define INTS(n) do { printf("ints(" #n ") ="); for (int i = 0; i < n; i++) printf(" %d", ((int *)buf)[i]); printf("\n"); } while (0)
#define PUT(text) do { strcpy((char *)buf, text); printf("put(" #text ") = 0\n"); } while (0)
#define LONGS(...) do { long v[] = {__VA_ARGS__}; memcpy((char *)buf, v, sizeof v); printf("longs(" #__VA_ARGS__ ") = 0\n"); } while (0)
#define POLL(fd, events) do { struct pollfd p = {fd, events, 77}; long z[2] = {0, 0}; long r = syscall(SYS_ppoll, &p, 1L, z, 0L, 8L); \
  printf("poll(" #fd "," #events ") = %ld %d\n", r, p.revents); } while (0)
#define W(fd, text) do { strcpy((char *)buf, text); show("write(" #fd ",\"" text "\")", syscall(SYS_write, (long)fd, buf, strlen(text))); } while (0)
int main(void) {
  setvbuf(stdout, 0, _IOLBF, 1 << 16);
  signal(SIGPIPE, SIG_IGN);
  mmap((void *)buf, 65536, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  mmap((void *)0x20000000L, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  umask(022);
  // open
  S(openat, AT_FDCWD, "f", O_RDWR, 0);
  S(openat, AT_FDCWD, "", O_RDWR, 0);
  S(openat, AT_FDCWD, hole, O_RDWR, 0);
  S(openat, AT_FDCWD, "f", O_RDWR | O_CREAT | O_EXCL, 0666);
  STAT("f");
  S(openat, AT_FDCWD, "f", O_RDWR | O_CREAT | O_EXCL, 0666);
  S(openat, AT_FDCWD, "f", O_RDWR | O_CREAT, 0666);
  S(close, 4);
  S(close, 4);
  S(openat, AT_FDCWD, "f/", O_RDWR, 0);
  S(openat, AT_FDCWD, "f/x", O_RDWR, 0);
  S(openat, AT_FDCWD, "g/", O_RDWR | O_CREAT, 0666);
  S(openat, AT_FDCWD, "none/g", O_RDWR | O_CREAT, 0666);
  S(openat, AT_FDCWD, N255, O_RDONLY, 0);
  S(openat, AT_FDCWD, N256, O_RDONLY, 0);
  S(openat, AT_FDCWD, "f", O_DIRECTORY, 0);
  S(openat, AT_FDCWD, "d", O_DIRECTORY | O_CREAT, 0755);
  S(openat, AT_FDCWD, ".", O_RDWR, 0);
  S(openat, AT_FDCWD, ".", O_RDONLY | O_CREAT, 0);
  S(openat, AT_FDCWD, ".", O_RDONLY | O_CREAT | O_EXCL, 0);
  S(openat, AT_FDCWD, ".", O_RDONLY | O_TRUNC, 0);
  S(openat, 99, "f", O_RDONLY, 0);
  S(openat, 3, "f", O_RDONLY, 0);
  S(openat, 99, "/dev/null", O_RDONLY, 0);
  S(close, 4);
  S(openat, AT_FDCWD, ".", O_DIRECTORY | O_CLOEXEC, 0);
  S(openat, 4, "f", O_WRONLY | O_APPEND, 0);
  S(fcntl, 3, F_GETFL, 0);
  S(fcntl, 4, F_GETFL, 0);
  S(fcntl, 4, F_GETFD, 0);
  S(fcntl, 5, F_GETFL, 0);
  S(fcntl, 5, F_GETFD, 0);
  // read, write
  W(3, "hello world");
  S(read, 3, buf, 4L);
  S(lseek, 3, 6L, SEEK_SET);
  S(read, 3, buf, 100L);
  TEXT(5);
  S(read, 5, buf, 4L);
  S(write, 5, hole, 4L);
  S(write, 5, hole, 0L);
  S(write, 5, -8L, 4L);
  W(5, "!!");
  STAT("f");
  S(lseek, 5, 0L, SEEK_CUR);
  S(pread64, 3, buf, 100L, 0L);
  TEXT(13);
  S(pread64, 3, buf, 4L, -1L);
  S(pread64, 99, buf, 4L, -1L);
  S(pread64, 3, edge, 8L, 0L);
  S(pread64, 3, hole, 8L, 0L);
  S(pread64, 3, hole, 8L, 100L);
  S(pread64, 3, hole, 0L, 0L);
  S(read, 4, buf, 10L);
  S(write, 4, buf, 10L);
  S(read, 99, hole, 10L);
  S(pwrite64, 3, edge, 8L, 20L);
  STAT("f");
  S(pwrite64, 3, buf, 4L, 0x7fffffffffffffffL);
  S(pwrite64, 3, buf, 4L, -4L);
  S(write, 3, buf, -1L);
  S(read, 3, buf, -1L);
  S(lseek, 3, -1L, SEEK_SET);
  S(lseek, 3, 0L, 9);
  S(lseek, 3, 0L, SEEK_END);
  S(lseek, 3, -100L, SEEK_CUR);
  S(lseek, 3, 0L, SEEK_DATA);
  S(lseek, 3, 0L, SEEK_HOLE);
  S(lseek, 3, 24L, SEEK_DATA);
  S(lseek, 3, -1L, SEEK_HOLE);
  S(lseek, 4, 0L, SEEK_END);
  S(lseek, 99, 0L, 9);
  // vectors
  S(lseek, 3, 0L, SEEK_SET);
  LONGS(0x10001000L, 4L, 0x10002000L, 0L, 0x10003000L, 100L);
  S(readv, 3, buf, 3L);
  S(readv, 3, buf, -1L);
  S(readv, 3, buf, 1025L);
  S(readv, 3, buf, 0L);
  S(readv, 3, hole, 1L);
  S(readv, 5, hole, 1L);
  S(writev, 3, hole, 1L);
  LONGS(0x10001000L, 4L, 0x20000ffcL, 8L, 0x10003000L, 4L);
  S(writev, 3, buf, 3L);
  S(writev, 3, buf, 1L);
  LONGS(0x10001000L, -1L);
  S(writev, 3, buf, 1L);
  LONGS(-8L, 1L);
  S(writev, 3, buf, 1L);
  // truncate
  S(ftruncate, 3, 5L);
  S(ftruncate, 3, -1L);
  S(ftruncate, 4, 1L);
  S(ftruncate, 99, 1L);
  S(ftruncate, 99, -1L);
  S(truncate, "f", 8192L);
  STAT("f");
  S(pread64, 3, buf, 8L, 0L);
  S(truncate, ".", 1L);
  S(truncate, "/dev/null", 1L);
  S(truncate, "none", 1L);
  S(openat, AT_FDCWD, "f", O_RDONLY | O_TRUNC, 0);
  STAT("f");
  S(ftruncate, 6, 1L);
  S(close, 6);
  S(fsync, 3);
  S(fdatasync, 4);
  S(fsync, 99);
  // descriptors
  S(dup, 3);
  S(dup3, 3, 3, 0);
  S(dup3, 3, 7, O_CLOEXEC);
  S(dup3, 3, 7, O_NONBLOCK);
  S(dup3, 99, 7, 0);
  S(dup3, 3, -1, 0);
  S(dup3, 3, 1000000, 0);
  S(fcntl, 3, F_DUPFD, 9L);
  S(fcntl, 3, F_DUPFD, -1L);
  S(fcntl, 3, F_DUPFD_CLOEXEC, 7L);
  S(fcntl, 8, F_GETFD, 0L);
  S(fcntl, 8, F_SETFD, 0L);
  S(fcntl, 8, F_GETFD, 0L);
  S(fcntl, 3, F_SETFL, O_APPEND | O_NONBLOCK | O_CREAT);
  S(fcntl, 9, F_GETFL, 0L);
  S(fcntl, 3, F_SETFL, 0L);
  S(fcntl, 3, 12345, 0L);
  S(fcntl, 99, F_GETFD, 0L);
  S(close, 6); S(close, 7); S(close, 8); S(close, 9);
  S(ioctl, 3, 0x12345, buf);
  S(ioctl, 4, 0x5401, buf);
  S(ioctl, 99, 0x5401, buf);
  S(ioctl, 3, 0x5451, 0L);
  S(fcntl, 3, F_GETFD, 0L);
  S(ioctl, 3, 0x5450, 0L);
  S(ioctl, 3, 0x541b, hole);
  S(lseek, 3, 0L, SEEK_SET);
  S(ioctl, 3, 0x541b, buf);
  // directories
  S(mkdirat, AT_FDCWD, "d", 0777);
  STAT("d");
  S(mkdirat, AT_FDCWD, "d", 0777);
  S(mkdirat, AT_FDCWD, "d/", 0777);
  S(mkdirat, AT_FDCWD, "e/", 01777);
  STAT("e");
  S(mkdirat, AT_FDCWD, ".", 0777);
  S(mkdirat, AT_FDCWD, "/", 0777);
  S(mkdirat, AT_FDCWD, "none/d", 0777);
  S(mkdirat, AT_FDCWD, "f/d", 0777);
  S(mkdirat, AT_FDCWD, N256, 0777);
  S(mkdirat, AT_FDCWD, "d/sub", 0700);
  STAT("d");
  S(mknodat, AT_FDCWD, "d/n", S_IFREG | 0600, 0);
  S(mknodat, AT_FDCWD, "d/c", S_IFCHR | 0666, 0x103L);
  STAT("d/c");
  S(mknodat, AT_FDCWD, "d/c", S_IFCHR | 0600, 0);
  S(mknodat, AT_FDCWD, "d/x", S_IFDIR | 0600, 0);
  S(mknodat, AT_FDCWD, "d/x", 0050000, 0);
  S(mknodat, AT_FDCWD, "d/x/", S_IFREG, 0);
  S(mknodat, AT_FDCWD, "d/p", S_IFIFO | 0600, 0);
  STAT("d/p");
  S(openat, AT_FDCWD, "d/c", O_RDWR, 0);
  W(6, "x");
  S(close, 6);
  S(mknodat, AT_FDCWD, "d/none", S_IFCHR | 0600, 0x1ff01L);
  S(openat, AT_FDCWD, "d/none", O_RDWR, 0);
  S(unlinkat, AT_FDCWD, "d", 0);
  S(unlinkat, AT_FDCWD, "d/", 0);
  S(unlinkat, AT_FDCWD, ".", 0);
  S(unlinkat, AT_FDCWD, "f/", 0);
  S(unlinkat, AT_FDCWD, "none", 0);
  S(unlinkat, AT_FDCWD, "none/", 0);
  S(unlinkat, AT_FDCWD, "d", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "f", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "e/.", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "e/..", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "/", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "/dev", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "e", 7);
  S(unlinkat, AT_FDCWD, "e/", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "d/none", 0);
  // symbolic links
  S(symlinkat, "f", AT_FDCWD, "l");
  STAT("l");
  S(symlinkat, "", AT_FDCWD, "l2");
  S(symlinkat, "f", AT_FDCWD, "l");
  S(symlinkat, "f", AT_FDCWD, "l2/");
  S(readlinkat, AT_FDCWD, "l", buf, 100);
  TEXT(1);
  S(readlinkat, AT_FDCWD, "l", buf, 0);
  S(readlinkat, AT_FDCWD, "l", hole, 10);
  S(readlinkat, AT_FDCWD, "f", buf, 10);
  S(readlinkat, AT_FDCWD, "none", buf, 10);
  S(openat, AT_FDCWD, "l", O_RDONLY | O_NOFOLLOW, 0);
  S(openat, AT_FDCWD, "l", O_RDONLY | O_NOFOLLOW | O_DIRECTORY, 0);
  S(openat, AT_FDCWD, "l", O_RDONLY | O_CREAT | O_EXCL, 0600);
  S(openat, AT_FDCWD, "l/", O_RDONLY, 0);
  S(openat, AT_FDCWD, "l", O_RDONLY, 0);
  S(close, 6);
  S(symlinkat, "dangling", AT_FDCWD, "l2");
  S(openat, AT_FDCWD, "l2", O_RDWR, 0);
  S(mkdirat, AT_FDCWD, "l2", 0755);
  S(openat, AT_FDCWD, "l2", O_RDWR | O_CREAT, 0640);
  STAT("dangling");
  S(close, 6);
  S(symlinkat, "loop", AT_FDCWD, "loop");
  S(openat, AT_FDCWD, "loop", O_RDONLY, 0);
  S(openat, AT_FDCWD, "loop/x", O_RDONLY, 0);
  S(unlinkat, AT_FDCWD, "loop", 0);
  S(symlinkat, "d", AT_FDCWD, "ld");
  S(openat, AT_FDCWD, "ld/n", O_RDONLY, 0);
  S(close, 6);
  S(unlinkat, AT_FDCWD, "ld/", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "ld", AT_REMOVEDIR);
  S(unlinkat, AT_FDCWD, "ld", 0);
  S(openat, AT_FDCWD, "l", O_PATH | O_NOFOLLOW, 0);
  S(readlinkat, 6, "", buf, 10);
  S(read, 6, buf, 1L);
  S(fcntl, 6, F_GETFL, 0L);
  S(fcntl, 6, F_SETFL, 0L);
  S(close, 6);
  S(readlinkat, 4, "", buf, 10);
  // hard links
  S(linkat, AT_FDCWD, "f", AT_FDCWD, "h", 0);
  STAT("h");
  S(linkat, AT_FDCWD, "f", AT_FDCWD, "h", 0);
  S(linkat, AT_FDCWD, "d", AT_FDCWD, "h2", 0);
  S(linkat, AT_FDCWD, "none", AT_FDCWD, "h2", 0);
  S(linkat, AT_FDCWD, "f", AT_FDCWD, "/dev/h2", 0);
  S(linkat, AT_FDCWD, "f", AT_FDCWD, "h2", 1);
  S(linkat, AT_FDCWD, "l", AT_FDCWD, "h2", 0);
  STAT("h2");
  S(unlinkat, AT_FDCWD, "h2", 0);
  S(linkat, AT_FDCWD, "l", AT_FDCWD, "h2", AT_SYMLINK_FOLLOW);
  STAT("h2");
  S(unlinkat, AT_FDCWD, "h2", 0);
  // rename
  S(renameat2, AT_FDCWD, "none", AT_FDCWD, "x", 0);
  S(renameat2, AT_FDCWD, "h", AT_FDCWD, "x", 0);
  S(renameat2, AT_FDCWD, "x", AT_FDCWD, "f", 0);
  STAT("x");
  S(renameat2, AT_FDCWD, "x", AT_FDCWD, "f", RENAME_NOREPLACE);
  S(renameat2, AT_FDCWD, "x", AT_FDCWD, "d", 0);
  S(renameat2, AT_FDCWD, "d", AT_FDCWD, "x", 0);
  S(renameat2, AT_FDCWD, "x", AT_FDCWD, "y/", 0);
  S(renameat2, AT_FDCWD, "x/", AT_FDCWD, "y", 0);
  S(renameat2, AT_FDCWD, "d", AT_FDCWD, "d/sub/y", 0);
  S(renameat2, AT_FDCWD, "d/sub", AT_FDCWD, "d", 0);
  S(renameat2, AT_FDCWD, "d/n", AT_FDCWD, "d", 0);
  S(renameat2, AT_FDCWD, ".", AT_FDCWD, "y", 0);
  S(renameat2, AT_FDCWD, "x", AT_FDCWD, "..", 0);
  S(renameat2, AT_FDCWD, "x", AT_FDCWD, "/dev/x", 0);
  S(renameat2, AT_FDCWD, "x", AT_FDCWD, "y", 0x40);
  S(mkdirat, AT_FDCWD, "e", 0755);
  S(renameat2, AT_FDCWD, "e", AT_FDCWD, "d", 0);
  S(renameat2, AT_FDCWD, "d", AT_FDCWD, "e/", 0);
  STAT("e");
  STAT("d");
  S(renameat2, AT_FDCWD, "e/sub", AT_FDCWD, "sub", 0);
  STAT("e");
  S(unlinkat, AT_FDCWD, "x", 0);
  STAT("f");
  // modes and owners
  S(fchmod, 3, 06755);
  STAT("f");
  S(fchown, 3, 1L, -1L);
  STAT("f");
  S(fchmodat, AT_FDCWD, "none", 0644);
  S(fchmod, 99, 0644);
  S(fchmodat, AT_FDCWD, "f", 0644);
  S(faccessat, AT_FDCWD, "f", R_OK | W_OK);
  S(faccessat, AT_FDCWD, "f", X_OK);
  S(faccessat, AT_FDCWD, "e", X_OK);
  S(faccessat, AT_FDCWD, "/dev/null", X_OK);
  S(faccessat, AT_FDCWD, "f", 8);
  S(faccessat, AT_FDCWD, "none", F_OK);
  S(fchownat, AT_FDCWD, "f", 0L, 0L, 1);
  S(umask, 0777);
  S(umask, 07022);
  S(umask, 022);
  // times
  LONGS(1L, 2L, 3L, 1000000000L);
  S(utimensat, AT_FDCWD, "f", buf, 0);
  LONGS(1L, 2L, 3L, 4L);
  S(utimensat, AT_FDCWD, "f", buf, 0);
  S(utimensat, AT_FDCWD, "none", buf, 0);
  S(utimensat, AT_FDCWD, "f", buf, 1);
  S(utimensat, 3, 0L, buf, 0);
  S(utimensat, 3, 0L, buf, AT_SYMLINK_NOFOLLOW);
  S(utimensat, 99, 0L, buf, 0);
  S(utimensat, AT_FDCWD, "f", hole, 0);
  LONGS(1L, 0x3ffffffeL, 3L, 0x3ffffffeL);
  S(utimensat, AT_FDCWD, "none", buf, 0);
  // getdents, chdir, getcwd
  S(getdents64, 3, buf, 1000L);
  S(getdents64, 4, buf, 10L);
  S(getdents64, 4, hole, 1000L);
  S(getdents64, 99, buf, 1000L);
  S(lseek, 4, -1L, SEEK_SET);
  S(chdir, "f");
  S(chdir, "none");
  S(fchdir, 3);
  S(fchdir, 99);
  S(chdir, "sub");
  S(unlinkat, 4, "sub", AT_REMOVEDIR);
  S(getcwd, buf, 100L);
  S(openat, AT_FDCWD, "x", O_RDWR | O_CREAT, 0600);
  S(mkdirat, AT_FDCWD, "x", 0700);
  S(openat, AT_FDCWD, ".", O_RDONLY, 0);
  S(getdents64, 6, buf, 1000L);
  S(close, 6);
  S(fchdir, 4);
  S(getcwd, buf, 1L);
  // what is open lives on
  W(3, "still here");
  S(unlinkat, AT_FDCWD, "f", 0);
  S(pread64, 3, buf, 100L, 0L);
  TEXT(10);
  S(fstat, 3, hole);
  S(fstat, 99, buf);
  S(newfstatat, AT_FDCWD, "", buf, 0);
  S(newfstatat, AT_FDCWD, "e", buf, 0x8);
  S(newfstatat, 99, "e", buf, 0);
  S(newfstatat, 3, "", buf, AT_EMPTY_PATH);
  // devices
  S(openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
  S(read, 6, buf, 10L);
  S(write, 6, hole, 10L);
  S(write, 6, -8L, 10L);
  S(write, 6, buf, 0x100000000L);
  S(lseek, 6, 5L, SEEK_SET);
  S(ftruncate, 6, 0L);
  S(fsync, 6);
  S(ioctl, 6, 0x5401, buf);
  S(pread64, 6, buf, 1L, 7L);
  S(close, 6);
  S(openat, AT_FDCWD, "/dev/zero", O_RDWR, 0);
  S(read, 6, edge, 8L);
  S(read, 6, hole, 8L);
  S(read, 6, buf, 65536L);
  S(write, 6, hole, 8L);
  S(close, 6);
  S(openat, AT_FDCWD, "/dev/full", O_RDWR, 0);
  S(read, 6, buf, 8L);
  S(write, 6, buf, 8L);
  S(write, 6, buf, 0L);
  S(close, 6);
  S(openat, AT_FDCWD, "/dev/urandom", O_RDWR, 0);
  S(read, 6, buf, 100L);
  S(read, 6, hole, 100L);
  S(read, 6, edge, 100L);
  S(write, 6, buf, 100L);
  S(write, 6, hole, 100L);
  S(lseek, 6, 10L, SEEK_SET);
  S(ioctl, 6, 0x5401, buf);
  S(close, 6);
  // pipes
  S(pipe2, hole, 0);
  S(pipe2, buf, 0x1000000);
  S(pipe2, buf, O_CLOEXEC);
  INTS(2);
  S(fcntl, 6, F_GETFL, 0L);
  S(fcntl, 6, F_GETFD, 0L);
  S(lseek, 6, 0L, SEEK_SET);
  S(pread64, 6, buf, 1L, 0L);
  S(write, 6, buf, 1L);
  S(read, 7, buf, 1L);
  S(fsync, 6);
  S(ftruncate, 7, 0L);
  POLL(6, POLLIN);
  POLL(7, POLLOUT);
  W(7, "through the pipe");
  POLL(6, POLLIN | POLLPRI);
  S(ioctl, 6, 0x541b, buf);
  INTS(1);
  S(read, 6, hole, 5L);
  S(read, 6, buf, 7L);
  TEXT(7);
  S(write, 7, edge, 8L);
  S(write, 7, hole, 8L);
  S(write, 7, hole, 0L);
  S(read, 6, hole, 0L);
  S(fcntl, 7, F_GETPIPE_SZ, 0L);
  S(fcntl, 3, F_GETPIPE_SZ, 0L);
  S(fcntl, 6, F_SETFL, O_NONBLOCK);
  S(fcntl, 7, F_SETFL, O_NONBLOCK);
  S(read, 6, buf, 100L);
  S(read, 6, buf, 100L);
  S(write, 7, buf, 65536L);
  S(write, 7, buf, 1L);
  POLL(7, POLLOUT);
  S(read, 6, buf, 65536L);
  S(close, 6);
  POLL(7, POLLOUT);
  S(write, 7, buf, 1L);
  S(close, 7);
  S(pipe2, buf, 0);
  S(close, 7);
  S(read, 6, buf, 1L);
  POLL(6, POLLIN);
  S(close, 6);
  // poll
  POLL(3, POLLIN | POLLOUT);
  POLL(99, POLLIN);
  POLL(-5, POLLIN);
  S(ppoll, buf, 2000000L, 0L, 0L, 8L);
  S(ppoll, hole, 1L, 0L, 0L, 8L);
  LONGS(-1L, 0L);
  S(ppoll, buf, 0L, buf, 0L, 8L);
  LONGS(0L, 1000000000L);
  S(ppoll, buf, 0L, buf, 0L, 8L);
  S(ppoll, buf, 0L, hole, 0L, 8L);
  S(ppoll, buf, 0L, 0L, buf, 4L);
  // proc
  S(openat, AT_FDCWD, "/proc/none", O_RDWR | O_CREAT, 0600);
  S(mkdirat, AT_FDCWD, "/proc/none", 0700);
  S(unlinkat, AT_FDCWD, "/proc/devices", 0);
  S(openat, AT_FDCWD, "/proc/devices", O_RDWR, 0);
  S(write, 6, buf, 5L);
  S(read, 6, buf, 19L);
  TEXT(18);
  S(lseek, 6, 0L, SEEK_END);
  S(lseek, 6, 0L, SEEK_SET);
  S(read, 6, hole, 5L);
  S(ftruncate, 6, 0L);
  S(close, 6);
  STAT("/proc/devices");
  S(openat, AT_FDCWD, "/proc/self/comm", O_RDONLY, 0);
  S(read, 6, buf, 100L);
  TEXT(7);
  S(read, 6, buf, 100L);
  S(close, 6);
  S(readlinkat, AT_FDCWD, "/proc/self/fd/99", buf, 100);
  S(openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);
  S(readlinkat, AT_FDCWD, "/proc/self/fd/6", buf, 100);
  TEXT(9);
  S(close, 6);
  S(openat, AT_FDCWD, "/proc/99999", O_RDONLY, 0);
  S(mkdirat, AT_FDCWD, "/sys/none", 0700);
  return 0;
}
