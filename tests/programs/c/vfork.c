/* vfork(2) and posix_spawn(3), which qemu-riscv64 makes a fork of: the manual pages are the truth. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (argc == 3) {
    printf("child %s\n", argv[2]);
    return 5;
  }
  volatile int shared = 1;
  pid_t pid = vfork();
  if (pid == 0) {
    shared = 2;
    _exit(3);
  }
  int status;
  /* "The child … shares all memory with its parent", and the parent "is suspended until the child terminates". */
  printf("shared %d\n", shared);
  waitpid(pid, &status, 0);
  printf("status %d\n", WEXITSTATUS(status));
  char *args[] = {argv[0], "x", "spawned", NULL};
  int error = posix_spawn(&pid, "/bin/program", NULL, NULL, args, environ);
  waitpid(pid, &status, 0);
  printf("spawn %d status %d\n", error, WEXITSTATUS(status));
  /* "If the child cannot be executed, posix_spawn returns the error" as glibc does it. */
  error = posix_spawn(&pid, "/no/such/program", NULL, NULL, args, environ);
  printf("spawn %s\n", strerrorname_np(error));
  pid = vfork();
  if (pid == 0) {
    execv("/bin/program", args);
    _exit(9);
  }
  waitpid(pid, &status, 0);
  printf("status %d\n", WEXITSTATUS(status));
  int fd = open("/bin/program", O_RDONLY | O_CLOEXEC);
  pid = fork();
  if (pid == 0) {
    fexecve(fd, args, environ);
    _exit(9);
  }
  waitpid(pid, &status, 0);
  printf("fexecve status %d\n", WEXITSTATUS(status));
  struct timespec before, after;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
  for (volatile int i = 0; i < 1000000; i++);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
  long used = (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("cpu %d %d\n", used > 1000000 && used < 100000000, usage.ru_utime.tv_usec > 1000);
  FILE *file = fopen("/proc/self/maps", "r");
  char line[256];
  while (fgets(line, sizeof line, file)) {
    char *name = strchr(line, '[');
    if (name != NULL) printf("%s", name);
  }
  return 0;
}
