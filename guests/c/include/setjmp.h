#pragma once

#include <signal.h>

/* What a call preserves (psABI), and the mask. */
struct JumpBuffer {
  unsigned long integers[14];
  double floats[12];
  int hasMask;
  sigset_t mask;
};
typedef struct JumpBuffer sigjmp_buf[1];

int sigsetjmp(sigjmp_buf from, int saveMask) __attribute__((returns_twice));
_Noreturn void siglongjmp(sigjmp_buf to, int value);
