/** /sys/class/graphics/fb0 (drivers/video/fbdev/core/fbsysfs.c of Linux 6.12): what can be read there. */
import type { SysfsDevice } from "./driver.ts";
import type { FbInfo } from "./fb-info.ts";

/** Vertical blanks a second, as a mode's name has them. */
const REFRESH = 60;

/** mode_string(): "U" for a mode that is in no standard's list, "p" for progressive. */
const modeText = ({ var: { xres, yres } }: FbInfo): string => `U:${xres}x${yres}p-${REFRESH}\n`;

export const fbSysfs = (info: FbInfo): SysfsDevice => ({
  class: "graphics",
  attributes: {
    bits_per_pixel: { show: () => `${info.var.bits_per_pixel}\n` },
    mode: { show: () => modeText(info) },
    modes: { show: () => modeText(info) },
    name: { show: () => `${info.fix.id}\n` },
    pan: { show: () => `${info.var.xoffset},${info.var.yoffset}\n` },
    rotate: { show: () => `${info.var.rotate}\n` },
    state: { show: () => "0\n" },
    stride: { show: () => `${info.fix.line_length}\n` },
    virtual_size: { show: () => `${info.var.xres_virtual},${info.var.yres_virtual}\n` },
  },
});
