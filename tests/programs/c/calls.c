/* Calls whose results are the same on every Linux: one line each, compared with what qemu-riscv64 prints. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *error(long result) { return result < 0 ? strerrorname_np(errno) : "0"; }
#define TELL(name, result) (errno = 0, tell(name, (long)(result)))
static void tell(const char *name, long result) {
  printf("%s = %ld %s\n", name, result, error(result));
  fflush(stdout);
}

static volatile int caught, value;
static void handler(int signo, siginfo_t *info, void *context) {
  (void)context;
  caught = signo;
  value = info->si_value.sival_int;
}
static void catch(int signo, int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  sigaction(signo, &action, NULL);
}
static void nap(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&time, &time) < 0);
}
static long futex(int *word, int operation, int expected, struct timespec *timeout) {
  return syscall(SYS_futex, word, operation, expected, timeout, NULL, 0);
}

static void futexes(void) {
  int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  struct timespec short_time = {0, 1000000};
  TELL("futex wait, other value", futex(word, FUTEX_WAIT, 1, NULL));
  TELL("futex wait, time-out", futex(word, FUTEX_WAIT, 0, &short_time));
  TELL("futex unaligned", futex((int *)((char *)word + 1), FUTEX_WAIT, 0, NULL));
  TELL("futex wake nobody", futex(word, FUTEX_WAKE, 1, NULL));
  pid_t pid = fork();
  if (pid == 0) _exit(futex(word, FUTEX_WAIT, 0, NULL) == 0 ? 7 : 8);
  while (futex(word, FUTEX_WAKE, 1, NULL) == 0) nap(5);
  int status;
  waitpid(pid, &status, 0);
  TELL("futex woken by another process", WEXITSTATUS(status));
}

static void jobs(void) {
  siginfo_t info;
  int status;
  pid_t pid = fork();
  if (pid == 0)
    for (;;) nap(1000);
  kill(pid, SIGSTOP);
  TELL("waitpid WUNTRACED", waitpid(pid, &status, WUNTRACED) == pid);
  printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
  kill(pid, SIGCONT);
  memset(&info, 0, sizeof info);
  TELL("waitid WCONTINUED", waitid(P_PID, pid, &info, WCONTINUED));
  printf("%d %d %d %d\n", info.si_signo, info.si_code, info.si_pid == pid, info.si_status);
  kill(pid, SIGKILL);
  TELL("waitid WEXITED WNOWAIT", waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
  TELL("waitid WEXITED", waitid(P_PID, pid, &info, WEXITED));
  printf("%d %d\n", info.si_code, info.si_status);
  TELL("waitid again", waitid(P_PID, pid, &info, WEXITED));
  TELL("waitid without options", waitid(P_ALL, 0, &info, 0));
}

static void signals(void) {
  sigset_t set, old;
  siginfo_t info;
  struct timespec none = {0, 0};
  catch(SIGUSR1, 0);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, &old);
  TELL("sigtimedwait, nothing there", sigtimedwait(&set, &info, &none));
  TELL("sigqueue", sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 42}));
  TELL("sigtimedwait", sigtimedwait(&set, &info, &none));
  printf("%d %d %d\n", info.si_code, info.si_pid == getpid(), info.si_value.sival_int);
  raise(SIGUSR1);
  caught = 0;
  TELL("sigsuspend", sigsuspend(&old));
  printf("caught %d\n", caught);
  raise(SIGUSR1);
  caught = 0;
  TELL("ppoll with a mask", ppoll(NULL, 0, NULL, &old));
  printf("caught %d\n", caught);
  raise(SIGUSR1);
  caught = 0;
  TELL("pselect with a mask", pselect(0, NULL, NULL, NULL, NULL, &old));
  printf("caught %d\n", caught);
  sigprocmask(SIG_BLOCK, NULL, &set);
  printf("still blocked %d\n", sigismember(&set, SIGUSR1));
  sigprocmask(SIG_SETMASK, &old, NULL);
  catch(SIGALRM, 0);
  struct itimerval timer = {{0, 0}, {0, 2000}}, left;
  setitimer(ITIMER_REAL, &timer, NULL);
  TELL("pause", pause());
  getitimer(ITIMER_REAL, &left);
  printf("caught %d left %ld\n", caught, left.it_value.tv_usec);
  timer.it_value.tv_usec = 1000000;
  TELL("setitimer out of range", setitimer(ITIMER_REAL, &timer, NULL));
  catch(SIGVTALRM, 0);
  timer.it_value.tv_usec = 2000;
  caught = 0;
  setitimer(ITIMER_VIRTUAL, &timer, NULL);
  while (caught == 0);
  printf("caught %d\n", caught);
}

static struct flock range(short type, off_t start, off_t length) {
  return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
}

static void locks(void) {
  int a = open("/tmp/scanout-locks", O_RDWR | O_CREAT | O_TRUNC, 0600);
  int b = open("/tmp/scanout-locks", O_RDWR);
  TELL("flock exclusive", flock(a, LOCK_EX));
  TELL("flock, another file", flock(b, LOCK_SH | LOCK_NB));
  TELL("flock shared", flock(a, LOCK_SH));
  TELL("flock shared too", flock(b, LOCK_SH | LOCK_NB));
  TELL("flock nothing", flock(a, 0));
  struct flock lock = range(F_WRLCK, 10, 10);
  TELL("fcntl lock", fcntl(a, F_SETLK, &lock));
  int status;
  pid_t pid = fork();
  if (pid == 0) {
    lock = range(F_RDLCK, 0, 0);
    TELL("F_GETLK", fcntl(b, F_GETLK, &lock));
    printf("%d %ld %ld %d\n", lock.l_type, (long)lock.l_start, (long)lock.l_len, lock.l_pid == getppid());
    lock = range(F_RDLCK, 15, 1);
    TELL("F_SETLK against it", fcntl(b, F_SETLK, &lock));
    lock = range(F_WRLCK, 0, 10);
    TELL("F_SETLK beside it", fcntl(b, F_SETLK, &lock));
    lock = range(F_WRLCK, 10, 1);
    long result = fcntl(b, F_SETLKW, &lock);
    nap(50);
    TELL("F_SETLKW", result);
    exit(0);
  }
  nap(50);
  lock = range(F_WRLCK, 0, 1);
  TELL("F_SETLKW in a circle", fcntl(a, F_SETLKW, &lock));
  lock = range(F_UNLCK, 0, 0);
  TELL("F_UNLCK", fcntl(a, F_SETLK, &lock));
  waitpid(pid, &status, 0);
  lock = range(F_WRLCK, 0, 5);
  TELL("F_OFD_SETLK", fcntl(a, F_OFD_SETLK, &lock));
  lock = range(F_WRLCK, 0, 5);
  TELL("F_OFD_SETLK of another file", fcntl(b, F_OFD_SETLK, &lock));
  lock = range(7, 0, 5);
  TELL("F_SETLK of no kind", fcntl(a, F_SETLK, &lock));
  lock = range(F_WRLCK, -1, 5);
  TELL("F_SETLK below 0", fcntl(a, F_SETLK, &lock));
  close(a);
  close(b);
  unlink("/tmp/scanout-locks");
}

static void files(void) {
  char text[64] = "";
  int fd = memfd_create("memory", MFD_ALLOW_SEALING);
  TELL("write", write(fd, "0123456789", 10));
  TELL("F_ADD_SEALS", fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
  TELL("truncate", ftruncate(fd, 5));
  TELL("write behind the end", pwrite(fd, "x", 1, 10));
  TELL("F_GET_SEALS", fcntl(fd, F_GET_SEALS));
  TELL("F_ADD_SEALS write", fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL));
  TELL("write", pwrite(fd, "x", 1, 0));
  TELL("map to write", (long)mmap(NULL, 10, PROT_WRITE | PROT_READ, MAP_SHARED, fd, 0));
  TELL("F_ADD_SEALS", fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
  int other = memfd_create("other", 0);
  off_t offset = 3;
  TELL("sendfile", sendfile(other, fd, &offset, 100));
  printf("offset %ld\n", (long)offset);
  offset = 0;
  TELL("copy_file_range", copy_file_range(fd, &offset, other, NULL, 4, 0));
  TELL("pread", pread(other, text, 64, 0));
  printf("%s\n", text);
  TELL("fallocate", fallocate(other, 0, 0, 10000));
  struct statx stat;
  TELL("statx", statx(other, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &stat));
  printf("%llu %o %u\n", (unsigned long long)stat.stx_size, stat.stx_mode & S_IFMT, stat.stx_mask & STATX_BASIC_STATS);
  TELL("punch a hole", fallocate(other, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 2, 5));
  TELL("pread", pread(other, text, 11, 0));
  for (int i = 0; i < 11; i++) printf("%d ", text[i]);
  printf("\n");
  TELL("fallocate length 0", fallocate(other, 0, 0, 0));
  TELL("posix_fadvise", posix_fadvise(other, 0, 0, 99));
  struct iovec vector = {text, 4};
  TELL("preadv2", preadv2(other, &vector, 1, 1, 0));
  fd = dup(other);
  TELL("close_range", close_range(fd, fd, 0));
  TELL("closed", fcntl(fd, F_GETFD));
  char name[16];
  TELL("PR_SET_NAME", prctl(PR_SET_NAME, "a name that is too long"));
  prctl(PR_GET_NAME, name);
  printf("%s\n", name);
  fd_set set;
  int ends[2];
  if (pipe(ends) == 0 && write(ends[1], "x", 1) == 1) {
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    TELL("select", select(ends[1] + 1, &set, NULL, NULL, NULL));
    printf("%d %d\n", FD_ISSET(ends[0], &set), FD_ISSET(ends[1], &set));
    FD_ZERO(&set);
    FD_SET(900, &set);
    TELL("select of nothing open", select(ends[1] + 1, NULL, &set, NULL, &(struct timeval){0, 0}));
  }
}

static int deep(int levels) {
  volatile char frame[4096];
  frame[0] = (char)levels;
  return levels == 0 ? 0 : deep(levels - 1) + (frame[0] == (char)levels);
}

static void limits(void) {
  struct rlimit limit = {10, 20};
  TELL("a stack of 4 MiB", deep(1000));
  TELL("setrlimit", setrlimit(RLIMIT_NOFILE, &limit));
  limit.rlim_cur = 21;
  TELL("setrlimit soft above hard", setrlimit(RLIMIT_NOFILE, &limit));
  int last = 0;
  for (int fd; (fd = dup(0)) >= 0;) last = fd;
  printf("last %d %s\n", last, strerrorname_np(errno));
  TELL("dup2 above", dup2(0, 10));
  close(last);
  catch(SIGXFSZ, 0);
  limit = (struct rlimit){100, RLIM_INFINITY};
  TELL("RLIMIT_FSIZE", setrlimit(RLIMIT_FSIZE, &limit));
  int fd = open("/tmp/scanout-size", O_RDWR | O_CREAT | O_TRUNC, 0600);
  static char block[150];
  TELL("write up to it", write(fd, block, 150));
  caught = 0;
  TELL("write above it", write(fd, block, 1));
  printf("caught %d\n", caught == SIGXFSZ);
  unlink("/tmp/scanout-size");
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  futexes();
  jobs();
  signals();
  locks();
  files();
  limits();
  return 0;
}
