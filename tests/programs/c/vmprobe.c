/* What mmap's family, brk, fork and bad addresses do: the statements whose results a real Linux printed. */
#define WIDTH "78"
#define BASE "m"
#include "probe.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static __attribute__((noinline)) void printAddress(const char *expression, void *result) {
  if (result == MAP_FAILED) printResult(expression, -1);
  else printf("%-" WIDTH "s = addr\n", expression);
}

/* An expression that is an address. */
#define A(x) \
  do { \
    errno = 0; \
    void *r = (void *)(x); \
    printAddress(#x, r); \
  } while (0)

/* A file of one page and 100 bytes. */
static int fd;
static int pp[2], nul, z;
static unsigned char v[16];

static void prepare(void) {
  catchFaults();
  fd = open("/tmp/vmp", O_RDWR|O_CREAT|O_TRUNC, 0600);
  ftruncate(fd, PG+100);
}

static void mapping(void) {
  A(mmap(0,0,3,MAP_PRIVATE|MAP_ANONYMOUS,-1,0));
  A(mmap(0,PG,3,MAP_ANONYMOUS,-1,0));
  A(mmap(0,PG,3,MAP_SHARED|MAP_PRIVATE,fd,0));
  A(mmap(0,PG,3,MAP_PRIVATE,fd,1));
  A(mmap(0,PG,3,MAP_PRIVATE,-1,0));
  A(mmap(0,PG,3,MAP_SHARED,0,0));
  A(mmap((void*)1,PG,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0));
  A(mmap(0,-1UL,3,MAP_PRIVATE|MAP_ANONYMOUS,-1,0));
  A(mmap(0,-PG,3,MAP_PRIVATE|MAP_ANONYMOUS,-1,0));
  A(mmap(0,1UL<<46,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE,-1,0));
  A(mmap(0,PG,3,MAP_PRIVATE,fd,-PG));
  A(mmap(0,2*PG,3,MAP_PRIVATE,fd,-PG));
  A(mmap(0,PG,3,MAP_SHARED_VALIDATE|0x80000000,fd,0));
  A(mmap(0,PG,0xf0,MAP_PRIVATE|MAP_ANONYMOUS,-1,0));

  A(mmap((void*)PG,PG,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0));
  printf(" hint 1: %p\n", mmap((void*)1, PG, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0));

  m = mmap(0, 8*PG, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
  A(mmap(m,PG,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE,-1,0));

  {
    char *top = mmap(0, PG, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
    printf(" topdown: second below first: %d; adjacent=%d\n", top < m, top+PG == m);
    munmap(top, PG);
  }
}

static void unmapping(void) {
  P(munmap(m,0));
  P(munmap(m+1,PG));
  P(munmap((void*)(1UL<<60),PG));
  P(munmap(m+3*PG,PG));
  P(munmap(m+3*PG,PG));
  F(m[3*PG]=1);
  F(m[3*PG-1]=1);
  P(munmap(m+2*PG,3*PG));
}

static void protecting(void) {
  m = mmap(0, 8*PG, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

  P(mprotect(m,0,1));
  P(mprotect(m+1,PG,1));
  P(mprotect(m,PG,0x1000));
  P(mprotect(m,PG,PROT_READ));
  F(m[0]=1);
  F((void)*(volatile char*)m);
  P(mprotect(m,PG,PROT_NONE));
  F((void)*(volatile char*)m);
  P(mprotect(m,PG,PROT_WRITE));
  F((void)*(volatile char*)m);
  F(m[0]=1);
  P(mprotect(m,PG,PROT_EXEC));
  F((void)*(volatile char*)m);
  P(mprotect(m,PG,PROT_READ));
  F(((void(*)(void))m)());
  P(mprotect(m,PG,7));
  F(((void(*)(void))m)());
  F(((void(*)(void))(m+1))());
  P(munmap(m+4*PG,PG));
  P(mprotect(m,8*PG,PROT_READ));
  F(m[PG]=1);
  F(m[5*PG]=1);
  P(mprotect((void*)-PG,PG,1));
  P(mprotect(m,-PG,1));
  P(mprotect(m,PG,PROT_READ|PROT_GROWSDOWN));
  P(mprotect(m,PG,PROT_GROWSDOWN|PROT_GROWSUP|1));
}

static void mappingFiles(void) {
  int ro = open("/tmp/vmp", O_RDONLY);
  char *s = mmap(0, PG, 1, MAP_SHARED, ro, 0);
  P(mprotect(s,PG,3));
  A(mmap(0,PG,3,MAP_SHARED,ro,0));
  A(mmap(0,PG,3,MAP_PRIVATE,ro,0));
  int wo = open("/tmp/vmp", O_WRONLY);
  A(mmap(0,PG,2,MAP_SHARED,wo,0));
  A(mmap(0,PG,2,MAP_PRIVATE,wo,0));
  int d = open("/tmp", O_RDONLY);
  A(mmap(0,PG,1,MAP_PRIVATE,d,0));
  pipe(pp);
  A(mmap(0,PG,1,MAP_PRIVATE,pp[0],0));
  nul = open("/dev/null", O_RDWR);
  A(mmap(0,PG,3,MAP_SHARED,nul,0));
  z = open("/dev/zero", O_RDWR);
  A(mmap(0,PG,3,MAP_SHARED,z,0));
  A(mmap(0,PG,3,MAP_PRIVATE,z,0));
}

static void endOfFile(void) {
  m = mmap(0, 4*PG, 3, MAP_SHARED, fd, 0);
  F(m[0]=1);
  F(m[PG+99]=1);
  F(m[PG+100]=1);
  F(m[2*PG-1]=1);
  F(m[2*PG]=1);
  F(m[3*PG+5]=1);
  {
    char t;
    P(pread(fd,&t,1,PG+100));
  }
  ftruncate(fd, 0);
  F(m[0]=1);
  P(pread(fd,m+64,8,0));
  P(write(1,m,4));
  P(read(0,m,0));
  ftruncate(fd, PG);
  F(printf("[%d] ",m[0]));
  P(mremap(m,4*PG,8*PG,0)==MAP_FAILED?-1:1);
}

static void remapping(void) {
  m = mmap(0, 8*PG, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
  A(mremap(m,8*PG,4*PG,0));
  F(m[4*PG]=1);
  A(mremap(m,4*PG,8*PG,0));
  A(mremap(m+1,PG,PG,0));
  A(mremap(m,PG,0,0));
  A(mremap(m,PG,PG,0x80));
  A(mremap(m,PG,PG,MREMAP_FIXED,m));
  A(mremap(m,2*PG,2*PG,MREMAP_FIXED|MREMAP_MAYMOVE,m+PG));
  A(mremap((void*)PG,PG,2*PG,MREMAP_MAYMOVE));
  A(mremap(m,9*PG,10*PG,MREMAP_MAYMOVE));
  A(mremap(m,PG,2*PG,MREMAP_DONTUNMAP|MREMAP_MAYMOVE));
  m[0] = 42;
  {
    char *q = mremap(m, PG, PG, MREMAP_DONTUNMAP|MREMAP_MAYMOVE, 0);
    printf(" dontunmap: new %d old %d\n", q != MAP_FAILED ? q[0] : -1, m[0]);
  }
  mprotect(m+PG, PG, 1);
  A(mremap(m,2*PG,4*PG,MREMAP_MAYMOVE));
  m[0] = 1;
  {
    char *q = mremap(m, 0, PG, MREMAP_MAYMOVE);
    P(q==MAP_FAILED?-1:1);
  }
}

static void syncing(void) {
  m = mmap(0, 4*PG, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
  P(msync(m,PG,MS_SYNC|MS_ASYNC));
  P(msync(m+1,PG,MS_SYNC));
  P(msync(m,PG,8));
  P(msync(m,PG,0));
  P(msync(m,0,MS_SYNC));
  P(msync(m,PG,MS_SYNC));
  munmap(m+PG, PG);
  P(msync(m,4*PG,MS_SYNC));
  P(msync(m,4*PG,MS_ASYNC));
  mlock(m, PG);
  P(msync(m,PG,MS_INVALIDATE));
  munlock(m, PG);
}

static void askingIncore(void) {
  P(mincore(m,4*PG,v));
  P(mincore(m+1,PG,v));
  P(mincore(m,0,v));
  P(mincore(m,PG,(void*)-1L));
  P(mincore((void*)m,PG,(void*)8));
  m[0] = 1;
  v[0] = 9;
  P(mincore(m,PG,v));
  printf(" touched %d;", v[0]);
  P(mincore(m+3*PG,PG,v));
  printf(" untouched %d\n", v[0]);
}

static void advising(void) {
  P(madvise(m,PG,1000));
  P(madvise(m+1,PG,MADV_DONTNEED));
  P(madvise(m,0,MADV_DONTNEED));
  P(madvise(m,-PG,MADV_DONTNEED));
  m[0] = 7;
  P(madvise(m,PG,MADV_DONTNEED));
  printf(" after DONTNEED %d\n", m[0]);
  P(madvise(m,4*PG,MADV_DONTNEED));
  P(madvise(m+PG,PG,MADV_NORMAL));
  mlock(m, PG);
  P(madvise(m,PG,MADV_DONTNEED));
  munlock(m, PG);
  P(madvise(m,PG,MADV_REMOVE));
  P(madvise(m,PG,MADV_WIPEONFORK));
  {
    m[0] = 3;
    pid_t p = fork();
    if (!p) _exit(m[0]);
    int st;
    waitpid(p, &st, 0);
    printf(" wipeonfork child sees %d\n", st >> 8);
  }
  P(madvise(m,PG,MADV_KEEPONFORK));
  P(madvise(m,PG,MADV_DONTFORK));
  {
    pid_t p = fork();
    if (!p) {
      signal(SIGSEGV, SIG_DFL);
      _exit(m[0]);
    }
    int st;
    waitpid(p, &st, 0);
    printf(" dontfork child: %s %d\n", st&127?"sig":"exit", st&127 ? st&127 : st >> 8);
  }
}

static void breaking(void) {
  unsigned long b = syscall(SYS_brk, 0);
  printf(" brk+1pg %ld brk(0)==cur %d brk(low) unchanged %d\n", (long)(syscall(SYS_brk, b+PG)-b), syscall(SYS_brk, 0) == b+PG, syscall(SYS_brk, 1) == b+PG);
  F(((char*)((b+PG-1)&~(PG-1)))[0]=1);
  printf(" shrink %d\n", syscall(SYS_brk, b) == b);
  printf(" brk unaligned keeps %ld\n", (long)(syscall(SYS_brk, b+5)-b));
  printf(" brk huge unchanged %d\n", syscall(SYS_brk, b+(1UL<<40)) == b+5);
}

static void forking(void) {
  int *x = mmap(0, PG, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0), *y = mmap(0, PG, 3, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
  *x = *y = 1;
  pid_t p = fork();
  if (!p) {
    *x = 2;
    *y = 2;
    _exit(0);
  }
  waitpid(p, 0, 0);
  printf(" fork: private %d shared %d\n", *x, *y);
}

static void badAddresses(void) {
  m = 0;
  F(*(volatile char*)0=1);
  F(*(volatile char*)0x1234567000=1);
  F(*(volatile long*)0xdeadbeefdeadbeef=1);
  F((void)*(volatile long*)0xffffffff80000000);
  F(((void(*)(void))0x10)());
}

static void badBuffers(void) {
  P(write(1,(void*)8,1));
  P(write(1,(void*)-8L,1));
  P(write(1,(void*)8,0));
  {
    char *q = mmap(0, 2*PG, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
    munmap(q+PG, PG);
    P(write(nul,q+PG-4,8));
    P(write(pp[1],q+PG-4,8));
    P(pwrite(fd,q+PG-4,8,0));
    P(pread(z,q+PG-4,8,0));
  }

  printf("PROBE-END\n");
}

int main(void) {
  prepare();
  mapping();
  unmapping();
  protecting();
  mappingFiles();
  endOfFile();
  remapping();
  syncing();
  askingIncore();
  advising();
  breaking();
  forking();
  badAddresses();
  badBuffers();
  return 0;
}
