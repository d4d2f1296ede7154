/* Signals as the kernel of riscv64 has them: a set is 64 bits. */
#pragma once

#include <sys/types.h>

#define SIGILL 4
#define SIGTRAP 5
#define SIGBUS 7
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGPIPE 13
#define SIGALRM 14
#define SIGCHLD 17

#define SA_SIGINFO 0x4
#define SA_ONSTACK 0x8000000
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000

#define SIG_BLOCK 0
#define SIG_SETMASK 2

typedef unsigned long sigset_t;
typedef void (*SignalHandler)(int);
#define SIG_DFL ((SignalHandler)0)
#define SIG_IGN ((SignalHandler)1)
#define SIG_ERR ((SignalHandler)-1)

/* 128 bytes; si_addr is there for faults. */
typedef struct {
  int si_signo, si_errno, si_code;
  void *si_addr;
  char rest[128 - 24];
} siginfo_t;

struct sigaction {
  union {
    SignalHandler sa_handler;
    void (*sa_sigaction)(int, siginfo_t *, void *);
  };
  unsigned long sa_flags;
  sigset_t sa_mask;
};

typedef struct {
  void *ss_sp;
  int ss_flags;
  size_t ss_size;
} stack_t;

_Static_assert(sizeof(siginfo_t) == 128, "siginfo_t");
_Static_assert(sizeof(struct sigaction) == 24, "struct sigaction");
_Static_assert(sizeof(stack_t) == 24, "stack_t");

int sigaction(int signal, const struct sigaction *action, struct sigaction *old);
int sigprocmask(int how, const sigset_t *set, sigset_t *old);
int sigaltstack(const stack_t *stack, stack_t *old);
int kill(pid_t pid, int signal);
SignalHandler signal(int number, SignalHandler handler);
