/* System calls as C has them: -1 and errno for the kernel's negative errno. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checked.h"
#include "system-call.h"

int errno;

int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & O_CREAT) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  return (int)checked(systemCall(SYS_openat, AT_FDCWD, (long)path, flags, mode, 0, 0));
}

int close(int fd) {
  return (int)checked(systemCall(SYS_close, fd, 0, 0, 0, 0, 0));
}

ssize_t read(int fd, void *buffer, size_t count) {
  return checked(systemCall(SYS_read, fd, (long)buffer, (long)count, 0, 0, 0));
}

ssize_t write(int fd, const void *buffer, size_t count) {
  return checked(systemCall(SYS_write, fd, (long)buffer, (long)count, 0, 0, 0));
}

ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset) {
  return checked(systemCall(SYS_pwrite64, fd, (long)buffer, (long)count, offset, 0, 0));
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  long argument = va_arg(arguments, long);
  va_end(arguments);
  return (int)checked(systemCall(SYS_ioctl, fd, (long)request, argument, 0, 0, 0));
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  return (void *)checked(systemCall(SYS_mmap, (long)address, (long)length, protection, flags, fd, offset));
}

int munmap(void *address, size_t length) {
  return (int)checked(systemCall(SYS_munmap, (long)address, (long)length, 0, 0, 0, 0));
}

/* Linux has no other page size on riscv64. */
int getpagesize(void) {
  return 4096;
}
