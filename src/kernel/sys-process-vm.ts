/** process_vm_readv(2), process_vm_writev(2): memory of another process (mm/process_vm_access.c of Linux 6.12). */
import { EFAULT, EINVAL, EPERM, ESRCH } from "../../abi/errno.ts";
import { SYS_process_vm_readv, SYS_process_vm_writev } from "../../abi/syscalls.ts";
import { iovec, UIO_MAXIOV } from "../../abi/uio.ts";
import type { Core, SystemCall } from "./core.ts";

const PIECE = 0x1_0000;
/** As read(2). */
const MOST = 0x7fff_f000;

interface Segment {
  base: number;
  length: number;
}

const readSegments = (core: Core, pointer: number, count: number): Segment[] | number => {
  if (count < 0 || count > UIO_MAXIOV) return -EINVAL;
  const bytes = new Uint8Array(count * iovec.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const segments = Array.from({ length: count }, (_, i) => iovec.read(bytes, i * iovec.size));
  // "EINVAL: The sum of the iov_len values … overflows a ssize_t value."
  if (segments.some(({ iov_len }) => iov_len >= 2 ** 63)) return -EINVAL;
  return segments.map(({ iov_base, iov_len }) => ({ base: iov_base, length: Math.min(iov_len, MOST) }));
};

/** Drops segments that are used up: the next one, or none. */
const next = (segments: Segment[]): Segment | undefined => {
  while (segments[0]?.length === 0) segments.shift();
  return segments[0];
};

const transfer =
  (writes: boolean): SystemCall =>
  (core, pid, localPointer, localCount, remotePointer, remoteCount, flags) => {
    // "EINVAL: flags is not 0."
    if (flags !== 0) return -EINVAL;
    const local = readSegments(core, localPointer, localCount);
    if (typeof local === "number") return local;
    const remote = readSegments(core, remotePointer, remoteCount);
    if (typeof remote === "number") return remote;
    // "ESRCH: No process with ID pid exists."
    const target = core.tasks.get(pid | 0);
    if (target === undefined || target.state === "zombie") return -ESRCH;
    if (!core.current.cred.maySignal(target.cred)) return -EPERM;
    let done = 0;
    for (let here = next(local), there = next(remote); here && there && done < MOST; ) {
      const bytes = new Uint8Array(Math.min(here.length, there.length, PIECE, MOST - done));
      const { base } = there;
      const fetched = writes
        ? core.copyFromUser(bytes, here.base)
        : core.withMm(target.mm, () => core.copyFromUser(bytes, base));
      const part = bytes.subarray(0, bytes.length - fetched);
      const missed = writes
        ? core.withMm(target.mm, () => core.copyToUser(base, part))
        : core.copyToUser(here.base, part);
      const moved = part.length - missed;
      for (const segment of [here, there]) {
        segment.base += moved;
        segment.length -= moved;
      }
      done += moved;
      // "a partial transfer … the return value … indicates it"; EFAULT when nothing was moved.
      if (moved < bytes.length) return done > 0 ? done : -EFAULT;
      here = next(local);
      there = next(remote);
    }
    return done;
  };

export const processVmSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_process_vm_readv]: transfer(false),
  [SYS_process_vm_writev]: transfer(true),
};
