/* From the stack that the kernel made to main, and out again. */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "system-call.h"

int main(int argc, char **argv);

static char **environment;

_Noreturn void startC(long *stack) {
  int argc = (int)stack[0];
  char **argv = (char **)(stack + 1);
  environment = argv + argc + 1;
  exit(main(argc, argv));
}

_Noreturn void exit(int status) {
  for (;;) systemCall(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

char *getenv(const char *name) {
  size_t length = strlen(name);
  for (char **entry = environment; *entry; entry++) {
    if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') return *entry + length + 1;
  }
  return NULL;
}
