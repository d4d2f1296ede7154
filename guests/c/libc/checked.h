/* What C says of a system call that failed: -1 and errno, for the kernel's negative errno. */
#pragma once

#include <errno.h>

#define MAX_ERRNO 4095

static inline long checked(long result) {
  if (result >= 0 || result < -MAX_ERRNO) return result;
  errno = (int)-result;
  return -1;
}
