/**
 * Signals (kernel/signal.c of Linux 6.12, signal(7)): what a signal does to a process that has no handler, which one is
 * next, and faults that may not be ignored.
 */
import type { SignalInfo } from "../../abi/program.ts";
import {
  SA_NODEFER,
  SA_RESETHAND,
  SIG_DFL,
  SIG_IGN,
  SIGCHLD,
  SIGCONT,
  SIGKILL,
  SIGRTMIN,
  SIGSTOP,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
  SIGURG,
  SIGWINCH,
  type Sigaction,
  sigmask,
} from "../../abi/signal.ts";
import { SIGNALS_PENDING } from "./limits.ts";
import type { Task } from "./task.ts";

/** Signals whose default action is to do nothing. What SIGCONT does besides, it does when it is sent. */
const IGNORED_BY_DEFAULT = new Set([SIGCHLD, SIGCONT, SIGURG, SIGWINCH]);
const STOPS_BY_DEFAULT = new Set([SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU]);
/** May be neither caught, blocked nor ignored. */
export const UNBLOCKABLE = sigmask(SIGKILL) | sigmask(SIGSTOP);

export const isBlocked = (task: Task, signo: number): boolean => (task.blocked & sigmask(signo)) !== 0n;

/** Does an action make the signal do nothing at all (sig_handler_ignored)? */
const ignores = (action: Sigaction, signo: number): boolean =>
  action.sa_handler === SIG_IGN || (action.sa_handler === SIG_DFL && IGNORED_BY_DEFAULT.has(signo));

/**
 * Queues a signal. A standard signal that is pending already is not queued twice, a real-time one is (signal(7)); one
 * that is ignored is dropped, unless it is blocked: the action may change. True: the task should look.
 */
export const queueSignal = (task: Task, info: SignalInfo): boolean => {
  const blocked = isBlocked(task, info.signo);
  if (task.state === "zombie" || (!blocked && ignores(task.actions[info.signo]!, info.signo))) return false;
  const queuesAll = info.signo >= SIGRTMIN && task.pending.length < SIGNALS_PENDING;
  if (!queuesAll && task.pending.some((one) => one.signo === info.signo)) return false;
  task.pending.push(info);
  task.signalArrived.wakeUp();
  return !blocked;
};

/** "Setting a signal action to SIG_IGN … shall cause the pending signal to be discarded" (POSIX, do_sigaction). */
export const setAction = (task: Task, signo: number, action: Sigaction): void => {
  task.actions[signo] = action;
  if (ignores(action, signo)) discardPending(task, new Set([signo]));
};

/** Forgets signals that have been sent and not been taken (flush_sigqueue_mask). */
export const discardPending = (task: Task, signals: ReadonlySet<number>): void => {
  for (let i = task.pending.length - 1; i >= 0; i--) if (signals.has(task.pending[i]!.signo)) task.pending.splice(i, 1);
};

/** Is there a signal to take (signal_pending)? */
export const hasSignal = (task: Task): boolean => task.pending.some((one) => !isBlocked(task, one.signo));

/** The signal that would be taken next. */
export const peekSignal = (task: Task): SignalInfo | undefined =>
  task.pending.filter((one) => !isBlocked(task, one.signo)).sort((a, b) => a.signo - b.signo)[0];

/** Takes the next signal: the lowest number first, of one number the oldest (next_signal). */
export const dequeueSignal = (task: Task): SignalInfo | undefined => {
  const next = peekSignal(task);
  if (next !== undefined) task.pending.splice(task.pending.indexOf(next), 1);
  return next;
};

/** Takes the next signal of a set, blocked or not (sigtimedwait(2)). */
export const takeFrom = (task: Task, set: bigint): SignalInfo | undefined => {
  const next = task.pending.filter(({ signo }) => (set & sigmask(signo)) !== 0n).sort((a, b) => a.signo - b.signo)[0];
  if (next !== undefined) task.pending.splice(task.pending.indexOf(next), 1);
  return next;
};

/** What is to be done about a signal. */
export type Disposition = "ignore" | "kill" | "handle" | "stop";

export const dispositionOf = (task: Task, signo: number): Disposition => {
  const { sa_handler } = task.actions[signo]!;
  const ownWay = signo !== SIGKILL && signo !== SIGSTOP;
  if (sa_handler === SIG_IGN && ownWay) return "ignore";
  if (sa_handler !== SIG_DFL && ownWay) return "handle";
  if (STOPS_BY_DEFAULT.has(signo)) return "stop";
  return IGNORED_BY_DEFAULT.has(signo) ? "ignore" : "kill";
};

/**
 * Will a handler run, or the process end, before a sleeping call goes on? Being stopped and continued is no reason for
 * EINTR (signal(7), "Interruption of system calls … by stop signals").
 */
export const isInterrupted = (task: Task): boolean => {
  const next = peekSignal(task);
  if (next === undefined) return false;
  const disposition = dispositionOf(task, next.signo);
  return disposition === "handle" || disposition === "kill";
};

/** A fault that the process blocks or ignores kills it (force_sig_info): it cannot go on. */
export const forcedDisposition = (task: Task, signo: number): Disposition =>
  isBlocked(task, signo) || dispositionOf(task, signo) === "ignore" ? "kill" : dispositionOf(task, signo);

/** The call is over that has put a mask of its own into force. */
export const restoreMask = (task: Task): void => {
  task.blocked = task.savedMask ?? task.blocked;
  task.savedMask = null;
};

/**
 * Runs a handler in the process, with the mask that sigaction(2) promises, and restores the mask after it. `takeMore`
 * delivers what is pending under that mask, before the handler's first instruction.
 */
export const runHandler = (task: Task, info: SignalInfo, takeMore: () => void): void => {
  const action = task.actions[info.signo]!;
  const before = task.savedMask ?? task.blocked;
  task.savedMask = null;
  task.blocked |= action.sa_mask & ~UNBLOCKABLE;
  if ((action.sa_flags & SA_NODEFER) === 0) task.blocked |= sigmask(info.signo);
  if ((action.sa_flags & SA_RESETHAND) !== 0) task.actions[info.signo] = { ...action, sa_handler: SIG_DFL };
  task.counts.signals++;
  if (task.image?.onHart !== undefined) {
    // The handler runs when the process does, and rt_sigreturn restores the mask.
    task.image.deliver(action, info, before);
    return;
  }
  try {
    takeMore();
    if (task.state !== "zombie") task.image?.deliver(action, info, before);
  } finally {
    // A handler may leave by an exception, as by siglongjmp(3), which restores the mask too.
    task.blocked = before;
  }
};
