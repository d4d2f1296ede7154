/** poll(2), ppoll(2): asm-generic/poll.h. */
import { defineStruct, i16, i32, type StructValue } from "./struct.ts";

export const POLLIN = 0x1;
export const POLLPRI = 0x2;
export const POLLOUT = 0x4;
export const POLLERR = 0x8;
export const POLLHUP = 0x10;
export const POLLNVAL = 0x20;
export const POLLRDNORM = 0x40;
export const POLLRDBAND = 0x80;
export const POLLWRNORM = 0x100;
export const POLLWRBAND = 0x200;
export const POLLMSG = 0x400;
export const POLLREMOVE = 0x1000;
export const POLLRDHUP = 0x2000;

/** struct pollfd: 8 bytes. */
export const pollfd = defineStruct({ fd: i32, events: i16, revents: i16 });
export type Pollfd = StructValue<typeof pollfd>;
