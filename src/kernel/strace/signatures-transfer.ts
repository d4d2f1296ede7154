/** Calls that move bytes, and those that wait until some can be moved. */
import {
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLMSG,
  POLLNVAL,
  POLLOUT,
  POLLPRI,
  POLLRDBAND,
  POLLRDHUP,
  POLLRDNORM,
  POLLREMOVE,
  POLLWRBAND,
  POLLWRNORM,
  pollfd,
} from "../../../abi/poll.ts";
import {
  SYS_lseek,
  SYS_ppoll,
  SYS_pread64,
  SYS_preadv,
  SYS_pselect6,
  SYS_pwrite64,
  SYS_pwritev,
  SYS_read,
  SYS_readv,
  SYS_write,
  SYS_writev,
} from "../../../abi/syscalls.ts";
import { timespec } from "../../../abi/time.ts";
import { iovec } from "../../../abi/uio.ts";
import {
  type Argument,
  arrayText,
  bufferText,
  type CallView,
  failed,
  fd,
  given,
  input,
  int,
  long,
  oneOf,
  output,
  pointer,
  register,
  size,
  structText,
} from "./arguments.ts";
import { showTimespec, WHENCE } from "./shows.ts";
import { signalSet } from "./signal-text.ts";
import { call, type Signature, type Signatures } from "./signature.ts";
import { address, flagText } from "./text.ts";

/** struct iovec [count], of whose buffers the first `known` bytes mean something; null: none does, show addresses. */
function vectorText(view: CallView, va: number, known: number | null): string {
  let left = known ?? 0;
  return arrayText(view, va, register(view, 2) >>> 0, iovec.size, (bytes) => {
    const { iov_base } = iovec.read(bytes);
    const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(iovec.offsets.iov_len, true);
    const shown = Math.min(Number(length), left);
    left -= shown;
    const base = known === null ? address(iov_base) : bufferText(view, iov_base, shown);
    return `{iov_base=${base}, iov_len=${length}}`;
  });
}
export const vectorGiven: Argument = { text: (view, value) => vectorText(view, value, Number.POSITIVE_INFINITY) };
export const vectorFilled: Argument = {
  late: true,
  text: (view, value) => vectorText(view, value, failed(view) ? null : view.result),
};

const EVENTS = {
  POLLIN,
  POLLPRI,
  POLLOUT,
  POLLERR,
  POLLHUP,
  POLLNVAL,
  POLLRDNORM,
  POLLRDBAND,
  POLLWRNORM,
  POLLWRBAND,
  POLLMSG,
  POLLREMOVE,
  POLLRDHUP,
};
const eventsText = (events: number): string => flagText(EVENTS, "POLL???", events & 0xffff);

const pollfds: Argument = {
  text: (view, value) =>
    arrayText(view, value, register(view, 1), pollfd.size, (bytes) => {
      const one = pollfd.read(bytes);
      return one.fd < 0 ? `{fd=${one.fd}}` : `{fd=${one.fd}, events=${eventsText(one.events)}}`;
    }),
};

/** "1 ([{fd=3, revents=POLLIN}], left {tv_sec=0, tv_nsec=5})"; "0 (Timeout)". */
function pollResult(view: CallView, result: number): string {
  if (result === 0) return "0 (Timeout)";
  const bytes = view.reader.read(register(view, 0), register(view, 1) * pollfd.size);
  if (bytes === null) return String(result);
  const ready: string[] = [];
  for (let at = 0; at < bytes.length; at += pollfd.size) {
    const one = pollfd.read(bytes, at);
    if (one.revents !== 0) ready.push(`{fd=${one.fd}, revents=${eventsText(one.revents)}}`);
  }
  const timeout = register(view, 2);
  const left = timeout === 0 ? "" : `, left ${structText(timespec, showTimespec, view, timeout)}`;
  return `${result} ([${ready.join(", ")}]${left})`;
}

const ppoll: Signature = {
  arguments: [pollfds, size, given(timespec, showTimespec), signalSet(4), size],
  result: pollResult,
};

export const transferSignatures: Signatures = {
  [SYS_read]: call(fd, output, size),
  [SYS_write]: call(fd, input(2), size),
  [SYS_pread64]: call(fd, output, size, long),
  [SYS_pwrite64]: call(fd, input(2), size, long),
  [SYS_readv]: call(fd, vectorFilled, size),
  [SYS_writev]: call(fd, vectorGiven, size),
  [SYS_preadv]: call(fd, vectorFilled, size, long),
  [SYS_pwritev]: call(fd, vectorGiven, size, long),
  [SYS_lseek]: call(fd, long, oneOf(WHENCE, "SEEK_???")),
  [SYS_ppoll]: ppoll,
  [SYS_pselect6]: {
    arguments: [int, pointer, pointer, pointer, given(timespec, showTimespec), pointer],
    result: (_, value) => (value === 0 ? "0 (Timeout)" : null),
  },
};
