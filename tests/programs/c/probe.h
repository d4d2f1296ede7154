/*
 * What the probes print: an expression as it is written here, and what came of it. The lines are compared with those
 * that a real Linux gave for the same expressions, so their blanks count.
 */
#pragma once

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define PG 4096UL

/* Probes compare pointers with 0, and change variables between sigsetjmp and siglongjmp. */
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wclobbered"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wsign-compare"

/* The mapping that is looked at. */
static char *m;
static sigjmp_buf jb;
static siginfo_t si;

static void onFault(int number, siginfo_t *info, void *context) {
  (void)context;
  si = *info;
  siglongjmp(jb, number);
}

/* From now on a fault leaves the statement that earned it. */
static void catchFaults(void) {
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  sigaction(SIGILL, &action, 0);
}

static const char *faultName(int number) {
  return number == SIGSEGV ? "SIGSEGV" : number == SIGBUS ? "SIGBUS" : number == SIGILL ? "SIGILL" : "SIG?";
}

static __attribute__((noinline, unused)) void printResult(const char *expression, long result) {
  if (result >= 0) printf("%-" WIDTH "s = %ld\n", expression, result);
  else printf("%-" WIDTH "s = -1 %s\n", expression, strerrorname_np(errno));
}

/* An expression that is a number. */
#define P(x) do { errno = 0; long r = (long)(x); printResult(#x, r); } while (0)
static __attribute__((noinline, unused)) void printOk(const char *statement) {
  printf("%-" WIDTH "s = ok\n", statement);
}

static __attribute__((noinline, unused)) void printFault(const char *statement, int number) {
  unsigned long at = (unsigned long)si.si_addr - (unsigned long)m;
  printf("%-" WIDTH "s = %s code=%d addr=" BASE "+0x%lx\n", statement, faultName(number), si.si_code, at);
}

/* A statement: "ok", or the signal that it earned. */
#define F(x) \
  do { \
    int s = sigsetjmp(jb, 1); \
    if (s) printFault(#x, s); \
    else { \
      x; \
      printOk(#x); \
    } \
  } while (0)
