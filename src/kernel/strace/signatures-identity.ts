/** Calls on who a process is, how it is scheduled, what it may use. */
import { rlimit } from "../../../abi/resource.ts";
import {
  PRIO_PGRP,
  PRIO_PROCESS,
  PRIO_USER,
  SCHED_BATCH,
  SCHED_FIFO,
  SCHED_IDLE,
  SCHED_OTHER,
  SCHED_RESET_ON_FORK,
  SCHED_RR,
} from "../../../abi/sched.ts";
import {
  SYS_getcpu,
  SYS_getgroups,
  SYS_getpriority,
  SYS_getresgid,
  SYS_getresuid,
  SYS_getrlimit,
  SYS_sched_get_priority_max,
  SYS_sched_get_priority_min,
  SYS_sched_getparam,
  SYS_sched_getscheduler,
  SYS_sched_rr_get_interval,
  SYS_sched_setaffinity,
  SYS_sched_setparam,
  SYS_sched_setscheduler,
  SYS_setdomainname,
  SYS_setfsgid,
  SYS_setfsuid,
  SYS_setgid,
  SYS_setgroups,
  SYS_sethostname,
  SYS_setpriority,
  SYS_setregid,
  SYS_setresgid,
  SYS_setresuid,
  SYS_setreuid,
  SYS_setrlimit,
  SYS_setuid,
} from "../../../abi/syscalls.ts";
import { timespec } from "../../../abi/time.ts";
import {
  type Argument,
  arrayText,
  failed,
  filled,
  given,
  id,
  input,
  int,
  intsFilled,
  intsGiven,
  lateIf,
  oneOf,
  pointer,
  register,
  uint,
} from "./arguments.ts";
import { showRlimit, showTimespec } from "./shows.ts";
import { call, type Signatures } from "./signature.ts";
import { flagText, valueText } from "./text.ts";
import { limit } from "./value-names.ts";

const POLICIES = { SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE };

const policyText = (value: number): string => {
  const name = valueText(POLICIES, "SCHED_???", value & ~SCHED_RESET_ON_FORK);
  const rest = value & SCHED_RESET_ON_FORK;
  return rest === 0 ? name : `${name}|${flagText({ SCHED_RESET_ON_FORK }, "SCHED_???", rest)}`;
};
const policy: Argument = { text: (_, value) => policyText(value | 0) };
const which = oneOf({ PRIO_PROCESS, PRIO_PGRP, PRIO_USER }, "PRIO_???");

/** As many identifiers as `count` of the call says. */
const ids = (count: (view: Parameters<Argument["text"]>[0]) => number): Argument => ({
  text: (view, value) =>
    arrayText(view, value, count(view), 4, (bytes) =>
      String(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)),
    ),
});

export const identitySignatures: Signatures = {
  [SYS_setuid]: call(id),
  [SYS_setgid]: call(id),
  [SYS_setreuid]: call(id, id),
  [SYS_setregid]: call(id, id),
  [SYS_setresuid]: call(id, id, id),
  [SYS_setresgid]: call(id, id, id),
  [SYS_getresuid]: call(intsFilled(1), intsFilled(1), intsFilled(1)),
  [SYS_getresgid]: call(intsFilled(1), intsFilled(1), intsFilled(1)),
  [SYS_setfsuid]: call(id),
  [SYS_setfsgid]: call(id),
  [SYS_getgroups]: call(
    int,
    lateIf(
      (view) => !failed(view),
      ids(({ result }) => result ?? 0),
    ),
  ),
  [SYS_setgroups]: call(
    int,
    ids((view) => register(view, 0) >>> 0),
  ),
  [SYS_sethostname]: call(input(1), int),
  [SYS_setdomainname]: call(input(1), int),

  [SYS_sched_setparam]: call(int, intsGiven(1)),
  [SYS_sched_setscheduler]: call(int, policy, intsGiven(1)),
  [SYS_sched_getscheduler]: { arguments: [int], result: (_, value) => `${value} (${policyText(value)})` },
  [SYS_sched_getparam]: call(int, intsFilled(1)),
  [SYS_sched_setaffinity]: call(int, uint, pointer),
  [SYS_sched_get_priority_max]: call(policy),
  [SYS_sched_get_priority_min]: call(policy),
  [SYS_sched_rr_get_interval]: call(int, filled(timespec, showTimespec)),
  [SYS_getcpu]: call(intsFilled(1), intsFilled(1), pointer),
  [SYS_getpriority]: call(which, int),
  [SYS_setpriority]: call(which, int, int),

  [SYS_getrlimit]: call(limit, filled(rlimit, showRlimit)),
  [SYS_setrlimit]: call(limit, given(rlimit, showRlimit)),
};
