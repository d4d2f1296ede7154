/** Signals: asm-generic/signal.h, signal-defs.h and siginfo.h of Linux 6.12, as on riscv64, with glibc's texts. */
import { bits64, defineStruct, i32, i64, pointer, type StructValue, u32, u64 } from "./struct.ts";

export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGABRT = 6;
export const SIGBUS = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGUSR1 = 10;
export const SIGSEGV = 11;
export const SIGUSR2 = 12;
export const SIGPIPE = 13;
export const SIGALRM = 14;
export const SIGTERM = 15;
export const SIGSTKFLT = 16;
export const SIGCHLD = 17;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGTSTP = 20;
export const SIGTTIN = 21;
export const SIGTTOU = 22;
export const SIGURG = 23;
export const SIGXCPU = 24;
export const SIGXFSZ = 25;
export const SIGVTALRM = 26;
export const SIGPROF = 27;
export const SIGWINCH = 28;
export const SIGIO = 29;
export const SIGPWR = 30;
export const SIGSYS = 31;
export const SIGPOLL = SIGIO;
/** The kernel's first and last real-time signals (glibc keeps 32 and 33 to itself). */
export const SIGRTMIN = 32;
export const SIGRTMAX = 64;
export const _NSIG = 64;

/** sa_handler. */
export const SIG_DFL = 0;
export const SIG_IGN = 1;
export const SIG_ERR = -1;

/** rt_sigprocmask's how. */
export const SIG_BLOCK = 0;
export const SIG_UNBLOCK = 1;
export const SIG_SETMASK = 2;

export const SA_NOCLDSTOP = 0x1;
export const SA_NOCLDWAIT = 0x2;
export const SA_SIGINFO = 0x4;
export const SA_UNSUPPORTED = 0x400;
export const SA_EXPOSE_TAGBITS = 0x800;
export const SA_ONSTACK = 0x800_0000;
export const SA_RESTART = 0x1000_0000;
export const SA_NODEFER = 0x4000_0000;
export const SA_RESETHAND = 0x8000_0000;

/** struct sigaction of rt_sigaction(2): 24 bytes. riscv has no sa_restorer. */
export const sigaction = defineStruct({ sa_handler: pointer, sa_flags: u64, sa_mask: bits64 });
export type Sigaction = StructValue<typeof sigaction>;
/** sizeof(sigset_t) as the kernel counts it: the last argument of the rt_sig… calls. Signal n is bit n - 1. */
export const SIGSET_SIZE = 8;
export const sigmask = (signo: number): bigint => 1n << BigInt(signo - 1);

/** stack_t of sigaltstack(2): 24 bytes. */
export const stackT = defineStruct({ ss_sp: pointer, ss_flags: i32, ss_size: u64 });
export const SS_ONSTACK = 1;
export const SS_DISABLE = 2;

/** siginfo_t is 128 bytes; which of the three forms it has, si_signo and si_code tell. */
export const SI_MAX_SIZE = 128;
const head = { si_signo: i32, si_errno: i32, si_code: i32, __pad: i32 };
/** SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP from the kernel. */
export const siginfoFault = defineStruct({ ...head, si_addr: pointer }, { size: SI_MAX_SIZE });
/** kill(2), tkill(2), sigqueue(3). */
export const siginfoKill = defineStruct(
  { ...head, si_pid: i32, si_uid: u32, si_value: pointer },
  { size: SI_MAX_SIZE },
);
/** SIGCHLD: si_status is the exit status or the signal, the times are in clock ticks. */
export const siginfoChild = defineStruct(
  { ...head, si_pid: i32, si_uid: u32, si_status: i32, si_utime: i64, si_stime: i64 },
  { size: SI_MAX_SIZE },
);

/** si_code of any signal. */
export const SI_USER = 0;
export const SI_KERNEL = 0x80;
export const SI_QUEUE = -1;
export const SI_TIMER = -2;
export const SI_MESGQ = -3;
export const SI_ASYNCIO = -4;
export const SI_SIGIO = -5;
export const SI_TKILL = -6;
/** SIGILL. */
export const ILL_ILLOPC = 1;
export const ILL_ILLOPN = 2;
export const ILL_ILLADR = 3;
export const ILL_ILLTRP = 4;
export const ILL_PRVOPC = 5;
export const ILL_PRVREG = 6;
export const ILL_COPROC = 7;
export const ILL_BADSTK = 8;
/** SIGFPE. */
export const FPE_INTDIV = 1;
export const FPE_INTOVF = 2;
export const FPE_FLTDIV = 3;
export const FPE_FLTOVF = 4;
export const FPE_FLTUND = 5;
export const FPE_FLTRES = 6;
export const FPE_FLTINV = 7;
export const FPE_FLTSUB = 8;
/** SIGSEGV: no mapping; a mapping that forbids the access. */
export const SEGV_MAPERR = 1;
export const SEGV_ACCERR = 2;
export const SEGV_BNDERR = 3;
export const SEGV_PKUERR = 4;
/** SIGBUS: misaligned; no such page behind the mapping. */
export const BUS_ADRALN = 1;
export const BUS_ADRERR = 2;
export const BUS_OBJERR = 3;
export const BUS_MCEERR_AR = 4;
export const BUS_MCEERR_AO = 5;
/** SIGTRAP. */
export const TRAP_BRKPT = 1;
export const TRAP_TRACE = 2;
export const TRAP_BRANCH = 3;
export const TRAP_HWBKPT = 4;
/** SIGCHLD. */
export const CLD_EXITED = 1;
export const CLD_KILLED = 2;
export const CLD_DUMPED = 3;
export const CLD_TRAPPED = 4;
export const CLD_STOPPED = 5;
export const CLD_CONTINUED = 6;

const SIGNALS: readonly (readonly [name: string, text: string])[] = [
  ["0", "Unknown signal 0"],
  ["SIGHUP", "Hangup"],
  ["SIGINT", "Interrupt"],
  ["SIGQUIT", "Quit"],
  ["SIGILL", "Illegal instruction"],
  ["SIGTRAP", "Trace/breakpoint trap"],
  ["SIGABRT", "Aborted"],
  ["SIGBUS", "Bus error"],
  ["SIGFPE", "Floating point exception"],
  ["SIGKILL", "Killed"],
  ["SIGUSR1", "User defined signal 1"],
  ["SIGSEGV", "Segmentation fault"],
  ["SIGUSR2", "User defined signal 2"],
  ["SIGPIPE", "Broken pipe"],
  ["SIGALRM", "Alarm clock"],
  ["SIGTERM", "Terminated"],
  ["SIGSTKFLT", "Stack fault"],
  ["SIGCHLD", "Child exited"],
  ["SIGCONT", "Continued"],
  ["SIGSTOP", "Stopped (signal)"],
  ["SIGTSTP", "Stopped"],
  ["SIGTTIN", "Stopped (tty input)"],
  ["SIGTTOU", "Stopped (tty output)"],
  ["SIGURG", "Urgent I/O condition"],
  ["SIGXCPU", "CPU time limit exceeded"],
  ["SIGXFSZ", "File size limit exceeded"],
  ["SIGVTALRM", "Virtual timer expired"],
  ["SIGPROF", "Profiling timer expired"],
  ["SIGWINCH", "Window changed"],
  ["SIGIO", "I/O possible"],
  ["SIGPWR", "Power failure"],
  ["SIGSYS", "Bad system call"],
];

/** `signalName(SIGSEGV)` is "SIGSEGV"; real-time signals are "SIGRTMIN" for 32, "SIGRT_2" for 34, as in strace(1). */
export function signalName(signo: number): string {
  if (signo === SIGRTMIN) return "SIGRTMIN";
  if (signo > SIGRTMIN && signo <= SIGRTMAX) return `SIGRT_${signo - SIGRTMIN}`;
  return SIGNALS[signo]?.[0] ?? String(signo);
}

/** strsignal(3): "Segmentation fault". */
export function strsignal(signo: number): string {
  // 34 is glibc's SIGRTMIN.
  if (signo >= 34 && signo <= SIGRTMAX) return `Real-time signal ${signo - 34}`;
  return SIGNALS[signo]?.[1] ?? `Unknown signal ${signo}`;
}
