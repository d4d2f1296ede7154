/* What /dev/fb0 answers: the statements whose results two framebuffers of a real Linux printed. */
#define WIDTH "70"
#define BASE ""
#include "probe.h"

#include <fcntl.h>
#include <linux/fb.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int fd;
static struct fb_var_screeninfo v, v2;
static struct fb_fix_screeninfo f;
/* Bytes of video memory, and those of its pages. */
static size_t L, LA;
static char *buf;

/* A small text file of /proc. */
static const char *textOf(const char *path) {
  static char text[0x8000];
  int proc = open(path, O_RDONLY);
  size_t length = 0;
  for (ssize_t count = 1; count > 0 && length < sizeof text - 1; length += (size_t)count) {
    count = read(proc, text + length, sizeof text - 1 - length);
    if (count < 0) break;
  }
  text[length] = '\0';
  close(proc);
  return text;
}

/* The lines that name the device, and the flags of the first. */
static void printMaps(void) {
  char line[512];
  const char *text = textOf("/proc/self/maps");
  for (const char *end; (end = strstr(text, "\n")); text = end + 1) {
    size_t length = (size_t)(end - text);
    memcpy(line, text, length);
    line[length] = '\0';
    if (strstr(line, "fb0")) printf(" maps: %s\n", line);
  }
  const char *flags = strstr(strstr(textOf("/proc/self/smaps"), "fb0"), "VmFlags");
  printf(" ");
  write(STDOUT_FILENO, flags, (size_t)(strstr(flags, "\n") + 1 - flags));
}

static void describing(void) {
  catchFaults();
  fd = open("/dev/fb0", O_RDWR);
  P(fd);

  printf("sizeof fix=%zu var=%zu cmap=%zu vblank=%zu off smem_start=%zu smem_len=%zu line_length=%zu mmio_start=%zu mmio_len=%zu accel=%zu\n", sizeof f, sizeof v, sizeof(struct fb_cmap), sizeof(struct fb_vblank), offsetof(struct fb_fix_screeninfo, smem_start), offsetof(struct fb_fix_screeninfo, smem_len), offsetof(struct fb_fix_screeninfo, line_length), offsetof(struct fb_fix_screeninfo, mmio_start), offsetof(struct fb_fix_screeninfo, mmio_len), offsetof(struct fb_fix_screeninfo, accel));

  P(ioctl(fd,FBIOGET_VSCREENINFO,&v));
  P(ioctl(fd,FBIOGET_FSCREENINFO,&f));

  printf("var %ux%u virt %ux%u bpp %u r%u/%u g%u/%u b%u/%u t%u/%u activate %u\n", v.xres, v.yres, v.xres_virtual, v.yres_virtual, v.bits_per_pixel, v.red.offset, v.red.length, v.green.offset, v.green.length, v.blue.offset, v.blue.length, v.transp.offset, v.transp.length, v.activate);

  printf("fix id=%s smem_start=%lx len=%u line=%u xpan %u ypan %u ywrap %u mmio %lx/%u accel %u cap %u visual %u\n", f.id, f.smem_start, f.smem_len, f.line_length, f.xpanstep, f.ypanstep, f.ywrapstep, f.mmio_start, f.mmio_len, f.accel, f.capabilities, f.visual);
}

static void refusing(void) {
  P(ioctl(fd,FBIOGET_VSCREENINFO,0));
  P(ioctl(fd,FBIOGET_FSCREENINFO,(void*)8));
  P(ioctl(fd,FBIOPUT_VSCREENINFO,0));

  P(ioctl(fd,FBIO_WAITFORVSYNC,&(unsigned){0}));
  P(ioctl(fd,FBIOGET_VBLANK,&(struct fb_vblank){0}));
  P(ioctl(fd,FBIO_CURSOR,0));
  P(ioctl(fd,0x46ff,0));
  P(ioctl(fd,0x5401,0));
  P(isatty(fd));

  P(ioctl(fd,FBIOBLANK,5));
  P(ioctl(fd,FBIOBLANK,FB_BLANK_UNBLANK));
  P(ioctl(fd,FBIOBLANK,FB_BLANK_POWERDOWN));
  P(ioctl(fd,FBIOBLANK,0));
}

static void changingMode(void) {
  v2 = v;
  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v2));

  v2 = v;
  v2.bits_per_pixel = 16;
  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v2));
  printf(" -> bpp %u %ux%u\n", v2.bits_per_pixel, v2.xres, v2.yres);

  v2 = v;
  v2.bits_per_pixel = 33;
  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v2));

  v2 = v;
  v2.xres = v2.yres = 0;
  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v2));
  printf(" -> bpp %u %ux%u\n", v2.bits_per_pixel, v2.xres, v2.yres);

  v2 = v;
  v2.xres = 640;
  v2.yres = 480;
  v2.xres_virtual = 640;
  v2.yres_virtual = 480;
  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v2));
  printf(" -> bpp %u %ux%u virt %ux%u\n", v2.bits_per_pixel, v2.xres, v2.yres, v2.xres_virtual, v2.yres_virtual);

  v2 = v;
  v2.xres = 100000;
  v2.yres = 100000;
  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v2));

  v2 = v;
  v2.yres_virtual = v.yres*2;
  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v2));
  printf(" -> virt %ux%u\n", v2.xres_virtual, v2.yres_virtual);

  v2 = v;
  v2.activate = FB_ACTIVATE_TEST;
  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v2));

  P(ioctl(fd,FBIOPUT_VSCREENINFO,&v));
}

static void panning(void) {
  v2 = v;
  v2.yoffset = 0;
  P(ioctl(fd,FBIOPAN_DISPLAY,&v2));
  v2.yoffset = 1;
  P(ioctl(fd,FBIOPAN_DISPLAY,&v2));
  v2 = v;
  v2.xoffset = 1;
  P(ioctl(fd,FBIOPAN_DISPLAY,&v2));
  v2 = v;
  v2.yoffset = 100000;
  P(ioctl(fd,FBIOPAN_DISPLAY,&v2));
  v2 = v;
  v2.vmode |= FB_VMODE_YWRAP;
  v2.yoffset = 1;
  P(ioctl(fd,FBIOPAN_DISPLAY,&v2));
  P(ioctl(fd,FBIOPAN_DISPLAY,0));
}

static void colours(void) {
  unsigned short r[300] = {0}, g[300] = {0}, b[300] = {0};
  struct fb_cmap c = {0, 16, r, g, b, 0};

  P(ioctl(fd,FBIOGETCMAP,&c));
  c.len = 256;
  P(ioctl(fd,FBIOGETCMAP,&c));
  printf(" cmap[1]=%x %x %x [15]=%x [255]=%x\n", r[1], g[1], b[1], r[15], r[255]);
  c.start = 256;
  c.len = 1;
  P(ioctl(fd,FBIOGETCMAP,&c));
  c.start = 0;
  c.len = 0;
  P(ioctl(fd,FBIOGETCMAP,&c));
  c.len = 0x80000001u;
  P(ioctl(fd,FBIOPUTCMAP,&c));
  c.len = 16;
  P(ioctl(fd,FBIOPUTCMAP,&c));
  c.len = 16;
  c.red = (void*)8;
  P(ioctl(fd,FBIOPUTCMAP,&c));
  P(ioctl(fd,FBIOGETCMAP,&c));
}

static void readingAndWriting(void) {
  L = f.smem_len;
  buf = mmap(0, L+8192, 3, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

  P(lseek(fd,0,SEEK_END));
  P(lseek(fd,L,SEEK_SET));
  P(read(fd,buf,16));
  P(write(fd,buf,16));
  P(write(fd,buf,0));
  P(lseek(fd,L-8,SEEK_SET));
  P(write(fd,buf,16));
  P(lseek(fd,0,SEEK_CUR));
  P(lseek(fd,L-8,SEEK_SET));
  P(read(fd,buf,16));
  P(lseek(fd,L+1,SEEK_SET));
  P(read(fd,buf,1));
  P(write(fd,buf,1));
  P(lseek(fd,0,SEEK_SET));
  P(write(fd,buf,L+4096));
  P(lseek(fd,0,SEEK_CUR));
  P(lseek(fd,0,SEEK_SET));
  P(read(fd,buf,L+4096));
  P(pwrite(fd,buf,4,4));
  P(pwrite(fd,buf,L+1,L));
  P(pread(fd,buf,4,4));
  P(lseek(fd,-1,SEEK_SET));
  P(write(fd,(void*)8,16));
  P(read(fd,(void*)8,16));
  P(ftruncate(fd,100));
  P(fsync(fd));

  struct stat st;
  P(fstat(fd,&st));
  printf(" mode %o rdev %x size %ld blksize %ld\n", st.st_mode, (unsigned)st.st_rdev, (long)st.st_size, (long)st.st_blksize);
}

static void mapping(void) {
  LA = (L+PG-1)&~(PG-1);

  P(mmap(0,L,3,MAP_SHARED,fd,0)>0);
  m = mmap(0, L, 3, MAP_SHARED, fd, 0);
  F(m[0]=1);
  F(m[L-1]=1);

  {
    unsigned char t;
    P(pread(fd,&t,1,0));
    printf(" store->read %u; ", t);
    t = 77;
    pwrite(fd, &t, 1, 1);
    printf("write->load %u\n", (unsigned char)m[1]);
  }

  printMaps();
}

static void advising(void) {
  P(msync(m,PG,MS_SYNC));
  P(msync(m,PG,MS_ASYNC));
  unsigned char vec[2];
  P(mincore(m,PG,vec));
  printf(" vec %u\n", vec[0]);

  P(madvise(m,PG,MADV_DONTNEED));
  F(printf("%d ",m[1]));
  P(madvise(m,PG,MADV_FREE));
  P(madvise(m,PG,MADV_WILLNEED));
  P(madvise(m,PG,MADV_DONTFORK));
  P(madvise(m,PG,MADV_DOFORK));
  P(madvise(m,PG,MADV_REMOVE));
  P(madvise(m,PG,MADV_POPULATE_WRITE));
  P(madvise(m,PG,MADV_WIPEONFORK));
  P(mlock(m,PG));
  P(munlock(m,PG));

  P(mprotect(m,PG,PROT_READ));
  F(m[8]=1);
  F(m[PG]=1);
  P(mprotect(m,PG,3));
  P(mprotect(m,PG,7));
}

static void remapping(void) {
  P((long)mremap(m,LA,LA+PG,MREMAP_MAYMOVE)>0?1:-1);
  P((long)mremap(m,LA,LA-PG,0)>0?1:-1);
  F(m[LA-PG]=1);

  P(munmap(m+PG,PG));
  F(m[PG]=1);
  F(m[2*PG]=1);
  {
    void *q = mremap(m+2*PG, PG, PG, MREMAP_MAYMOVE|MREMAP_FIXED, m+PG);
    P((char*)q==m+PG);
  }
  F(m[PG]=1);
  F(m[2*PG]=1);

  P((long)mremap(m,PG,2*PG,0));

  {
    void *q = mremap(m+3*PG, 0, PG, MREMAP_MAYMOVE);
    P(q!=MAP_FAILED?1:-1);
  }

  P(munmap(m,LA));
  F(m[0]=1);
}

static void ends(void) {
  P((long)mmap(0,LA+PG,3,MAP_SHARED,fd,0)>0?1:-1);
  P((long)mmap(0,PG,3,MAP_SHARED,fd,LA)>0?1:-1);
  P((long)mmap(0,PG,3,MAP_SHARED,fd,LA-PG)>0?1:-1);
  P((long)mmap(0,2*PG,3,MAP_SHARED,fd,LA-PG)>0?1:-1);
  P((long)mmap(0,PG,3,MAP_SHARED,fd,100)>0?1:-1);

  P((long)(m=mmap(0,PG,3,MAP_PRIVATE,fd,0))>0?1:-1);
  if (m != MAP_FAILED) {
    F(m[0]=99);
    char t = 0;
    pread(fd, &t, 1, 0);
    printf(" private: dev=%d mem=%d\n", t, m[0]);
  }
}

static void oneWay(void) {
  int ro = open("/dev/fb0", O_RDONLY);
  P((long)mmap(0,PG,3,MAP_SHARED,ro,0)>0?1:-1);
  P((long)mmap(0,PG,1,MAP_SHARED,ro,0)>0?1:-1);
  m = mmap(0, PG, 1, MAP_SHARED, ro, 0);
  F(m[0]=1);
  P(mprotect(m,PG,3));
  int wo = open("/dev/fb0", O_WRONLY);
  P((long)mmap(0,PG,2,MAP_SHARED,wo,0)>0?1:-1);
  P(write(ro,buf,1));
  P(read(wo,buf,1));
}

static void forking(void) {
  m = mmap(0, L, 3, MAP_SHARED, fd, 0);
  m[0] = 5;
  pid_t p = fork();
  if (!p) {
    m[0] = 6;
    m[1] = 7;
    _exit(0);
  }
  waitpid(p, 0, 0);
  printf(" fork shared: %d %d\n", m[0], m[1]);
  close(fd);
  F(m[2]=9);

  printf("PROBE-END\n");
}

int main(void) {
  describing();
  refusing();
  changingMode();
  panning();
  colours();
  readingAndWriting();
  mapping();
  advising();
  remapping();
  ends();
  oneWay();
  forking();
  return 0;
}
