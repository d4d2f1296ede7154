/* /dev/fb0 as programs use it: open, ask for the mode, map the video memory. */
#pragma once

#include <linux/fb.h>
#include <stdbool.h>

struct Framebuffer {
  int fd;
  /* Where the video memory is mapped; NULL when it is not. */
  void *memory;
  struct fb_var_screeninfo var;
  struct fb_fix_screeninfo fix;
};

/* Opens and maps a framebuffer; -1 with errno when a call fails, ENOTSUP for a format that is none of xrgb8888,
   xbgr8888, rgb565, c8. */
int openFramebuffer(struct Framebuffer *fb, bool map);
