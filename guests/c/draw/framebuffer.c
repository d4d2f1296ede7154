#include "framebuffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static bool isKnown(const struct fb_var_screeninfo *var) {
  if (var->bits_per_pixel == 32) {
    return (var->red.offset == 16 && var->blue.offset == 0) || (var->red.offset == 0 && var->blue.offset == 16);
  }
  if (var->bits_per_pixel == 16) return var->red.offset == 11 && var->green.length == 6;
  return var->bits_per_pixel == 8;
}

static int describe(struct Framebuffer *fb, bool map) {
  if (ioctl(fb->fd, FBIOGET_VSCREENINFO, &fb->var) < 0 || ioctl(fb->fd, FBIOGET_FSCREENINFO, &fb->fix) < 0) return -1;
  if (!isKnown(&fb->var)) {
    errno = ENOTSUP;
    return -1;
  }
  fb->memory = NULL;
  if (!map) return 0;
  fb->memory = mmap(NULL, fb->fix.smem_len, PROT_READ | PROT_WRITE, MAP_SHARED, fb->fd, 0);
  return fb->memory == MAP_FAILED ? -1 : 0;
}

int openFramebuffer(struct Framebuffer *fb, bool map) {
  fb->fd = open("/dev/fb0", O_RDWR);
  if (fb->fd < 0) return -1;
  if (describe(fb, map) == 0) return 0;
  int error = errno;
  close(fb->fd);
  errno = error;
  return -1;
}
