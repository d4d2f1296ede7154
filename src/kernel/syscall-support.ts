/** What is missing of a system call that is there: the "partial" column of the table. A call that is not here is full. */
import * as sys from "../../abi/syscalls.ts";

const ROOT = "permission bits and owners of files are kept and never checked";

export const partialSupport: Readonly<Record<number, string>> = {
  // Files
  [sys.SYS_openat]: `O_TMPFILE is EOPNOTSUPP; O_DIRECT, O_ASYNC and O_NOATIME do nothing; FIFOs are ENXIO; ${ROOT}`,
  [sys.SYS_fcntl]: "F_SETOWN, F_SETSIG, leases, F_NOTIFY and F_SETPIPE_SZ are EINVAL",
  [sys.SYS_mknodat]: "FIFOs, sockets and block devices are made and cannot be opened",
  [sys.SYS_renameat2]: "RENAME_EXCHANGE and RENAME_WHITEOUT are EINVAL",
  [sys.SYS_faccessat]: "everybody is root: only X_OK can fail",
  [sys.SYS_faccessat2]: "everybody is root: only X_OK can fail",
  [sys.SYS_fchownat]: ROOT,
  [sys.SYS_fchown]: ROOT,
  [sys.SYS_statx]: "STATX_BTIME, STATX_MNT_ID and STATX_DIOALIGN are never answered",
  [sys.SYS_pipe2]: "O_DIRECT (packets) is EINVAL",
  [sys.SYS_preadv2]: "RWF_NOWAIT and RWF_APPEND are EOPNOTSUPP",
  [sys.SYS_pwritev2]: "RWF_NOWAIT and RWF_APPEND are EOPNOTSUPP",
  [sys.SYS_fallocate]: "mode 0, KEEP_SIZE and PUNCH_HOLE; the others are EOPNOTSUPP",
  [sys.SYS_sendfile]: "the source is a regular file",
  [sys.SYS_memfd_create]: "MFD_HUGETLB is EINVAL",
  [sys.SYS_close_range]: "CLOSE_RANGE_UNSHARE has nothing to unshare",
  [sys.SYS_lseek]: "SEEK_DATA and SEEK_HOLE see one hole, at the end",
  // Memory
  [sys.SYS_mmap]: "no huge pages (EINVAL)",
  [sys.SYS_madvise]: "advice about swap, huge pages and merging is accepted and does nothing",
  [sys.SYS_mlockall]: "MCL_FUTURE does nothing",
  // Processes
  [sys.SYS_clone]:
    "as fork, vfork and posix_spawn use it; threads and namespaces are ENOSYS, a signal other than SIGCHLD EINVAL",
  [sys.SYS_clone3]: "as clone; CLONE_CLEAR_SIGHAND; set_tid is ENOSYS",
  [sys.SYS_waitid]: "P_PIDFD is EINVAL",
  [sys.SYS_execve]: "set-user-ID bits do nothing",
  [sys.SYS_execveat]: "set-user-ID bits do nothing",
  [sys.SYS_futex]: "no priority inheritance, no FUTEX_FD: ENOSYS",
  [sys.SYS_prctl]:
    "names, death signal, dumpable, no_new_privs, keepcaps, timer slack, subreaper (kept); others EINVAL",
  [sys.SYS_getrusage]: "user time, system time 0, and faults; the rest is 0",
  [sys.SYS_times]: "user time; system time is 0",
  [sys.SYS_sysinfo]: "loads are 0",
  [sys.SYS_prlimit64]: "in force: STACK, AS, DATA, FSIZE, NOFILE, NPROC; the others are kept",
  [sys.SYS_setrlimit]: "in force: STACK, AS, DATA, FSIZE, NOFILE, NPROC; the others are kept",
  [sys.SYS_setpriority]: "kept, and changes nothing",
  [sys.SYS_sched_setscheduler]: "kept, and changes nothing; SCHED_DEADLINE is EINVAL",
  [sys.SYS_sched_setparam]: "kept, and changes nothing",
  [sys.SYS_sched_setaffinity]: "there is one hart",
  [sys.SYS_personality]: "kept, and changes nothing",
  [sys.SYS_membarrier]: "MEMBARRIER_CMD_QUERY and _GLOBAL",
  [sys.SYS_capset]: "an effective user 0 has all rights, others have none: giving some up changes nothing",
  [sys.SYS_adjtimex]: "read only; setting is always EPERM: the machine's time is its own",
  [sys.SYS_clock_adjtime]: "CLOCK_REALTIME, read only; setting is always EPERM",
  [sys.SYS_timer_create]: "no SIGEV_THREAD_ID but of the caller; timers on CPU time are looked at after each slice",
  // Time
  [sys.SYS_clock_gettime]: "clocks of other processes (clock_getcpuclockid) are EINVAL",
  [sys.SYS_clock_getres]: "clocks of other processes (clock_getcpuclockid) are EINVAL",
  [sys.SYS_clock_nanosleep]: "sleeping on CPU time is EOPNOTSUPP",
  [sys.SYS_setitimer]: "ITIMER_VIRTUAL and ITIMER_PROF count the same time, and are looked at after each slice",
  [sys.SYS_settimeofday]: "always EPERM: the machine's time is its own",
  [sys.SYS_clock_settime]: "always EPERM: the machine's time is its own",
  [sys.SYS_syslog]: "SYSLOG_ACTION_READ_ALL and _SIZE_BUFFER",
};
