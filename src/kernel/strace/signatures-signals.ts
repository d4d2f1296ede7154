/** Calls that wait for signals and for children, send signals with a value, and set timers. */
import * as sched from "../../../abi/sched.ts";
import { siginfoKill } from "../../../abi/signal.ts";
import type { StructValue } from "../../../abi/struct.ts";
import {
  SYS_clock_settime,
  SYS_clone3,
  SYS_get_robust_list,
  SYS_getitimer,
  SYS_rt_sigqueueinfo,
  SYS_rt_sigreturn,
  SYS_rt_sigtimedwait,
  SYS_rt_tgsigqueueinfo,
  SYS_settimeofday,
  SYS_waitid,
} from "../../../abi/syscalls.ts";
import { ITIMER_PROF, ITIMER_REAL, ITIMER_VIRTUAL, itimerval, timespec, timeval } from "../../../abi/time.ts";
import { P_ALL, P_PGID, P_PID, P_PIDFD } from "../../../abi/wait.ts";
import { failed, filled, given, int, lateIf, oneOf, pointer, size } from "./arguments.ts";
import { showItimerval, showTimespec, showTimeval } from "./shows.ts";
import { formatSiginfo, signal, signalSet } from "./signal-text.ts";
import { call, type Signatures } from "./signature.ts";
import { waitOptions } from "./signatures-processes.ts";
import { address } from "./text.ts";
import { clock } from "./value-names.ts";

type Siginfo = StructValue<typeof siginfoKill>;

const showSiginfo = ({ si_signo, si_code, si_pid }: Siginfo): string =>
  si_signo === 0 ? "{}" : formatSiginfo({ signo: si_signo, code: si_code, address: 0, pid: si_pid });

const showCloneArgs = ({ flags, exit_signal, stack, stack_size }: StructValue<typeof sched.cloneArgs>): string =>
  `{flags=0x${flags.toString(16)}, exit_signal=${exit_signal}, stack=${address(stack)}, stack_size=${stack_size}, ...}`;

export const signalSignatures: Signatures = {
  [SYS_rt_sigreturn]: call(),
  [SYS_rt_sigtimedwait]: call(
    signalSet(3),
    lateIf((view) => !failed(view), given(siginfoKill, showSiginfo)),
    given(timespec, showTimespec),
    size,
  ),
  [SYS_rt_sigqueueinfo]: call(int, signal, given(siginfoKill, showSiginfo)),
  [SYS_rt_tgsigqueueinfo]: call(int, int, signal, given(siginfoKill, showSiginfo)),
  [SYS_waitid]: call(
    oneOf({ P_ALL, P_PID, P_PGID, P_PIDFD }, "P_???"),
    int,
    filled(siginfoKill, showSiginfo),
    waitOptions,
    pointer,
  ),
  [SYS_getitimer]: call(
    oneOf({ ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF }, "ITIMER_???"),
    filled(itimerval, showItimerval),
  ),
  [SYS_clock_settime]: call(clock, given(timespec, showTimespec)),
  [SYS_settimeofday]: call(given(timeval, showTimeval), pointer),
  [SYS_get_robust_list]: call(int, pointer, pointer),
  [SYS_clone3]: call(given(sched.cloneArgs, showCloneArgs), size),
};
