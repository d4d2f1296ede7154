/**
 * Truth: the transcripts of one C program (fbprobe) on two real Linux 6.12 riscv64 kernels, one with a DRM framebuffer
 * (bochs-drm) and one with vfb; a line of them stands in each test's name. Where the two differ, the name says whose
 * answer ours is. What the program did not try is marked with the function of Linux 6.12 that says it.
 */
import { describe, expect, it } from "vitest";
import {
  FB_BLANK_POWERDOWN,
  FB_BLANK_UNBLANK,
  FBIO_CURSOR,
  FBIO_WAITFORVSYNC,
  FBIOBLANK,
  FBIOGET_CON2FBMAP,
  FBIOGET_FSCREENINFO,
  FBIOGET_VBLANK,
  FBIOGET_VSCREENINFO,
  FBIOPAN_DISPLAY,
  FBIOPUT_VSCREENINFO,
} from "../../abi/fb.ts";
import { fb } from "../../devices/drivers/fb.ts";
import { FakeKernel, fbInode, USER, USER_SIZE } from "./fake-kernel.ts";
import { FbProbe } from "./fb-probe.ts";

const PAGE = 4096;
const MIB = 0x10_0000;
const VRAM = 0x4000_0000;
/** User memory is long enough for all of video memory and one page. */
const small = () => new FbProbe({ vram: MIB, width: 320, height: 200 });

describe("the module", () => {
  it("registers 29:0 with all minors, and /dev/fb0 with mode 0600 (fb_register_chrdev, devtmpfs)", () => {
    const { fake, module } = new FbProbe();
    expect([...fake.held].sort()).toEqual(["/dev/fb0 29:0 600", "cdev", "fb 29:0+256"]);
    expect(fake.log).toEqual(["\u00016fb0: scanout frame buffer device\n"]);
    module.exit!();
    expect([...fake.held]).toEqual([]);
  });

  it("opens minor 0 only: ENODEV (fb_open)", () => {
    const { ops, fake } = new FbProbe();
    const file = {} as never;
    expect([0, 1, 255].map((minor) => ops.open(fbInode(minor), file))).toEqual([0, -19, -19]);
    expect(fake.held.size).toBe(3);
  });

  it("does not start without the card: ENODEV", () => {
    const fake = new FakeKernel(MIB, { width: 64, height: 64, format: 0 });
    fake.ioremap = () => ({ readl: () => 0xffff_ffff, writel() {} });
    expect(fb(fake.card).create(fake.kernel, {}).init()).toBe(-19);
    expect(fake.held.size).toBe(0);
  });

  it.each([
    ["registerChrdevRegion", -16],
    ["cdevAdd", -12],
  ] as const)("gives back what it took when %s fails", (failing, error) => {
    const fake = new FakeKernel(MIB, { width: 64, height: 64, format: 0 });
    fake.failing = failing;
    expect(fb(fake.card).create(fake.kernel, {}).init()).toBe(error);
    expect(fake.held.size).toBe(0);
  });

  it("has no fsync (vfb: msync(MS_SYNC) and fsync = EINVAL) and no llseek (default_llseek: SEEK_END = 0)", () => {
    const { ops } = new FbProbe();
    expect(ops.fsync).toBeUndefined();
    expect(ops.llseek).toBeUndefined();
  });
});

describe("ioctls with a bad pointer, or unknown", () => {
  it.each([
    ["ioctl(fd,FBIOGET_VSCREENINFO,0)", FBIOGET_VSCREENINFO, 0, "-1 EFAULT"],
    ["ioctl(fd,FBIOGET_FSCREENINFO,(void*)8)", FBIOGET_FSCREENINFO, 8, "-1 EFAULT"],
    ["ioctl(fd,FBIOPUT_VSCREENINFO,0)", FBIOPUT_VSCREENINFO, 0, "-1 EFAULT"],
    ["ioctl(fd,FBIOPAN_DISPLAY,0)", FBIOPAN_DISPLAY, 0, "-1 EFAULT"],
    ["ioctl(fd,FBIOGET_VBLANK,…)", FBIOGET_VBLANK, USER, "-1 ENOTTY"],
    ["ioctl(fd,FBIO_CURSOR,0)", FBIO_CURSOR, 0, "-1 EINVAL"],
    ["ioctl(fd,0x46ff,0)", 0x46ff, 0, "-1 ENOTTY"],
    ["ioctl(fd,0x5401,0): TCGETS, so isatty is false", 0x5401, 0, "-1 ENOTTY"],
    ["FBIOGET_CON2FBMAP without fbcon (include/linux/fbcon.h)", FBIOGET_CON2FBMAP, 0, "0"],
  ])("%s", (_line, command, argument, expected) => {
    expect(new FbProbe().ioctl(command, argument)).toBe(expected);
  });

  it("takes the command as 32 bits, signed or not (fb_ioctl's unsigned int)", () => {
    expect(FBIO_CURSOR | 0).toBeLessThan(0);
    expect(new FbProbe().ioctl(FBIO_CURSOR | 0, 0)).toBe("-1 EINVAL");
  });

  it("writes nothing beyond what fits: a struct at the end of memory is EFAULT", () => {
    const probe = new FbProbe();
    expect(probe.ioctl(FBIOGET_VSCREENINFO, USER + USER_SIZE - 159)).toBe("-1 EFAULT");
    expect(probe.ioctl(FBIOGET_VSCREENINFO, USER + USER_SIZE - 160)).toBe("0");
  });
});

describe("FBIOGET_FSCREENINFO", () => {
  it("tells where video memory is, how long a line, which steps", () => {
    expect(new FbProbe().getFix()).toEqual({
      id: "scanout",
      smem_start: VRAM,
      smem_len: 4 * MIB,
      type: 0,
      type_aux: 0,
      visual: 2,
      xpanstep: 1,
      ypanstep: 1,
      ywrapstep: 0,
      line_length: 2560,
      mmio_start: 0x1100_0000,
      mmio_len: PAGE,
      accel: 0,
      capabilities: 0,
      reserved: [0, 0],
    });
  });
});

describe("FBIOBLANK", () => {
  it.each([
    ["ioctl(fd,FBIOBLANK,5)", 5, "-1 EINVAL", false],
    ["an argument of -1 is a huge unsigned long", -1, "-1 EINVAL", false],
    ["ioctl(fd,FBIOBLANK,FB_BLANK_POWERDOWN), DRM", FB_BLANK_POWERDOWN, "0", true],
    ["FB_BLANK_NORMAL", 1, "0", true],
  ])("%s", (_line, argument, expected, blank) => {
    const probe = new FbProbe();
    expect(probe.ioctl(FBIOBLANK, argument)).toBe(expected);
    expect(probe.fake.card.state.blank).toBe(blank);
    expect(probe.ioctl(FBIOBLANK, FB_BLANK_UNBLANK)).toBe("0");
    expect(probe.fake.card.state.blank).toBe(false);
  });
});

describe("FBIOPAN_DISPLAY", () => {
  const doubled = () => {
    const probe = small();
    expect(probe.putVar({ yres_virtual: 600, xres_virtual: 400 }).result).toBe("0");
    return probe;
  };

  it("v2.yoffset=0: 0; yoffset=1, xoffset=1, yoffset=100000 beyond the virtual size: EINVAL", () => {
    const probe = new FbProbe();
    expect(probe.pan({ yoffset: 0 }).result).toBe("0");
    expect(probe.pan({ yoffset: 1 }).result).toBe("-1 EINVAL");
    expect(probe.pan({ xoffset: 1 }).result).toBe("-1 EINVAL");
    expect(probe.pan({ yoffset: 100_000 }).result).toBe("-1 EINVAL");
    expect(probe.getVar().yoffset).toBe(0);
  });

  it("vmode|=FB_VMODE_YWRAP; yoffset=1: EINVAL where ywrapstep is 0 (DRM); with offset 0 it is kept (fb_pan_display)", () => {
    const probe = doubled();
    expect(probe.pan({ vmode: 256, yoffset: 1 }).result).toBe("-1 EINVAL");
    expect(probe.pan({ vmode: 256, yoffset: 0 }).result).toBe("0");
    expect(probe.getVar().vmode).toBe(256);
    expect(probe.pan({ vmode: 0 }).result).toBe("0");
    expect(probe.getVar().vmode).toBe(0);
  });

  it("pans to the last row and column of the virtual size, at the next vblank, and writes var back", () => {
    const probe = doubled();
    const { result, v } = probe.pan({ xoffset: 80, yoffset: 400 });
    expect(result).toBe("0");
    expect([v.xoffset, v.yoffset]).toEqual([80, 400]);
    expect(probe.getVar()).toMatchObject({ xoffset: 80, yoffset: 400 });
    expect(probe.fake.card.state.frame.start).toBe(0);
    probe.fake.card.vblank();
    expect(probe.fake.card.state.frame.start).toBe(400 * 1600 + 80 * 4);
    expect(probe.pan({ xoffset: 81 }).result).toBe("-1 EINVAL");
    expect(probe.pan({ yoffset: 401 }).result).toBe("-1 EINVAL");
  });

  it("looks at nothing but the offsets and YWRAP (fb_pan_display)", () => {
    const probe = doubled();
    expect(probe.pan({ xres: 9999, bits_per_pixel: 99, yoffset: 3 }).result).toBe("0");
    expect(probe.getVar()).toMatchObject({ xres: 320, bits_per_pixel: 32, yoffset: 3 });
  });
});

describe("FBIO_WAITFORVSYNC", () => {
  it("0 (DRM): sleeps until the next vblank; the argument is not read", () => {
    const probe = new FbProbe();
    const { fake } = probe;
    expect(fake.card.vblankWanted).toBe(false);
    expect(probe.ops.ioctl(undefined as never, FBIO_WAITFORVSYNC, 0)).toBe(-512);
    expect([fake.sleeps, fake.wakeUps, fake.card.vblankWanted]).toEqual([1, 0, true]);
    // Woken by something else: sleeps on.
    expect(probe.ops.ioctl(undefined as never, FBIO_WAITFORVSYNC, 0)).toBe(-512);
    fake.card.vblank();
    expect([fake.sleeps, fake.wakeUps, fake.card.vblankWanted]).toEqual([2, 1, false]);
    expect(probe.ioctl(FBIO_WAITFORVSYNC, 0)).toBe("0");
    expect(fake.sleeps).toBe(2);
  });

  it("waits anew in the next call, even when a wait before it was given up", () => {
    const probe = new FbProbe();
    const { fake } = probe;
    probe.ioctl(FBIO_WAITFORVSYNC, 0);
    fake.card.vblank();
    fake.card.vblank();
    // A signal ended the call; the program makes another one.
    fake.current.call = {};
    expect(probe.ops.ioctl(undefined as never, FBIO_WAITFORVSYNC, 0)).toBe(-512);
    fake.card.vblank();
    expect(probe.ioctl(FBIO_WAITFORVSYNC, 0)).toBe("0");
  });

  it("wakes everybody who waits at one vblank", () => {
    const probe = new FbProbe();
    const calls = [{}, {}];
    for (const call of calls) {
      probe.fake.current.call = call;
      probe.ioctl(FBIO_WAITFORVSYNC, 0);
    }
    probe.fake.card.vblank();
    const results = calls.map((call) => {
      probe.fake.current.call = call;
      return probe.ioctl(FBIO_WAITFORVSYNC, 0);
    });
    expect(results).toEqual(["0", "0"]);
  });

  it("leaves the card's interrupt with the module", () => {
    const probe = new FbProbe();
    probe.ioctl(FBIO_WAITFORVSYNC, 0);
    probe.module.exit!();
    expect(probe.fake.card.vblankWanted).toBe(false);
  });
});

describe("read and write; L is smem_len", () => {
  const L = MIB;
  const at = (offset: number) => {
    const probe = small();
    probe.lseek(offset);
    return probe;
  };

  it.each<[string, number, "read" | "write", number, number, string, number]>([
    ["lseek(L); read(16) = 0", L, "read", USER, 16, "0", L],
    ["lseek(L); write(16) = ENOSPC", L, "write", USER, 16, "-1 ENOSPC", L],
    ["lseek(L); write(0) = 0", L, "write", USER, 0, "0", L],
    ["lseek(L-8); write(16) = 8", L - 8, "write", USER, 16, "8", L],
    ["lseek(L-8); read(16) = 8", L - 8, "read", USER, 16, "8", L],
    ["lseek(L+1); read(1) = 0", L + 1, "read", USER, 1, "0", L + 1],
    ["lseek(L+1); write(1) = EFBIG", L + 1, "write", USER, 1, "-1 EFBIG", L + 1],
    ["lseek(L+1); write(0) = EFBIG (fb_io_write)", L + 1, "write", USER, 0, "-1 EFBIG", L + 1],
    ["lseek(0); write(L+4096) = L", 0, "write", USER, L + 4096, String(L), L],
    ["lseek(0); read(L+4096) = L", 0, "read", USER, L + 4096, String(L), L],
    ["pwrite(4, offset 4) = 4", 4, "write", USER, 4, "4", 8],
    ["pwrite(L+1, offset L) = EFBIG", L, "write", USER, L + 1, "-1 EFBIG", L],
    ["pread(4, offset 4) = 4", 4, "read", USER, 4, "4", 8],
    ["at L: write((void*)8,16) = ENOSPC", L, "write", 8, 16, "-1 ENOSPC", L],
    ["at L: read((void*)8,16) = 0", L, "read", 8, 16, "0", L],
    ["at 0: write((void*)8,16) = EFAULT (fb_io_write)", 0, "write", 8, 16, "-1 EFAULT", 0],
    ["at 0: read((void*)8,16) = EFAULT (fb_io_read)", 0, "read", 8, 16, "-1 EFAULT", 0],
    ["at 0: write((void*)8,0) = 0", 0, "write", 8, 0, "0", 0],
    ["a buffer that ends after 5 bytes: write = 5", 0, "write", USER + USER_SIZE - 5, 16, "5", 5],
    ["a buffer that ends after 5 bytes: read = 5", 0, "read", USER + USER_SIZE - 5, 16, "5", 5],
  ])("%s", (_line, offset, call, buffer, count, expected, position) => {
    const probe = at(offset);
    expect(probe[call](buffer, count)).toBe(expected);
    expect(probe.position.value).toBe(position);
  });

  it("moves the bytes of video memory at the position", () => {
    const probe = at(1000);
    probe.fake.user.set([1, 2, 3, 4]);
    probe.write(USER, 4);
    expect([...probe.fake.video.subarray(999, 1005)]).toEqual([0, 1, 2, 3, 4, 0]);
    probe.lseek(1002);
    probe.read(USER + 100, 2);
    expect([...probe.fake.user.subarray(99, 103)]).toEqual([0, 3, 4, 0]);
  });
});

describe("mmap; LA is smem_len, a whole number of pages", () => {
  const LA = 4 * MIB;

  it("mmap(0,L,3,MAP_SHARED,fd,0) maps video memory itself", () => {
    const probe = new FbProbe();
    expect(probe.mmap(LA, 0)).toBe("0");
    expect(probe.mmap(PAGE, LA - PAGE)).toBe("0");
    expect(probe.fake.mapped).toEqual([
      { pa: VRAM, length: LA },
      { pa: VRAM + LA - PAGE, length: PAGE },
    ]);
  });

  it.each([
    ["mmap(0,LA+PG,3,MAP_SHARED,fd,0), vfb", LA + PAGE, 0],
    ["mmap(0,2*PG,3,MAP_SHARED,fd,LA-PG), vfb", 2 * PAGE, LA - PAGE],
    ["two pages from the register page on (vm_iomap_memory)", 2 * PAGE, LA],
    ["a page behind the register page (vm_iomap_memory)", PAGE, LA + PAGE],
  ])("%s = EINVAL", (_line, length, offset) => {
    const probe = new FbProbe();
    expect(probe.mmap(length, offset)).toBe("-1 EINVAL");
    expect(probe.fake.mapped).toEqual([]);
  });

  it("maps the register page behind video memory, but EINVAL while var.accel_flags is set (fb_io_mmap)", () => {
    const probe = new FbProbe();
    expect(probe.mmap(PAGE, LA)).toBe("0");
    expect(probe.fake.mapped).toEqual([{ pa: 0x1100_0000, length: PAGE }]);
    expect(probe.putVar({ accel_flags: 1 }).result).toBe("0");
    expect(probe.mmap(PAGE, LA)).toBe("-1 EINVAL");
    expect(probe.mmap(PAGE, 0)).toBe("0");
  });
});
