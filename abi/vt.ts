/** Virtual terminals: linux/vt.h and linux/kd.h of Linux 6.12. The commands that every terminal has are in ioctl.ts. */
import { defineStruct, i16, type StructValue, u8, u16 } from "./struct.ts";

/** Major and first minors of /dev/tty0, the terminal that is shown, and /dev/tty1. */
export const TTY_MAJOR = 4;

export const KIOCSOUND = 0x4b2f;
export const KDMKTONE = 0x4b30;
export const KDGETLED = 0x4b31;
export const KDSETLED = 0x4b32;
export const KB_101 = 2;
/** KDGKBMODE, KDSKBMODE. */
export const K_RAW = 0;
export const K_XLATE = 1;
export const K_MEDIUMRAW = 2;
export const K_UNICODE = 3;
export const K_OFF = 4;
export const KDGKBLED = 0x4b64;
export const KDSKBLED = 0x4b65;
/** What KDGKBENT tells of a key that does nothing: K(KT_SPEC, 0). */
export const K_HOLE = 0x200;

export const VT_DISALLOCATE = 0x5608;
export const VT_AUTO = 0;
export const VT_PROCESS = 1;
export const VT_ACKACQ = 2;
export const MAX_NR_CONSOLES = 63;

/** struct vt_mode: 8 bytes. */
export const vtMode = defineStruct({ mode: u8, waitv: u8, relsig: i16, acqsig: i16, frsig: i16 });
export type VtMode = StructValue<typeof vtMode>;
/** struct vt_stat: 6 bytes. */
export const vtStat = defineStruct({ v_active: u16, v_signal: u16, v_state: u16 });
/** struct kbentry: 4 bytes. */
export const kbentry = defineStruct({ kb_table: u8, kb_index: u8, kb_value: u16 });
