/** The ioctls of a virtual terminal (drivers/tty/vt/vt_ioctl.c of Linux 6.12; ioctl_console(2)). */
import { EBUSY, EFAULT, EINVAL, ENXIO } from "../../abi/errno.ts";
import {
  KD_GRAPHICS,
  KD_TEXT,
  KDGETMODE,
  KDGKBENT,
  KDGKBMODE,
  KDGKBTYPE,
  KDSETMODE,
  KDSKBENT,
  KDSKBMODE,
  VT_ACTIVATE,
  VT_GETMODE,
  VT_GETSTATE,
  VT_OPENQRY,
  VT_RELDISP,
  VT_SETMODE,
  VT_WAITACTIVE,
} from "../../abi/ioctl.ts";
import {
  K_HOLE,
  K_OFF,
  KB_101,
  KDGETLED,
  KDGKBLED,
  KDMKTONE,
  KDSETLED,
  KDSKBLED,
  KIOCSOUND,
  kbentry,
  MAX_NR_CONSOLES,
  VT_ACKACQ,
  VT_AUTO,
  VT_DISALLOCATE,
  VT_PROCESS,
  vtMode,
  vtStat,
} from "../../abi/vt.ts";
import type { Kernel } from "./driver.ts";
import type { VirtualTerminal } from "./vt.ts";
import { typed } from "./vt-keyboard.ts";

/** The only one. */
const NUMBER = 1;
/** KD_TEXT0 and KD_TEXT1: old names for text. */
const KD_TEXT1 = 3;
/** The lights are eight bits. */
const LED_MASK = 7;
const KT_LETTER = 11;
/** Tables of a keymap: Shift is bit 0, Ctrl bit 2. */
const SHIFT = 1;
const CONTROL = 4;

/** The result, or undefined for a command that virtual terminals do not know. */
export const vtIoctl = (kernel: Kernel, vt: VirtualTerminal, command: number, argument: number): number | undefined =>
  displayIoctl(kernel, vt, command, argument) ??
  keyboardIoctl(kernel, vt, command, argument) ??
  switchIoctl(kernel, vt, command, argument);

const put = (kernel: Kernel, argument: number, bytes: Uint8Array): number =>
  kernel.copyToUser(argument, bytes) === 0 ? 0 : -EFAULT;
const putInt = (kernel: Kernel, argument: number, value: number): number =>
  put(kernel, argument, new Uint8Array(new Int32Array([value]).buffer));

const displayIoctl = (kernel: Kernel, vt: VirtualTerminal, command: number, argument: number): number | undefined => {
  switch (command) {
    case KDGETMODE:
      return putInt(kernel, argument, vt.kdMode);
    case KDSETMODE:
      if (argument < KD_TEXT || argument > KD_TEXT1) return -EINVAL;
      vt.setKdMode(argument === KD_GRAPHICS ? KD_GRAPHICS : KD_TEXT);
      return 0;
    // There is no loudspeaker.
    case KDMKTONE:
    case KIOCSOUND:
      return 0;
    default:
      return undefined;
  }
};

const keyboardIoctl = (kernel: Kernel, vt: VirtualTerminal, command: number, argument: number): number | undefined => {
  switch (command) {
    case KDGKBTYPE:
      return put(kernel, argument, Uint8Array.of(KB_101));
    case KDGKBMODE:
      return putInt(kernel, argument, vt.keyboard.mode);
    case KDSKBMODE:
      if (argument < 0 || argument > K_OFF) return -EINVAL;
      vt.keyboard.mode = argument;
      return 0;
    case KDGKBENT:
    case KDSKBENT:
      return keymapEntry(kernel, vt, command, argument);
    // No key has switched a light on.
    case KDGETLED:
    case KDGKBLED:
      return put(kernel, argument, Uint8Array.of(0));
    case KDSETLED:
      return 0;
    case KDSKBLED:
      return (argument & ~(LED_MASK | (LED_MASK << 4))) !== 0 ? -EINVAL : 0;
    default:
      return undefined;
  }
};

const keymapEntry = (kernel: Kernel, vt: VirtualTerminal, command: number, argument: number): number => {
  const bytes = new Uint8Array(kbentry.size);
  if (kernel.copyFromUser(bytes, argument) !== 0) return -EFAULT;
  const entry = kbentry.read(bytes);
  const place = (entry.kb_table << 8) | entry.kb_index;
  if (command === KDSKBENT) {
    vt.keymap.set(place, entry.kb_value);
    return 0;
  }
  const kb_value = vt.keymap.get(place) ?? builtIn(entry.kb_table, entry.kb_index);
  return put(kernel, argument, kbentry.encode({ ...entry, kb_value }));
};

/** A key's entry in the US keymap: its type and character. */
const builtIn = (table: number, key: number): number => {
  if ((table & ~(SHIFT | CONTROL)) !== 0) return K_HOLE;
  const text = typed(key, (table & SHIFT) !== 0, (table & CONTROL) !== 0);
  if (text.length !== 1) return K_HOLE;
  return ((/[a-zA-Z]/.test(text) ? KT_LETTER : 0) << 8) | text.charCodeAt(0);
};

const switchIoctl = (kernel: Kernel, vt: VirtualTerminal, command: number, argument: number): number | undefined => {
  switch (command) {
    case VT_GETMODE:
      return put(kernel, argument, vtMode.encode(vt.mode));
    case VT_SETMODE: {
      const bytes = new Uint8Array(vtMode.size);
      if (kernel.copyFromUser(bytes, argument) !== 0) return -EFAULT;
      const mode = vtMode.read(bytes);
      if (mode.mode !== VT_AUTO && mode.mode !== VT_PROCESS) return -EINVAL;
      // "the frsig is ignored, so we set it to 0"
      vt.mode = { ...mode, frsig: 0 };
      return 0;
    }
    case VT_GETSTATE:
      // Bit 0, /dev/tty0, is always open.
      return put(kernel, argument, vtStat.encode({ v_active: NUMBER, v_state: 1 | (1 << NUMBER) }));
    // All are in use: there is no other one.
    case VT_OPENQRY:
      return putInt(kernel, argument, -1);
    case VT_ACTIVATE:
    case VT_WAITACTIVE:
      return argument === NUMBER ? 0 : -ENXIO;
    // No switch is under way that could be let go or refused.
    case VT_RELDISP:
      return vt.mode.mode === VT_PROCESS && argument === VT_ACKACQ ? 0 : -EINVAL;
    case VT_DISALLOCATE:
      if (argument < 0 || argument > MAX_NR_CONSOLES) return -ENXIO;
      return argument === NUMBER ? -EBUSY : 0;
    default:
      return undefined;
  }
};
