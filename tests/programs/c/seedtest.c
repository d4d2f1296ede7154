/* Both seed drivers, /dev/seedA and /dev/seedB: what a real Linux printed for this program is in the transcript. */
#define WIDTH "34"
#define BASE ""
#include "probe.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The second driver, and a page of it. */
static int fd;
static char *q;

/* What the driver has counted. */
static void st(const char *what) {
  char counts[200] = {0};
  ssize_t length = read(fd, counts, 199);
  printf("%-34s %s", what, length > 0 ? counts : "?\n");
}

static const char *name(int failed) {
  return failed ? strerrorname_np(errno) : "ok";
}

static const char *mapName(void *result) {
  return name(result == MAP_FAILED);
}

static void firstDriver(void) {
  catchFaults();

  int a = open("/dev/seedA", O_RDWR);
  m = mmap(0, 16*PG, 3, MAP_SHARED, a, 0);
  printf("A: %s\n", m);
  memcpy(m,"This is from user space", 24);
  char t[32] = {0};
  pread(a, t, 23, 0);
  printf("A read back: %s\n", t);

  printf("A 17 pages: %s\n", mapName(mmap(0, 17*PG, 3, MAP_SHARED, a, 0)));
  printf("A off 1pg: %s\n", mapName(mmap(0, PG, 3, MAP_SHARED, a, PG)));
  printf("A private rw 16: %s\n", mapName(mmap(0, 16*PG, 3, MAP_PRIVATE, a, 0)));
  printf("A private rw 1: %s\n", mapName(mmap(0, PG, 3, MAP_PRIVATE, a, 0)));
  printf("A private r 16: %s\n", mapName(mmap(0, 16*PG, 1, MAP_PRIVATE, a, 0)));
  printf("A len 5000: %s\n", mapName(mmap(0, 5000, 3, MAP_SHARED, a, 0)));

  {
    char *p = mmap(0, PG, 3, MAP_PRIVATE, a, 0);
    if (p != MAP_FAILED) {
      p[0]='X';
      char c;
      pread(a, &c, 1, 0);
      printf("A private cow: map %c dev %c\n", p[0], c);
      munmap(p, PG);
    }
  }

  printf("A mremap grow: %s\n", mapName(mremap(m, 16*PG, 17*PG, MREMAP_MAYMOVE)));
  printf("A msync: %s\n", name(msync(m, PG, MS_SYNC)));
  printf("A madvise DONTNEED: %s\n", name(madvise(m, PG, MADV_DONTNEED)));
  printf("A DONTFORK+DOFORK: %s", name(madvise(m, PG, MADV_DONTFORK)));
  printf(" %s\n", name(madvise(m, PG, MADV_DOFORK)));
  printf("A mlock: %s\n", name(mlock(m, PG)));
  unsigned char v[16];
  printf("A mincore: %s", name(mincore(m, PG, v)));
  printf(" %d\n", v[0]);

  {
    int s = sigsetjmp(jb, 1);
    if (!s) {
      volatile char c = m[0];
      printf("A load ok after dontneed %c\n", c);
    } else printf("A load sig %d code %d\n", s, si.si_code);
  }

  {
    int pfd[2];
    pipe(pfd);
    long count = write(pfd[1], m+PG, 8);
    printf("A write(pipe,map): %ld %s\n", count, strerrorname_np(errno));
  }

  pid_t p = fork();
  if (!p) {
    m[PG] = 9;
    _exit(0);
  }
  waitpid(p, 0, 0);
  printf("A fork shared %d\n", m[PG]);
}

static void faults(void) {
  fd = open("/dev/seedB", O_RDWR);
  st("B after open");
  m = mmap(0, 8*PG, 3, MAP_SHARED, fd, 0);
  st("B after mmap 8p");
  volatile char c = m[0];
  (void)c;
  st("B read p0");
  m[0]='h';
  st("B write p0");
  m[PG] = 1;
  st("B write p1");

  {
    int s = sigsetjmp(jb, 1);
    if (!s) {
      m[5*PG+8] = 1;
      printf("??\n");
    } else printf("B beyond: sig %d code %d addr +0x%lx\n", s, si.si_code, (long)((char*)si.si_addr-m));
  }
  st("B after SIGBUS");

  pid_t p = fork();
  if (!p) {
    st("B in child");
    m[0]='c';
    st("B child wrote p0");
    m[2*PG] = 2;
    st("B child wrote p2");
    _exit(0);
  }
  waitpid(p, 0, 0);
  st("B child exited");
  printf("B parent sees %c\n", m[0]);
}

static void splitting(void) {
  munmap(m+3*PG, PG);
  st("B munmap middle p3");
  munmap(m, PG);
  st("B munmap head p0");
  munmap(m+7*PG, PG);
  st("B munmap tail p7");
  mprotect(m+PG, PG, 1);
  st("B mprotect p1 ro (split)");
  mprotect(m+PG, PG, 3);
  st("B mprotect p1 rw (merge?)");
}

static void moving(void) {
  printf("B mremap across 2 VMAs %s\n", mapName(mremap(m+PG, 2*PG, 2*PG, MREMAP_MAYMOVE|MREMAP_FIXED, m+32*PG)));
  q = mremap(m+PG, PG, PG, MREMAP_MAYMOVE|MREMAP_FIXED, m+32*PG);
  printf("B mremap move %s\n", mapName(q));
  st("B mremap moved p1-2");
  if (q != MAP_FAILED) {
    printf("B moved content %d\n", q[0]);
    st("B after moved load");
  }
  printf("B mremap grow %s\n", mapName(mremap(q, PG, 2*PG, MREMAP_MAYMOVE)));
  printf("B dup old_len0 %s\n", mapName(mremap(q, 0, PG, MREMAP_MAYMOVE)));
  st("B dup");
  madvise(q, PG, MADV_DONTNEED);
  st("B DONTNEED");
  volatile char c = q[0];
  (void)c;
  st("B refault");
}

static void family(void) {
  pid_t p = vfork();
  if (!p) _exit(0);
  waitpid(p, 0, 0);
  st("B vfork");

  madvise(q, PG, MADV_DONTFORK);
  st("B DONTFORK");
  p = fork();
  if (!p) _exit(0);
  waitpid(p, 0, 0);
  st("B fork w/ DONTFORK");

  mmap(m+4*PG, PG, 3, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0);
  st("B MAP_FIXED over p4");

  int fd2 = dup(fd);
  close(fd);
  fd = fd2;
  st("B dup+close");
  close(fd);
  printf("B mapped after close: %d\n", q[0]);
  munmap(q, PG);
  printf("exit now\n");
}

int main(void) {
  firstDriver();
  faults();
  splitting();
  moving();
  family();
  return 0;
}
