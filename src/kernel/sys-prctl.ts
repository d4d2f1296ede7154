/** prctl(2) (kernel/sys.c of Linux 6.12): the options that ordinary programs use. Others are EINVAL. */
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import {
  PR_CAPBSET_READ,
  PR_GET_CHILD_SUBREAPER,
  PR_GET_DUMPABLE,
  PR_GET_KEEPCAPS,
  PR_GET_NAME,
  PR_GET_NO_NEW_PRIVS,
  PR_GET_PDEATHSIG,
  PR_GET_TIMERSLACK,
  PR_SET_CHILD_SUBREAPER,
  PR_SET_DUMPABLE,
  PR_SET_KEEPCAPS,
  PR_SET_NAME,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_PDEATHSIG,
  PR_SET_TIMERSLACK,
} from "../../abi/prctl.ts";
import { _NSIG } from "../../abi/signal.ts";
import { SYS_prctl } from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import { putWord } from "./words.ts";

/** "can be up to 16 bytes long, including the terminating null byte". */
const TASK_COMM_LEN = 16;
const DEFAULT_SLACK = 50_000;
/** CAP_LAST_CAP of Linux 6.12. */
const LAST_CAPABILITY = 40;

/** "If the length of the string … exceeds 16 bytes, the string is silently truncated." */
const setName = (core: Core, pointer: number): number => {
  const bytes: number[] = [];
  while (bytes.length < TASK_COMM_LEN - 1) {
    const one = new Uint8Array(1);
    if (core.copyFromUser(one, pointer + bytes.length) !== 0) return -EFAULT;
    if (one[0] === 0) break;
    bytes.push(one[0]!);
  }
  core.current.comm = new TextDecoder().decode(new Uint8Array(bytes));
  return 0;
};

const getName = (core: Core, pointer: number): number => {
  const bytes = new Uint8Array(TASK_COMM_LEN);
  bytes.set(new TextEncoder().encode(core.current.comm).subarray(0, TASK_COMM_LEN - 1));
  return core.copyToUser(pointer, bytes) === 0 ? 0 : -EFAULT;
};

const put = (core: Core, pointer: number, value: number): number => (putWord(core, pointer, value) ? 0 : -EFAULT);

const sysPrctl: SystemCall = (core, option, a1, a2, a3, a4) => {
  const { attributes } = core.current;
  const restIsZero = a2 === 0 && a3 === 0 && a4 === 0;
  switch (option | 0) {
    case PR_SET_PDEATHSIG:
      if (a1 < 0 || a1 > _NSIG) return -EINVAL;
      attributes.deathSignal = a1;
      return 0;
    case PR_GET_PDEATHSIG:
      return put(core, a1, attributes.deathSignal);
    case PR_GET_DUMPABLE:
      return attributes.dumpable;
    case PR_SET_DUMPABLE:
      // "EINVAL: option is PR_SET_DUMPABLE, and arg2 is neither 0 … nor 1".
      if (a1 !== 0 && a1 !== 1) return -EINVAL;
      attributes.dumpable = a1;
      return 0;
    case PR_SET_NAME:
      return setName(core, a1);
    case PR_GET_NAME:
      return getName(core, a1);
    case PR_GET_KEEPCAPS:
      return attributes.keepCaps ? 1 : 0;
    case PR_SET_KEEPCAPS:
      if (a1 !== 0 && a1 !== 1) return -EINVAL;
      attributes.keepCaps = a1 === 1;
      return 0;
    case PR_CAPBSET_READ:
      // "EINVAL: … arg2 does not specify a valid capability": all of them are in the set.
      return a1 >= 0 && a1 <= LAST_CAPABILITY ? 1 : -EINVAL;
    case PR_SET_TIMERSLACK:
      attributes.timerSlack = a1 <= 0 ? DEFAULT_SLACK : a1;
      return 0;
    case PR_GET_TIMERSLACK:
      return Math.min(attributes.timerSlack, 0x7fff_ffff);
    case PR_SET_CHILD_SUBREAPER:
      attributes.childSubreaper = a1 !== 0;
      return 0;
    case PR_GET_CHILD_SUBREAPER:
      return put(core, a1, attributes.childSubreaper ? 1 : 0);
    case PR_SET_NO_NEW_PRIVS:
      // "EINVAL: option is PR_SET_NO_NEW_PRIVS and arg2 is not equal to 1 or arg3, arg4, or arg5 is nonzero."
      if (a1 !== 1 || !restIsZero) return -EINVAL;
      attributes.noNewPrivs = true;
      return 0;
    case PR_GET_NO_NEW_PRIVS:
      if (a1 !== 0 || !restIsZero) return -EINVAL;
      return attributes.noNewPrivs ? 1 : 0;
    default:
      return -EINVAL;
  }
};

export const prctlSystemCalls: Readonly<Record<number, SystemCall>> = { [SYS_prctl]: sysPrctl };
