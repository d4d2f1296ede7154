/**
 * Who runs, who sleeps, who has ended: system calls are entered here, sleeping ones are tried again after a wake-up,
 * signals are delivered on the way back to user mode (kernel/sched, kernel/signal.c, kernel/exit.c).
 *
 * A call that must wait returns -ERESTARTSYS after it has put its task on a wait queue. When the task is woken the
 * whole call is made again: there is no kernel stack to keep, so a sleeping process is plain data.
 */
import { EINTR, ERESTARTSYS } from "../../abi/errno.ts";
import type { SignalInfo } from "../../abi/program.ts";
import { SA_RESTART, SIGCONT, SIGKILL, SIGSEGV, SIGSTOP } from "../../abi/signal.ts";
import { orphan, tellParent } from "./exit-notify.ts";
import { cancelOpposite, groupsHeldBy, hangUpOrphans, isOrphanedGroup, tellStopped } from "./job-control.ts";
import { makeLater } from "./later.ts";
import type { FaultSignal } from "./mm/fault.ts";
import { putMm } from "./mm/munmap.ts";
import type { SchedulerHost } from "./scheduler-host.ts";
import {
  dequeueSignal,
  dispositionOf,
  forcedDisposition,
  hasSignal,
  peekSignal,
  queueSignal,
  restoreMask,
  runHandler,
} from "./signal.ts";
import type { Call, ExitStatus, HartSide, Task } from "./task.ts";
import type { WaitQueueHead } from "./wait-queue.ts";

export class Scheduler {
  readonly #host: SchedulerHost;
  readonly #ready: Task[] = [];
  /**
   * Told, once, that there is a turn to take: by default each turn is a task of the host's event loop. Whoever sets
   * another calls turn() himself.
   */
  pace: () => void;
  /** Instructions that programs may still retire; at 0 a turn stops in the middle. */
  allowance = Number.POSITIVE_INFINITY;
  #due = false;
  /** Programs on the hart whose slice in this turn is still to come, or is cut by the allowance; null between turns. */
  #round: Task[] | null = null;
  /** Programs that begin with the next turn. */
  readonly #beginnings: (() => void)[] = [];
  /** Nested calls: a signal handler makes them while a call of its process is under way. */
  #handlerDepth = 0;

  constructor(host: SchedulerHost) {
    this.#host = host;
    const later = makeLater();
    this.pace = () => later(() => this.turn());
  }

  /** Is there a turn to take, or to go on with? */
  get isDue(): boolean {
    return this.#due;
  }

  /** Does a TypeScript program run: has it been started or woken, and not slept since? */
  get isAwaited(): boolean {
    for (const task of this.#host.tasks) if (task.state === "running" && task.image?.onHart === undefined) return true;
    return false;
  }

  /** `work` is done when the next turn begins. */
  begin(work: () => void): void {
    this.#beginnings.push(work);
    this.#schedule();
  }

  /** Does a signal handler run now? It is a plain function of a TypeScript program: it cannot wait. */
  get inHandler(): boolean {
    return this.#handlerDepth > 0;
  }

  /**
   * A system call of a running task: its result, or null when it sleeps. @throws Error when the program makes a second
   * call while its first one sleeps, which no thread of Linux can.
   */
  enter(task: Task, nr: number, args: readonly number[]): number | null {
    const outer = task.call;
    if (outer !== null && !this.inHandler) {
      throw new Error(`system call ${nr} was made while system call ${outer.nr} sleeps: await that one first`);
    }
    this.#host.switchTo(task);
    task.call = { nr, args, started: this.#host.clock.now, moved: 0 };
    task.counts.systemCalls++;
    let sleeps = false;
    try {
      const result = this.#attempt(task);
      sleeps = result === null;
      return result;
    } finally {
      // A handler may leave by an exception: the call it came out of is over.
      if (!sleeps) task.call = outer;
    }
  }

  /** kernel.sleepOn for the task that makes the call: -ERESTARTSYS, or 0 when the time has passed. */
  sleepOn(task: Task, queue: WaitQueueHead | null, timeout?: number): number {
    const { call } = task;
    if (call === null) throw new Error("assert: sleepOn outside a system call");
    const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : call.started + timeout;
    if (this.#host.clock.now >= deadline) return 0;
    const before = task.cancelSleep;
    queue?.add(task);
    const cancelTimer = deadline < Number.POSITIVE_INFINITY ? this.#host.clock.at(deadline, () => task.wake()) : null;
    task.cancelSleep = () => {
      before?.();
      queue?.remove(task);
      cancelTimer?.();
    };
    return -ERESTARTSYS;
  }

  /** The task is to look at its condition again. */
  wake(task: Task): void {
    if (task.state !== "sleeping") return;
    task.state = "running";
    this.#ready.push(task);
    this.#schedule();
  }

  /** A program on the hart is ready for its first slice. */
  kick(): void {
    this.#schedule();
  }

  /** Sends a signal; a sleeping task takes it at once. */
  send(task: Task, info: SignalInfo): void {
    cancelOpposite(task, info.signo);
    if (info.signo === SIGCONT && task.state === "stopped") {
      task.jobEvent = { kind: "continued", signo: SIGCONT };
      this.#continue(task);
      tellStopped(task, (parent, chld) => this.send(parent, chld));
    }
    if (!queueSignal(task, info)) return;
    if (info.signo === SIGKILL) this.#continue(task);
    this.wake(task);
  }

  /** A stopped process goes on; the call that it was in is made again. */
  #continue(task: Task): void {
    if (task.state !== "stopped") return;
    task.state = "running";
    if (task.call !== null) this.#ready.push(task);
    this.#schedule();
  }

  /** Stops the process (do_signal_stop). False: its group is orphaned, and the signal is dropped. */
  #stop(task: Task, info: SignalInfo): boolean {
    if (info.signo !== SIGSTOP && isOrphanedGroup(this.#host.tasks, task.pgid)) return false;
    this.#host.tracer?.signalled(task, info);
    this.#host.tracer?.stopped(task, info.signo);
    task.state = "stopped";
    task.jobEvent = { kind: "stopped", signo: info.signo };
    tellStopped(task, (parent, chld) => this.send(parent, chld));
    this.#schedule();
    return true;
  }

  /** A fault's signal, which may not be ignored: runs the handler, or ends the process. */
  force(task: Task, signal: FaultSignal): void {
    const info: SignalInfo = { ...signal };
    this.#host.tracer?.signalled(task, info);
    if (forcedDisposition(task, signal.signo) === "handle") this.#handle(task, info);
    else this.exit(task, { signal: signal.signo, address: signal.address });
  }

  /** What the kernel does on the way back to user mode, after what is no system call here. */
  deliver(task: Task): void {
    this.#takeSignals(task);
  }

  /** Runs `work` in the name of a task; what is thrown in it is an Oops and ends the task (make_task_dead(SIGSEGV)). */
  guard<T>(task: Task, otherwise: T, work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#host.oops(task, error);
      this.exit(task, { signal: SIGSEGV, address: 0 });
      return otherwise;
    }
  }

  /** The process ends (do_exit): mappings first, then files, then its parent hears of it. */
  exit(task: Task, status: ExitStatus): void {
    if (task.state === "zombie") return;
    task.state = "zombie";
    task.status = status;
    this.#cancelSleep(task);
    this.#host.switchTo(task);
    this.#host.exiting(task);
    // The state is "zombie" already: an Oops in a driver's close or release is reported, and the rest goes on.
    this.guard(task, undefined, () => putMm(task.mm));
    for (const fd of task.files.open()) this.guard(task, 0, () => task.files.close(fd));
    this.#host.leave(task);
    this.#host.tracer?.ended(task, status);
    const groups = groupsHeldBy(task);
    for (const child of [...task.children]) orphan(this.#host.tasks, child);
    const send = (other: Task, info: SignalInfo): void => this.send(other, info);
    hangUpOrphans(this.#host.tasks, groups, send);
    tellParent(this.#host.tasks, task, status, send);
    task.image?.ended();
    this.#host.ended(task);
    this.#schedule();
  }

  /** Makes the call that the task is in; null when it sleeps. */
  #attempt(task: Task): number | null {
    const call = task.call!;
    for (;;) {
      this.#cancelSleep(task);
      const result = this.guard(task, 0, () => this.#host.invoke(task, call));
      if (isEnded(task)) return 0;
      if (result !== -ERESTARTSYS) return this.#finish(task, call, result);
      const next = peekSignal(task);
      if (next !== undefined && dispositionOf(task, next.signo) === "stop") {
        if (this.inHandler) return this.#finish(task, call, -EINTR);
        this.#cancelSleep(task);
        dequeueSignal(task);
        if (this.#stop(task, next)) return null;
      } else if (next !== undefined) {
        this.#cancelSleep(task);
        if (task.image?.onHart !== undefined) {
          if (this.#interrupt(task, call, task.image.onHart)) return 0;
          continue;
        }
        const restart = this.#takeSignals(task);
        if (isEnded(task)) return 0;
        if (!restart || call.moved > 0) return this.#finish(task, call, call.moved > 0 ? call.moved : -EINTR);
      } else if (this.inHandler) {
        return this.#finish(task, call, -EINTR);
      } else {
        task.state = "sleeping";
        this.#host.tracer?.sleeps(task, call);
        this.#schedule();
        return null;
      }
    }
  }

  /**
   * A signal interrupts the call of a program on the hart: its result is in place before the handler's frame is pushed,
   * or its ecall is ahead again. False: the signal was ignored after all, and the call goes on.
   */
  #interrupt(task: Task, call: Call, hart: HartSide): boolean {
    const { signo } = peekSignal(task)!;
    const disposition = dispositionOf(task, signo);
    if (disposition === "ignore") {
      dequeueSignal(task);
      return false;
    }
    const restart = (task.actions[signo]!.sa_flags & SA_RESTART) !== 0 && call.moved === 0;
    const result = call.moved > 0 ? call.moved : -EINTR;
    if (disposition === "handle" && restart) hart.rewind();
    else hart.returned(result);
    task.call = null;
    this.#host.tracer?.returned(task, call, result);
    this.#takeSignals(task);
    return true;
  }

  #cancelSleep(task: Task): void {
    const cancel = task.cancelSleep;
    task.cancelSleep = null;
    cancel?.();
  }

  #finish(task: Task, call: Call, result: number): number {
    this.#cancelSleep(task);
    task.call = null;
    task.image?.onHart?.returned(result);
    this.#host.tracer?.returned(task, call, result);
    // A call that waited under another mask: what interrupted it is handled under that one still.
    if (result !== -EINTR) restoreMask(task);
    this.#takeSignals(task);
    restoreMask(task);
    return result;
  }

  /**
   * Delivers what is pending. True: an interrupted call is to be made again: no handler ran, or the one taken first had
   * SA_RESTART.
   */
  #takeSignals(task: Task): boolean {
    let restart: boolean | null = null;
    for (;;) {
      const info = isEnded(task) ? undefined : dequeueSignal(task);
      if (info === undefined) return restart ?? true;
      const disposition = dispositionOf(task, info.signo);
      if (disposition === "ignore") continue;
      if (disposition === "stop") {
        // A TypeScript program stops in its next call that sleeps: nothing else can hold its JavaScript.
        if (task.image?.onHart === undefined) task.pending.unshift(info);
        else if (!this.#stop(task, info)) continue;
        return restart ?? true;
      }
      this.#host.tracer?.signalled(task, info);
      if (disposition === "kill") {
        this.exit(task, { signal: info.signo, address: info.address });
        return false;
      }
      restart ??= (task.actions[info.signo]!.sa_flags & SA_RESTART) !== 0;
      this.#handle(task, info);
    }
  }

  /** Linux puts a frame for each pending signal onto the stack, so the one that was taken last runs first. */
  #handle(task: Task, info: SignalInfo): void {
    this.#handlerDepth++;
    try {
      runHandler(task, info, () => {
        this.#takeSignals(task);
      });
    } finally {
      this.#handlerDepth--;
    }
  }

  #schedule(): void {
    if (this.#due) return;
    this.#due = true;
    this.pace();
  }

  /** Who was woken goes on, then every program on the hart gets a slice; when all sleep, time goes on. */
  turn(): void {
    this.#due = false;
    this.#host.clock.catchUp();
    if (this.#round === null) {
      for (const begin of this.#beginnings.splice(0)) begin();
      for (let task = this.#ready.shift(); task !== undefined; task = this.#ready.shift()) this.#retry(task);
    }
    if (!this.#runSlices()) {
      // The allowance is used up: whoever gives more takes the turn.
      this.#due = true;
    } else if (this.#hasHartWork()) this.#schedule();
    else if (this.#isIdle()) this.#advance();
  }

  /** A slice for each program on the hart that can run. False: the allowance ended before that. */
  #runSlices(): boolean {
    this.#round ??= [...this.#host.tasks];
    for (let task = this.#round[0]; task !== undefined; task = this.#round[0]) {
      if (task.state === "running" && task.image?.onHart !== undefined && !this.#ready.includes(task)) {
        if (this.allowance <= 0) return false;
        if (!this.#slice(task, task.image.onHart)) return false;
      }
      this.#round.shift();
    }
    this.#round = null;
    return true;
  }

  /** True: the slice is over; false: the allowance was before. */
  #slice(task: Task, hart: HartSide): boolean {
    // A program that makes no call takes its signals here, as after a timer's interrupt.
    if (!hart.isCut && hasSignal(task)) this.#takeSignals(task);
    if (task.state === "running") this.allowance -= this.guard(task, 0, () => hart.slice(this.allowance));
    return task.state !== "running" || !hart.isCut;
  }

  #hasHartWork(): boolean {
    for (const task of this.#host.tasks) if (task.state === "running" && task.image?.onHart !== undefined) return true;
    return false;
  }

  #retry(task: Task): void {
    if (isEnded(task)) return;
    this.#host.switchTo(task);
    const { image } = task;
    try {
      const result = this.#attempt(task);
      if (result !== null && !isEnded(task)) task.image?.resume(result);
    } catch (error) {
      // A signal handler left by an exception, as by siglongjmp: it goes on where the program waits.
      task.call = null;
      // Unless it left by execve: then there is nobody to tell.
      if (task.image === image) image?.fail(error);
    }
  }

  #isIdle(): boolean {
    for (const task of this.#host.tasks) if (task.state === "running") return false;
    return this.#ready.length === 0;
  }

  #advance(): void {
    let sleeping = false;
    for (const task of this.#host.tasks) sleeping ||= task.state === "sleeping" || task.state === "stopped";
    if (!sleeping) return;
    const { clock } = this.#host;
    if (clock.isReal) {
      if (this.#ready.length > 0) this.#schedule();
      else if (clock.next === Number.POSITIVE_INFINITY && !this.#host.canStillWake()) this.#host.deadlock();
    } else if (clock.advance()) this.#schedule();
    else if (!this.#host.canStillWake()) this.#host.deadlock();
  }
}

/** Asked anew wherever a handler, a driver or a signal may have ended the task in the meantime. */
const isEnded = (task: Task): boolean => task.state === "zombie";
