/** /dev/fb0: linux/fb.h of Linux 6.12, laid out as on riscv64. */
import { _IOR, _IOW, _IOWR } from "./ioctl.ts";
import { array, chars, defineStruct, pointer, type StructValue, u16, u32, u64 } from "./struct.ts";

/** The character device's major number; the minor is the framebuffer's. */
export const FB_MAJOR = 29;

/** struct fb_bitfield: where a colour's bits are in a pixel. 12 bytes. */
export const fbBitfield = defineStruct({ offset: u32, length: u32, msb_right: u32 });
export type FbBitfield = StructValue<typeof fbBitfield>;

/** struct fb_fix_screeninfo: what the mode decides. 80 bytes; smem_len and line_length in bytes. */
export const fbFixScreeninfo = defineStruct({
  id: chars(16),
  smem_start: u64,
  smem_len: u32,
  type: u32,
  type_aux: u32,
  visual: u32,
  xpanstep: u16,
  ypanstep: u16,
  ywrapstep: u16,
  line_length: u32,
  mmio_start: u64,
  mmio_len: u32,
  accel: u32,
  capabilities: u16,
  reserved: array(u16, 2),
});
export type FbFixScreeninfo = StructValue<typeof fbFixScreeninfo>;

/** struct fb_var_screeninfo: the mode. 160 bytes; sizes in pixels, height and width in mm, pixclock in ps. */
export const fbVarScreeninfo = defineStruct({
  xres: u32,
  yres: u32,
  xres_virtual: u32,
  yres_virtual: u32,
  xoffset: u32,
  yoffset: u32,
  bits_per_pixel: u32,
  grayscale: u32,
  red: fbBitfield,
  green: fbBitfield,
  blue: fbBitfield,
  transp: fbBitfield,
  nonstd: u32,
  activate: u32,
  height: u32,
  width: u32,
  accel_flags: u32,
  pixclock: u32,
  left_margin: u32,
  right_margin: u32,
  upper_margin: u32,
  lower_margin: u32,
  hsync_len: u32,
  vsync_len: u32,
  sync: u32,
  vmode: u32,
  rotate: u32,
  colorspace: u32,
  reserved: array(u32, 4),
});
export type FbVarScreeninfo = StructValue<typeof fbVarScreeninfo>;

/** struct fb_cmap: pointers to `len` 16-bit values for each colour; transp may be NULL. 40 bytes. */
export const fbCmap = defineStruct({
  start: u32,
  len: u32,
  red: pointer,
  green: pointer,
  blue: pointer,
  transp: pointer,
});
export type FbCmap = StructValue<typeof fbCmap>;

/** struct fb_vblank: 32 bytes. */
export const fbVblank = defineStruct({ flags: u32, count: u32, vcount: u32, hcount: u32, reserved: array(u32, 4) });
export type FbVblank = StructValue<typeof fbVblank>;

/** struct fb_con2fbmap: 8 bytes. */
export const fbCon2fbmap = defineStruct({ console: u32, framebuffer: u32 });

export const FBIOGET_VSCREENINFO = 0x4600;
export const FBIOPUT_VSCREENINFO = 0x4601;
export const FBIOGET_FSCREENINFO = 0x4602;
export const FBIOGETCMAP = 0x4604;
export const FBIOPUTCMAP = 0x4605;
export const FBIOPAN_DISPLAY = 0x4606;
/** sizeof(struct fb_cursor) is 104. */
export const FBIO_CURSOR = _IOWR("F", 0x08, 104);
export const FBIOGET_CON2FBMAP = 0x460f;
export const FBIOPUT_CON2FBMAP = 0x4610;
export const FBIOBLANK = 0x4611;
export const FBIOGET_VBLANK = _IOR("F", 0x12, fbVblank.size);
export const FBIO_WAITFORVSYNC = _IOW("F", 0x20, 4);

/** fb_fix_screeninfo.type. */
export const FB_TYPE_PACKED_PIXELS = 0;
export const FB_TYPE_PLANES = 1;
export const FB_TYPE_INTERLEAVED_PLANES = 2;
export const FB_TYPE_TEXT = 3;
export const FB_TYPE_VGA_PLANES = 4;
export const FB_TYPE_FOURCC = 5;

/** fb_fix_screeninfo.visual. */
export const FB_VISUAL_MONO01 = 0;
export const FB_VISUAL_MONO10 = 1;
export const FB_VISUAL_TRUECOLOR = 2;
export const FB_VISUAL_PSEUDOCOLOR = 3;
export const FB_VISUAL_DIRECTCOLOR = 4;
export const FB_VISUAL_STATIC_PSEUDOCOLOR = 5;
export const FB_VISUAL_FOURCC = 6;

export const FB_ACCEL_NONE = 0;
export const FB_ACCELF_TEXT = 1;
export const FB_CAP_FOURCC = 1;

/** fb_var_screeninfo.activate. */
export const FB_ACTIVATE_NOW = 0;
export const FB_ACTIVATE_NXTOPEN = 1;
export const FB_ACTIVATE_TEST = 2;
export const FB_ACTIVATE_MASK = 15;
export const FB_ACTIVATE_VBL = 16;
export const FB_CHANGE_CMAP_VBL = 32;
export const FB_ACTIVATE_ALL = 64;
export const FB_ACTIVATE_FORCE = 128;
export const FB_ACTIVATE_INV_MODE = 256;
export const FB_ACTIVATE_KD_TEXT = 512;

/** fb_var_screeninfo.sync. */
export const FB_SYNC_HOR_HIGH_ACT = 1;
export const FB_SYNC_VERT_HIGH_ACT = 2;
export const FB_SYNC_EXT = 4;
export const FB_SYNC_COMP_HIGH_ACT = 8;
export const FB_SYNC_BROADCAST = 16;
export const FB_SYNC_ON_GREEN = 32;

/** fb_var_screeninfo.vmode. */
export const FB_VMODE_NONINTERLACED = 0;
export const FB_VMODE_INTERLACED = 1;
export const FB_VMODE_DOUBLE = 2;
export const FB_VMODE_ODD_FLD_FIRST = 4;
export const FB_VMODE_MASK = 255;
export const FB_VMODE_YWRAP = 256;
export const FB_VMODE_SMOOTH_XPAN = 512;
export const FB_VMODE_CONUPDATE = 512;

/** fb_var_screeninfo.rotate. */
export const FB_ROTATE_UR = 0;
export const FB_ROTATE_CW = 1;
export const FB_ROTATE_UD = 2;
export const FB_ROTATE_CCW = 3;

/** The argument of FBIOBLANK. */
export const FB_BLANK_UNBLANK = 0;
export const FB_BLANK_NORMAL = 1;
export const FB_BLANK_VSYNC_SUSPEND = 2;
export const FB_BLANK_HSYNC_SUSPEND = 3;
export const FB_BLANK_POWERDOWN = 4;

/** fb_vblank.flags. */
export const FB_VBLANK_VBLANKING = 0x001;
export const FB_VBLANK_HBLANKING = 0x002;
export const FB_VBLANK_HAVE_VBLANK = 0x004;
export const FB_VBLANK_HAVE_HBLANK = 0x008;
export const FB_VBLANK_HAVE_COUNT = 0x010;
export const FB_VBLANK_HAVE_VCOUNT = 0x020;
export const FB_VBLANK_HAVE_HCOUNT = 0x040;
export const FB_VBLANK_VSYNCING = 0x080;
export const FB_VBLANK_HAVE_VSYNC = 0x100;
