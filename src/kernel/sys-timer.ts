/** timer_create(2) and its family (kernel/time/posix-timers.c of Linux 6.12). */
import { EAGAIN, EFAULT, EINVAL, EOPNOTSUPP } from "../../abi/errno.ts";
import { SIGALRM, SIGRTMAX } from "../../abi/signal.ts";
import {
  SYS_timer_create,
  SYS_timer_delete,
  SYS_timer_getoverrun,
  SYS_timer_gettime,
  SYS_timer_settime,
} from "../../abi/syscalls.ts";
import {
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_REALTIME_COARSE,
  itimerspec,
  SIGEV_NONE,
  SIGEV_SIGNAL,
  SIGEV_THREAD_ID,
  sigevent,
  TIMER_ABSTIME,
} from "../../abi/time.ts";
import { CPU_CLOCKS, readClock, WALL_CLOCKS } from "./clocks.ts";
import type { Core, SystemCall } from "./core.ts";
import { SIGNALS_PENDING } from "./limits.ts";
import type { PosixTimer } from "./posix-timers.ts";
import type { Task } from "./task.ts";
import { isTime, nanosecondsOf, SECOND, timespecOf } from "./time-value.ts";
import { putWord } from "./words.ts";

/** Clocks that have no timers (k_clock.timer_create). */
const WITHOUT_TIMERS = new Set([CLOCK_MONOTONIC_RAW, CLOCK_MONOTONIC_COARSE, CLOCK_REALTIME_COARSE]);
/** A timer expires at most so often: a shorter period would let the machine do nothing else. */
const SHORTEST_PERIOD = 1000;

/** Sets the expiry that follows `now`: how many there have been since the last. */
const goOn = (timer: PosixTimer, now: number): number => {
  if (timer.interval === 0) {
    timer.expiry = Number.POSITIVE_INFINITY;
    return 1;
  }
  const period = Math.max(timer.interval, SHORTEST_PERIOD);
  const times = Math.floor((now - timer.expiry) / period) + 1;
  timer.expiry += times * period;
  return times;
};

const expire = (core: Core, task: Task, timer: PosixTimer, now: number): void => {
  const info = timer.expired(goOn(timer, now), task.pending);
  if (info !== null) core.send(task, info);
};

/** Puts the timer on the machine's clock, again and again. */
const arm = (core: Core, task: Task, timer: PosixTimer): void => {
  timer.cancel?.();
  timer.cancel = null;
  if (timer.countsCpuTime || timer.expiry === Number.POSITIVE_INFINITY) return;
  timer.cancel = core.at(timer.expiry, () => {
    expire(core, task, timer, core.ktimeGet());
    arm(core, task, timer);
  });
};

/** After the process has been on the hart. */
export const firePosixCpuTimers = (core: Core, task: Task): void => {
  for (const timer of task.posixTimers.ofCpuTime) {
    if (task.cpuTime >= timer.expiry) expire(core, task, timer, task.cpuTime);
  }
};

/** good_sigevent(): the signal that a struct sigevent asks for; -EINVAL. */
const readEvent = (core: Core, pointer: number): ((id: number) => PosixTimer["signal"]) | number => {
  // "If sevp is NULL, … sigev_notify is SIGEV_SIGNAL, sigev_signo is SIGALRM, and sigev_value.sival_int is the timer ID."
  if (pointer === 0) return (id) => ({ signo: SIGALRM, value: id });
  const bytes = new Uint8Array(sigevent.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const { sigev_notify, sigev_signo, sigev_value, sigev_notify_thread_id } = sigevent.read(bytes);
  if (sigev_notify === SIGEV_NONE) return () => null;
  if (sigev_notify === (SIGEV_SIGNAL | SIGEV_THREAD_ID)) {
    if (sigev_notify_thread_id !== core.current.pid) return -EINVAL;
  } else if (sigev_notify !== SIGEV_SIGNAL) return -EINVAL;
  if (sigev_signo < 1 || sigev_signo > SIGRTMAX) return -EINVAL;
  return () => ({ signo: sigev_signo, value: sigev_value });
};

const sysTimerCreate: SystemCall = (core, clockArgument, eventPointer, idPointer) => {
  const clock = clockArgument | 0;
  if (WITHOUT_TIMERS.has(clock)) return -EOPNOTSUPP;
  // "EINVAL: Clock ID, sigev_notify, sigev_signo, or sigev_notify_thread_id is invalid."
  if (readClock(core, clock) === null) return -EINVAL;
  const signalOf = readEvent(core, eventPointer);
  if (typeof signalOf === "number") return signalOf;
  const { posixTimers } = core.current;
  // "The kernel preallocates a queued real-time signal for each POSIX timer", so RLIMIT_SIGPENDING holds them.
  if (posixTimers.size >= SIGNALS_PENDING) return -EAGAIN;
  const timer = posixTimers.create(CPU_CLOCKS.has(clock), signalOf);
  if (WALL_CLOCKS.has(clock)) timer.origin = core.realTime().seconds - Math.floor(core.ktimeGet() / SECOND);
  if (putWord(core, idPointer, timer.id)) return 0;
  posixTimers.delete(timer);
  return -EFAULT;
};

const nowOf = (core: Core, timer: PosixTimer): number => (timer.countsCpuTime ? core.current.cpuTime : core.ktimeGet());

const setting = (core: Core, timer: PosixTimer): Uint8Array => {
  // "If this value is zero, then the timer is currently disarmed": one that is about to expire has a nanosecond left.
  const left = timer.expiry === Number.POSITIVE_INFINITY ? 0 : Math.max(1, timer.expiry - nowOf(core, timer));
  return itimerspec.encode({ it_interval: timespecOf(timer.interval), it_value: timespecOf(left) });
};

const sysTimerGettime: SystemCall = (core, id, pointer) => {
  // "EINVAL: timerid is invalid."
  const timer = core.current.posixTimers.get(id | 0);
  if (timer === undefined) return -EINVAL;
  return core.copyToUser(pointer, setting(core, timer)) === 0 ? 0 : -EFAULT;
};

const sysTimerSettime: SystemCall = (core, id, flags, newPointer, oldPointer) => {
  // "EINVAL: new_value.it_value is negative, or new_value.it_value.tv_nsec is negative or greater than 999,999,999."
  if (newPointer === 0) return -EINVAL;
  const bytes = new Uint8Array(itimerspec.size);
  if (core.copyFromUser(bytes, newPointer) !== 0) return -EFAULT;
  const { it_interval, it_value } = itimerspec.read(bytes);
  if (!isTime(it_interval) || !isTime(it_value)) return -EINVAL;
  const timer = core.current.posixTimers.get(id | 0);
  if (timer === undefined) return -EINVAL;
  const before = setting(core, timer);
  timer.interval = nanosecondsOf(it_interval.tv_sec, it_interval.tv_nsec);
  if (it_value.tv_sec === 0 && it_value.tv_nsec === 0) timer.expiry = Number.POSITIVE_INFINITY;
  // "By default, the initial expiration time … is interpreted relative to the current time on the timer's clock."
  else if ((flags & TIMER_ABSTIME) === 0) {
    timer.expiry = nowOf(core, timer) + nanosecondsOf(it_value.tv_sec, it_value.tv_nsec);
  } else timer.expiry = nanosecondsOf(it_value.tv_sec - timer.origin, it_value.tv_nsec);
  arm(core, core.current, timer);
  return oldPointer === 0 || core.copyToUser(oldPointer, before) === 0 ? 0 : -EFAULT;
};

const sysTimerGetoverrun: SystemCall = (core, id) => {
  const { posixTimers, pending } = core.current;
  return posixTimers.get(id | 0)?.overrun(pending) ?? -EINVAL;
};

const sysTimerDelete: SystemCall = (core, id) => {
  const { posixTimers } = core.current;
  const timer = posixTimers.get(id | 0);
  if (timer === undefined) return -EINVAL;
  posixTimers.delete(timer);
  return 0;
};

export const timerSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_timer_create]: sysTimerCreate,
  [SYS_timer_gettime]: sysTimerGettime,
  [SYS_timer_settime]: sysTimerSettime,
  [SYS_timer_getoverrun]: sysTimerGetoverrun,
  [SYS_timer_delete]: sysTimerDelete,
};
