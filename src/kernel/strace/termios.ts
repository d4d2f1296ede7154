/** struct termios of TCGETS and TCSETS. */

import type { StructValue } from "../../../abi/struct.ts";
import {
  B38400,
  BRKINT,
  CLOCAL,
  CREAD,
  CS8,
  CSTOPB,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ECHONL,
  ECHOPRT,
  EXTPROC,
  FLUSHO,
  HUPCL,
  ICANON,
  ICRNL,
  IEXTEN,
  IGNBRK,
  IGNCR,
  IGNPAR,
  IMAXBEL,
  INLCR,
  INPCK,
  ISIG,
  ISTRIP,
  IUCLC,
  IUTF8,
  IXANY,
  IXOFF,
  IXON,
  NOFLSH,
  OCRNL,
  OFDEL,
  OFILL,
  OLCUC,
  ONLCR,
  ONLRET,
  ONOCR,
  OPOST,
  PARENB,
  PARMRK,
  PARODD,
  PENDIN,
  TOSTOP,
  termios,
  XCASE,
} from "../../../abi/termios.ts";
import { filled, given } from "./arguments.ts";
import { flagText, type NameTable } from "./text.ts";

/** The delays of old terminals, which are shown although they are zero. */
const NO_DELAYS = "NL0|CR0|TAB0|BS0|VT0|FF0|";
/** Baud rate (bits 0 … 3 and 12) and character size (4, 5) are numbers in c_cflag, not bits. */
const SPEED = 0x100f;
const SIZES = ["CS5", "CS6", "CS7", "CS8"];

/** In the order that strace prints them. */
const INPUT: NameTable = {
  IGNBRK,
  BRKINT,
  IGNPAR,
  PARMRK,
  INPCK,
  ISTRIP,
  INLCR,
  IGNCR,
  ICRNL,
  IUCLC,
  IXON,
  IXANY,
  IXOFF,
  IMAXBEL,
  IUTF8,
};
const OUTPUT: NameTable = { OPOST, OLCUC, ONLCR, OCRNL, ONOCR, ONLRET, OFILL, OFDEL };
const CONTROL: NameTable = { CSTOPB, CREAD, PARENB, PARODD, HUPCL, CLOCAL };
const LOCAL: NameTable = {
  ISIG,
  ICANON,
  XCASE,
  ECHO,
  ECHOE,
  ECHOK,
  ECHONL,
  NOFLSH,
  IEXTEN,
  ECHOCTL,
  ECHOPRT,
  ECHOKE,
  FLUSHO,
  PENDIN,
  TOSTOP,
  EXTPROC,
};

const bits = (table: NameTable, value: number): string => (value === 0 ? "" : flagText(table, "???", value));

function cflag(value: number): string {
  const speed =
    (value & SPEED) === B38400 ? "B38400" : (value & SPEED) === 0 ? "B0" : `0${(value & SPEED).toString(8)}`;
  return `${speed}|${SIZES[(value & CS8) >> 4]}|${bits(CONTROL, value & ~(SPEED | CS8))}`;
}

const show = ({ c_iflag, c_oflag, c_cflag, c_lflag }: StructValue<typeof termios>): string => {
  return (
    `{c_iflag=${bits(INPUT, c_iflag)}, c_oflag=${NO_DELAYS}${bits(OUTPUT, c_oflag)}, ` +
    `c_cflag=${cflag(c_cflag)}, c_lflag=${bits(LOCAL, c_lflag)}, ...}`
  );
};

export const termiosGiven = given(termios, show);
export const termiosFilled = filled(termios, show);
