/**
 * Truth: transcripts of `strace -f` 6.1 on x86-64 Linux for the same sequence of events. Our kernel tells of a call
 * when it sleeps and when it returns, so a line is cut only where somebody else speaks while it sleeps.
 */
import { describe, expect, test } from "vitest";
import {
  CLD_EXITED,
  CLD_KILLED,
  SEGV_MAPERR,
  SI_KERNEL,
  SI_USER,
  SIGALRM,
  SIGBUS,
  SIGCHLD,
  SIGKILL,
  SIGSEGV,
  SIGTERM,
} from "../../../abi/signal.ts";
import * as nr from "../../../abi/syscalls.ts";
import { formatExit, formatSignal } from "../../../src/kernel/strace/signal-text.ts";
import { Strace } from "../../../src/kernel/strace.ts";
import type { Task } from "../../../src/kernel/task.ts";
import { type Content, longs, memory, words } from "./memory.ts";

const EINTR = 4;

/** A process whose calls the test makes for it. */
interface FakeTask extends Task {
  memory: Readonly<Record<number, Content>>;
}
const fakeTask = (pid: number): FakeTask => {
  const shown: Pick<FakeTask, "pid" | "call" | "memory"> = { pid, call: null, memory: {} };
  return shown as FakeTask;
};

class Session {
  readonly lines: string[] = [];
  readonly strace = new Strace({
    write: (line) => this.lines.push(line),
    readerOf: (task) => memory((task as FakeTask).memory),
  });

  begin(task: FakeTask, number: number, ...args: number[]): void {
    task.call = { nr: number, args, started: 0, moved: 0 };
  }

  sleep(task: FakeTask, number: number, ...args: number[]): void {
    this.begin(task, number, ...args);
    this.strace.sleeps(task, task.call!);
  }

  /** The call under way returns. */
  return(task: FakeTask, result: number): void {
    const call = task.call!;
    task.call = null;
    this.strace.returned(task, call, result);
  }

  make(task: FakeTask, result: number, number: number, ...args: number[]): void {
    this.begin(task, number, ...args);
    this.return(task, result);
  }
}

describe("lines", () => {
  test("two processes", () => {
    const session = new Session();
    const parent = fakeTask(13185);
    const child = fakeTask(13186);
    parent.memory = { 4096: longs(0, 20000000), 8192: "yz", 12288: words(0x700), 16384: "x" };
    child.memory = { 4096: longs(0, 30000000), 8192: "x", 12288: "yz" };
    session.make(parent, 13186, nr.SYS_clone, 17, 0, 0, 0, 0);
    session.sleep(child, nr.SYS_read, 3, 8192, 1);
    session.make(parent, 0, nr.SYS_clock_nanosleep, 0, 0, 4096, 0);
    session.make(parent, 1, nr.SYS_write, 4, 16384, 1);
    session.return(child, 1);
    session.sleep(parent, nr.SYS_read, 5, 8192, 2);
    session.make(child, 2, nr.SYS_write, 6, 12288, 2);
    session.return(parent, 2);
    session.sleep(child, nr.SYS_clock_nanosleep, 0, 0, 4096, 0);
    session.sleep(parent, nr.SYS_wait4, -1, 12288, 0, 0);
    session.return(child, 0);
    session.begin(child, nr.SYS_exit_group, 7);
    session.strace.ended(child, { code: 7 });
    session.return(parent, 13186);
    session.strace.signalled(parent, { signo: SIGCHLD, code: CLD_EXITED, address: 0, pid: 13186, status: 7 });
    expect(session.lines).toEqual([
      "clone(child_stack=NULL, flags=SIGCHLD)  = 13186",
      "strace: Process 13186 attached",
      "[pid 13186] read(3,  <unfinished ...>",
      "[pid 13185] clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=20000000}, NULL) = 0",
      '[pid 13185] write(4, "x", 1)            = 1',
      '[pid 13186] <... read resumed>"x", 1)   = 1',
      "[pid 13185] read(5,  <unfinished ...>",
      '[pid 13186] write(6, "yz", 2)           = 2',
      '[pid 13185] <... read resumed>"yz", 2)  = 2',
      "[pid 13186] clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=30000000},  <unfinished ...>",
      "[pid 13185] wait4(-1,  <unfinished ...>",
      "[pid 13186] <... clock_nanosleep resumed>NULL) = 0",
      "[pid 13186] exit_group(7)               = ?",
      "[pid 13186] +++ exited with 7 +++",
      "<... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL) = 13186",
      "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=13186, si_uid=0, si_status=7, si_utime=0, si_stime=0} ---",
    ]);
  });

  test("a child killed in its sleep", () => {
    const session = new Session();
    const [parent, child] = [fakeTask(13185), fakeTask(13187)];
    session.make(parent, 13187, nr.SYS_clone, 17, 0, 0, 0, 0);
    session.sleep(child, nr.SYS_read, 3, 0x7ffd60b983e0, 1);
    session.make(parent, 0, nr.SYS_kill, 13187, SIGTERM);
    session.strace.signalled(child, { signo: SIGTERM, code: SI_USER, address: 0, pid: 13185 });
    session.strace.ended(child, { signal: SIGTERM, address: 0 });
    session.make(parent, 13185, nr.SYS_getpid);
    expect(session.lines.slice(2)).toEqual([
      "[pid 13187] read(3,  <unfinished ...>",
      "[pid 13185] kill(13187, SIGTERM)        = 0",
      "[pid 13187] <... read resumed>0x7ffd60b983e0, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
      "[pid 13187] --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=13185, si_uid=0} ---",
      "[pid 13187] +++ killed by SIGTERM +++",
      "getpid()                                = 13185",
    ]);
  });

  test("one process alone: a sleeping call is one line", () => {
    const session = new Session();
    const task = fakeTask(1);
    session.sleep(task, nr.SYS_read, 0, 0x7ffe91673290, 10);
    expect(session.lines).toEqual([]);
    // Woken for nothing, it sleeps again.
    session.strace.sleeps(task, task.call!);
    task.memory = { 140731337880208: "x" };
    session.return(task, 1);
    expect(session.lines).toEqual(['read(0, "x", 10)                        = 1']);
  });
});

describe("signals", () => {
  test("a handler ends a sleeping call with EINTR", () => {
    const session = new Session();
    const task = fakeTask(1);
    session.sleep(task, nr.SYS_read, 7, 0x7ffe91673290, 10);
    session.strace.signalled(task, { signo: SIGALRM, code: SI_KERNEL, address: 0 });
    session.return(task, -EINTR);
    expect(session.lines).toEqual([
      "read(7, 0x7ffe91673290, 10)             = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
      "--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---",
      "rt_sigreturn({mask=[]})                 = -1 EINTR (Interrupted system call)",
    ]);
  });

  test("with SA_RESTART the call is made again, and may be interrupted again", () => {
    const session = new Session();
    const task = fakeTask(1);
    session.sleep(task, nr.SYS_read, 7, 0x7ffe91673290, 10);
    for (let i = 0; i < 2; i++) {
      session.strace.signalled(task, { signo: SIGALRM, code: SI_KERNEL, address: 0 });
      session.strace.sleeps(task, task.call!);
    }
    task.memory = { 140731337880208: "x" };
    session.return(task, 1);
    const restarted = [
      "read(7, 0x7ffe91673290, 10)             = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
      "--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---",
    ];
    expect(session.lines).toEqual([...restarted, ...restarted, 'read(7, "x", 10)                        = 1']);
  });

  test("a signal that was pending before the call could sleep", () => {
    const session = new Session();
    const task = fakeTask(1);
    session.begin(task, nr.SYS_ppoll, 0, 0, 0, 0, 8);
    session.strace.signalled(task, { signo: SIGALRM, code: SI_KERNEL, address: 0 });
    session.return(task, -EINTR);
    expect(session.lines[0]).toBe(
      "ppoll(NULL, 0, NULL, NULL, 8)           = ? ERESTARTNOHAND (To be restarted if no handler)",
    );
  });

  test("calls that a handler makes, and a fault in it", () => {
    const session = new Session();
    const task = fakeTask(887);
    session.sleep(task, nr.SYS_read, 7, 0x7ffe91673290, 10);
    const outer = task.call;
    session.strace.signalled(task, { signo: SIGALRM, code: SI_KERNEL, address: 0 });
    session.make(task, 887, nr.SYS_getpid);
    task.call = outer;
    session.strace.signalled(task, { signo: SIGSEGV, code: SEGV_MAPERR, address: 16 });
    session.strace.ended(task, { signal: SIGSEGV, address: 16 });
    expect(session.lines.slice(2)).toEqual([
      "getpid()                                = 887",
      "--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---",
      "+++ killed by SIGSEGV +++",
    ]);
  });

  test("killed inside of a call without a word", () => {
    const session = new Session();
    const task = fakeTask(1);
    session.sleep(task, nr.SYS_read, 0, 0x1000, 1);
    session.strace.ended(task, { signal: SIGKILL, address: 0 });
    expect(session.lines).toEqual(["read(0,  <unfinished ...>)              = ?", "+++ killed by SIGKILL +++"]);
    const other = new Session();
    other.begin(task, nr.SYS_write, 3, 0x1000, 4);
    other.strace.ended(task, { signal: SIGSEGV, address: 0 });
    expect(other.lines[0]).toBe("write(3, 0x1000, 4 <unfinished ...>)    = ?");
  });

  test("siginfo_t by its forms", () => {
    const child = { signo: SIGCHLD, address: 0, pid: 12708, status: SIGSEGV };
    expect(formatSignal({ ...child, code: CLD_KILLED })).toBe(
      "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=12708, si_uid=0, si_status=SIGSEGV, si_utime=0, si_stime=0} ---",
    );
    expect(formatSignal({ signo: SIGSEGV, code: SEGV_MAPERR, address: 0 })).toBe(
      "--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---",
    );
    expect(formatSignal({ signo: SIGBUS, code: 2, address: 0x3f_ffff_f123 })).toBe(
      "--- SIGBUS {si_signo=SIGBUS, si_code=BUS_ADRERR, si_addr=0x3ffffff123} ---",
    );
    expect(formatSignal({ signo: SIGSEGV, code: SI_USER, address: 0, pid: 5 })).toBe(
      "--- SIGSEGV {si_signo=SIGSEGV, si_code=SI_USER, si_pid=5, si_uid=0} ---",
    );
    expect(formatExit({ code: 3 })).toBe("+++ exited with 3 +++");
  });
});
