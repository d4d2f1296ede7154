/* Signals, and jumps out of their handlers. */
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>

#include "checked.h"
#include "system-call.h"

int sigaction(int signal, const struct sigaction *action, struct sigaction *old) {
  return (int)checked(systemCall(SYS_rt_sigaction, signal, (long)action, (long)old, sizeof(sigset_t), 0, 0));
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
  return (int)checked(systemCall(SYS_rt_sigprocmask, how, (long)set, (long)old, sizeof(sigset_t), 0, 0));
}

int sigaltstack(const stack_t *stack, stack_t *old) {
  return (int)checked(systemCall(SYS_sigaltstack, (long)stack, (long)old, 0, 0, 0, 0));
}

int kill(pid_t pid, int signal) {
  return (int)checked(systemCall(SYS_kill, pid, signal, 0, 0, 0, 0));
}

SignalHandler signal(int number, SignalHandler handler) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
  return sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* sigsetjmp goes on here when it has kept the registers. */
int keepMask(struct JumpBuffer *to, int wanted) {
  to->hasMask = wanted;
  if (wanted) sigprocmask(SIG_BLOCK, 0, &to->mask);
  return 0;
}

_Noreturn void jumpTo(struct JumpBuffer *to, int value);

_Noreturn void siglongjmp(sigjmp_buf to, int value) {
  if (to->hasMask) sigprocmask(SIG_SETMASK, &to->mask, 0);
  jumpTo(to, value);
}
