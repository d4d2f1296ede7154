/** A program file becomes what a process runs: at its start, or by execve(2). */
import { SIG_DFL, SIG_IGN } from "../../../abi/signal.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import { decodeName } from "../fs/names.ts";
import { HartContext, REG_SP } from "../hart/context.ts";
import { type HartHost, HartImage } from "../hart/hart-image.ts";
import { mapVdso } from "../hart/vdso.ts";
import type { Mm } from "../mm/mm.ts";
import { exitMmap, putMm } from "../mm/munmap.ts";
import { mmRelease } from "../mm-release.ts";
import type { Task } from "../task.ts";
import { type ExecHost, type ExecRequest, loadProgram } from "./exec.ts";

export interface RunFileHost extends ExecHost {
  readonly hartHost: HartHost;
  /** The task's address space has been replaced. */
  mmChanged(task: Task, before: Mm): void;
}

/** The name of a process: the last component of its path, at most 15 bytes (TASK_COMM_LEN). */
export const commOf = (path: string): string => (path.split("/").at(-1) ?? path).slice(0, 15);

/** Gives the task the program's address space and registers: 0, or -errno with nothing changed. */
export const runFile = (host: RunFileHost, task: Task, request: ExecRequest): number => {
  const loaded = loadProgram(host, task.fs, { ...request, limits: task.limits.memory });
  if (typeof loaded === "number") return loaded;
  const trampoline = mapVdso(loaded.mm);
  if (trampoline < 0) {
    loaded.file.put();
    exitMmap(loaded.mm);
    return trampoline;
  }
  if (loaded.mm.layout !== null)
    loaded.mm.layout = { ...loaded.mm.layout, vdso: trampoline - (trampoline % PAGE_SIZE) };
  const before = task.mm;
  if (task.image !== null) mmRelease(host.core, task);
  task.earlierFaults.minor += before.minorFaults;
  task.earlierFaults.major += before.majorFaults;
  task.mm = loaded.mm;
  task.executable?.put();
  task.executable = loaded.file;
  task.attributes.dumpable = 1;
  task.attributes.keepCaps = false;
  task.comm = commOf(request.path);
  task.argv = request.argv.map(decodeName);
  task.files.closeOnExec();
  // "POSIX timers are not preserved", execve(2).
  task.posixTimers.clear();
  task.actions.forEach((action, signo) => {
    // "The dispositions of any signals that are being caught are reset to the default", execve(2).
    if (action.sa_handler !== SIG_IGN) task.actions[signo] = { sa_handler: SIG_DFL, sa_flags: 0, sa_mask: 0n };
  });
  host.mmChanged(task, before);
  putMm(before);
  const context = new HartContext();
  context.pc = loaded.entry;
  context.set(REG_SP, loaded.sp);
  if (task.image instanceof HartImage) {
    task.image.replace(context, trampoline);
    return 0;
  }
  const program = task.image;
  task.image = new HartImage(host.hartHost, task, context, trampoline);
  // A TypeScript program's JavaScript ends by an exception out of this very call.
  program?.ended();
  if (program !== null) task.image.start();
  return 0;
};
