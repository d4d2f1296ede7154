/** The end of a process, as far as others notice it at once (do_exit in kernel/exit.c of Linux 6.12). */
import { SI_USER } from "../../abi/signal.ts";
import type { Core } from "./core.ts";
import { mmRelease } from "./mm-release.ts";
import type { Task } from "./task.ts";

/** While its memory is still there. */
export const releaseTask = (core: Core, task: Task): void => {
  task.timers.cancelReal?.();
  task.posixTimers.clear();
  mmRelease(core, task);
  // PR_SET_PDEATHSIG: "the signal that the calling process will get when its parent dies", prctl(2).
  for (const child of task.children) {
    const signo = child.attributes.deathSignal;
    if (signo !== 0) core.send(child, { signo, code: SI_USER, address: 0, pid: task.pid });
  }
  task.executable?.put();
  task.executable = null;
};
