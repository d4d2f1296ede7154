/** A machine at whose serial terminal a test types and looks. */

import { TCGETS2, TCSETS2 } from "../../abi/ioctl.ts";
import { defineStruct, i32 } from "../../abi/struct.ts";
import { type Termios, termios2 } from "../../abi/termios.ts";
import { HostInput } from "../../devices/drivers/host-input.ts";
import { TtyPort } from "../../devices/drivers/tty-port.ts";
import type { Libc } from "../../guests/libc.ts";
import { Lab } from "../kernel/lab.ts";

export interface Terminal {
  readonly lab: Lab;
  readonly port: TtyPort;
  type(text: string | Uint8Array): void;
  /** What has been shown since the last time. */
  shown(): string;
}

export const bootTerminal = async (size = { columns: 80, rows: 24 }): Promise<Terminal> => {
  const input = new HostInput();
  const pieces: Uint8Array[] = [];
  const port = new TtyPort({ write: (bytes) => void pieces.push(bytes), size }, input);
  const lab = await Lab.boot({ terminal: port });
  return {
    lab,
    port,
    type: (text) => input.feed(text),
    shown: () => Buffer.concat(pieces.splice(0)).toString("utf8"),
  };
};

/** The argument of an ioctl that is a pointer to an int. */
export const int = defineStruct({ value: i32 });

export const settingsOf = (c: Libc): Termios => c.ioctlStruct(0, TCGETS2, termios2) as Termios;

export const set = (c: Libc, change: Partial<Termios>): void => {
  if (c.ioctlStruct(0, TCSETS2, termios2, { ...settingsOf(c), ...change }) === -1) throw new Error("TCSETS2 failed");
};

/** c_lflag and c_cc for reads that wait for `min` bytes and `time` tenths of a second. */
export const setRaw = (c: Libc, min: number, time: number): void => {
  const c_cc = settingsOf(c).c_cc.map((value, i) => (i === 6 ? min : i === 5 ? time : value));
  set(c, { c_lflag: 0, c_iflag: 0, c_oflag: 0, c_cc });
};

/** What a read gives, as text, or -1. */
export const readText = async (c: Libc, fd = 0, count = 100): Promise<string | -1> => {
  const bytes = await c.readBytes(fd, count);
  return bytes === -1 ? -1 : new TextDecoder().decode(bytes);
};
