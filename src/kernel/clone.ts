/** A process that begins as a copy of another (copy_process in kernel/fork.c of Linux 6.12). */
import { EAGAIN, ENOMEM } from "../../abi/errno.ts";
import { RLIMIT_NPROC } from "../../abi/resource.ts";
import {
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_PARENT_SETTID,
  CLONE_VFORK,
  CLONE_VM,
} from "../../abi/sched.ts";
import { SIG_DFL, SIG_IGN } from "../../abi/signal.ts";
import type { Core } from "./core.ts";
import { dupMm } from "./mm/fork.ts";
import type { Mm } from "./mm/mm.ts";
import { Task } from "./task.ts";
import { WaitQueueHead } from "./wait-queue.ts";
import { wordBytes } from "./words.ts";

/** What a child is to be like. */
export interface CloneRequest {
  /** CLONE_… of the low 32 bits. */
  readonly flags: number;
  /** Its stack pointer; 0: the parent's. */
  readonly stack: number;
  readonly parentTid: number;
  readonly childTid: number;
  /** CLONE_CLEAR_SIGHAND of clone3. */
  readonly clearHandlers: boolean;
}

/** Makes the child and sets it going: the child, -EAGAIN or -ENOMEM. */
export const copyProcess = (core: Core, request: CloneRequest): Task | number => {
  const parent = core.current;
  if (!mayHaveAnother(core, parent)) return -EAGAIN;
  const pid = core.tasks.nextPid();
  // "EAGAIN: … a system-imposed limit on the number of threads", fork(2).
  if (pid === 0) return -EAGAIN;
  const mm = copyMm(parent.mm, request.flags);
  if (mm === null) return -ENOMEM;
  const child = new Task(pid, parent.comm, parent, mm, parent.files.clone(), parent.fs.clone());
  inherit(core, child, parent, request.clearHandlers);
  const image = parent.image!.fork(child);
  if (request.stack !== 0) image.onHart?.setStack(request.stack);
  setTids(core, child, request);
  core.start(child, image);
  return child;
};

/** "EAGAIN: The RLIMIT_NPROC soft resource limit … was reached", which holds for all but root. */
const mayHaveAnother = (core: Core, parent: Task): boolean => {
  if (parent.cred.isPrivileged) return true;
  const { real } = parent.cred.user;
  let count = 0;
  for (const task of core.tasks) if (task.cred.user.real === real) count++;
  return count < parent.limits.soft(RLIMIT_NPROC);
};

/** CLONE_VM: the same address space, which its last user gives back. */
const copyMm = (mm: Mm, flags: number): Mm | null => {
  if ((flags & CLONE_VM) === 0) return dupMm(mm);
  mm.users++;
  return mm;
};

const inherit = (core: Core, child: Task, parent: Task, clearHandlers: boolean): void => {
  child.argv = parent.argv;
  // A mask that a call of the parent's has put into force for itself is not the child's.
  child.blocked = parent.savedMask ?? parent.blocked;
  child.started = core.ktimeGet();
  parent.actions.forEach((action, signo) => {
    const keeps = !clearHandlers || action.sa_handler === SIG_IGN;
    child.actions[signo] = keeps ? { ...action } : { sa_handler: SIG_DFL, sa_flags: 0, sa_mask: 0n };
  });
  child.executable = parent.executable?.get() ?? null;
  if (child.attributes.resetOnFork) {
    Object.assign(child.attributes, { policy: 0, schedPriority: 0, resetOnFork: false });
    child.attributes.nice = Math.max(0, child.attributes.nice);
  }
};

const setTids = (core: Core, child: Task, { flags, parentTid, childTid }: CloneRequest): void => {
  if ((flags & CLONE_VFORK) !== 0) child.vforkDone = new WaitQueueHead();
  if ((flags & CLONE_CHILD_CLEARTID) !== 0) child.clearChildTid = childTid;
  const pid = wordBytes(child.pid);
  if ((flags & CLONE_PARENT_SETTID) !== 0) core.copyToUser(parentTid, pid);
  if ((flags & CLONE_CHILD_SETTID) !== 0) core.withMm(child.mm, () => core.copyToUser(childTid, pid));
};
