/** ioctl command numbers: asm-generic/ioctl.h and ioctls.h, linux/kd.h and linux/vt.h of Linux 6.12, as on riscv64. */
import { defineStruct, u16 } from "./struct.ts";

/** A command: direction (30), size of the argument in bytes (16, 14 bits), type (8), number (0). Always positive. */
const ioc = (direction: number, type: string, number: number, size: number): number =>
  ((direction << 30) | (size << 16) | (type.charCodeAt(0) << 8) | number) >>> 0;

export const _IO = (type: string, number: number): number => ioc(0, type, number, 0);
/** The user gives `size` bytes. */
export const _IOW = (type: string, number: number, size: number): number => ioc(1, type, number, size);
/** The user gets `size` bytes. */
export const _IOR = (type: string, number: number, size: number): number => ioc(2, type, number, size);
export const _IOWR = (type: string, number: number, size: number): number => ioc(3, type, number, size);

export const TCGETS = 0x5401;
export const TCSETS = 0x5402;
export const TCSETSW = 0x5403;
export const TCSETSF = 0x5404;
export const TCSBRK = 0x5409;
export const TCXONC = 0x540a;
export const TCFLSH = 0x540b;
export const TIOCSCTTY = 0x540e;
export const TIOCGPGRP = 0x540f;
export const TIOCSPGRP = 0x5410;
export const TIOCOUTQ = 0x5411;
/** Puts a byte into the input, as if it had been typed. */
export const TIOCSTI = 0x5412;
export const TIOCGWINSZ = 0x5413;
export const TIOCSWINSZ = 0x5414;
export const FIONREAD = 0x541b;
export const TIOCLINUX = 0x541c;
export const FIONBIO = 0x5421;
export const TIOCNOTTY = 0x5422;
export const TIOCGETD = 0x5424;
export const TCSBRKP = 0x5425;
export const TIOCGSID = 0x5429;
export const TCGETS2 = 0x802c_542a;
export const TCSETS2 = 0x402c_542b;
export const TCSETSW2 = 0x402c_542c;
export const TCSETSF2 = 0x402c_542d;
export const FIONCLEX = 0x5450;
export const FIOCLEX = 0x5451;

export const KDGKBTYPE = 0x4b33;
export const KDSETMODE = 0x4b3a;
export const KDGETMODE = 0x4b3b;
export const KD_TEXT = 0;
export const KD_GRAPHICS = 1;
export const KDGKBMODE = 0x4b44;
export const KDSKBMODE = 0x4b45;
export const KDGKBENT = 0x4b46;
export const KDSKBENT = 0x4b47;
export const VT_OPENQRY = 0x5600;
export const VT_GETMODE = 0x5601;
export const VT_SETMODE = 0x5602;
export const VT_GETSTATE = 0x5603;
export const VT_RELDISP = 0x5605;
export const VT_ACTIVATE = 0x5606;
export const VT_WAITACTIVE = 0x5607;

/** struct winsize: 8 bytes, of TIOCGWINSZ. */
export const winsize = defineStruct({ ws_row: u16, ws_col: u16, ws_xpixel: u16, ws_ypixel: u16 });
