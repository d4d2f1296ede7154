/** Who hears that a process has ended (exit_notify, forget_original_parent in kernel/exit.c of Linux 6.12). */
import type { SignalInfo } from "../../abi/program.ts";
import { CLD_EXITED, CLD_KILLED, SA_NOCLDWAIT, SIG_IGN, SIGCHLD } from "../../abi/signal.ts";
import type { ExitStatus, Task, TaskTable } from "./task.ts";

/** A child whose parent ends. */
export const orphan = (tasks: TaskTable, child: Task): void => {
  tasks.remove(child);
  child.parent = null;
  // Nobody will wait for it any more: a living one stays in the table until it ends.
  if (child.state !== "zombie") tasks.add(child);
};

/** A parent that ignores SIGCHLD, or set SA_NOCLDWAIT, gets no zombie; the first not even the signal. */
export const tellParent = (
  tasks: TaskTable,
  task: Task,
  status: ExitStatus,
  send: (parent: Task, info: SignalInfo) => void,
): void => {
  const { parent } = task;
  if (parent === null) {
    tasks.remove(task);
    return;
  }
  const { sa_handler, sa_flags } = parent.actions[SIGCHLD]!;
  const ignored = sa_handler === SIG_IGN;
  if (ignored || (sa_flags & SA_NOCLDWAIT) !== 0) tasks.remove(task);
  const exited = "code" in status;
  const info = { signo: SIGCHLD, code: exited ? CLD_EXITED : CLD_KILLED, address: 0, pid: task.pid };
  if (!ignored) send(parent, { ...info, status: exited ? status.code : status.signal });
  parent.childEnded.wakeUp();
};
