/** A terminal's ioctls (tty_io.c, tty_ioctl.c, n_tty.c of Linux 6.12; ioctl_tty(2)). */
import { EFAULT, EINVAL, EIO, ENOTTY } from "../../abi/errno.ts";
import {
  FIONREAD,
  TCFLSH,
  TCGETS,
  TCGETS2,
  TCSBRK,
  TCSBRKP,
  TCSETS,
  TCSETS2,
  TCSETSF,
  TCSETSF2,
  TCSETSW,
  TCSETSW2,
  TCXONC,
  TIOCGETD,
  TIOCGPGRP,
  TIOCGSID,
  TIOCGWINSZ,
  TIOCNOTTY,
  TIOCOUTQ,
  TIOCSCTTY,
  TIOCSPGRP,
  TIOCSTI,
  TIOCSWINSZ,
  winsize,
} from "../../abi/ioctl.ts";
import { SIGTTOU } from "../../abi/signal.ts";
import {
  TCIFLUSH,
  TCIOFF,
  TCIOFLUSH,
  TCION,
  TCOFLUSH,
  TCOOFF,
  TCOON,
  type Termios,
  termios,
  termios2,
  VSTART,
  VSTOP,
} from "../../abi/termios.ts";
import type { File, Kernel } from "./driver.ts";
import type { Tty } from "./tty.ts";
import { DISABLED_CHAR, settle } from "./tty-settings.ts";

/** Commands that a background process is stopped for. */
const CHANGES = new Set([TCSETS, TCSETSW, TCSETSF, TCSETS2, TCSETSW2, TCSETSF2, TCSBRK, TCSBRKP, TCXONC, TCFLSH]);

/** `hasTerminal`: has the current process a controlling terminal, this one or another? */
export const ttyIoctl = (
  kernel: Kernel,
  tty: Tty,
  hasTerminal: boolean,
  file: File,
  command: number,
  argument: number,
): number => {
  if (tty.isHungUp) return command === TIOCSPGRP ? -ENOTTY : -EIO;
  const refused = CHANGES.has(command) ? tty.jobs.check(SIGTTOU) : 0;
  if (refused !== 0) return refused;
  return (
    jobIoctl(tty, hasTerminal, command, argument) ??
    settingsIoctl(kernel, tty, command, argument) ??
    lineIoctl(kernel, tty, command, argument) ??
    tty.port.sink.ioctl?.(file, command, argument) ??
    -ENOTTY
  );
};

const jobIoctl = (tty: Tty, hasTerminal: boolean, command: number, argument: number): number | undefined => {
  switch (command) {
    case TIOCGPGRP:
      return tty.jobs.getForeground(argument);
    case TIOCSPGRP:
      return tty.jobs.setForeground(argument);
    case TIOCGSID:
      return tty.jobs.getSession(argument);
    case TIOCSCTTY:
      return tty.jobs.setControlling(argument, hasTerminal);
    case TIOCNOTTY:
      return tty.jobs.giveUp();
    // "Since Linux 6.2, this operation may require the CAP_SYS_ADMIN capability": here nobody has it.
    case TIOCSTI:
      return -EIO;
    default:
      return undefined;
  }
};

const put = (kernel: Kernel, argument: number, bytes: Uint8Array): number =>
  kernel.copyToUser(argument, bytes) === 0 ? 0 : -EFAULT;

const putInt = (kernel: Kernel, argument: number, value: number): number =>
  put(kernel, argument, new Uint8Array(new Int32Array([value]).buffer));

const settingsIoctl = (kernel: Kernel, tty: Tty, command: number, argument: number): number | undefined => {
  switch (command) {
    case TCGETS: {
      const { c_ispeed: _in, c_ospeed: _out, ...settings } = tty.line.termios;
      return put(kernel, argument, termios.encode(settings));
    }
    case TCGETS2:
      return put(kernel, argument, termios2.encode(tty.line.termios));
    // What was written has gone out already, so there is nothing that TCSETSW would wait for.
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
      return setSettings(kernel, tty, argument, termios.size, command === TCSETSF);
    case TCSETS2:
    case TCSETSW2:
    case TCSETSF2:
      return setSettings(kernel, tty, argument, termios2.size, command === TCSETSF2);
    case TIOCGWINSZ:
      return put(kernel, argument, winsize.encode(tty.size));
    case TIOCSWINSZ: {
      const bytes = new Uint8Array(winsize.size);
      if (kernel.copyFromUser(bytes, argument) !== 0) return -EFAULT;
      tty.setSize(winsize.read(bytes));
      return 0;
    }
    // N_TTY, the only line discipline.
    case TIOCGETD:
      return putInt(kernel, argument, 0);
    default:
      return undefined;
  }
};

const setSettings = (kernel: Kernel, tty: Tty, argument: number, size: number, flushes: boolean): number => {
  const bytes = new Uint8Array(size);
  if (kernel.copyFromUser(bytes, argument) !== 0) return -EFAULT;
  const asked: Termios =
    size === termios2.size ? termios2.read(bytes) : { ...tty.line.termios, ...termios.read(bytes) };
  if (flushes) tty.flushInput();
  tty.line.termios = settle(asked);
  return 0;
};

const lineIoctl = (kernel: Kernel, tty: Tty, command: number, argument: number): number | undefined => {
  switch (command) {
    case FIONREAD:
      return putInt(kernel, argument, tty.line.available);
    case TIOCOUTQ:
      return putInt(kernel, argument, 0);
    // A break has no line to go out on, and tcdrain(3) nothing to wait for.
    case TCSBRK:
    case TCSBRKP:
      return 0;
    case TCFLSH:
      return flush(tty, argument);
    case TCXONC:
      return flow(tty, argument);
    default:
      return undefined;
  }
};

const flush = (tty: Tty, argument: number): number => {
  if (argument === TCIFLUSH || argument === TCIOFLUSH) tty.flushInput();
  else if (argument !== TCOFLUSH) return -EINVAL;
  return 0;
};

const flow = (tty: Tty, argument: number): number => {
  switch (argument) {
    case TCOOFF:
    case TCOON:
      tty.line.suspendOutput(argument === TCOOFF);
      return 0;
    case TCIOFF:
    case TCION: {
      const character = tty.line.termios.c_cc[argument === TCIOFF ? VSTOP : VSTART]!;
      if (character !== DISABLED_CHAR) tty.port.sink.write(Uint8Array.of(character));
      return 0;
    }
    default:
      return -EINVAL;
  }
};
