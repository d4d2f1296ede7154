/** Asking files whether they are ready, and sleeping until one is (fs/select.c of Linux 6.12). */
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLRDNORM, POLLWRNORM } from "../../../abi/poll.ts";
import type { WaitQueue } from "../../../devices/drivers/driver.ts";
import type { Core } from "../core.ts";
import type { OpenFile } from "./file.ts";

/** "Regular files always poll TRUE for reading and writing", poll(2) of POSIX; so does every file without a method. */
const DEFAULT_POLLMASK = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

/** POLL… that hold now. `wait` gets the queues that tell of a change. */
export const pollMask = (file: OpenFile, wait: (queue: WaitQueue) => void = () => {}): number =>
  file.ops.poll?.(file, { pollWait: wait }) ?? DEFAULT_POLLMASK;

export interface PollRequest {
  readonly fd: number;
  readonly events: number;
  revents: number;
}

/**
 * Fills in `revents` and returns how many are not 0. Sleeps for at most `timeout` nanoseconds (0: not at all, undefined:
 * without end) when none is: -ERESTARTSYS.
 */
export const pollFiles = (core: Core, requests: readonly PollRequest[], timeout: number | undefined): number => {
  const queues: WaitQueue[] = [];
  let ready = 0;
  for (const request of requests) {
    request.revents = check(core, request, (queue) => queues.push(queue));
    if (request.revents !== 0) ready++;
  }
  if (ready > 0 || timeout === 0) return ready;
  // Sleeping on several queues is one sleep: the first that tells ends it.
  let result = core.sleepOn(null, timeout);
  for (const queue of queues) result = core.sleepOn(queue, timeout);
  return result;
};

const check = (core: Core, request: PollRequest, wait: (queue: WaitQueue) => void): number => {
  // "If this field is negative, then the corresponding events field is ignored and the revents field returns zero."
  if (request.fd < 0) return 0;
  const file = core.current.files.get(request.fd);
  if (file === undefined) return POLLNVAL;
  return pollMask(file, wait) & (request.events | POLLERR | POLLHUP);
};
