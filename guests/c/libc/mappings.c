/* The rest of mmap's family. */
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "checked.h"
#include "system-call.h"

int mprotect(void *start, size_t length, int protection) {
  return (int)checked(systemCall(SYS_mprotect, (long)start, (long)length, protection, 0, 0, 0));
}

void *mremap(void *start, size_t oldLength, size_t newLength, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  long newStart = va_arg(arguments, long);
  va_end(arguments);
  return (void *)checked(systemCall(SYS_mremap, (long)start, (long)oldLength, (long)newLength, flags, newStart, 0));
}

int msync(void *start, size_t length, int flags) {
  return (int)checked(systemCall(SYS_msync, (long)start, (long)length, flags, 0, 0, 0));
}

int mincore(void *start, size_t length, unsigned char *vector) {
  return (int)checked(systemCall(SYS_mincore, (long)start, (long)length, (long)vector, 0, 0, 0));
}

int madvise(void *start, size_t length, int advice) {
  return (int)checked(systemCall(SYS_madvise, (long)start, (long)length, advice, 0, 0, 0));
}

int mlock(const void *start, size_t length) {
  return (int)checked(systemCall(SYS_mlock, (long)start, (long)length, 0, 0, 0, 0));
}

int munlock(const void *start, size_t length) {
  return (int)checked(systemCall(SYS_munlock, (long)start, (long)length, 0, 0, 0, 0));
}
