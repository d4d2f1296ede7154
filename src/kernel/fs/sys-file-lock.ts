/** Locks on files: flock(2), and the lock commands of fcntl(2) (fs/locks.c of Linux 6.12). */
import { EAGAIN, EBADF, EDEADLK, EFAULT, EINVAL, EOVERFLOW } from "../../../abi/errno.ts";
import {
  F_GETLK,
  F_OFD_GETLK,
  F_OFD_SETLK,
  F_OFD_SETLKW,
  F_RDLCK,
  F_SETLK,
  F_SETLKW,
  F_UNLCK,
  F_WRLCK,
  flock,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from "../../../abi/fcntl.ts";
import type { StructValue } from "../../../abi/struct.ts";
import { SYS_flock } from "../../../abi/syscalls.ts";
import type { Core, SystemCall } from "../core.ts";
import type { OpenFile } from "./file.ts";
import type { RangeLock } from "./locks.ts";

const OFD = new Set([F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW]);
const WAITS = new Set([F_SETLKW, F_OFD_SETLKW]);
const LARGEST = 2 ** 63;

export const isLockCommand = (command: number): boolean =>
  OFD.has(command) || command === F_GETLK || command === F_SETLK || command === F_SETLKW;

type Range = { readonly start: number; readonly end: number };

/** flock64_to_posix_lock(): the bytes that are meant, or -EINVAL, -EOVERFLOW. */
const rangeOf = (file: OpenFile, { l_whence, l_start, l_len }: StructValue<typeof flock>): Range | number => {
  const bases = new Map([
    [SEEK_SET, 0],
    [SEEK_CUR, file.position.value],
    [SEEK_END, file.inode.size],
  ]);
  const base = bases.get(l_whence);
  if (base === undefined) return -EINVAL;
  const from = base + l_start;
  if (from >= LARGEST) return -EOVERFLOW;
  // "l_len may be negative … the interval described by lock info covers bytes l_start+l_len up to and including l_start-1."
  const start = l_len < 0 ? from + l_len : from;
  if (start < 0 || from < 0) return -EINVAL;
  if (l_len > 0 && from + l_len > LARGEST) return -EOVERFLOW;
  if (l_len === 0) return { start, end: Number.POSITIVE_INFINITY };
  return { start, end: l_len < 0 ? from : from + l_len };
};

const readLock = (core: Core, pointer: number): StructValue<typeof flock> | null => {
  const bytes = new Uint8Array(flock.size);
  return core.copyFromUser(bytes, pointer) === 0 ? flock.read(bytes) : null;
};

export const lockCommand = (core: Core, file: OpenFile, command: number, pointer: number): number => {
  const asked = readLock(core, pointer);
  if (asked === null) return -EFAULT;
  const range = rangeOf(file, asked);
  if (typeof range === "number") return range;
  const ofd = OFD.has(command);
  // "EINVAL: … the l_pid was not specified as zero", of an open file description's lock.
  if (ofd && asked.l_pid !== 0) return -EINVAL;
  const owner = ofd ? file : core.current.files;
  const wanted = { owner, pid: ofd ? -1 : core.current.pid, ...range };
  const getting = command === F_GETLK || command === F_OFD_GETLK;
  if (asked.l_type === F_UNLCK && !getting) {
    file.inode.locks?.set(wanted, null);
    return 0;
  }
  if (asked.l_type !== F_RDLCK && asked.l_type !== F_WRLCK) return -EINVAL;
  const lock = { ...wanted, exclusive: asked.l_type === F_WRLCK };
  if (getting) return getLock(core, file, lock, asked, pointer);
  // "EBADF: op is F_SETLK or F_SETLKW and the file descriptor open mode doesn't match with the type of lock requested."
  if (lock.exclusive ? !file.writable : !file.readable) return -EBADF;
  return setLock(core, file, lock, command);
};

/** F_GETLK: "if the lock could be placed, fcntl() … returns F_UNLCK in the l_type field … and leaves the other fields". */
const getLock = (
  core: Core,
  file: OpenFile,
  lock: RangeLock,
  asked: StructValue<typeof flock>,
  pointer: number,
): number => {
  const found = file.inode.locks?.conflict(lock);
  const answer =
    found === undefined
      ? { ...asked, l_type: F_UNLCK }
      : {
          l_type: found.exclusive ? F_WRLCK : F_RDLCK,
          l_whence: SEEK_SET,
          l_start: found.start,
          l_len: found.end === Number.POSITIVE_INFINITY ? 0 : found.end - found.start,
          l_pid: found.pid,
        };
  return core.copyToUser(pointer, flock.encode(answer)) === 0 ? 0 : -EFAULT;
};

const setLock = (core: Core, file: OpenFile, lock: RangeLock, command: number): number => {
  const locks = file.inode.takeLocks();
  const { lockWaits } = core.vfs;
  lockWaits.end(lock.owner);
  const against = locks.conflict(lock);
  if (against === undefined) {
    locks.set(lock, lock.exclusive);
    return 0;
  }
  if (!WAITS.has(command)) return -EAGAIN;
  // Open files' locks are not searched for circles (fcntl(2)).
  if (command === F_SETLKW) {
    if (lockWaits.wouldDeadlock(lock.owner, against.owner)) return -EDEADLK;
    lockWaits.begin(lock.owner, core.current, against.owner);
  }
  return core.sleepOn(locks.changed);
};

const sysFlock: SystemCall = (core, fd, operationArgument) => {
  const operation = operationArgument | 0;
  const kind = operation & ~LOCK_NB;
  // "EINVAL: op is invalid."
  if (kind !== LOCK_SH && kind !== LOCK_EX && kind !== LOCK_UN) return -EINVAL;
  const file = core.current.files.get(fd | 0);
  if (file === undefined) return -EBADF;
  const locks = file.inode.takeLocks();
  if (kind === LOCK_UN) {
    locks.setWhole(file, null);
    return 0;
  }
  const exclusive = kind === LOCK_EX;
  const before = locks.wholeLock(file);
  if (before === exclusive) return 0;
  // "Converting a lock … is not guaranteed to be atomic: the existing lock is first removed, and then a new lock is established."
  if (before !== undefined) locks.setWhole(file, null);
  if (!locks.wholeConflict(file, exclusive)) {
    locks.setWhole(file, exclusive);
    return 0;
  }
  // "EWOULDBLOCK: The file is locked and the LOCK_NB flag was selected."
  return (operation & LOCK_NB) !== 0 ? -EAGAIN : core.sleepOn(locks.changed);
};

export const lockSystemCalls: Readonly<Record<number, SystemCall>> = { [SYS_flock]: sysFlock };
