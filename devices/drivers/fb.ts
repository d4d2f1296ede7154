/**
 * /dev/fb0: Linux's fbdev interface to the video card (drivers/video/fbdev/core of Linux 6.12, fb_chrdev.c, fbmem.c,
 * fb_io_fops.c). Video memory is mapped straight into programs: nothing is copied and no page faults.
 *
 *   mmap offset 0 … smem_len                 video memory
 *               behind it                    the card's register page (mmio_start), unless var.accel_flags is set
 *   read, write  at the file position        video memory, page by page from and to the program's own
 *
 * Not modelled: FBIO{GET,PUT}_CON2FBMAP do nothing (there is one framebuffer and at most one console), FB_EVENT
 * notifiers, writing to sysfs.
 * FBIO_WAITFORVSYNC does not read its argument, as DRM's does not: there is one CRTC.
 */
import { EFAULT, EFBIG, EINVAL, ENODEV, ENOSPC, ENOTTY } from "../../abi/errno.ts";
import {
  FB_ACTIVATE_KD_TEXT,
  FB_BLANK_POWERDOWN,
  FB_BLANK_UNBLANK,
  FB_MAJOR,
  FBIO_CURSOR,
  FBIO_WAITFORVSYNC,
  FBIOBLANK,
  FBIOGET_CON2FBMAP,
  FBIOGET_FSCREENINFO,
  FBIOGET_VSCREENINFO,
  FBIOGETCMAP,
  FBIOPAN_DISPLAY,
  FBIOPUT_CON2FBMAP,
  FBIOPUT_VSCREENINFO,
  FBIOPUTCMAP,
  type FbVarScreeninfo,
  fbFixScreeninfo,
  fbVarScreeninfo,
} from "../../abi/fb.ts";
import { VIDEO_CARD_BASE, VIDEO_CARD_SIZE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { REG_ID, REG_ID_VALUE, REG_VERSION, REG_VERSION_VALUE } from "../hardware/video-card-registers.ts";
import type { Cdev, FileOperations, Kernel, Module, Position, VmArea } from "./driver.ts";
import { getCmap, putCmap } from "./fb-cmap.ts";
import { FbInfo } from "./fb-info.ts";
import { fbSysfs } from "./fb-sysfs.ts";
import { type VblankInterrupt, VblankWait } from "./fb-vblank.ts";
import { KERN_INFO, MINOR, MKDEV, PAGE_ALIGN, PAGE_SIZE } from "./vm.ts";

/** register_chrdev takes all minors of the major; only number 0 has a card. */
const MINORS = 256;
const DEV = MKDEV(FB_MAJOR, 0);

/** A console that is shown on the framebuffer (fbcon). */
export interface FbConsole {
  attach(kernel: Kernel, info: FbInfo): void;
  detach(): void;
  /** FBIOPUT_VSCREENINFO has set a mode. */
  modeChanged(info: FbInfo): void;
}

/** The driver of one card. `interrupt` is the card's: it tells of vertical blanks. */
export const fb = (interrupt: VblankInterrupt, console?: FbConsole): Module => ({
  name: "fb",

  create(kernel) {
    const vblank = new VblankWait(kernel, interrupt);
    let cdev: Cdev;

    const init = (): number => {
      const registers = kernel.ioremap(VIDEO_CARD_BASE, VIDEO_CARD_SIZE);
      const found = registers.readl(REG_ID) === REG_ID_VALUE && registers.readl(REG_VERSION) === REG_VERSION_VALUE;
      if (!found) return -ENODEV;
      const info = new FbInfo(kernel, registers);
      let error = kernel.registerChrdevRegion(DEV, MINORS, "fb");
      if (error < 0) return error;
      cdev = kernel.cdevInit(fileOperations(kernel, info, vblank, console));
      error = kernel.cdevAdd(cdev, DEV, MINORS);
      if (error < 0) {
        kernel.unregisterChrdevRegion(DEV, MINORS);
        return error;
      }
      kernel.deviceCreate("fb0", DEV, 0o600, fbSysfs(info));
      kernel.printk(`${KERN_INFO}fb0: ${info.fix.id} frame buffer device\n`);
      console?.attach(kernel, info);
      return 0;
    };

    const exit = (): void => {
      console?.detach();
      kernel.deviceDestroy(DEV);
      kernel.cdevDel(cdev);
      kernel.unregisterChrdevRegion(DEV, MINORS);
      vblank.stop();
    };

    return { init, exit };
  },
});

/** fb_fops. No llseek: default_llseek knows that the inode's size is 0. No fsync: MS_SYNC on a mapping is EINVAL. */
const fileOperations = (
  kernel: Kernel,
  info: FbInfo,
  vblank: VblankWait,
  console: FbConsole | undefined,
): FileOperations => ({
  open: (inode) => (MINOR(inode.rdev) === 0 ? 0 : -ENODEV),
  read: (_file, buffer, count, position) => read(kernel, info, buffer, count, position),
  write: (_file, buffer, count, position) => write(kernel, info, buffer, count, position),
  ioctl(_file, command, argument) {
    const result = ioctl(kernel, info, vblank, command >>> 0, argument);
    if (result === 0 && command >>> 0 === FBIOPUT_VSCREENINFO) console?.modeChanged(info);
    return result;
  },
  mmap: (_file, vma) => mmap(kernel, info, vma),
});

/** fb_io_read. */
const read = (kernel: Kernel, info: FbInfo, buffer: number, count: number, position: Position): number => {
  const length = Math.min(count, info.fix.smem_len - position.value);
  if (length <= 0) return 0;
  const copied = length - kernel.copyPhysicalToUser(buffer, VRAM_BASE + position.value, length);
  position.value += copied;
  return copied > 0 ? copied : -EFAULT;
};

/** fb_io_write: what does not fit is left out, and is an error only when nothing fits. */
const write = (kernel: Kernel, info: FbInfo, buffer: number, count: number, position: Position): number => {
  const size = info.fix.smem_len;
  if (position.value > size) return -EFBIG;
  const length = Math.min(count, size - position.value);
  if (length === 0) return count > size ? -EFBIG : count > 0 ? -ENOSPC : 0;
  const copied = length - kernel.copyFromUserToPhysical(VRAM_BASE + position.value, buffer, length);
  position.value += copied;
  return copied > 0 ? copied : -EFAULT;
};

/** fb_io_mmap. */
const mmap = (kernel: Kernel, info: FbInfo, vma: VmArea): number => {
  const mmioPgoff = PAGE_ALIGN(info.fix.smem_len) / PAGE_SIZE;
  if (vma.pgoff < mmioPgoff) return kernel.vmIomapMemory(vma, VRAM_BASE, info.fix.smem_len);
  const first = vma.pgoff - mmioPgoff;
  const length = vma.end - vma.start;
  if (info.var.accel_flags !== 0 || first * PAGE_SIZE + length > info.fix.mmio_len) return -EINVAL;
  return kernel.remapPfnRange(vma, vma.start, VIDEO_CARD_BASE / PAGE_SIZE + first, length, vma.pageProt);
};

/** do_fb_ioctl. */
const ioctl = (kernel: Kernel, info: FbInfo, vblank: VblankWait, command: number, argument: number): number => {
  switch (command) {
    case FBIOGET_VSCREENINFO:
      return toUser(kernel, argument, fbVarScreeninfo.encode(info.var));
    case FBIOPUT_VSCREENINFO:
      return withVar(kernel, argument, (v) => {
        v.activate &= ~FB_ACTIVATE_KD_TEXT;
        return info.setVar(v);
      });
    case FBIOGET_FSCREENINFO:
      return toUser(kernel, argument, fbFixScreeninfo.encode(info.fix));
    case FBIOPUTCMAP:
      return putCmap(kernel, info.cmap, argument, (index) => info.setColour(index));
    case FBIOGETCMAP:
      return getCmap(kernel, info.cmap, argument);
    case FBIOPAN_DISPLAY:
      return withVar(kernel, argument, (v) => info.pan(v));
    case FBIO_CURSOR:
      return -EINVAL;
    case FBIOGET_CON2FBMAP:
    case FBIOPUT_CON2FBMAP:
      return 0;
    case FBIOBLANK:
      if (argument < 0 || argument > FB_BLANK_POWERDOWN) return -EINVAL;
      info.blank(argument !== FB_BLANK_UNBLANK);
      return 0;
    case FBIO_WAITFORVSYNC:
      return vblank.wait();
    default:
      return -ENOTTY;
  }
};

const toUser = (kernel: Kernel, argument: number, bytes: Uint8Array): number =>
  kernel.copyToUser(argument, bytes) === 0 ? 0 : -EFAULT;

/** Reads a struct fb_var_screeninfo, works on it, and writes it back when that went well. */
const withVar = (kernel: Kernel, argument: number, work: (v: FbVarScreeninfo) => number): number => {
  const bytes = new Uint8Array(fbVarScreeninfo.size);
  if (kernel.copyFromUser(bytes, argument) !== 0) return -EFAULT;
  const v = fbVarScreeninfo.read(bytes);
  const result = work(v);
  return result < 0 ? result : toUser(kernel, argument, fbVarScreeninfo.encode(v));
};
