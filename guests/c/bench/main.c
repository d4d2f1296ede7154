/*
 * direct-vs-copied SCENE METHOD WIDTH HEIGHT: draws a frame for every four bytes that /dev/bench gives (src/bench), until
 * its end. WIDTH and HEIGHT are what the scene "sweep" touches, in pixels; the screen's mode is asked of /dev/fb0.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../draw/engine.h"
#include "../draw/framebuffer.h"
#include "method.h"

static int failed(const char *what) {
  perror(what);
  return 1;
}

static int number(const char *text) {
  int value = 0;
  for (; *text >= '0' && *text <= '9'; text++) value = 10 * value + (*text - '0');
  return value;
}

static Engine engine;

static void fillByEngine(struct Rectangle at, unsigned char byte) {
  engineFill(engine, at.x, at.y, at.width, at.height, byte * 0x01010101u);
}

static void moveByEngine(struct Rectangle from, int x, int y) {
  engineCopy(engine, x, y, from.x, from.y, from.width, from.height);
}

static const struct Accelerator accelerator = {fillByEngine, moveByEngine};

static int drawFrames(const struct Scene *scene, const struct Method *method, const struct Screen *screen) {
  int control = open("/dev/bench", O_RDONLY);
  if (control < 0) return failed("/dev/bench");
  scene->start(&screen->canvas);
  if (!method->direct && sendFrame(screen) < 0) return failed("pwrite");
  unsigned go;
  for (int n = 0; read(control, &go, sizeof go) == sizeof go; n++) {
    static struct Damage damage;
    damage.count = 0;
    scene->frame(&screen->canvas, n, &damage);
    if (method->send(screen, &damage) < 0) return failed("pwrite");
  }
  return 0;
}

int main(int argc, char **argv) {
  const struct Scene *scene = argc == 5 ? findScene(argv[1]) : NULL;
  const struct Method *method = argc == 5 ? findMethod(argv[2]) : NULL;
  if (scene == NULL || method == NULL) {
    dprintf(STDERR_FILENO, "usage: direct-vs-copied SCENE METHOD WIDTH HEIGHT\n");
    return 2;
  }
  sweepWidth = number(argv[3]);
  sweepHeight = number(argv[4]);
  static struct Framebuffer fb;
  if (openFramebuffer(&fb, true) < 0) return failed("/dev/fb0");
  struct Screen screen = {
      .fd = fb.fd,
      .map = fb.memory,
      .canvas =
          {
              .memory = fb.memory,
              .width = (int)fb.var.xres,
              .height = (int)fb.var.yres,
              .stride = (int)fb.fix.line_length,
              .bytesPerPixel = (int)fb.var.bits_per_pixel / 8,
          },
  };
  if (!method->direct) {
    size_t size = (size_t)screen.canvas.stride * (size_t)screen.canvas.height;
    screen.canvas.memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (screen.canvas.memory == MAP_FAILED) return failed("mmap");
  }
  if (method->accelerated) {
    engine = openEngine(&fb);
    if (engine == NULL) return failed("the engine's registers");
    screen.canvas.accelerator = &accelerator;
  }
  return drawFrames(scene, method, &screen);
}
