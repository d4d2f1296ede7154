/* Files: what calls.c has not. */
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checked.h"
#include "system-call.h"

#define TCGETS 0x5401

off_t lseek(int fd, off_t offset, int whence) {
  return checked(systemCall(SYS_lseek, fd, offset, whence, 0, 0, 0));
}

ssize_t pread(int fd, void *buffer, size_t count, off_t offset) {
  return checked(systemCall(SYS_pread64, fd, (long)buffer, (long)count, offset, 0, 0));
}

int ftruncate(int fd, off_t size) {
  return (int)checked(systemCall(SYS_ftruncate, fd, size, 0, 0, 0, 0));
}

int fsync(int fd) {
  return (int)checked(systemCall(SYS_fsync, fd, 0, 0, 0, 0, 0));
}

int fstat(int fd, struct stat *status) {
  return (int)checked(systemCall(SYS_fstat, fd, (long)status, 0, 0, 0, 0));
}

/* A terminal has settings. */
int isatty(int fd) {
  char settings[64];
  return checked(systemCall(SYS_ioctl, fd, TCGETS, (long)settings, 0, 0, 0)) == 0;
}

int dup(int fd) {
  return (int)checked(systemCall(SYS_dup, fd, 0, 0, 0, 0, 0));
}

int pipe(int ends[2]) {
  return (int)checked(systemCall(SYS_pipe2, (long)ends, 0, 0, 0, 0, 0));
}
