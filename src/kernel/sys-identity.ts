/** Who a process is: setuid(2) and its family (kernel/sys.c, kernel/groups.c of Linux 6.12). */
import { EFAULT, EINVAL, EPERM } from "../../abi/errno.ts";
import {
  SYS_getegid,
  SYS_geteuid,
  SYS_getgid,
  SYS_getgroups,
  SYS_getresgid,
  SYS_getresuid,
  SYS_getuid,
  SYS_setfsgid,
  SYS_setfsuid,
  SYS_setgid,
  SYS_setgroups,
  SYS_setregid,
  SYS_setresgid,
  SYS_setresuid,
  SYS_setreuid,
  SYS_setuid,
} from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import { type Ids, NGROUPS_MAX } from "./credentials.ts";
import { putWord } from "./words.ts";

/** uid_t -1: leave it as it is, or no identifier at all. */
const NONE = 0xffff_ffff;

type Select = (core: Core) => Ids;
const user: Select = (core) => core.current.cred.user;
const group: Select = (core) => core.current.cred.group;
const isPrivileged = (core: Core): boolean => core.current.cred.isPrivileged;

/** setuid(2): root sets all three, others set their effective one to one of the others. */
const setOne =
  (select: Select): SystemCall =>
  (core, argument) => {
    const id = argument >>> 0;
    if (id === NONE) return -EINVAL;
    const ids = select(core);
    if (isPrivileged(core)) Object.assign(ids, { real: id, saved: id });
    // "EPERM: The user is not privileged … and uid does not match the real UID or saved set-user-ID".
    else if (id !== ids.real && id !== ids.saved) return -EPERM;
    Object.assign(ids, { effective: id, fs: id });
    return 0;
  };

/** setreuid(2): "-1 forces the system to leave that ID unchanged". */
const setTwo =
  (select: Select): SystemCall =>
  (core, realArgument, effectiveArgument) => {
    const [real, effective] = [realArgument >>> 0, effectiveArgument >>> 0];
    const ids = select(core);
    const before = { ...ids };
    if (!isPrivileged(core)) {
      if (real !== NONE && ![ids.real, ids.effective].includes(real)) return -EPERM;
      if (effective !== NONE && ![ids.real, ids.effective, ids.saved].includes(effective)) return -EPERM;
    }
    if (real !== NONE) ids.real = real;
    if (effective !== NONE) ids.effective = effective;
    // "If the real user ID is set … or the effective … to a value not equal to the previous real user ID, the saved
    // set-user-ID will be set to the new effective user ID."
    if (real !== NONE || (effective !== NONE && effective !== before.real)) ids.saved = ids.effective;
    ids.fs = ids.effective;
    return 0;
  };

/** setresuid(2). */
const setThree =
  (select: Select): SystemCall =>
  (core, ...args) => {
    const ids = select(core);
    const [real, effective, saved] = args.map((id) => id >>> 0) as [number, number, number];
    const known = [ids.real, ids.effective, ids.saved];
    const allowed = [real, effective, saved].every((id) => id === NONE || known.includes(id));
    // "EPERM: The calling process is not privileged … and tried to change the IDs to values that are not permitted."
    if (!isPrivileged(core) && !allowed) return -EPERM;
    if (real !== NONE) ids.real = real;
    if (effective !== NONE) ids.effective = effective;
    if (saved !== NONE) ids.saved = saved;
    ids.fs = ids.effective;
    return 0;
  };

const getThree =
  (select: Select): SystemCall =>
  (core, real, effective, saved) => {
    const ids = select(core);
    const told =
      putWord(core, real, ids.real) && putWord(core, effective, ids.effective) && putWord(core, saved, ids.saved);
    return told ? 0 : -EFAULT;
  };

/** setfsuid(2): "On both success and failure, this call returns the previous filesystem user ID of the caller." */
const setFs =
  (select: Select): SystemCall =>
  (core, argument) => {
    const id = argument >>> 0;
    const ids = select(core);
    const before = ids.fs;
    const allowed = isPrivileged(core) || [ids.real, ids.effective, ids.saved, ids.fs].includes(id);
    if (id !== NONE && allowed) ids.fs = id;
    return before;
  };

const sysGetgroups: SystemCall = (core, sizeArgument, pointer) => {
  const { groups } = core.current.cred;
  const size = sizeArgument | 0;
  // "EINVAL: size is less than the number of supplementary group IDs, but is not zero."
  if (size < 0 || (size !== 0 && size < groups.length)) return -EINVAL;
  if (size === 0) return groups.length;
  return core.copyToUser(pointer, new Uint8Array(new Uint32Array(groups).buffer)) === 0 ? groups.length : -EFAULT;
};

const sysSetgroups: SystemCall = (core, sizeArgument, pointer) => {
  const size = sizeArgument >>> 0;
  // "EPERM: The calling process has insufficient privilege", which Linux looks at first.
  if (!isPrivileged(core)) return -EPERM;
  if (size > NGROUPS_MAX) return -EINVAL;
  const bytes = new Uint8Array(size * 4);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const groups = [...new Uint32Array(bytes.buffer)];
  if (groups.includes(NONE)) return -EINVAL;
  core.current.cred.groups = groups.toSorted((a, b) => a - b);
  return 0;
};

export const identitySystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_getuid]: (core) => user(core).real,
  [SYS_geteuid]: (core) => user(core).effective,
  [SYS_getgid]: (core) => group(core).real,
  [SYS_getegid]: (core) => group(core).effective,
  [SYS_setuid]: setOne(user),
  [SYS_setgid]: setOne(group),
  [SYS_setreuid]: setTwo(user),
  [SYS_setregid]: setTwo(group),
  [SYS_setresuid]: setThree(user),
  [SYS_setresgid]: setThree(group),
  [SYS_getresuid]: getThree(user),
  [SYS_getresgid]: getThree(group),
  [SYS_setfsuid]: setFs(user),
  [SYS_setfsgid]: setFs(group),
  [SYS_getgroups]: sysGetgroups,
  [SYS_setgroups]: sysSetgroups,
};
