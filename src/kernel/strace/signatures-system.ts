/** Calls on signals, time and the machine as a whole. */
import { rlimit } from "../../../abi/resource.ts";
import {
  SIG_BLOCK,
  SIG_SETMASK,
  SIG_UNBLOCK,
  SIGSET_SIZE,
  SS_DISABLE,
  SS_ONSTACK,
  sigaction,
  stackT,
} from "../../../abi/signal.ts";
import type { StructValue } from "../../../abi/struct.ts";
import {
  SYS_clock_getres,
  SYS_clock_gettime,
  SYS_clock_nanosleep,
  SYS_getrandom,
  SYS_gettimeofday,
  SYS_kill,
  SYS_nanosleep,
  SYS_prlimit64,
  SYS_rt_sigaction,
  SYS_rt_sigpending,
  SYS_rt_sigprocmask,
  SYS_rt_sigsuspend,
  SYS_sched_getaffinity,
  SYS_setitimer,
  SYS_sigaltstack,
  SYS_sysinfo,
  SYS_tgkill,
  SYS_times,
  SYS_tkill,
  SYS_uname,
} from "../../../abi/syscalls.ts";
import {
  ITIMER_PROF,
  ITIMER_REAL,
  ITIMER_VIRTUAL,
  itimerval,
  TIMER_ABSTIME,
  timespec,
  timeval,
  tms,
} from "../../../abi/time.ts";
import { GRND_INSECURE, GRND_NONBLOCK, GRND_RANDOM, sysinfo, utsname } from "../../../abi/utsname.ts";
import {
  failed,
  filled,
  flags,
  given,
  int,
  lateIf,
  oneOf,
  pointer,
  randomOutput,
  register,
  size,
  uint,
} from "./arguments.ts";
import { interrupted } from "./result.ts";
import { showItimerval, showRlimit, showTimespec, showTimeval } from "./shows.ts";
import { showSigaction, signal, signalSet, signalSetAt } from "./signal-text.ts";
import { call, type Signatures } from "./signature.ts";
import { address, flagText } from "./text.ts";
import { clock, limit } from "./value-names.ts";

const time = given(timespec, showTimespec);
/** What is left of a sleep is there only when a signal ended it. */
const remaining = lateIf(interrupted, time);

const showStack = ({ ss_sp, ss_flags, ss_size }: StructValue<typeof stackT>): string =>
  `{ss_sp=${address(ss_sp)}, ss_flags=${flagText({ SS_ONSTACK, SS_DISABLE }, "SS_???", ss_flags)}, ss_size=${ss_size}}`;

const showUtsname = ({ sysname, nodename }: StructValue<typeof utsname>): string =>
  `{sysname="${sysname}", nodename="${nodename}", ...}`;

/** Every field but the padding: "{uptime=5, loads=[0, 0, 0], …}". */
const showSysinfo = ({ pad: _, ...fields }: StructValue<typeof sysinfo>): string =>
  `{${Object.entries(fields)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? `[${value.join(", ")}]` : value}`)
    .join(", ")}}`;

const showTms = (value: StructValue<typeof tms>): string =>
  `{${Object.entries(value)
    .map(([name, ticks]) => `${name}=${ticks}`)
    .join(", ")}}`;

const setFilled = (sizeIn: number) =>
  lateIf((view) => !failed(view) && register(view, sizeIn) === SIGSET_SIZE, { text: signalSetAt });

/** "[0 1]": which bits of the first `result` bytes are set. */
const cpuSet = lateIf((view) => !failed(view), {
  text({ reader, result }, value) {
    const bytes = reader.read(value, result!);
    if (bytes === null) return address(value);
    const cpus = [...bytes].flatMap((byte, i) =>
      Array.from({ length: 8 }, (_, bit) => bit).flatMap((bit) => ((byte >> bit) & 1 ? [i * 8 + bit] : [])),
    );
    return `[${cpus.join(" ")}]`;
  },
});

export const systemSignatures: Signatures = {
  [SYS_kill]: call(int, signal),
  [SYS_tkill]: call(int, signal),
  [SYS_tgkill]: call(int, int, signal),
  [SYS_rt_sigaction]: call(signal, given(sigaction, showSigaction), filled(sigaction, showSigaction), size),
  [SYS_rt_sigprocmask]: call(
    oneOf({ SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK }, "SIG_???"),
    signalSet(3),
    setFilled(3),
    size,
  ),
  [SYS_rt_sigpending]: call(setFilled(1), size),
  [SYS_rt_sigsuspend]: call(signalSet(1), size),
  [SYS_sigaltstack]: call(given(stackT, showStack), filled(stackT, showStack)),

  [SYS_clock_gettime]: call(clock, filled(timespec, showTimespec)),
  [SYS_clock_getres]: call(clock, filled(timespec, showTimespec)),
  [SYS_clock_nanosleep]: call(clock, flags({ TIMER_ABSTIME }, "TIMER_???"), time, remaining),
  [SYS_nanosleep]: call(time, remaining),
  [SYS_gettimeofday]: call(filled(timeval, showTimeval), pointer),
  [SYS_setitimer]: call(
    oneOf({ ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF }, "ITIMER_???"),
    given(itimerval, showItimerval),
    filled(itimerval, showItimerval),
  ),
  [SYS_times]: call(filled(tms, showTms)),

  [SYS_uname]: call(filled(utsname, showUtsname)),
  [SYS_sysinfo]: call(filled(sysinfo, showSysinfo)),
  [SYS_prlimit64]: call(int, limit, given(rlimit, showRlimit), filled(rlimit, showRlimit)),
  [SYS_getrandom]: call(randomOutput, size, flags({ GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE }, "GRND_???")),
  [SYS_sched_getaffinity]: call(int, uint, cpuSet),
};
