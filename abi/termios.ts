/** Terminal settings: asm-generic/termbits.h of Linux 6.12, as on riscv64. Flags are in octal there. */
import { array, defineStruct, type StructValue, u8, u32 } from "./struct.ts";

/** Length of c_cc. */
export const NCCS = 19;

/** The kernel's struct termios of TCGETS: 36 bytes (glibc's own is larger). */
export const termios = defineStruct({
  c_iflag: u32,
  c_oflag: u32,
  c_cflag: u32,
  c_lflag: u32,
  c_line: u8,
  c_cc: array(u8, NCCS),
});
/** struct termios2 of TCGETS2: 44 bytes; speeds in bits a second. */
export const termios2 = defineStruct({
  c_iflag: u32,
  c_oflag: u32,
  c_cflag: u32,
  c_lflag: u32,
  c_line: u8,
  c_cc: array(u8, NCCS),
  c_ispeed: u32,
  c_ospeed: u32,
});
export type Termios = StructValue<typeof termios2>;

// Indices of c_cc
export const VINTR = 0;
export const VQUIT = 1;
export const VERASE = 2;
export const VKILL = 3;
export const VEOF = 4;
export const VTIME = 5;
export const VMIN = 6;
export const VSWTC = 7;
export const VSTART = 8;
export const VSTOP = 9;
export const VSUSP = 10;
export const VEOL = 11;
export const VREPRINT = 12;
export const VDISCARD = 13;
export const VWERASE = 14;
export const VLNEXT = 15;
export const VEOL2 = 16;

// c_iflag
export const IGNBRK = 0x1;
export const BRKINT = 0x2;
export const IGNPAR = 0x4;
export const PARMRK = 0x8;
export const INPCK = 0x10;
export const ISTRIP = 0x20;
export const INLCR = 0x40;
export const IGNCR = 0x80;
export const ICRNL = 0x100;
export const IUCLC = 0x200;
export const IXON = 0x400;
export const IXANY = 0x800;
export const IXOFF = 0x1000;
export const IMAXBEL = 0x2000;
export const IUTF8 = 0x4000;

// c_oflag
export const OPOST = 0x1;
export const OLCUC = 0x2;
export const ONLCR = 0x4;
export const OCRNL = 0x8;
export const ONOCR = 0x10;
export const ONLRET = 0x20;
export const OFILL = 0x40;
export const OFDEL = 0x80;
export const TABDLY = 0x1800;
/** Tabs go out as spaces. */
export const XTABS = 0x1800;

// c_cflag
export const B38400 = 0xf;
export const CBAUD = 0x100f;
export const BOTHER = 0x1000;
export const CSIZE = 0x30;
export const CS5 = 0x0;
export const CS6 = 0x10;
export const CS7 = 0x20;
export const CS8 = 0x30;
export const CSTOPB = 0x40;
export const CREAD = 0x80;
export const PARENB = 0x100;
export const PARODD = 0x200;
export const HUPCL = 0x400;
export const CLOCAL = 0x800;

// c_lflag
export const ISIG = 0x1;
export const ICANON = 0x2;
export const XCASE = 0x4;
export const ECHO = 0x8;
export const ECHOE = 0x10;
export const ECHOK = 0x20;
export const ECHONL = 0x40;
export const NOFLSH = 0x80;
export const TOSTOP = 0x100;
export const ECHOCTL = 0x200;
export const ECHOPRT = 0x400;
export const ECHOKE = 0x800;
export const FLUSHO = 0x1000;
export const PENDIN = 0x4000;
export const IEXTEN = 0x8000;
export const EXTPROC = 0x1_0000;

// Arguments of TCFLSH and TCXONC
export const TCIFLUSH = 0;
export const TCOFLUSH = 1;
export const TCIOFLUSH = 2;
export const TCOOFF = 0;
export const TCOON = 1;
export const TCIOFF = 2;
export const TCION = 3;
