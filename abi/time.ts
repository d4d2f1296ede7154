/** Clocks and times: linux/time.h and linux/time_types.h, as on riscv64. */
import { defineStruct, i32, i64, pointer, type StructValue, u32 } from "./struct.ts";

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

/** struct itimerspec: 32 bytes. */
export const itimerspec = defineStruct({ it_interval: timespec, it_value: timespec });

/** struct timex of adjtimex(2): 208 bytes (linux/timex.h). */
export const timex = defineStruct(
  {
    ...{ modes: u32, offset: i64, freq: i64, maxerror: i64, esterror: i64, status: i32, constant: i64 },
    ...{ precision: i64, tolerance: i64, time: timeval, tick: i64 },
  },
  { size: 208 },
);
export const STA_UNSYNC = 0x40;
export const TIME_ERROR = 5;

/** timer_create(2): asm-generic/siginfo.h. */
export const SIGEV_SIGNAL = 0;
export const SIGEV_NONE = 1;
export const SIGEV_THREAD = 2;
export const SIGEV_THREAD_ID = 4;
/** struct sigevent: 64 bytes. */
export const sigevent = defineStruct(
  { sigev_value: pointer, sigev_signo: i32, sigev_notify: i32, sigev_notify_thread_id: i32 },
  { size: 64 },
);

/** struct tms of times(2): clock ticks, 100 a second. 32 bytes. */
export const tms = defineStruct({ tms_utime: i64, tms_stime: i64, tms_cutime: i64, tms_cstime: i64 });
export const USER_HZ = 100;
