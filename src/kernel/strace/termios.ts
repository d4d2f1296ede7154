/** struct termios of TCGETS and TCSETS. */

import type { StructValue } from "../../../abi/struct.ts";
import {
  B38400,
  BRKINT,
  CREAD,
  CS8,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ICANON,
  ICRNL,
  IEXTEN,
  ISIG,
  IXON,
  ONLCR,
  OPOST,
  termios,
} from "../../../abi/termios.ts";
import { filled, given } from "./arguments.ts";
import { flagText, type NameTable } from "./text.ts";

/** The delays of old terminals, which are shown although they are zero. */
const NO_DELAYS = "NL0|CR0|TAB0|BS0|VT0|FF0|";
/** Baud rate (bits 0 … 3 and 12) and character size (4, 5) are numbers in c_cflag, not bits. */
const SPEED = 0x100f;
const SIZES = ["CS5", "CS6", "CS7", "CS8"];

const bits = (table: NameTable, value: number): string => (value === 0 ? "" : flagText(table, "???", value));

function cflag(value: number): string {
  const speed =
    (value & SPEED) === B38400 ? "B38400" : (value & SPEED) === 0 ? "B0" : `0${(value & SPEED).toString(8)}`;
  return `${speed}|${SIZES[(value & CS8) >> 4]}|${bits({ CREAD }, value & ~(SPEED | CS8))}`;
}

const show = ({ c_iflag, c_oflag, c_cflag, c_lflag }: StructValue<typeof termios>): string => {
  const local = { ISIG, ICANON, ECHO, ECHOE, ECHOK, IEXTEN, ECHOCTL, ECHOKE };
  return (
    `{c_iflag=${bits({ BRKINT, ICRNL, IXON }, c_iflag)}, c_oflag=${NO_DELAYS}${bits({ OPOST, ONLCR }, c_oflag)}, ` +
    `c_cflag=${cflag(c_cflag)}, c_lflag=${bits(local, c_lflag)}, ...}`
  );
};

export const termiosGiven = given(termios, show);
export const termiosFilled = filled(termios, show);
