/* Programs that mean no good, one for each name that argv[1] may be. What they print, hostile.test.ts expects. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096UL
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

/* The result of a call, or errno's name. */
static void say(const char *what, long result) {
  if (result == -1) printf("%s: %s\n", what, strerrorname_np(errno));
  else printf("%s: %ld\n", what, result);
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *), unsigned long flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  sigaction(number, &action, NULL);
}

/* How a child that runs `act` ends. */
static void inChild(const char *what, void (*act)(void)) {
  pid_t child = fork();
  if (child == 0) {
    act();
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) say(what, -1);
  else if (WTERMSIG(status)) printf("%s: signal %d\n", what, WTERMSIG(status));
  else printf("%s: exit %d\n", what, WEXITSTATUS(status));
}

/* Forks until it cannot, and sleeps; so does every child. */
static void forkBomb(void) {
  while (fork() != -1) continue;
  say("fork", -1);
  for (;;) syscall(SYS_ppoll, NULL, 0, NULL, NULL, sizeof(sigset_t));
}

static void loop(void) {
  for (;;) __asm__ volatile("");
}

/* Eight processes that loop. */
static void loops(void) {
  fork(), fork(), fork();
  loop();
}

static int depth;

__attribute__((noinline)) static int recurse(int n) {
  volatile char frame[2000];
  frame[0] = (char)n;
  depth++;
  return n < 0 ? 0 : recurse(n + 1) + frame[0];
}

static void *stackTop;

static void empty(void) {
}

static void onOverflow(int number, siginfo_t *info, void *context) {
  (void)context;
  long below = (char *)stackTop - (char *)info->si_addr;
  bool atEnd = below > 0x7f0000 && below < 0x810000;
  printf("signal %d code %d, %s, %s\n", number, info->si_code, atEnd ? "8 MiB down" : "elsewhere",
         depth > 3000 ? "deep" : "shallow");
  _exit(0);
}

static void overflowOnAlternate(void) {
  stack_t alternate = {.ss_sp = mmap(NULL, 4 * PAGE, RW, PRIVATE, -1, 0), .ss_size = 4 * PAGE};
  sigaltstack(&alternate, NULL);
  handle(SIGSEGV, onOverflow, SA_ONSTACK);
  stackTop = __builtin_frame_address(0);
  recurse(0);
}

static void overflowPlain(void) {
  handle(SIGSEGV, onOverflow, 0);
  recurse(0);
}

static void overflow(void) {
  inChild("alternate stack", overflowOnAlternate);
  inChild("no room for the frame", overflowPlain);
}

static void fillPipe(void) {
  int ends[2];
  pipe(ends);
  static char bytes[PAGE];
  long total = 0;
  for (;;) {
    total += write(ends[1], bytes, sizeof bytes);
    if (total == 65536) printf("full\n");
  }
}

static int mappings(void) {
  int lines = 0;
  char bytes[512];
  int maps = open("/proc/self/maps", O_RDONLY);
  for (ssize_t count; (count = read(maps, bytes, sizeof bytes)) > 0;) {
    for (ssize_t i = 0; i < count; i++) lines += bytes[i] == '\n';
  }
  close(maps);
  return lines;
}

/* Alternating protections, so that no two mappings become one. */
static void mapMany(void) {
  int before = mappings();
  char *area = mmap(NULL, 140000 * PAGE, PROT_NONE, PRIVATE | MAP_NORESERVE, -1, 0);
  long made = 0;
  while (mprotect(area + (2 * made + 1) * (long)PAGE, PAGE, PROT_READ) == 0) made++;
  printf("mprotect: %s\n", strerrorname_np(errno));
  printf("mappings: %d\n", mappings());
  printf("made: %ld\n", 2 * made + 1 + before);
  say("one more", (long)mmap(NULL, PAGE, PROT_READ | PROT_EXEC, PRIVATE, -1, 0) == -1 ? -1 : 1);
  say("a hole", munmap(area + 139990 * PAGE, PAGE));
  say("all", munmap(area, 140000 * PAGE));
  printf("left: %d\n", mappings() - before);
}

static void touchAll(void) {
  char *area = mmap(NULL, 1UL << 32, RW, PRIVATE | MAP_NORESERVE, -1, 0);
  for (unsigned long at = 0;; at += PAGE) area[at] = 1;
}

static void exhaust(void) {
  inChild("child", touchAll);
  char *page = mmap(NULL, PAGE, RW, PRIVATE, -1, 0);
  page[0] = 1;
  printf("the parent lives\n");
}

static char *volatile nowhere = (char *)8;

static void faultAgain(int number, siginfo_t *info, void *context) {
  (void)number, (void)info, (void)context;
  *nowhere = 1;
}

static void recursiveBlocked(void) {
  handle(SIGSEGV, faultAgain, 0);
  *nowhere = 1;
}

static void recursiveNodefer(void) {
  handle(SIGSEGV, faultAgain, SA_NODEFER);
  *nowhere = 1;
}

static void recursiveFault(void) {
  inChild("blocked", recursiveBlocked);
  inChild("SA_NODEFER", recursiveNodefer);
}

/* Offsets in the ucontext of riscv64. */
#define UC_SIGMASK 40
#define UC_REGS 176
#define UC_FCSR (UC_REGS + 64 * 8)

static int forgery;

static void onForge(int number, siginfo_t *info, void *context) {
  (void)number, (void)info;
  char *uc = context;
  uint64_t *registers = (uint64_t *)(uc + UC_REGS);
  if (forgery == 1) registers[0] = 0xffffffff80000000;
  if (forgery == 2) registers[0] |= 1;
  if (forgery == 3) registers[0] = UINT64_MAX;
  if (forgery == 4) registers[2] = UINT64_MAX;
  if (forgery == 5) *(uint64_t *)(uc + UC_SIGMASK) = UINT64_MAX;
  if (forgery == 6) *(uint32_t *)(uc + UC_FCSR) = UINT32_MAX;
  if (forgery == 7) registers[3] = registers[4] = 0x8000000000000001;
}

/* kill(getpid(), SIGUSR1) that takes no stack, and what a0 is afterwards. */
static long raiseOnce(void) {
  register long a0 __asm__("a0") = getpid();
  register long a1 __asm__("a1") = SIGUSR1;
  register long a7 __asm__("a7") = SYS_kill;
  __asm__ volatile("mv t0, sp\n mv t1, gp\n mv t2, tp\n ecall\n mv sp, t0\n mv gp, t1\n mv tp, t2"
                   : "+r"(a0)
                   : "r"(a1), "r"(a7)
                   : "memory", "t0", "t1", "t2");
  return a0;
}

static void forgeAndReturn(void) {
  handle(SIGUSR1, onForge, 0);
  raiseOnce();
  unsigned fcsr;
  __asm__ volatile("csrr %0, fcsr" : "=r"(fcsr));
  if (forgery != 6) return;
  printf("fcsr %x\n", fcsr);
  /* A rounding mode that is none: 1.0 + 1.0 with the mode of fcsr. */
  __asm__ volatile("fadd.d ft0, ft1, ft2, dyn" ::: "ft0");
}

/* Blocks everything by a forged mask; only SIGKILL may end it. */
static void forgeMask(void) {
  forgeAndReturn();
  sigset_t mask;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  printf("mask %lx\n", mask);
  kill(getpid(), SIGUSR1);
  kill(getpid(), SIGKILL);
}

static long sigreturnAt(unsigned long sp) {
  register long a0 __asm__("a0") = 0;
  register long a7 __asm__("a7") = 139;
  __asm__ volatile("mv t0, sp\n mv sp, %2\n ecall\n mv sp, t0" : "+r"(a0) : "r"(a7), "r"(sp) : "memory", "t0");
  return a0;
}

static unsigned long badStack;

static void sigreturnBad(void) {
  sigreturnAt(badStack);
}

static int taken;

static void count(int number, siginfo_t *info, void *context) {
  (void)number, (void)info, (void)context;
  taken++;
}

static void onAlternate(int number, siginfo_t *info, void *context) {
  (void)context;
  printf("signal %d code %x\n", number, (unsigned)info->si_code);
  _exit(0);
}

static void catchOnAlternate(void) {
  stack_t alternate = {.ss_sp = mmap(NULL, 4 * PAGE, RW, PRIVATE, -1, 0), .ss_size = 4 * PAGE};
  sigaltstack(&alternate, NULL);
  handle(SIGSEGV, onAlternate, SA_ONSTACK);
}

/* A signal finds no stack for its frame, but SIGSEGV does. */
static void raiseWithoutStack(void) {
  catchOnAlternate();
  handle(SIGUSR1, count, 0);
  register long a0 __asm__("a0") = getpid();
  register long a1 __asm__("a1") = SIGUSR1;
  register long a7 __asm__("a7") = SYS_kill;
  __asm__ volatile("li sp, 64\n ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
}

static void sigreturnCaught(void) {
  catchOnAlternate();
  sigreturnAt(8);
}

static void forge(void) {
  static const char *const names[] = {"", "kernel pc", "odd pc", "pc -1", "sp -1", "mask", "fcsr", "gp and tp"};
  for (forgery = 1; forgery <= 7; forgery++) inChild(names[forgery], forgery == 5 ? forgeMask : forgeAndReturn);
  static const unsigned long stacks[] = {0, 8, 1, 0xffffffff80000000, UINT64_MAX, (1UL << 38) - 8, 1UL << 38, 1UL << 63};
  for (size_t i = 0; i < sizeof stacks / sizeof *stacks; i++) {
    badStack = stacks[i];
    printf("%lx ", badStack);
    inChild("sigreturn", sigreturnBad);
  }
  inChild("no stack for a signal", raiseWithoutStack);
  inChild("no frame, and a handler", sigreturnCaught);
  /* Zeros where a frame should be: pc 0 and sp 0. */
  badStack = (unsigned long)mmap(NULL, 4 * PAGE, RW, PRIVATE, -1, 0) + 3;
  inChild("a frame of zeros, misaligned", sigreturnBad);
}

__attribute__((noinline)) static void onVram(void) {
  handle(SIGUSR1, count, 0);
  for (int i = 0; i < 3; i++) kill(getpid(), SIGUSR1);
  inChild("a child on it", overflowPlain);
}

/* The stack lies in video memory. */
static void pivot(void) {
  int fd = open("/dev/fb0", O_RDWR);
  char *vram = mmap(NULL, 16 * PAGE, RW, MAP_SHARED, fd, 0);
  __asm__ volatile("mv s1, sp\n mv sp, %0\n jalr %1\n mv sp, s1" ::"r"(vram + 16 * PAGE), "r"(onVram)
                   : "memory", "ra", "s1", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3", "a4", "a5",
                     "a6", "a7");
  long used = 0;
  for (unsigned long i = 0; i < 16 * PAGE; i++) used += vram[i] != 0;
  printf("taken %d, %s\n", taken, used > 100 ? "video memory was used" : "unused");
}

static void arguments(void) {
  long count = 1L << 20;
  char **vector = mmap(NULL, (size_t)(count + 1) * sizeof *vector, RW, PRIVATE, -1, 0);
  for (long i = 0; i < count; i++) vector[i] = "an argument";
  char *none[] = {NULL};
  say("2^20 arguments", execve("/bin/program", vector, none));
  say("2^20 variables", execve("/bin/program", none, vector));
  char *ends = mmap(NULL, 2 * PAGE, RW, PRIVATE, -1, 0);
  munmap(ends + PAGE, PAGE);
  char **last = (char **)(ends + PAGE) - 1;
  *last = "last";
  say("a vector that runs off its mapping", execve("/bin/program", last, none));
  char *wild[] = {(char *)8, NULL};
  say("a wild argument", execve("/bin/program", wild, none));
  say("a wild vector", execve("/bin/program", (char **)(1UL << 63), none));
  say("a wild path", execve((char *)UINT64_MAX, none, none));
  memset(ends, 'x', PAGE);
  char *unended[] = {ends, NULL};
  say("an argument without an end", execve("/bin/program", unended, none));
  size_t longest = 33 * PAGE;
  char *big = mmap(NULL, longest + PAGE, RW, PRIVATE, -1, 0);
  memset(big, 'x', longest);
  char *one[] = {big, NULL};
  say("an argument of 33 pages", execve("/bin/program", one, none));
  char *self[] = {"program", "count", (char *)self, NULL};
  say("an argument that is its vector", execve("/bin/program", self, none));
}

struct Iovec {
  void *base;
  unsigned long length;
};

static void transfers(void) {
  static char bytes[64];
  int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);
  say("write 2^62", write(null, bytes, 1UL << 62));
  say("write 2^63", write(null, bytes, 1UL << 63));
  say("write -1", write(null, bytes, UINT64_MAX));
  say("write 2^37 at its end", write(null, (void *)(1UL << 37), 1UL << 37));
  say("write 2^37 + 1", write(null, (void *)(1UL << 37), (1UL << 37) + 1));
  char *page = mmap(NULL, 2 * PAGE, RW, PRIVATE, -1, 0);
  munmap(page + PAGE, PAGE);
  say("read 2^62", read(zero, page + 96, 1UL << 62));
  say("read 2^53 + 1", read(zero, page + 96, (1UL << 53) + 1));
  say("read 2^38 - 1", read(zero, page, (1UL << 38) - 1));
  say("read into nothing", read(zero, page + PAGE, PAGE));
  say("pread at 2^63 - 1", pread(zero, bytes, 64, INT64_MAX));
  say("pread at -2^63", pread(zero, bytes, 64, INT64_MIN));
  struct Iovec halves[2] = {{bytes, 1UL << 62}, {bytes, 1UL << 62}};
  struct Iovec wraps[2] = {{bytes, INT64_MAX - 1023}, {bytes, INT64_MAX - 1023}};
  struct Iovec minus[2] = {{bytes, 8}, {bytes, UINT64_MAX}};
  say("writev 2 * 2^62", syscall(SYS_writev, null, halves, 2));
  say("writev 2 * (2^63 - 1024)", syscall(SYS_writev, null, wraps, 2));
  say("writev 8 and -1", syscall(SYS_writev, null, minus, 2));
  say("writev 1025", syscall(SYS_writev, null, halves, 1025));
  say("writev -1", syscall(SYS_writev, null, halves, -1));
  say("writev 2^40", syscall(SYS_writev, null, halves, 1UL << 40));
  say("writev vector 2^63", syscall(SYS_writev, null, 1UL << 63, 1));
}

static void vramChild(void) {
  char *program[] = {"program", "empty", NULL};
  execve("/bin/program", program, program + 2);
}

static void vramFork(void) {
  int fd = open("/dev/fb0", O_RDWR);
  volatile char *shared = mmap(NULL, 8 * PAGE, RW, MAP_SHARED, fd, 0);
  volatile char *copied = mmap(NULL, 8 * PAGE, RW, MAP_PRIVATE, fd, 0);
  copied[0] = 9;
  shared[0] = 7;
  inChild("exec", vramChild);
  if (fork() == 0) {
    shared[1] = 8;
    copied[1] = 8;
    munmap((void *)shared, 8 * PAGE);
    _exit(0);
  }
  waitpid(-1, NULL, 0);
  printf("shared %d %d copied %d %d\n", shared[0], shared[1], copied[0], copied[1]);
}

/* Calls that could keep a kernel busy for long: each on 2^37 bytes of addresses, or a file of 2^40. */
static void huge(void) {
  const unsigned long size = 1UL << 37;
  char *area = mmap(NULL, size, RW, PRIVATE | MAP_NORESERVE, -1, 0);
  int file = open("/tmp/huge", O_RDWR | O_CREAT, 0600), null = open("/dev/null", O_RDWR);
  area[0] = area[size / 2] = area[size - PAGE] = 1;
  say("mprotect", mprotect(area, size, PROT_READ));
  say("mprotect", mprotect(area, size, RW));
  say("msync", msync(area, size, MS_SYNC));
  say("madvise", madvise(area, size, MADV_DONTNEED));
  say("mincore", mincore(area, size, (unsigned char *)area));
  char *moved = mremap(area, size, size - PAGE, 0);
  say("mremap", moved == area ? 0 : -1);
  inChild("fork", empty);
  say("ftruncate", ftruncate(file, 1L << 40));
  char *mapped = mmap(NULL, 1UL << 36, RW, MAP_SHARED, file, 0);
  mapped[(1UL << 36) - 1] = 1;
  say("msync", msync(mapped, 1UL << 36, MS_SYNC));
  say("fsync", fsync(file));
  say("ftruncate", ftruncate(file, 1));
  say("munmap", munmap(mapped, 1UL << 36));
  say("writev", syscall(SYS_writev, null, (void *)area, 1024));
  say("munmap", munmap(area, size));
}

static const struct {
  const char *name;
  void (*act)(void);
} programs[] = {
  {"fork-bomb", forkBomb}, {"loop", loop}, {"loops", loops}, {"overflow", overflow}, {"fill-pipe", fillPipe}, {"map-many", mapMany},
  {"exhaust", exhaust}, {"recursive-fault", recursiveFault}, {"forge", forge}, {"pivot", pivot},
  {"arguments", arguments}, {"transfers", transfers}, {"vram-fork", vramFork}, {"huge", huge}, {"empty", empty},
};

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "count") == 0) {
    printf("argc %d, %d bytes\n", argc, (int)strlen(argv[2]));
    return 0;
  }
  for (size_t i = 0; argc == 2 && i < sizeof programs / sizeof *programs; i++) {
    if (strcmp(argv[1], programs[i].name) != 0) continue;
    programs[i].act();
    return 0;
  }
  return 99;
}
