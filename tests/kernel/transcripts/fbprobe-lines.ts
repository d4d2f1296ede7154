/** What fbprobe.ts has at hand: the C program's macros and what it keeps from one call to the next. */
import { errnoName } from "../../../abi/errno.ts";
import {
  FBIOPAN_DISPLAY,
  FBIOPUT_VSCREENINFO,
  type FbFixScreeninfo,
  type FbVarScreeninfo,
  fbVarScreeninfo,
} from "../../../abi/fb.ts";
import type { SignalInfo } from "../../../abi/program.ts";
import { SIGSEGV } from "../../../abi/signal.ts";
import type { Libc, MaySleep } from "../../../guests/libc.ts";

/** A signal handler that leaves by siglongjmp: what was interrupted never returns. */
export class Jump extends Error {
  readonly info: SignalInfo;
  constructor(info: SignalInfo) {
    super("siglongjmp");
    this.info = info;
  }
}

export class Probe {
  readonly c: Libc;
  fd = -1;
  /** What the card's ioctls work on: a struct fb_var_screeninfo, or another one. */
  readonly argument: number;
  v!: FbVarScreeninfo;
  f!: FbFixScreeninfo;
  buffer = 0;
  /** The mapping that is looked at. */
  m = 0;

  constructor(c: Libc) {
    this.c = c;
    this.argument = c.malloc(fbVarScreeninfo.size);
  }

  /** P(x): the expression and its value, or errno. */
  async P(label: string, x: () => MaySleep<number | boolean>): Promise<void> {
    this.c.errno = 0;
    const value = Number(await x());
    const text = value >= 0 ? String(value) : `-1 ${errnoName(this.c.errno) ?? "0"}`;
    await this.c.puts(`${label.padEnd(70)} = ${text}`);
  }

  /** F(x): the statement and "ok", or the signal that it earned. */
  async F(label: string, x: () => MaySleep<unknown>): Promise<void> {
    let text = "ok";
    try {
      await x();
    } catch (error) {
      if (!(error instanceof Jump)) throw error;
      const { signo, code, address } = error.info;
      text = `${signo === SIGSEGV ? "SIGSEGV" : "SIGBUS"} code=${code} addr=+0x${(address - this.m).toString(16)}`;
    }
    await this.c.puts(`${label.padEnd(70)} = ${text}`);
  }

  mmap(length: number, prot: number, flags: number, fd: number, offset: number): number {
    return this.c.mmap(0, length, prot, flags, fd, offset);
  }

  /** An ioctl on `value`: what is in its place afterwards. */
  async ioctlVar(command: number, label: string, value: FbVarScreeninfo): Promise<FbVarScreeninfo> {
    const { c, argument, fd } = this;
    c.user.write(argument, fbVarScreeninfo.encode(value));
    await this.P(label, () => c.ioctl(fd, command, argument));
    return fbVarScreeninfo.read(c.user.read(argument, fbVarScreeninfo.size));
  }

  async put(change: Partial<FbVarScreeninfo>): Promise<FbVarScreeninfo> {
    return await this.ioctlVar(FBIOPUT_VSCREENINFO, "ioctl(fd,FBIOPUT_VSCREENINFO,&v2)", { ...this.v, ...change });
  }

  async pan(change: Partial<FbVarScreeninfo>): Promise<FbVarScreeninfo> {
    return await this.ioctlVar(FBIOPAN_DISPLAY, "ioctl(fd,FBIOPAN_DISPLAY,&v2)", { ...this.v, ...change });
  }
}
