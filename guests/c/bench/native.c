/*
 * The same scenes and methods on the host, where a memfd stands for the video memory:
 *
 *     native SCENE METHOD WIDTH HEIGHT BYTES SWEEP_WIDTH SWEEP_HEIGHT SAMPLES BATCH
 *
 * prints nanoseconds a frame, SAMPLES lines, each of BATCH frames after a warm-up of as many.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "method.h"

static double nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static int drawBatch(const struct Scene *scene, const struct Method *method, const struct Screen *screen, int *n, int batch) {
  for (int i = 0; i < batch; i++) {
    static struct Damage damage;
    damage.count = 0;
    scene->frame(&screen->canvas, (*n)++, &damage);
    if (method->send(screen, &damage) < 0) return -1;
  }
  return 0;
}

int main(int argc, char **argv) {
  const struct Scene *scene = argc == 10 ? findScene(argv[1]) : NULL;
  const struct Method *method = argc == 10 ? findMethod(argv[2]) : NULL;
  if (scene == NULL || method == NULL) return 2;
  int bytes = atoi(argv[5]), samples = atoi(argv[8]), batch = atoi(argv[9]);
  struct Screen screen = {
      .canvas = {.width = atoi(argv[3]), .height = atoi(argv[4]), .stride = bytes * atoi(argv[3]), .bytesPerPixel = bytes}};
  sweepWidth = atoi(argv[6]);
  sweepHeight = atoi(argv[7]);
  size_t size = (size_t)screen.canvas.stride * (size_t)screen.canvas.height;
  screen.fd = memfd_create("video", 0);
  if (screen.fd < 0 || ftruncate(screen.fd, (off_t)size) < 0) return perror("memfd"), 1;
  screen.map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, screen.fd, 0);
  screen.canvas.memory =
      method->direct ? screen.map : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (screen.map == MAP_FAILED || screen.canvas.memory == MAP_FAILED) return perror("mmap"), 1;
  scene->start(&screen.canvas);
  if (!method->direct && sendFrame(&screen) < 0) return perror("pwrite"), 1;
  int n = 0;
  for (int i = -1; i < samples; i++) {
    double start = nanoseconds();
    if (drawBatch(scene, method, &screen, &n, batch) < 0) return perror("pwrite"), 1;
    if (i >= 0) printf("%.1f\n", (nanoseconds() - start) / batch);
  }
  return 0;
}
