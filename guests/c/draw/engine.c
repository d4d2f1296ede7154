#include "engine.h"

#include <stddef.h>
#include <sys/mman.h>

#define PAGE 4096ul

Engine openEngine(const struct Framebuffer *fb) {
  unsigned long offset = (fb->fix.smem_len + PAGE - 1) & ~(PAGE - 1);
  void *page = mmap(NULL, fb->fix.mmio_len, PROT_READ | PROT_WRITE, MAP_SHARED, fb->fd, (off_t)offset);
  if (page == MAP_FAILED) return NULL;
  Engine engine = page;
  engineStore(engine, ENGINE_TARGET_BASE, 0);
  engineStore(engine, ENGINE_TARGET_PITCH, fb->fix.line_length);
  engineStore(engine, ENGINE_SOURCE_BASE, 0);
  engineStore(engine, ENGINE_SOURCE_PITCH, fb->fix.line_length);
  engineStore(engine, ENGINE_PIXEL_SIZE, fb->var.bits_per_pixel / 8);
  return engine;
}
