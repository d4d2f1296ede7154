/*
 * Random system calls with hostile arguments: fuzz-calls SEED CHILDREN CALLS. Each child makes its calls and ends, one
 * way or another. Exit status 77: a call returned what is neither a result nor an errno.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define BAD_RESULT 77
#define LAST_CALL 470
#define RW (PROT_READ | PROT_WRITE)
#define COUNT(array) ((long)(sizeof(array) / sizeof *(array)))

static uint64_t state;

/* splitmix64. */
static uint64_t next(void) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

static long below(long limit) {
  return (long)(next() % (uint64_t)limit);
}

static sigjmp_buf faulted;
static long left;
static int generation;

static long pointers[12];
static long fds[24];
static int fdCount;
static long words[4];

static void onSignal(int number, siginfo_t *info, void *context) {
  (void)info, (void)context;
  if (number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGTRAP) siglongjmp(faulted, 1);
}

/* Whatever calls have changed since. */
static void catchAll(void) {
  sigset_t none = 0;
  sigprocmask(SIG_SETMASK, &none, NULL);
  struct sigaction action = {.sa_sigaction = onSignal, .sa_flags = SA_SIGINFO | SA_NODEFER};
  for (int number = 1; number <= 64; number++) sigaction(number, &action, NULL);
}

static const char *const paths[] = {
  "/tmp/a", "/tmp/b", "/tmp", "/", "", ".", "..", "/dev/fb0", "/dev/zero", "/dev/mem", "/dev/console", "/dev/tty",
  "/proc/self/maps", "/proc/self/fd/0", "/proc/self/fd/3", "/no/such", "/tmp/a/", "/bin/other", "/sys/class",
};

static long anyPath(void) {
  return (long)paths[below(COUNT(paths))];
}

static long hostile(void) {
  static const int64_t values[] = {
    0, 1, -1, 8, 255, PAGE - 1, PAGE, PAGE + 1, 0x10000, INT32_MAX, INT32_MIN, 1L << 31, UINT32_MAX, 1L << 32,
    (1L << 38) - PAGE, (1L << 38) - 1, 1L << 38, (1L << 38) + 1, -(1L << 38), 1L << 47, (1L << 53) - 1, 1L << 53,
    (1L << 53) + 1, -(1L << 53), (1L << 62) + 3, INT64_MAX, INT64_MIN, INT64_MIN + 1, -PAGE, -4095, -4096, -100,
  };
  return values[below(COUNT(values))];
}

static long pointer(void) {
  return pointers[below(COUNT(pointers))] + (below(4) == 0 ? below(3) * PAGE - below(9) : 0);
}

static long any(void) {
  switch (below(7)) {
    case 0: return hostile();
    case 1: return pointer();
    case 2: return fds[below(fdCount)];
    case 3: return below(256);
    case 4: return (1L << below(63)) + below(3) - 1;
    case 5: return anyPath();
    default: return (long)next();
  }
}

static long range(void) {
  return below(3) == 0 ? any() : pointer();
}

static long length(void) {
  static const long lengths[] = {1, PAGE, PAGE, 2 * PAGE, 5 * PAGE, 64 * PAGE, PAGE + 1};
  return below(4) == 0 ? hostile() : lengths[below(COUNT(lengths))];
}

/* What a struct might hold: iovecs, timespecs, pollfds, an argument vector. */
static void scribble(void) {
  long *at = (long *)pointers[0];
  for (int i = 0; i < 16; i++) at[i] = below(2) == 0 ? below(1000) : any();
}

/* Calls that have a chance: the kind of each argument. f descriptor, a address, l length, p path, r range, n small. */
static const struct {
  short number;
  const char *kinds;
} likely[] = {
  {222, "alnnfn"}, {222, "alnmfz"}, {222, "alnmfz"}, {215, "al"}, {226, "aln"}, {216, "allna"}, {233, "aln"},
  {227, "aln"}, {232, "alr"}, {228, "al"}, {214, "x"}, {63, "frl"}, {64, "frl"}, {67, "frlx"}, {68, "frlx"},
  {65, "frn"}, {66, "frn"}, {69, "frnx"}, {56, "hpxn"}, {29, "fxr"}, {62, "fxn"}, {46, "fx"}, {45, "px"},
  {134, "nrr8"}, {135, "nrr8"}, {132, "rr"}, {260, "xrnr"}, {101, "rr"}, {115, "nnrr"}, {73, "rnrr8"}, {72, "nrrrrr"},
  {59, "rn"}, {23, "f"}, {24, "ffn"}, {25, "fnx"}, {34, "hpn"}, {35, "hpn"}, {276, "hphpn"}, {36, "php"}, {37, "hphpn"},
  {79, "hprn"}, {80, "fr"}, {78, "hprl"}, {48, "hpn"}, {53, "hpn"}, {54, "hpnnn"}, {61, "frl"}, {71, "ffrl"},
  {76, "frfrln"}, {17, "rl"}, {49, "p"}, {47, "fnxl"}, {103, "nrr"}, {98, "rnnrrn"}, {261, "nnrr"}, {278, "rln"},
  {279, "pn"}, {285, "frfrln"}, {291, "hpnnr"}, {439, "hpnn"}, {435, "rl"}, {167, "nxxxx"}, {283, "nnn"}, {221, "prr"},
  {281, "hprrn"}, {133, "r8"}, {137, "rrr8"}, {43, "pr"}, {44, "fr"}, {32, "fn"}, {5, "pprlx"}, {270, "xrnrnn"},
};

static long argumentOf(char kind) {
  switch (kind) {
    case 'f': return fds[below(fdCount)];
    case 'a': return below(4) == 0 ? range() : range() & -PAGE;
    case 'l': return length();
    case 'p': return anyPath();
    case 'r': return range();
    case 'n': return below(below(3) == 0 ? 70 : 8);
    case 'm': return (below(2) + 1) | (below(3) == 0 ? 0 : MAP_ANONYMOUS) | (below(4) == 0 ? MAP_FIXED : 0);
    case 'z': return below(4) * PAGE;
    case 'h': return AT_FDCWD;
    case '8': return 8;
    default: return any();
  }
}

static void call(void) {
  long number = below(LAST_CALL + 1);
  long a[6];
  if (below(3) > 0) {
    long which = below(COUNT(likely));
    const char *kinds = likely[which].kinds;
    number = likely[which].number;
    for (int i = 0; i < 6; i++) a[i] = *kinds ? argumentOf(*kinds++) : 0;
  } else {
    for (int i = 0; i < 6; i++) a[i] = any();
  }
  /* exit, exit_group; the return from a handler, mostly. */
  if (number == 93 || number == 94 || (number == 139 && below(8) > 0)) return;
  /* kill, tkill, tgkill, …: nobody else. */
  if ((number >= 129 && number <= 131) || number == 138 || number == 240) {
    a[0] = getpid();
    if (number == 131 || number == 240) a[1] = getpid();
  }
  register long a0 __asm__("a0") = a[0];
  register long a1 __asm__("a1") = a[1];
  register long a2 __asm__("a2") = a[2];
  register long a3 __asm__("a3") = a[3];
  register long a4 __asm__("a4") = a[4];
  register long a5 __asm__("a5") = a[5];
  register long a7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
  if (a0 < -4095) {
    printf("call %ld(%lx, %lx, %lx, %lx, %lx, %lx) = %lx\n", number, a[0], a[1], a[2], a[3], a[4], a[5], a0);
    _exit(BAD_RESULT);
  }
}

static void touch(void) {
  volatile char *at = (volatile char *)any();
  if (below(2) == 0) *at = (char)next();
  else words[0] += *at;
}

static void prepare(void) {
  catchAll();
  char *m = mmap(NULL, 8 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *shared = mmap(NULL, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  mprotect(m + 2 * PAGE, PAGE, PROT_READ);
  mprotect(m + 4 * PAGE, PAGE, PROT_NONE);
  munmap(m + 6 * PAGE, PAGE);
  static const long standard[] = {-1, 0, 1, 2, 99, 1023, 1024, -100};
  for (int i = 0; i < COUNT(standard); i++) fds[i] = standard[i];
  fdCount = COUNT(standard);
  for (int i = 0; i < COUNT(paths) && fdCount < 20; i++) {
    fds[fdCount++] = open(paths[i], i == 0 ? O_RDWR | O_CREAT | O_NONBLOCK : O_RDONLY | O_NONBLOCK, 0600);
  }
  int ends[2];
  pipe(ends);
  fds[fdCount++] = ends[0];
  fds[fdCount++] = ends[1];
  int file = open("/tmp/a", O_RDWR), card = open("/dev/fb0", O_RDWR);
  fds[fdCount++] = card;
  ftruncate(file, 3 * PAGE + 5);
  const long places[] = {
    (long)m, (long)m + 8, (long)m + PAGE - 4, (long)m + 2 * PAGE, (long)m + 4 * PAGE - 8, (long)m + 4 * PAGE,
    (long)m + 6 * PAGE - 1, (long)shared, (long)mmap(NULL, 4 * PAGE, RW, MAP_SHARED, file, 0),
    (long)mmap(NULL, 4 * PAGE, RW, MAP_SHARED, card, 0), (long)mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE, card, 0), (long)words,
  };
  for (int i = 0; i < COUNT(places); i++) pointers[i] = places[i];
}

static void run(void) {
  sigsetjmp(faulted, 1);
  while (left-- > 0) {
    if (left % 16 == 0) catchAll();
    long kind = below(40);
    if (kind == 0 && generation < 2) {
      /* Nobody waits for it but a wait4 that comes along. */
      uint64_t seed = next();
      if (fork() == 0) {
        state = seed;
        generation++;
        left = left < 30 ? left : 30;
      }
    } else if (kind < 4) {
      touch();
    } else if (kind == 4) {
      scribble();
    } else {
      call();
    }
  }
  _exit(0);
}

static long numberOf(const char *text) {
  long number = 0;
  while (*text >= '0' && *text <= '9') number = 10 * number + (*text++ - '0');
  return number;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  long seed = numberOf(argv[1]), children = numberOf(argv[2]), calls = numberOf(argv[3]);
  int worst = 0;
  for (long i = 0; i < children; i++) {
    pid_t child = fork();
    if (child == 0) {
      state = (uint64_t)(seed * 1000 + i);
      left = calls;
      prepare();
      run();
    }
    int status = 0;
    if (child > 0 && waitpid(child, &status, 0) == child && WEXITSTATUS(status) == BAD_RESULT) worst = BAD_RESULT;
  }
  return worst;
}
