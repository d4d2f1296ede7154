/** adjtimex(2), clock_adjtime(2): what there is to read of a clock that nobody corrects (kernel/time/ntp.c of Linux 6.12). */
import { EFAULT, EINVAL, EOPNOTSUPP, EPERM } from "../../abi/errno.ts";
import { SYS_adjtimex, SYS_clock_adjtime } from "../../abi/syscalls.ts";
import { CLOCK_REALTIME, STA_UNSYNC, TIME_ERROR, timex } from "../../abi/time.ts";
import type { Core, SystemCall } from "./core.ts";

/** NTP_PHASE_LIMIT, MAXFREQ and USEC_PER_SEC / USER_HZ: a kernel's figures before anybody has set any. */
const MOST_ERROR = 16_000_000;
const MOST_FREQUENCY = 32_768_000;
const TICK = 10_000;
const CLOCKS_MOST = 15;

const adjust = (core: Core, pointer: number): number => {
  const bytes = new Uint8Array(timex.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  // "EPERM: buf.modes is neither 0 nor ADJ_OFFSET_SS_READ, and the caller does not have sufficient privilege."
  if (timex.read(bytes).modes !== 0) return -EPERM;
  const { seconds, nanoseconds } = core.realTime();
  const answer = timex.encode({
    maxerror: MOST_ERROR,
    esterror: MOST_ERROR,
    status: STA_UNSYNC,
    constant: 2,
    precision: 1,
    tolerance: MOST_FREQUENCY,
    time: { tv_sec: seconds, tv_usec: Math.floor(nanoseconds / 1000) },
    tick: TICK,
  });
  // "TIME_ERROR: The system clock is not synchronized to a reliable server."
  return core.copyToUser(pointer, answer) === 0 ? TIME_ERROR : -EFAULT;
};

export const adjtimeSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_adjtimex]: (core, pointer) => adjust(core, pointer),
  [SYS_clock_adjtime]: (core, clockArgument, pointer) => {
    const clock = clockArgument | 0;
    if (clock === CLOCK_REALTIME) return adjust(core, pointer);
    // "EOPNOTSUPP: The given clk_id does not support adjustment."
    return clock > 0 && clock <= CLOCKS_MOST ? -EOPNOTSUPP : -EINVAL;
  },
};
