/* Processes. */
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "system-call.h"

pid_t fork(void) {
  return (pid_t)checked(systemCall(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0));
}

/* What vfork's own code cannot do: it must leave the stack alone. */
pid_t vforkResult(long result) {
  return (pid_t)checked(result);
}

pid_t waitpid(pid_t pid, int *status, int options) {
  return (pid_t)checked(systemCall(SYS_wait4, pid, (long)status, options, 0, 0, 0));
}

int execve(const char *path, char *const argv[], char *const env[]) {
  return (int)checked(systemCall(SYS_execve, (long)path, (long)argv, (long)env, 0, 0, 0));
}

pid_t getpid(void) {
  return (pid_t)systemCall(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

_Noreturn void _exit(int status) {
  for (;;) systemCall(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

long syscall(long number, ...) {
  __builtin_va_list arguments;
  __builtin_va_start(arguments, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = __builtin_va_arg(arguments, long);
  __builtin_va_end(arguments);
  return checked(systemCall(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}
