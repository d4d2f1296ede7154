/**
 * ioctl(2): names of commands, and what their arguments are. strace knows the framebuffer's commands by name only, and
 * shows both names of the two numbers that two drivers share.
 */
import {
  FBIO_CURSOR,
  FBIO_WAITFORVSYNC,
  FBIOBLANK,
  FBIOGET_CON2FBMAP,
  FBIOGET_FSCREENINFO,
  FBIOGET_VBLANK,
  FBIOGET_VSCREENINFO,
  FBIOGETCMAP,
  FBIOPAN_DISPLAY,
  FBIOPUT_CON2FBMAP,
  FBIOPUT_VSCREENINFO,
  FBIOPUTCMAP,
} from "../../../abi/fb.ts";
import { EVIOCGID, EVIOCGRAB, EVIOCGVERSION } from "../../../abi/input.ts";
import {
  FIOCLEX,
  FIONBIO,
  FIONCLEX,
  FIONREAD,
  KD_GRAPHICS,
  KD_TEXT,
  KDGETMODE,
  KDGKBENT,
  KDGKBMODE,
  KDGKBTYPE,
  KDSETMODE,
  KDSKBENT,
  KDSKBMODE,
  TCFLSH,
  TCGETS,
  TCSBRK,
  TCSETS,
  TCSETSF,
  TCSETSW,
  TCXONC,
  TIOCGPGRP,
  TIOCGSID,
  TIOCGWINSZ,
  TIOCLINUX,
  TIOCNOTTY,
  TIOCOUTQ,
  TIOCSCTTY,
  TIOCSPGRP,
  TIOCSWINSZ,
  VT_ACTIVATE,
  VT_GETMODE,
  VT_GETSTATE,
  VT_OPENQRY,
  VT_RELDISP,
  VT_SETMODE,
  VT_WAITACTIVE,
  winsize,
} from "../../../abi/ioctl.ts";
import type { StructValue } from "../../../abi/struct.ts";
import {
  type Argument,
  type CallView,
  fd,
  filled,
  given,
  hexadecimal,
  int,
  intsFilled,
  intsGiven,
  oneOf,
  register,
} from "./arguments.ts";
import type { Signature } from "./signature.ts";
import { termiosFilled, termiosGiven } from "./termios.ts";
import type { NameTable } from "./text.ts";

const NAMES: NameTable = {
  FBIOGET_VSCREENINFO,
  FBIOPUT_VSCREENINFO,
  FBIOGET_FSCREENINFO,
  FBIOGETCMAP,
  FBIOPUTCMAP,
  FBIOPAN_DISPLAY,
  FBIO_CURSOR,
  FBIOGET_CON2FBMAP,
  FBIOPUT_CON2FBMAP,
  FBIOBLANK,
  FBIOGET_VBLANK,
  FBIO_WAITFORVSYNC,
  TCGETS,
  "SNDCTL_TMR_START or TCSETS": TCSETS,
  TCSETSW,
  TCSETSF,
  TCSBRK,
  TCXONC,
  TCFLSH,
  TIOCSCTTY,
  TIOCGPGRP,
  TIOCSPGRP,
  TIOCOUTQ,
  TIOCGWINSZ,
  TIOCSWINSZ,
  FIONREAD,
  TIOCLINUX,
  FIONBIO,
  TIOCNOTTY,
  TIOCGSID,
  FIONCLEX,
  FIOCLEX,
  KDGKBTYPE,
  KDSETMODE,
  KDGETMODE,
  KDGKBMODE,
  KDSKBMODE,
  KDGKBENT,
  KDSKBENT,
  VT_OPENQRY,
  VT_GETMODE,
  VT_SETMODE,
  "VBG_IOCTL_VMMDEV_REQUEST_BIG or VT_GETSTATE": VT_GETSTATE,
  VT_RELDISP,
  VT_ACTIVATE,
  VT_WAITACTIVE,
  EVIOCGVERSION,
  EVIOCGID,
  EVIOCGRAB,
};
const NAME_OF: ReadonlyMap<number, string> = new Map(Object.entries(NAMES).map(([name, number]) => [number, name]));

const showWinsize = ({ ws_row, ws_col, ws_xpixel, ws_ypixel }: StructValue<typeof winsize>): string =>
  `{ws_row=${ws_row}, ws_col=${ws_col}, ws_xpixel=${ws_xpixel}, ws_ypixel=${ws_ypixel}}`;

/** Commands whose argument is more than a number or an address; null: none is shown. */
const ARGUMENTS: ReadonlyMap<number, Argument | null> = new Map([
  [TCGETS, termiosFilled],
  [TCSETS, termiosGiven],
  [TCSETSW, termiosGiven],
  [TCSETSF, termiosGiven],
  [TIOCGWINSZ, filled(winsize, showWinsize)],
  [TIOCSWINSZ, given(winsize, showWinsize)],
  [FIONREAD, intsFilled(1)],
  [TIOCGPGRP, intsFilled(1)],
  [TIOCGSID, intsFilled(1)],
  [TIOCSPGRP, intsGiven(1)],
  [FIONBIO, intsGiven(1)],
  [TCFLSH, oneOf({ TCIFLUSH: 0, TCOFLUSH: 1, TCIOFLUSH: 2 }, "TC???")],
  [TCSBRK, int],
  [TIOCSCTTY, int],
  [EVIOCGRAB, int],
  [KDSETMODE, oneOf({ KD_TEXT, KD_GRAPHICS }, "KD_???")],
  [TIOCNOTTY, null],
  [FIOCLEX, null],
  [FIONCLEX, null],
]);

const DIRECTIONS = ["_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"];

/** "_IOC(_IOC_READ, 0x7a, 0x3, 0x8)": direction, type, number, size. */
function encoded(command: number): string {
  const part = (shift: number, mask: number): string => {
    const value = (command >>> shift) & mask;
    return value === 0 ? "0" : `0x${value.toString(16)}`;
  };
  return `_IOC(${DIRECTIONS[command >>> 30]}, ${part(8, 0xff)}, ${part(0, 0xff)}, ${part(16, 0x3fff)})`;
}

const command: Argument = { text: (_, value) => NAME_OF.get(value >>> 0) ?? encoded(value >>> 0) };

export const ioctlSignature: Signature = {
  arguments(view: CallView) {
    const argument = ARGUMENTS.get(register(view, 1) >>> 0);
    if (argument === null) return [fd, command];
    return [fd, command, argument ?? hexadecimal];
  },
};
