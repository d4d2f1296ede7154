/** evdev: linux/input.h, laid out as on riscv64. The codes of events are in input-event-codes.ts. */
import { _IOR, _IOW } from "./ioctl.ts";
import { array, defineStruct, i32, type StructValue, u16, u32 } from "./struct.ts";
import { timeval } from "./time.ts";

/** Major of /dev/input/event0, whose minor is 64. */
export const INPUT_MAJOR = 13;
export const EVDEV_MINOR_BASE = 64;
/** Minor of /dev/input/mice. */
export const MOUSEDEV_MIX = 63;
export const EV_VERSION = 0x01_0001;

/** struct input_event: 24 bytes. */
export const inputEvent = defineStruct({ time: timeval, type: u16, code: u16, value: i32 });
export type InputEvent = StructValue<typeof inputEvent>;
/** struct input_id: 8 bytes. */
export const inputId = defineStruct({ bustype: u16, vendor: u16, product: u16, version: u16 });
/** struct input_absinfo: 24 bytes. */
export const inputAbsinfo = defineStruct({
  value: i32,
  minimum: i32,
  maximum: i32,
  fuzz: i32,
  flat: i32,
  resolution: i32,
});

export type InputAbsinfo = StructValue<typeof inputAbsinfo>;
/** EVIOCGREP, EVIOCSREP: delay and period in milliseconds (REP_DELAY, REP_PERIOD). */
export const repeatSettings = defineStruct({ values: array(u32, 2) });

export const EVIOCGVERSION = _IOR("E", 0x01, 4);
export const EVIOCGID = _IOR("E", 0x02, inputId.size);
export const EVIOCGREP = _IOR("E", 0x03, 8);
export const EVIOCSREP = _IOW("E", 0x03, 8);
export const EVIOCGNAME = (length: number): number => _IOR("E", 0x06, length);
export const EVIOCGPHYS = (length: number): number => _IOR("E", 0x07, length);
export const EVIOCGUNIQ = (length: number): number => _IOR("E", 0x08, length);
export const EVIOCGPROP = (length: number): number => _IOR("E", 0x09, length);
export const EVIOCGKEY = (length: number): number => _IOR("E", 0x18, length);
export const EVIOCGLED = (length: number): number => _IOR("E", 0x19, length);
export const EVIOCGSND = (length: number): number => _IOR("E", 0x1a, length);
export const EVIOCGSW = (length: number): number => _IOR("E", 0x1b, length);
export const EVIOCGBIT = (type: number, length: number): number => _IOR("E", 0x20 + type, length);
export const EVIOCGABS = (axis: number): number => _IOR("E", 0x40 + axis, inputAbsinfo.size);
export const EVIOCGRAB = _IOW("E", 0x90, 4);
export const EVIOCREVOKE = _IOW("E", 0x91, 4);
export const EVIOCSCLOCKID = _IOW("E", 0xa0, 4);

export const EV_SYN = 0x00;
export const EV_KEY = 0x01;
export const EV_REL = 0x02;
export const EV_ABS = 0x03;
export const EV_MSC = 0x04;
export const EV_SW = 0x05;
export const EV_LED = 0x11;
export const EV_SND = 0x12;
export const EV_REP = 0x14;
export const EV_FF = 0x15;
export const EV_MAX = 0x1f;
/** The last code of each type that is not in input-event-codes.ts. */
export const MSC_MAX = 7;
export const SND_MAX = 7;
export const FF_MAX = 0x7f;
export const BUS_VIRTUAL = 6;
export const SYN_REPORT = 0;
export const SYN_DROPPED = 3;
