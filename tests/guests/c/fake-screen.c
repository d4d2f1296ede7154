/*
 * A video card behind /dev/fb0 for a drawing program that runs where there is none: the linker leads its system calls
 * here. Standard output gets three bytes for each entry of a palette that is put, and the visible bytes of each frame
 * that is waited for. The environment says what the screen is like:
 *
 *     SCREEN_WIDTH, SCREEN_HEIGHT, SCREEN_FORMAT (xrgb8888, xbgr8888, rgb565, c8), SCREEN_FAILS (open, mmap, pwrite)
 */
#include <errno.h>
#include <linux/fb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FB 100
/* A line is longer than its pixels. */
#define GAP 16
/* The most that one write takes. */
#define WRITE_LIMIT 5000

#define ENOENT 2
#define EIO 5
#define ENODEV 19
#define ENOTTY 25

void *__real_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);

static unsigned char *video;

static int numberOf(const char *name) {
  int number = 0;
  for (const char *digit = getenv(name); *digit; digit++) number = 10 * number + (*digit - '0');
  return number;
}

static bool fails(const char *call) {
  const char *failing = getenv("SCREEN_FAILS");
  return failing && strcmp(failing, call) == 0;
}

static bool isFormat(const char *name) {
  return strcmp(getenv("SCREEN_FORMAT"), name) == 0;
}

static int pixelSize(void) {
  return isFormat("c8") ? 1 : isFormat("rgb565") ? 2 : 4;
}

static int lineSize(void) {
  return numberOf("SCREEN_WIDTH") * pixelSize();
}

static size_t videoSize(void) {
  size_t size = (size_t)(lineSize() + GAP) * (size_t)numberOf("SCREEN_HEIGHT");
  return (size + 4095) & ~(size_t)4095;
}

static int failWith(int error) {
  errno = error;
  return -1;
}

int __wrap_open(const char *path, int flags) {
  (void)flags;
  if (fails("open") || strcmp(path, "/dev/fb0") != 0) return failWith(ENOENT);
  video = __real_mmap(NULL, videoSize(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return FB;
}

void *__wrap_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  if (fd != FB) return __real_mmap(address, length, protection, flags, fd, offset);
  if (!fails("mmap") && length == videoSize() && flags == MAP_SHARED && offset == 0) return video;
  errno = ENODEV;
  return MAP_FAILED;
}

ssize_t __wrap_pwrite(int fd, const void *buffer, size_t count, off_t offset) {
  if (fails("pwrite") || fd != FB || (size_t)offset + count > videoSize()) return failWith(EIO);
  if (count > WRITE_LIMIT) count = WRITE_LIMIT;
  memcpy(video + offset, buffer, count);
  return (ssize_t)count;
}

static void getVar(struct fb_var_screeninfo *var) {
  memset(var, 0, sizeof *var);
  var->xres = (uint32_t)numberOf("SCREEN_WIDTH");
  var->yres = (uint32_t)numberOf("SCREEN_HEIGHT");
  var->bits_per_pixel = (uint32_t)(8 * pixelSize());
  var->red.length = var->green.length = var->blue.length = 8;
  if (isFormat("xrgb8888")) var->red.offset = 16;
  if (isFormat("xbgr8888")) var->blue.offset = 16;
  if (pixelSize() == 4) var->green.offset = 8;
  if (isFormat("rgb565")) {
    var->red.offset = 11;
    var->red.length = var->blue.length = 5;
    var->green.offset = 5;
    var->green.length = 6;
  }
}

static void putPalette(const struct fb_cmap *cmap) {
  for (uint32_t i = 0; i < cmap->len; i++) {
    unsigned char entry[] = {cmap->red[i] >> 8, cmap->green[i] >> 8, cmap->blue[i] >> 8};
    write(STDOUT_FILENO, entry, sizeof entry);
  }
}

int __wrap_ioctl(int fd, unsigned long request, void *argument) {
  if (fd != FB) return failWith(ENOTTY);
  if (request == FBIOGET_VSCREENINFO) {
    getVar(argument);
  } else if (request == FBIOGET_FSCREENINFO) {
    struct fb_fix_screeninfo *fix = argument;
    memset(fix, 0, sizeof *fix);
    strcpy(fix->id, "fake");
    fix->smem_start = 0x40000000;
    fix->smem_len = (uint32_t)videoSize();
    fix->line_length = (uint32_t)(lineSize() + GAP);
  } else if (request == FBIOPUTCMAP) {
    putPalette(argument);
  } else if (request == FBIO_WAITFORVSYNC) {
    for (int y = 0; y < numberOf("SCREEN_HEIGHT"); y++) {
      write(STDOUT_FILENO, video + y * (lineSize() + GAP), (size_t)lineSize());
    }
  } else {
    return failWith(ENOTTY);
  }
  return 0;
}
