#include <poll.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "checked.h"
#include "system-call.h"

/* riscv64 has ppoll alone. */
int poll(struct pollfd *fds, unsigned long count, int timeout) {
  long time[2] = {timeout / 1000, timeout % 1000 * 1000000L};
  return (int)checked(systemCall(SYS_ppoll, (long)fds, (long)count, timeout < 0 ? 0 : (long)time, 0, 0, 0));
}
