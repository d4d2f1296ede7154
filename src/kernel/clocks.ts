/** The clocks of clock_gettime(2), and what they show. */
import {
  CLOCK_BOOTTIME,
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_REALTIME_COARSE,
  CLOCK_TAI,
  CLOCK_THREAD_CPUTIME_ID,
} from "../../abi/time.ts";
import type { Core } from "./core.ts";
import { SECOND } from "./time-value.ts";

export const WALL_CLOCKS = new Set([CLOCK_REALTIME, CLOCK_REALTIME_COARSE, CLOCK_TAI]);
const MACHINE_CLOCKS = new Set([CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME]);
/** Time on the hart: of the process, which is its one thread. */
export const CPU_CLOCKS = new Set([CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID]);

/** Seconds and nanoseconds that a clock shows, or null: no such clock. */
export const readClock = (core: Core, clock: number): { seconds: number; nanoseconds: number } | null => {
  if (WALL_CLOCKS.has(clock)) return core.realTime();
  if (!MACHINE_CLOCKS.has(clock) && !CPU_CLOCKS.has(clock)) return null;
  const now = CPU_CLOCKS.has(clock) ? core.current.cpuTime : core.ktimeGet();
  return { seconds: Math.floor(now / SECOND), nanoseconds: Math.floor(now % SECOND) };
};
