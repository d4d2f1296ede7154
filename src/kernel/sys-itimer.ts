/** setitimer(2), getitimer(2) (kernel/time/itimer.c of Linux 6.12). */
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import { SI_KERNEL, SIGALRM, SIGPROF, SIGVTALRM } from "../../abi/signal.ts";
import { SYS_getitimer, SYS_setitimer } from "../../abi/syscalls.ts";
import { ITIMER_PROF, ITIMER_REAL, ITIMER_VIRTUAL, itimerval } from "../../abi/time.ts";
import type { Core, SystemCall } from "./core.ts";
import type { Task } from "./task.ts";
import { timevalNanoseconds, timevalOf } from "./time-value.ts";

const SIGNALS = { [ITIMER_REAL]: SIGALRM, [ITIMER_VIRTUAL]: SIGVTALRM, [ITIMER_PROF]: SIGPROF };
/** ITIMER_REAL expires at most so often in a second: a shorter period would let the machine do nothing else. */
const SHORTEST_PERIOD = 1000;

const expire = (core: Core, task: Task, which: number): void =>
  core.send(task, { signo: SIGNALS[which as typeof ITIMER_REAL], code: SI_KERNEL, address: 0 });

/** After the process has been on the hart. */
export const fireCpuTimers = (core: Core, task: Task): void => {
  for (const which of [ITIMER_VIRTUAL, ITIMER_PROF]) {
    if (task.timers.fire(which, task.cpuTime)) expire(core, task, which);
  }
};

/** Puts ITIMER_REAL on the machine's clock, again and again. */
const armReal = (core: Core, task: Task): void => {
  const { timers } = task;
  timers.cancelReal?.();
  timers.cancelReal = null;
  const { expiry } = timers.get(ITIMER_REAL);
  if (expiry === Number.POSITIVE_INFINITY) return;
  timers.cancelReal = core.at(expiry, () => {
    if (timers.fire(ITIMER_REAL, core.ktimeGet())) expire(core, task, ITIMER_REAL);
    armReal(core, task);
  });
};

const nowOf = (core: Core, task: Task, which: number): number =>
  which === ITIMER_REAL ? core.ktimeGet() : task.cpuTime;

const isTimer = (which: number): boolean => which >= ITIMER_REAL && which <= ITIMER_PROF;

const current = (core: Core, which: number): Uint8Array => {
  const task = core.current;
  const { expiry, interval } = task.timers.get(which);
  const left = expiry === Number.POSITIVE_INFINITY ? 0 : Math.max(1000, expiry - nowOf(core, task, which));
  return itimerval.encode({ it_interval: timevalOf(interval), it_value: timevalOf(left) });
};

const sysGetitimer: SystemCall = (core, whichArgument, pointer) => {
  const which = whichArgument | 0;
  // "EINVAL: which is not one of ITIMER_REAL, ITIMER_VIRTUAL, or ITIMER_PROF".
  if (!isTimer(which)) return -EINVAL;
  return core.copyToUser(pointer, current(core, which)) === 0 ? 0 : -EFAULT;
};

const sysSetitimer: SystemCall = (core, whichArgument, newPointer, oldPointer) => {
  const which = whichArgument | 0;
  const bytes = new Uint8Array(itimerval.size);
  if (newPointer !== 0 && core.copyFromUser(bytes, newPointer) !== 0) return -EFAULT;
  // A null new_value turns the timer off, as on Linux ("setitimer: new_value pointer is NULL" in its log).
  const wanted = itimerval.read(bytes);
  const value = timevalNanoseconds(wanted.it_value);
  const interval = timevalNanoseconds(wanted.it_interval);
  // "EINVAL: … one of the tv_usec fields … contains a value outside the range [0, 999999]."
  if (!isTimer(which) || value < 0 || interval < 0) return -EINVAL;
  const before = current(core, which);
  const task = core.current;
  const timer = task.timers.get(which);
  timer.expiry = value === 0 ? Number.POSITIVE_INFINITY : nowOf(core, task, which) + value;
  timer.interval = interval === 0 ? 0 : Math.max(interval, SHORTEST_PERIOD);
  if (which === ITIMER_REAL) armReal(core, task);
  return oldPointer === 0 || core.copyToUser(oldPointer, before) === 0 ? 0 : -EFAULT;
};

export const itimerSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_getitimer]: sysGetitimer,
  [SYS_setitimer]: sysSetitimer,
};
