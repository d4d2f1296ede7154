/**
 * The session that a terminal controls, and its foreground process group (tty_jobctrl.c of Linux 6.12). That it is some
 * process's controlling terminal follows: it controls the session that the process is in.
 */
import { EFAULT, EINVAL, EIO, ENOTTY, EPERM, ERESTARTSYS, ESRCH } from "../../abi/errno.ts";
import { SIGCONT, SIGHUP, SIGTTIN, SIGTTOU } from "../../abi/signal.ts";
import type { Kernel } from "./driver.ts";

const STEAL = 1;

export class JobControl {
  readonly #kernel: Kernel;
  /** 0: none. */
  session = 0;
  foreground = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.onSessionEnd((sid) => this.#disassociate(sid, [SIGHUP]));
  }

  clear(): void {
    this.session = 0;
    this.foreground = 0;
  }

  /** Is it the controlling terminal of the current process? */
  get controlsCurrent(): boolean {
    return this.session !== 0 && this.session === this.#kernel.current.sid;
  }

  /** proc_set_tty(): it controls the current process's session, whose group is in the foreground. */
  take(): void {
    this.session = this.#kernel.current.sid;
    this.foreground = this.#kernel.current.pgid;
  }

  /** To the foreground group; nobody is there: nothing. */
  signal(signo: number): void {
    if (this.foreground !== 0) this.#kernel.killPgrp(this.foreground, signo);
  }

  /**
   * May the current process do what a background process may not? 0; -EIO; or its group has been sent `signo`, and
   * -ERESTARTSYS makes the call again once it is continued (__tty_check_change).
   */
  check(signo: number): number {
    const { current } = this.#kernel;
    if (!this.controlsCurrent || this.foreground === 0 || current.pgid === this.foreground) return 0;
    if (this.#kernel.isIgnored(signo)) return signo === SIGTTIN ? -EIO : 0;
    if (this.#kernel.isCurrentPgrpOrphaned()) return -EIO;
    this.#kernel.killPgrp(current.pgid, signo);
    return -ERESTARTSYS;
  }

  // ioctl_tty(2)

  getForeground(argument: number): number {
    return this.controlsCurrent ? this.#putInt(argument, this.foreground) : -ENOTTY;
  }

  setForeground(argument: number): number {
    const refused = this.check(SIGTTOU);
    if (refused !== 0) return refused === -EIO ? -ENOTTY : refused;
    const bytes = new Uint8Array(4);
    if (this.#kernel.copyFromUser(bytes, argument) !== 0) return -EFAULT;
    const group = new DataView(bytes.buffer).getInt32(0, true);
    if (group < 0) return -EINVAL;
    if (!this.controlsCurrent) return -ENOTTY;
    const session = group === 0 ? 0 : this.#kernel.sessionOfPgrp(group);
    if (session === 0) return -ESRCH;
    if (session !== this.#kernel.current.sid) return -EPERM;
    this.foreground = group;
    return 0;
  }

  getSession(argument: number): number {
    return this.controlsCurrent ? this.#putInt(argument, this.session) : -ENOTTY;
  }

  /** TIOCSCTTY: "The calling process must be a session leader and not have a controlling terminal already." */
  setControlling(argument: number, hasTerminal: boolean): number {
    const { current } = this.#kernel;
    const leads = current.pid === current.sid;
    if (leads && this.controlsCurrent) return 0;
    if (!leads || hasTerminal) return -EPERM;
    // "If this terminal is already the controlling terminal of a different session group, then the ioctl fails with
    // EPERM, unless the caller has the CAP_SYS_ADMIN capability and arg equals 1".
    if (this.session !== 0 && argument !== STEAL) return -EPERM;
    this.take();
    return 0;
  }

  /** TIOCNOTTY: "If the process was session leader, then send SIGHUP and SIGCONT to the foreground process group". */
  giveUp(): number {
    if (!this.controlsCurrent) return -ENOTTY;
    const { pid, sid } = this.#kernel.current;
    if (pid === sid) this.#disassociate(sid, [SIGHUP, SIGCONT]);
    return 0;
  }

  #disassociate(sid: number, signals: readonly number[]): void {
    if (this.session !== sid) return;
    for (const signo of signals) this.signal(signo);
    this.clear();
  }

  #putInt(argument: number, value: number): number {
    return this.#kernel.copyToUser(argument, new Uint8Array(new Int32Array([value]).buffer)) === 0 ? 0 : -EFAULT;
  }
}
