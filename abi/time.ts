/** Clocks and times: linux/time.h and linux/time_types.h, as on riscv64. */
import { defineStruct, i64, type StructValue } from "./struct.ts";

export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;
export const CLOCK_PROCESS_CPUTIME_ID = 2;
export const CLOCK_THREAD_CPUTIME_ID = 3;
export const CLOCK_MONOTONIC_RAW = 4;
export const CLOCK_REALTIME_COARSE = 5;
export const CLOCK_MONOTONIC_COARSE = 6;
export const CLOCK_BOOTTIME = 7;
export const CLOCK_REALTIME_ALARM = 8;
export const CLOCK_BOOTTIME_ALARM = 9;
export const CLOCK_TAI = 11;

export const TIMER_ABSTIME = 1;

export const ITIMER_REAL = 0;
export const ITIMER_VIRTUAL = 1;
export const ITIMER_PROF = 2;

/** struct timespec: 16 bytes; tv_nsec 0 … 999,999,999. */
export const timespec = defineStruct({ tv_sec: i64, tv_nsec: i64 });
export type Timespec = StructValue<typeof timespec>;

/** struct timeval: 16 bytes; tv_usec 0 … 999,999. */
export const timeval = defineStruct({ tv_sec: i64, tv_usec: i64 });
export type Timeval = StructValue<typeof timeval>;

/** struct itimerval: 32 bytes. */
export const itimerval = defineStruct({ it_interval: timeval, it_value: timeval });

/** struct tms of times(2): clock ticks, 100 a second. 32 bytes. */
export const tms = defineStruct({ tms_utime: i64, tms_stime: i64, tms_cutime: i64, tms_cstime: i64 });
export const USER_HZ = 100;
