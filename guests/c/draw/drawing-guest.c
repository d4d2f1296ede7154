/*
 * The main of a drawing program: opens /dev/fb0, draws frame after frame into it, and waits for the vertical retrace
 * after each.
 *
 *     direct:  pixels --stores--> the mapped video memory
 *     copied:  pixels --stores--> private memory --write(2)--> the video memory
 */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "drawing.h"
#include "framebuffer.h"
#include "options.h"

static struct PixelEncoder encoder;

/* perror, and the exit status. */
static int failed(const char *what) {
  perror(what);
  return 1;
}

/* Sends a frame to the start of the video memory; a write may take less than it is given. */
static bool writeFrame(int fd, const unsigned char *memory, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t count = pwrite(fd, memory + done, size - done, (off_t)done);
    if (count <= 0) return false;
    done += (size_t)count;
  }
  return true;
}

static int putPalette(int fd) {
  /* 16 bits a channel: 0xff is 0xffff. */
  static uint16_t red[MAX_PALETTE], green[MAX_PALETTE], blue[MAX_PALETTE];
  for (int i = 0; i < encoder.paletteLength; i++) {
    red[i] = (uint16_t)((encoder.palette[i] >> 16) * 0x101);
    green[i] = (uint16_t)(((encoder.palette[i] >> 8) & 0xff) * 0x101);
    blue[i] = (uint16_t)((encoder.palette[i] & 0xff) * 0x101);
  }
  struct fb_cmap cmap = {.len = (uint32_t)encoder.paletteLength, .red = red, .green = green, .blue = blue};
  return ioctl(fd, FBIOPUTCMAP, &cmap);
}

static int drawFrames(const struct Options *options) {
  struct Framebuffer fb;
  if (openFramebuffer(&fb, !options->copied) < 0) return failed("/dev/fb0");
  struct Surface surface = {
      .memory = fb.memory,
      .stride = (int)fb.fix.line_length,
      .bytesPerPixel = (int)fb.var.bits_per_pixel / 8,
      .width = (int)fb.var.xres,
      .height = (int)fb.var.yres,
  };
  size_t size = (size_t)fb.fix.line_length * fb.var.yres;
  if (options->copied) surface.memory = allocate(size);
  makePixelEncoder(&encoder, &fb.var, drawing.ramps, drawing.rampCount);
  if (encoder.paletteLength > 0 && putPalette(fb.fd) < 0) return failed("FBIOPUTCMAP");
  drawing.prepare(surface.width, surface.height);
  uint32_t crtc = 0;
  for (int frame = 0; frame < options->frames; frame++) {
    drawing.draw(&surface, &encoder, frame);
    if (options->copied && !writeFrame(fb.fd, surface.memory, size)) return failed("write");
    if (ioctl(fb.fd, FBIO_WAITFORVSYNC, &crtc) < 0) return failed("FBIO_WAITFORVSYNC");
  }
  close(fb.fd);
  return 0;
}

int main(int argc, char **argv) {
  struct Options options = {.frames = defaultFrames(drawing.frames)};
  if (!parseOptions(&options, drawing.name, argc > 0 ? argv + 1 : argv)) return 2;
  if (options.help) {
    printf("usage: %s [option ...]\n%s\n\n", drawing.name, drawing.summary);
    describeOptions(drawing.frames);
    return 0;
  }
  return drawFrames(&options);
}
