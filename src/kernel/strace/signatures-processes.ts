/** Calls that make, end and wait for processes. */
import {
  PR_GET_DUMPABLE,
  PR_GET_NAME,
  PR_GET_NO_NEW_PRIVS,
  PR_GET_PDEATHSIG,
  PR_SET_DUMPABLE,
  PR_SET_NAME,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_PDEATHSIG,
} from "../../../abi/prctl.ts";
import { rusage } from "../../../abi/resource.ts";
import * as sched from "../../../abi/sched.ts";
import { signalName } from "../../../abi/signal.ts";
import {
  SYS_clone,
  SYS_execve,
  SYS_exit,
  SYS_exit_group,
  SYS_futex,
  SYS_getegid,
  SYS_geteuid,
  SYS_getgid,
  SYS_getpgid,
  SYS_getpid,
  SYS_getppid,
  SYS_getrusage,
  SYS_getsid,
  SYS_gettid,
  SYS_getuid,
  SYS_prctl,
  SYS_rseq,
  SYS_sched_yield,
  SYS_set_robust_list,
  SYS_set_tid_address,
  SYS_setpgid,
  SYS_setsid,
  SYS_wait4,
} from "../../../abi/syscalls.ts";
import { timespec } from "../../../abi/time.ts";
import {
  __WALL,
  __WCLONE,
  __WNOTHREAD,
  WCONTINUED,
  WCOREDUMP,
  WEXITED,
  WEXITSTATUS,
  WIFCONTINUED,
  WIFEXITED,
  WIFSTOPPED,
  WNOHANG,
  WNOWAIT,
  WSTOPPED,
  WSTOPSIG,
  WTERMSIG,
} from "../../../abi/wait.ts";
import {
  type Argument,
  type CallView,
  filled,
  flags,
  given,
  hexadecimal,
  int,
  lateIf,
  named,
  oneOf,
  path,
  pointer,
  register,
  size,
  string,
  uint,
} from "./arguments.ts";
import { showRusage, showTimespec } from "./shows.ts";
import { signal } from "./signal-text.ts";
import { call, type Signature, type Signatures } from "./signature.ts";
import { address, flagText, hex, quote, readCString, STRING_LIMIT, valueText } from "./text.ts";

const CLONE_FLAGS = {
  CLONE_VM: sched.CLONE_VM,
  CLONE_FS: sched.CLONE_FS,
  CLONE_FILES: sched.CLONE_FILES,
  CLONE_SIGHAND: sched.CLONE_SIGHAND,
  CLONE_PIDFD: sched.CLONE_PIDFD,
  CLONE_PTRACE: sched.CLONE_PTRACE,
  CLONE_VFORK: sched.CLONE_VFORK,
  CLONE_PARENT: sched.CLONE_PARENT,
  CLONE_THREAD: sched.CLONE_THREAD,
  CLONE_NEWNS: sched.CLONE_NEWNS,
  CLONE_SYSVSEM: sched.CLONE_SYSVSEM,
  CLONE_SETTLS: sched.CLONE_SETTLS,
  CLONE_PARENT_SETTID: sched.CLONE_PARENT_SETTID,
  CLONE_CHILD_CLEARTID: sched.CLONE_CHILD_CLEARTID,
  CLONE_DETACHED: sched.CLONE_DETACHED,
  CLONE_UNTRACED: sched.CLONE_UNTRACED,
  CLONE_CHILD_SETTID: sched.CLONE_CHILD_SETTID,
  CLONE_NEWCGROUP: sched.CLONE_NEWCGROUP,
  CLONE_NEWUTS: sched.CLONE_NEWUTS,
  CLONE_NEWIPC: sched.CLONE_NEWIPC,
  CLONE_NEWUSER: sched.CLONE_NEWUSER,
  CLONE_NEWPID: sched.CLONE_NEWPID,
  CLONE_NEWNET: sched.CLONE_NEWNET,
  CLONE_IO: sched.CLONE_IO,
};

/** Flags, and in the low byte the signal that tells the parent. */
const cloneFlags: Argument = {
  text(_, value) {
    const signo = value & sched.CSIGNAL;
    const rest = (value & ~sched.CSIGNAL) >>> 0;
    if (rest === 0) return signalName(signo);
    const names = flagText(CLONE_FLAGS, "CLONE_???", rest);
    return signo === 0 ? names : `${names}|${signalName(signo)}`;
  },
};

const PARENT_TID = sched.CLONE_PARENT_SETTID | sched.CLONE_PIDFD;
const CHILD_TID = sched.CLONE_CHILD_SETTID | sched.CLONE_CHILD_CLEARTID;

/** riscv64: flags, stack, parent_tid, tls, child_tid; shown in another order, and only what the flags ask for. */
const clone: Signature = {
  arguments(view) {
    const asked = register(view, 0);
    const list = [named("child_stack", pointer, 1), named("flags", cloneFlags, 0)];
    if ((asked & PARENT_TID) !== 0) list.push(named("parent_tid", pointer, 2));
    if ((asked & sched.CLONE_SETTLS) !== 0) list.push(named("tls", hexadecimal, 3));
    if ((asked & CHILD_TID) !== 0) list.push(named("child_tidptr", pointer, 4));
    return list;
  },
};

/** "[{WIFEXITED(s) && WEXITSTATUS(s) == 7}]". */
function statusText(status: number): string {
  if (WIFEXITED(status)) return `[{WIFEXITED(s) && WEXITSTATUS(s) == ${WEXITSTATUS(status)}}]`;
  if (WIFCONTINUED(status)) return "[{WIFCONTINUED(s)}]";
  if (WIFSTOPPED(status)) return `[{WIFSTOPPED(s) && WSTOPSIG(s) == ${signalName(WSTOPSIG(status))}}]`;
  const core = WCOREDUMP(status) ? " && WCOREDUMP(s)" : "";
  return `[{WIFSIGNALED(s) && WTERMSIG(s) == ${signalName(WTERMSIG(status))}${core}}]`;
}

const someChild = (view: CallView): boolean => (view.result ?? 0) > 0;

const status = lateIf(someChild, {
  text({ reader }, value) {
    const bytes = value === 0 ? null : reader.read(value, 4);
    return bytes === null ? address(value) : statusText(new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true));
  },
});

export const waitOptions = flags(
  { WNOHANG, WEXITED, WSTOPPED, WCONTINUED, WNOWAIT, __WCLONE, __WALL, __WNOTHREAD },
  "W???",
);

/** Pointers in an argument vector, or null: one cannot be read. */
function vectorAt({ reader }: CallView, va: number, limit: number): number[] | null {
  const pointers: number[] = [];
  while (pointers.length < limit) {
    const bytes = reader.read(va + pointers.length * 8, 8);
    if (bytes === null) return null;
    const one = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true));
    if (one === 0) break;
    pointers.push(one);
  }
  return pointers;
}

/** `["ls", "-l"]`. */
export const argv: Argument = {
  text(view, value) {
    const pointers = value === 0 ? null : vectorAt(view, value, STRING_LIMIT + 1);
    if (pointers === null) return address(value);
    const shown = pointers.slice(0, STRING_LIMIT).map((one) => {
      const bytes = readCString(view.reader, one, STRING_LIMIT + 1);
      return bytes === null ? address(one) : quote(bytes);
    });
    return `[${[...shown, ...(pointers.length > STRING_LIMIT ? ["..."] : [])].join(", ")}]`;
  },
};

const MOST_VARIABLES = 4096;
/** `0x3ff0 /* 3 vars *\/`. */
export const environment: Argument = {
  text(view, value) {
    const pointers = value === 0 ? null : vectorAt(view, value, MOST_VARIABLES);
    if (pointers === null) return address(value);
    return `${address(value)} /* ${pointers.length} var${pointers.length === 1 ? "" : "s"} */`;
  },
};

const FUTEX_COMMANDS = {
  FUTEX_WAIT: sched.FUTEX_WAIT,
  FUTEX_WAKE: sched.FUTEX_WAKE,
  FUTEX_REQUEUE: sched.FUTEX_REQUEUE,
  FUTEX_CMP_REQUEUE: sched.FUTEX_CMP_REQUEUE,
  FUTEX_WAKE_OP: sched.FUTEX_WAKE_OP,
  FUTEX_WAIT_BITSET: sched.FUTEX_WAIT_BITSET,
  FUTEX_WAKE_BITSET: sched.FUTEX_WAKE_BITSET,
};
const FUTEX_FLAGS = sched.FUTEX_PRIVATE_FLAG | sched.FUTEX_CLOCK_REALTIME;

const futexOperation: Argument = {
  text(_, value) {
    const command = value & ~FUTEX_FLAGS;
    const name = valueText(FUTEX_COMMANDS, "FUTEX_???", command);
    const known = Object.values(FUTEX_COMMANDS).includes(command);
    const local = (value & sched.FUTEX_PRIVATE_FLAG) !== 0 ? (known ? "_PRIVATE" : "|FUTEX_PRIVATE_FLAG") : "";
    return `${name}${local}${(value & sched.FUTEX_CLOCK_REALTIME) !== 0 ? "|FUTEX_CLOCK_REALTIME" : ""}`;
  },
};
const futexBits: Argument = {
  text: (_, value) => (value >>> 0 === 0xffff_ffff ? "FUTEX_BITSET_MATCH_ANY" : hex(value >>> 0)),
};
const at = (argument: Argument, index: number): Argument => ({ ...argument, register: index });

const futex: Signature = {
  arguments(view) {
    const head = [pointer, futexOperation, uint];
    const timeout = given(timespec, showTimespec);
    switch (register(view, 1) & ~FUTEX_FLAGS) {
      case sched.FUTEX_WAIT:
        return [...head, timeout];
      case sched.FUTEX_WAKE:
        return head;
      case sched.FUTEX_WAIT_BITSET:
        return [...head, timeout, at(futexBits, 5)];
      case sched.FUTEX_WAKE_BITSET:
        return [...head, at(futexBits, 5)];
      case sched.FUTEX_REQUEUE:
        return [...head, uint, pointer];
      case sched.FUTEX_CMP_REQUEUE:
        return [...head, uint, pointer, uint];
      default:
        return [...head, hexadecimal, pointer, hexadecimal];
    }
  },
};

const prctlOption = oneOf(
  {
    PR_SET_PDEATHSIG,
    PR_GET_PDEATHSIG,
    PR_GET_DUMPABLE,
    PR_SET_DUMPABLE,
    PR_SET_NAME,
    PR_GET_NAME,
    PR_SET_NO_NEW_PRIVS,
    PR_GET_NO_NEW_PRIVS,
  },
  "PR_???",
);

const prctl: Signature = {
  arguments(view) {
    switch (register(view, 0)) {
      case PR_SET_NAME:
        return [prctlOption, string];
      case PR_GET_NAME:
        return [prctlOption, lateIf((late) => late.result === 0, string)];
      case PR_SET_PDEATHSIG:
        return [prctlOption, signal];
      case PR_GET_DUMPABLE:
        return [prctlOption];
      case PR_SET_NO_NEW_PRIVS:
      case PR_GET_NO_NEW_PRIVS:
        return [prctlOption, size, size, size, size];
      default:
        return [prctlOption, hexadecimal, hexadecimal, hexadecimal, hexadecimal];
    }
  },
};

export const processSignatures: Signatures = {
  [SYS_clone]: clone,
  [SYS_execve]: call(path, argv, environment),
  [SYS_exit]: call(int),
  [SYS_exit_group]: call(int),
  [SYS_wait4]: call(int, status, waitOptions, lateIf(someChild, given(rusage, showRusage))),
  [SYS_getpid]: call(),
  [SYS_getppid]: call(),
  [SYS_gettid]: call(),
  [SYS_getuid]: call(),
  [SYS_geteuid]: call(),
  [SYS_getgid]: call(),
  [SYS_getegid]: call(),
  [SYS_getpgid]: call(int),
  [SYS_setpgid]: call(int, int),
  [SYS_getsid]: call(int),
  [SYS_setsid]: call(),
  [SYS_sched_yield]: call(),
  [SYS_set_tid_address]: call(pointer),
  [SYS_set_robust_list]: call(pointer, size),
  [SYS_rseq]: call(pointer, hexadecimal, int, hexadecimal),
  [SYS_futex]: futex,
  [SYS_prctl]: prctl,
  [SYS_getrusage]: call(
    oneOf({ RUSAGE_SELF: 0, RUSAGE_CHILDREN: -1, RUSAGE_THREAD: 1 }, "RUSAGE_???"),
    filled(rusage, showRusage),
  ),
};
