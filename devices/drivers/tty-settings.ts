/** A terminal's settings: what they are at first, and what changes when a program sets them (tty_ioctl.c, pty.c). */
import {
  B38400,
  BOTHER,
  CBAUD,
  CREAD,
  CS8,
  CSIZE,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  HUPCL,
  ICANON,
  ICRNL,
  IEXTEN,
  ISIG,
  IXON,
  ONLCR,
  OPOST,
  PARENB,
  type Termios,
} from "../../abi/termios.ts";

/** A byte of c_cc that stands for no character (__DISABLED_CHAR). */
export const DISABLED_CHAR = 0;

/** tty_std_termios; c_cc is INIT_C_CC: ^C ^\ DEL ^U ^D, VMIN 1, ^Q ^S ^Z, then ^R ^O ^W ^V. */
export const standardTermios = (): Termios => ({
  c_iflag: ICRNL | IXON,
  c_oflag: OPOST | ONLCR,
  c_cflag: B38400 | CS8 | CREAD | HUPCL,
  c_lflag: ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
  c_line: 0,
  c_cc: [3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0],
  c_ispeed: 38400,
  c_ospeed: 38400,
});

/** Bits a second by the number in CBAUD: 0 … 15, and 1 … 15 with CBAUDEX (tty_baudrate.c). */
const SPEEDS = [0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400];
const FAST_SPEEDS = [
  0, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000,
  3500000, 4000000,
];

const speedOf = (cflag: number, other: number): number => {
  const code = cflag & CBAUD;
  if (code === BOTHER) return other;
  return ((code & BOTHER) === 0 ? SPEEDS : FAST_SPEEDS)[code & 0xf]!;
};

/**
 * What becomes of settings that a program asks for. There is no line whose speed or character size could be set, so
 * these are kept and do nothing: always eight bits and no parity, as on a pseudoterminal.
 */
export const settle = (asked: Termios): Termios => {
  const c_cflag = (asked.c_cflag & ~(CSIZE | PARENB)) | CS8 | CREAD;
  const speed = speedOf(c_cflag, asked.c_ospeed);
  return { ...asked, c_cflag, c_ispeed: speed, c_ospeed: speed };
};
