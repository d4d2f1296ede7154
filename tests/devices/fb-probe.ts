/** /dev/fb0 as the C program fbprobe sees it: one open file, ioctls by their structs, results as strace prints them. */
import { errnoName } from "../../abi/errno.ts";
import {
  FBIOGET_FSCREENINFO,
  FBIOGET_VSCREENINFO,
  FBIOPAN_DISPLAY,
  FBIOPUT_VSCREENINFO,
  type FbFixScreeninfo,
  type FbVarScreeninfo,
  fbFixScreeninfo,
  fbVarScreeninfo,
} from "../../abi/fb.ts";
import { FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import type { FileOperations, ModuleInstance, VmArea } from "../../devices/drivers/driver.ts";
import { fb } from "../../devices/drivers/fb.ts";
import { PAGE_SIZE } from "../../devices/drivers/vm.ts";
import { FakeKernel, fbFile, USER } from "./fake-kernel.ts";

const MIB = 0x10_0000;

export class FbProbe {
  readonly fake: FakeKernel;
  readonly module: ModuleInstance;
  readonly position = { value: 0 };

  constructor(options: { vram?: number; width?: number; height?: number; format?: number } = {}) {
    const { vram = 4 * MIB, width = 640, height = 480, format = FORMAT_XRGB8888 } = options;
    this.fake = new FakeKernel(vram, { width, height, format });
    this.module = fb(this.fake.card).create(this.fake.kernel, {});
    const error = this.module.init();
    if (error < 0) throw new Error(`init: ${error}`);
  }

  get ops(): Required<FileOperations> {
    return this.fake.ops as Required<FileOperations>;
  }

  /** "0", "16", "-1 EINVAL". */
  ioctl(command: number, argument: number): string {
    return result(this.ops.ioctl(fbFile, command, argument));
  }

  getVar(): FbVarScreeninfo {
    if (this.ioctl(FBIOGET_VSCREENINFO, USER) !== "0") throw new Error("FBIOGET_VSCREENINFO");
    return fbVarScreeninfo.read(this.fake.user);
  }

  getFix(): FbFixScreeninfo {
    if (this.ioctl(FBIOGET_FSCREENINFO, USER) !== "0") throw new Error("FBIOGET_FSCREENINFO");
    return fbFixScreeninfo.read(this.fake.user);
  }

  /** The mode in use, changed; what the kernel wrote back is in `v`. */
  putVar(change: Partial<FbVarScreeninfo>): { result: string; v: FbVarScreeninfo } {
    return this.#withVar(FBIOPUT_VSCREENINFO, change);
  }

  pan(change: Partial<FbVarScreeninfo>): { result: string; v: FbVarScreeninfo } {
    return this.#withVar(FBIOPAN_DISPLAY, change);
  }

  lseek(offset: number): void {
    this.position.value = offset;
  }

  read(buffer: number, count: number): string {
    return result(this.ops.read(fbFile, buffer, count, this.position));
  }

  write(buffer: number, count: number): string {
    return result(this.ops.write(fbFile, buffer, count, this.position));
  }

  mmap(length: number, offset: number): string {
    const start = 0x3f_c000_0000;
    const end = start + Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
    const vma: VmArea = {
      start,
      end,
      pgoff: offset / PAGE_SIZE,
      pageProt: 0,
      flags: 0,
      file: fbFile,
      ops: null,
      privateData: null,
    };
    return result(this.ops.mmap(fbFile, vma));
  }

  #withVar(command: number, change: Partial<FbVarScreeninfo>): { result: string; v: FbVarScreeninfo } {
    fbVarScreeninfo.write(this.fake.user, 0, { ...this.getVar(), ...change });
    return { result: this.ioctl(command, USER), v: fbVarScreeninfo.read(this.fake.user) };
  }
}

const result = (value: number): string => (value < 0 ? `-1 ${errnoName(-value)}` : String(value));
