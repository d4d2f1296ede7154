/** struct fb_info: one card's mode and colours, as fbdev keeps them, and the registers they go to (fbmem.c). */
import { EINVAL } from "../../abi/errno.ts";
import {
  FB_ACTIVATE_FORCE,
  FB_ACTIVATE_INV_MODE,
  FB_ACTIVATE_MASK,
  FB_ACTIVATE_NOW,
  FB_VISUAL_PSEUDOCOLOR,
  FB_VMODE_YWRAP,
  type FbFixScreeninfo,
  type FbVarScreeninfo,
  fbVarScreeninfo,
} from "../../abi/fb.ts";
import {
  PALETTE_COLOURS,
  REG_BLANK,
  REG_COMMIT,
  REG_FORMAT,
  REG_HEIGHT,
  REG_PALETTE,
  REG_START,
  REG_STATUS,
  REG_STRIDE,
  REG_VRAM_SIZE,
  REG_WIDTH,
  STATUS_MODE_REFUSED,
} from "../hardware/video-card-registers.ts";
import type { IoMemory, Kernel } from "./driver.ts";
import { type ColourMap, defaultCmap } from "./fb-cmap.ts";
import { checkVar, fixOf, formatOf, lineLength, startOf, varOf } from "./fb-mode.ts";
import { KERN_WARNING } from "./vm.ts";

const U32_MAX = 0xffff_ffff;

/** The members of struct fb_videomode that fb_mode_is_equal compares. */
const VIDEOMODE = [
  "xres",
  "yres",
  "pixclock",
  "hsync_len",
  "vsync_len",
  "left_margin",
  "right_margin",
  "upper_margin",
  "lower_margin",
  "sync",
  "vmode",
] as const;

export class FbInfo {
  var: FbVarScreeninfo;
  fix: FbFixScreeninfo;
  readonly cmap: ColourMap = defaultCmap();
  readonly #kernel: Kernel;
  readonly #registers: IoMemory;

  /** Takes over the mode that the card shows; panning and blanking start anew. */
  constructor(kernel: Kernel, registers: IoMemory) {
    this.#kernel = kernel;
    this.#registers = registers;
    const frame = {
      width: registers.readl(REG_WIDTH),
      height: registers.readl(REG_HEIGHT),
      stride: registers.readl(REG_STRIDE),
      format: registers.readl(REG_FORMAT),
      start: 0,
    };
    this.var = varOf(frame);
    this.fix = fixOf(frame.format, frame.stride, registers.readl(REG_VRAM_SIZE));
    registers.writel(0, REG_START);
    this.blank(false);
    this.#setCmap();
  }

  /** fb_set_var: rounds `v` to what can be shown and, with FB_ACTIVATE_NOW, shows it. 0 or -errno. */
  setVar(v: FbVarScreeninfo): number {
    // There is no list of modes to delete one from; the one in use would be refused.
    if (v.activate & FB_ACTIVATE_INV_MODE)
      return VIDEOMODE.every((field) => v[field] === this.var[field]) ? -EINVAL : 0;
    if (!(v.activate & FB_ACTIVATE_FORCE) && sameBytes(v, this.var)) return 0;
    if (v.xres < 8 || v.yres < 8) return -EINVAL;
    if (v.xres * v.yres > U32_MAX || v.xres_virtual * v.yres_virtual > U32_MAX) return -EINVAL;
    const error = checkVar(v, this.fix.smem_len);
    if (error < 0) return error;
    if ((v.activate & FB_ACTIVATE_MASK) !== FB_ACTIVATE_NOW) return 0;
    return this.#setPar(v);
  }

  /** fb_pan_display: only the offsets and FB_VMODE_YWRAP of `v` count. 0 or -EINVAL. */
  pan(v: FbVarScreeninfo): number {
    const { xres, yres, xres_virtual, yres_virtual } = this.var;
    // ywrapstep is 0: nothing wraps but an offset of 0.
    if (v.yoffset > 0 && v.vmode & FB_VMODE_YWRAP) return -EINVAL;
    if (v.yoffset > yres_virtual - yres || v.xoffset > xres_virtual - xres) return -EINVAL;
    this.var.xoffset = v.xoffset;
    this.var.yoffset = v.yoffset;
    this.var.vmode = v.vmode & FB_VMODE_YWRAP ? this.var.vmode | FB_VMODE_YWRAP : this.var.vmode & ~FB_VMODE_YWRAP;
    this.#registers.writel(startOf(this.var, this.fix.line_length, formatOf(this.var)), REG_START);
    return 0;
  }

  blank(on: boolean): void {
    this.#registers.writel(on ? 1 : 0, REG_BLANK);
  }

  /** fb_setcolreg: a colour of the map goes to the card when pixels are looked up there. */
  setColour(index: number): void {
    if (this.fix.visual !== FB_VISUAL_PSEUDOCOLOR) return;
    const { red, green, blue } = this.cmap;
    const colour = ((red[index]! >> 8) << 16) | ((green[index]! >> 8) << 8) | (blue[index]! >> 8);
    this.#registers.writel(colour, REG_PALETTE + index * 4);
  }

  /** fb_set_par, and what fb_set_var does after it. */
  #setPar(v: FbVarScreeninfo): number {
    const registers = this.#registers;
    const format = formatOf(v);
    const line = lineLength(v.xres_virtual, format);
    registers.writel(v.xres, REG_WIDTH);
    registers.writel(v.yres, REG_HEIGHT);
    registers.writel(line, REG_STRIDE);
    registers.writel(format, REG_FORMAT);
    registers.writel(startOf(v, line, format), REG_START);
    registers.writel(1, REG_COMMIT);
    if (registers.readl(REG_STATUS) & STATUS_MODE_REFUSED) {
      this.#kernel.printk(`${KERN_WARNING}detected fb_set_par error, error code: ${-EINVAL}\n`);
      return -EINVAL;
    }
    this.var = { ...v };
    this.fix = fixOf(format, line, this.fix.smem_len);
    this.#setCmap();
    return 0;
  }

  #setCmap(): void {
    for (let index = 0; index < PALETTE_COLOURS; index++) this.setColour(index);
  }
}

function sameBytes(one: FbVarScreeninfo, other: FbVarScreeninfo): boolean {
  const bytes = fbVarScreeninfo.encode(other);
  return fbVarScreeninfo.encode(one).every((byte, i) => byte === bytes[i]);
}
