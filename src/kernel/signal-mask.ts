/** A signal mask that a call puts into force while it waits (set_user_sigmask of kernel/signal.c). */
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import { SIGSET_SIZE } from "../../abi/signal.ts";
import type { Core } from "./core.ts";
import { UNBLOCKABLE } from "./signal.ts";

/** A sigset_t in user memory; -EINVAL for another size, -EFAULT. */
export const readSignalSet = (core: Core, pointer: number, size: number): bigint | number => {
  if (size !== SIGSET_SIZE) return -EINVAL;
  const bytes = new Uint8Array(SIGSET_SIZE);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  return new DataView(bytes.buffer).getBigUint64(0, true);
};

/**
 * Puts the mask at an address into force until the call is over; 0, -EINVAL or -EFAULT. A null pointer leaves the mask
 * as it is. The call may be made again after a sleep: the mask to go back to is the first one.
 */
export const setUserMask = (core: Core, pointer: number, size: number): number => {
  if (pointer === 0) return 0;
  const mask = readSignalSet(core, pointer, size);
  if (typeof mask === "number") return mask;
  putInForce(core, mask);
  return 0;
};

export const putInForce = (core: Core, mask: bigint): void => {
  core.current.savedMask ??= core.current.blocked;
  core.current.blocked = mask & ~UNBLOCKABLE;
};
