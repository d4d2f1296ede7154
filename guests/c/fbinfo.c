/* fbinfo [DEVICE]: prints what a framebuffer says of itself, a field a line, by the names of linux/fb.h. */
#include <fcntl.h>
#include <linux/fb.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void number(const char *name, unsigned long value) {
  printf("%-14s %lu\n", name, value);
}

static void channel(const char *name, const struct fb_bitfield *bits) {
  printf("%-14s offset %u length %u msb_right %u\n", name, bits->offset, bits->length, bits->msb_right);
}

static void printFix(const struct fb_fix_screeninfo *fix) {
  printf("%-14s %.16s\n", "id", fix->id);
  printf("%-14s 0x%lx\n", "smem_start", fix->smem_start);
  number("smem_len", fix->smem_len);
  number("type", fix->type);
  number("type_aux", fix->type_aux);
  number("visual", fix->visual);
  number("xpanstep", fix->xpanstep);
  number("ypanstep", fix->ypanstep);
  number("ywrapstep", fix->ywrapstep);
  number("line_length", fix->line_length);
  printf("%-14s 0x%lx\n", "mmio_start", fix->mmio_start);
  number("mmio_len", fix->mmio_len);
  number("accel", fix->accel);
  number("capabilities", fix->capabilities);
}

static void printVar(const struct fb_var_screeninfo *var) {
  number("xres", var->xres);
  number("yres", var->yres);
  number("xres_virtual", var->xres_virtual);
  number("yres_virtual", var->yres_virtual);
  number("xoffset", var->xoffset);
  number("yoffset", var->yoffset);
  number("bits_per_pixel", var->bits_per_pixel);
  number("grayscale", var->grayscale);
  channel("red", &var->red);
  channel("green", &var->green);
  channel("blue", &var->blue);
  channel("transp", &var->transp);
  number("nonstd", var->nonstd);
  number("activate", var->activate);
  number("height", var->height);
  number("width", var->width);
  number("accel_flags", var->accel_flags);
  number("pixclock", var->pixclock);
  number("left_margin", var->left_margin);
  number("right_margin", var->right_margin);
  number("upper_margin", var->upper_margin);
  number("lower_margin", var->lower_margin);
  number("hsync_len", var->hsync_len);
  number("vsync_len", var->vsync_len);
  number("sync", var->sync);
  number("vmode", var->vmode);
  number("rotate", var->rotate);
  number("colorspace", var->colorspace);
}

int main(int argc, char **argv) {
  const char *path = argc > 1 ? argv[1] : "/dev/fb0";
  struct fb_fix_screeninfo fix;
  struct fb_var_screeninfo var;
  int fd = open(path, O_RDONLY);
  if (fd < 0 || ioctl(fd, FBIOGET_FSCREENINFO, &fix) < 0 || ioctl(fd, FBIOGET_VSCREENINFO, &var) < 0) {
    perror(path);
    return 1;
  }
  printFix(&fix);
  printVar(&var);
  return 0;
}
