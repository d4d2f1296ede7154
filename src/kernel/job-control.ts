/**
 * Stopping and continuing (kernel/signal.c and exit.c of Linux 6.12; signal(7), "Job control"): which signals do it, and
 * which process groups nobody is left to continue.
 */
import type { SignalInfo } from "../../abi/program.ts";
import {
  CLD_CONTINUED,
  CLD_STOPPED,
  SA_NOCLDSTOP,
  SI_KERNEL,
  SIG_IGN,
  SIGCHLD,
  SIGCONT,
  SIGHUP,
  SIGSTOP,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
} from "../../abi/signal.ts";
import { discardPending } from "./signal.ts";
import type { Task } from "./task.ts";

const STOP_SIGNALS = new Set([SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU]);
const CONTINUE_SIGNALS = new Set([SIGCONT]);

/** prepare_signal: "a SIGCONT discards pending stop signals, and conversely", whatever is then done about the signal. */
export const cancelOpposite = (task: Task, signo: number): void => {
  if (signo === SIGCONT) discardPending(task, STOP_SIGNALS);
  else if (STOP_SIGNALS.has(signo)) discardPending(task, CONTINUE_SIGNALS);
};

/**
 * Has no member of the group a parent in another group of the same session (is_current_pgrp_orphaned)? Then nobody
 * would ever continue it, and SIGTSTP, SIGTTIN and SIGTTOU do not stop it.
 */
export const isOrphanedGroup = (tasks: Iterable<Task>, group: number): boolean => {
  for (const task of tasks) {
    const { parent } = task;
    if (task.pgid !== group || task.state === "zombie" || parent === null) continue;
    if (parent.pgid !== group && parent.sid === task.sid) return false;
  }
  return true;
};

/**
 * "If the exit of the process causes a process group to become orphaned, and if any member of the newly orphaned
 * process group is stopped, then a SIGHUP signal followed by a SIGCONT signal will be sent to each process", _exit(2).
 */
export const hangUpOrphans = (
  tasks: Iterable<Task>,
  groups: Iterable<number>,
  send: (task: Task, info: SignalInfo) => void,
): void => {
  const all = [...tasks];
  for (const group of new Set(groups)) {
    const members = all.filter((task) => task.pgid === group && task.state !== "zombie");
    if (!members.some((task) => task.state === "stopped") || !isOrphanedGroup(all, group)) continue;
    for (const signo of [SIGHUP, SIGCONT]) {
      for (const task of members) send(task, { signo, code: SI_KERNEL, address: 0 });
    }
  }
};

/** Groups that the parentage of this task, and of its children, has kept from being orphaned. */
export const groupsHeldBy = (task: Task): number[] => {
  const heldBy = (child: Task, parent: Task): boolean => child.sid === parent.sid && child.pgid !== parent.pgid;
  const groups = [...task.children].filter((child) => heldBy(child, task)).map((child) => child.pgid);
  if (task.parent !== null && heldBy(task, task.parent)) groups.push(task.pgid);
  return groups;
};

/** do_notify_parent_cldstop: SIGCHLD unless the parent does not want it, and wait(2) in any case. */
export const tellStopped = (task: Task, send: (task: Task, info: SignalInfo) => void): void => {
  const { parent, jobEvent } = task;
  if (parent === null || jobEvent === null) return;
  const { sa_handler, sa_flags } = parent.actions[SIGCHLD]!;
  if (sa_handler !== SIG_IGN && (sa_flags & SA_NOCLDSTOP) === 0) {
    const code = jobEvent.kind === "stopped" ? CLD_STOPPED : CLD_CONTINUED;
    send(parent, { signo: SIGCHLD, code, address: 0, pid: task.pid, status: jobEvent.signo });
  }
  parent.childEnded.wakeUp();
};
