/** All system calls by number. A number that is not here answers ENOSYS. */
import type { SystemCall } from "./core.ts";
import { fileSystemCalls } from "./fs/sys-file.ts";
import { cloneSystemCalls } from "./sys-clone.ts";
import { execSystemCalls } from "./sys-exec.ts";
import { futexSystemCalls } from "./sys-futex.ts";
import { identitySystemCalls } from "./sys-identity.ts";
import { itimerSystemCalls } from "./sys-itimer.ts";
import { limitSystemCalls } from "./sys-limits.ts";
import { memorySystemCalls } from "./sys-mm.ts";
import { prctlSystemCalls } from "./sys-prctl.ts";
import { processSystemCalls } from "./sys-process.ts";
import { processGroupSystemCalls } from "./sys-process-group.ts";
import { schedSystemCalls } from "./sys-sched.ts";
import { signalSystemCalls } from "./sys-signal.ts";
import { signalWaitSystemCalls } from "./sys-signal-wait.ts";
import { timeSystemCalls } from "./sys-time.ts";
import { usageSystemCalls } from "./sys-usage.ts";
import { waitSystemCalls } from "./sys-wait.ts";

export const systemCalls: Readonly<Record<number, SystemCall>> = {
  ...fileSystemCalls,
  ...memorySystemCalls,
  ...processSystemCalls,
  ...processGroupSystemCalls,
  ...signalSystemCalls,
  ...timeSystemCalls,
  ...execSystemCalls,
  ...limitSystemCalls,
  ...waitSystemCalls,
  ...cloneSystemCalls,
  ...futexSystemCalls,
  ...itimerSystemCalls,
  ...signalWaitSystemCalls,
  ...identitySystemCalls,
  ...usageSystemCalls,
  ...prctlSystemCalls,
  ...schedSystemCalls,
};
