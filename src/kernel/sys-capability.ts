/** capget(2), capset(2): capabilities(7) as far as credentials.ts knows rights: an effective user 0 has all of them. */
import { EFAULT, EINVAL, EPERM, ESRCH } from "../../abi/errno.ts";
import { SYS_capget, SYS_capset } from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import { putWord } from "./words.ts";

/** linux/capability.h: version, and how many blocks of 32 capabilities it has. */
const BLOCKS: Readonly<Record<number, number>> = { 429392688: 1, 537333798: 2, 537396514: 2 };
const PREFERRED = 0x2008_0522;
/** CAP_LAST_CAP is 40: the words of all of them. */
const ALL = [0xffff_ffff, 0x1ff] as const;
const HEADER = 8;

interface Request {
  readonly blocks: number;
  readonly pid: number;
}

/** The header; a version that is none is told the one that is preferred, and EINVAL. */
const readHeader = (core: Core, pointer: number): Request | number => {
  const bytes = new Uint8Array(HEADER);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const view = new DataView(bytes.buffer);
  const blocks = BLOCKS[view.getUint32(0, true)];
  if (blocks === undefined) return putWord(core, pointer, PREFERRED) ? -EINVAL : -EFAULT;
  return { blocks, pid: view.getInt32(4, true) };
};

const sysCapget: SystemCall = (core, header, data) => {
  const request = readHeader(core, header);
  // "If datap is NULL … the call is a probe for the version": then a bad one is no error.
  if (typeof request === "number") return request === -EINVAL && data === 0 ? 0 : request;
  if (request.pid < 0) return -EINVAL;
  const task = request.pid === 0 ? core.current : core.tasks.get(request.pid);
  // "ESRCH: No such thread."
  if (task === undefined) return -ESRCH;
  if (data === 0) return 0;
  const words = ALL.slice(0, request.blocks).flatMap((all) => {
    const held = task.cred.isPrivileged ? all : 0;
    // Effective, permitted, inheritable.
    return [held, held, 0];
  });
  return core.copyToUser(data, new Uint8Array(new Uint32Array(words).buffer)) === 0 ? 0 : -EFAULT;
};

const sysCapset: SystemCall = (core, header, data) => {
  const request = readHeader(core, header);
  if (typeof request === "number") return request;
  // "EPERM: The caller attempted to … modify the capabilities of a thread other than itself".
  if (request.pid !== 0 && request.pid !== core.current.pid) return -EPERM;
  const bytes = new Uint8Array(request.blocks * 12);
  if (core.copyFromUser(bytes, data) !== 0) return -EFAULT;
  const words = new Uint32Array(bytes.buffer);
  for (let block = 0; block < request.blocks; block++) {
    const [effective = 0, permitted = 0] = words.subarray(3 * block);
    const held = core.current.cred.isPrivileged ? ALL[block]! : 0;
    // "EPERM: An attempt was made to add a capability to the permitted set, or to set a capability in the effective
    // set that is not in the permitted set." What Linux does not know is cut off (cap_validate).
    if ((permitted & ALL[block]! & ~held) !== 0 || (effective & ALL[block]! & ~permitted) !== 0) return -EPERM;
  }
  return 0;
};

export const capabilitySystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_capget]: sysCapget,
  [SYS_capset]: sysCapset,
};
