/** POSIX timers, the clock's correction, capabilities, and memory of other processes. */
import { signalName } from "../../../abi/signal.ts";
import type { StructValue } from "../../../abi/struct.ts";
import {
  SYS_adjtimex,
  SYS_capget,
  SYS_capset,
  SYS_clock_adjtime,
  SYS_process_vm_readv,
  SYS_process_vm_writev,
  SYS_timer_create,
  SYS_timer_delete,
  SYS_timer_getoverrun,
  SYS_timer_gettime,
  SYS_timer_settime,
} from "../../../abi/syscalls.ts";
import {
  itimerspec,
  SIGEV_NONE,
  SIGEV_SIGNAL,
  SIGEV_THREAD,
  SIGEV_THREAD_ID,
  sigevent,
  TIMER_ABSTIME,
} from "../../../abi/time.ts";
import { filled, flags, given, int, pointer, size, uint } from "./arguments.ts";
import { showTimespec } from "./shows.ts";

import { call, type Signatures } from "./signature.ts";
import { address, valueText } from "./text.ts";
import { clock } from "./value-names.ts";

const NOTIFY = { SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID };

const showSigevent = ({ sigev_value, sigev_signo, sigev_notify }: StructValue<typeof sigevent>): string => {
  const value = `{sival_int=${sigev_value | 0}, sival_ptr=${address(sigev_value)}}`;
  return `{sigev_value=${value}, sigev_signo=${signalName(sigev_signo)}, sigev_notify=${valueText(NOTIFY, "SIGEV_???", sigev_notify)}}`;
};

const showItimerspec = ({ it_interval, it_value }: StructValue<typeof itimerspec>): string =>
  `{it_interval=${showTimespec(it_interval)}, it_value=${showTimespec(it_value)}}`;

const transfer = call(int, pointer, size, pointer, size, uint);

export const timerSignatures: Signatures = {
  [SYS_timer_create]: call(clock, given(sigevent, showSigevent), pointer),
  [SYS_timer_gettime]: call(int, filled(itimerspec, showItimerspec)),
  [SYS_timer_settime]: call(
    int,
    flags({ TIMER_ABSTIME }, "TIMER_???"),
    given(itimerspec, showItimerspec),
    filled(itimerspec, showItimerspec),
  ),
  [SYS_timer_getoverrun]: call(int),
  [SYS_timer_delete]: call(int),
  [SYS_adjtimex]: call(pointer),
  [SYS_clock_adjtime]: call(clock, pointer),
  [SYS_capget]: call(pointer, pointer),
  [SYS_capset]: call(pointer, pointer),
  [SYS_process_vm_readv]: transfer,
  [SYS_process_vm_writev]: transfer,
};
