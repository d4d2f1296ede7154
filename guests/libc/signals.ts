/**
 * sigaction(2) for handlers that are TypeScript functions. The kernel gets a number for each, where C has the function's
 * address, and hands it back with the signal.
 *
 * A handler returns, and what was interrupted is tried again or goes on; or it throws, and leaves what was interrupted
 * as siglongjmp(3) does. It is a plain function: it cannot wait, so a call that would sleep fails in it with EINTR.
 */
import type { SignalInfo, User } from "../../abi/program.ts";
import { type SIG_DFL, type SIG_IGN, SIGSET_SIZE, sigaction } from "../../abi/signal.ts";
import { SYS_rt_sigaction, SYS_rt_sigprocmask } from "../../abi/syscalls.ts";
import type { SystemCalls } from "./calls.ts";
import type { Heap } from "./heap.ts";

export type SignalHandler = (signo: number, info: SignalInfo) => void;

export interface SignalCalls {
  /** `flags`: SA_…; `mask`: signals (sigmask) that wait while the handler runs. */
  sigaction(
    signo: number,
    handler: SignalHandler | typeof SIG_DFL | typeof SIG_IGN,
    flags?: number,
    mask?: bigint,
  ): number;
  /** `how`: SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK. The mask before, or -1. */
  sigprocmask(how: number, set: bigint): bigint | -1;
}

/** The "addresses" of the program's handlers. */
export class HandlerTable {
  readonly #byNumber: SignalHandler[];

  /** `parent`: of the process this one was forked from, whose handlers it inherits. */
  constructor(parent?: HandlerTable) {
    this.#byNumber = parent === undefined ? [] : [...parent.#byNumber];
  }

  /** The same number for the same function; above SIG_DFL and SIG_IGN, and even as an address is. */
  numberOf(handler: SignalHandler): number {
    const known = this.#byNumber.indexOf(handler);
    const index = known < 0 ? this.#byNumber.push(handler) - 1 : known;
    return HANDLER_BASE + index * 4;
  }

  /** Calls them when the kernel delivers a signal. */
  attach(user: User): void {
    user.onSignal((number, info) => this.#byNumber[(number - HANDLER_BASE) / 4]!(info.signo, info));
  }
}

/** Where a C program's code starts. */
const HANDLER_BASE = 0x1_0000;

export function signalCalls(calls: SystemCalls, heap: Heap, handlers: HandlerTable): SignalCalls {
  const { user } = calls;
  return {
    sigaction: (signo, handler, flags = 0, mask = 0n) =>
      heap.temporary(sigaction.size, (va) => {
        const sa_handler = typeof handler === "function" ? handlers.numberOf(handler) : handler;
        user.write(va, sigaction.encode({ sa_handler, sa_flags: flags, sa_mask: mask }));
        return calls.call(SYS_rt_sigaction, signo, va, 0, SIGSET_SIZE);
      }),
    sigprocmask: (how, set) =>
      heap.temporary(2 * SIGSET_SIZE, (va) => {
        user.store64(va, set);
        const before = va + SIGSET_SIZE;
        return calls.call(SYS_rt_sigprocmask, how, va, before, SIGSET_SIZE) < 0 ? -1 : user.load64(before);
      }),
  };
}
