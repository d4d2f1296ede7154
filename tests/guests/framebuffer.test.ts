/** Truth: linux/fb.h, and the two real framebuffers that were measured (DRM's xrgb8888, vfb's red at bit 0). */
import { describe, expect, test } from "vitest";
import { EFAULT, ENODEV, ENOTSUP } from "../../abi/errno.ts";
import { FBIOGET_FSCREENINFO, FBIOGET_VSCREENINFO, fbFixScreeninfo, fbVarScreeninfo } from "../../abi/fb.ts";
import { SYS_close, SYS_ioctl, SYS_mmap, SYS_openat } from "../../abi/syscalls.ts";
import { openFramebuffer, pixelFormat } from "../../guests/framebuffer.ts";
import { libc } from "../../guests/libc.ts";
import { FakeUser } from "./fake-user.ts";

const channels = (red: number, green: number, blue: number, lengths: [number, number, number]) => ({
  red: { offset: red, length: lengths[0] },
  green: { offset: green, length: lengths[1] },
  blue: { offset: blue, length: lengths[2] },
});
const XRGB8888 = { bits_per_pixel: 32, ...channels(16, 8, 0, [8, 8, 8]) };

const card = (screen: Parameters<typeof fbVarScreeninfo.encode>[0], mmap: () => number = () => 0x3f_c000_0000) =>
  new FakeUser({
    [SYS_openat]: () => 3,
    [SYS_close]: () => 0,
    [SYS_mmap]: mmap,
    [SYS_ioctl]: (user, fd, command, va) => {
      if (fd !== 3) return -EFAULT;
      if (command === FBIOGET_VSCREENINFO) user.write(va!, fbVarScreeninfo.encode(screen));
      else if (command === FBIOGET_FSCREENINFO)
        user.write(va!, fbFixScreeninfo.encode({ smem_len: 0x30_0000, line_length: 4096 }));
      return 0;
    },
  });

describe("openFramebuffer", () => {
  test("maps all of smem_len, shared, from offset 0", async () => {
    const user = card({ xres: 1024, yres: 768, ...XRGB8888 });
    const framebuffer = await openFramebuffer(libc(user));
    expect(framebuffer).toMatchObject({
      fd: 3,
      va: 0x3f_c000_0000,
      size: 0x30_0000,
      width: 1024,
      height: 768,
      stride: 4096,
      bytesPerPixel: 4,
      format: "xrgb8888",
    });
    // PROT_READ|PROT_WRITE, MAP_SHARED
    expect(user.made(SYS_mmap)).toEqual([[0, 0x30_0000, 3, 1, 3, 0]]);
  });

  test("without a mapping for a program that writes", async () => {
    const user = card({ xres: 64, yres: 64, ...XRGB8888 });
    expect(await openFramebuffer(libc(user), { map: false })).toMatchObject({ va: 0, width: 64 });
    expect(user.made(SYS_mmap)).toEqual([]);
  });

  test("a failure closes the file and keeps errno", async () => {
    const user = card(XRGB8888, () => -ENODEV);
    const c = libc(user);
    expect([await openFramebuffer(c), c.errno]).toEqual([-1, ENODEV]);
    expect(user.made(SYS_close)).toEqual([[3]]);
    const odd = libc(card({ bits_per_pixel: 24 }));
    expect([await openFramebuffer(odd), odd.errno]).toEqual([-1, ENOTSUP]);
    const none = libc(new FakeUser({ [SYS_openat]: () => -ENODEV }));
    expect([await openFramebuffer(none), none.errno]).toEqual([-1, ENODEV]);
  });
});

test("formats by where their colours are", () => {
  const format = (screen: Parameters<typeof fbVarScreeninfo.encode>[0]) =>
    pixelFormat(fbVarScreeninfo.read(fbVarScreeninfo.encode(screen)));
  expect(format(XRGB8888)).toBe("xrgb8888");
  expect(format({ bits_per_pixel: 32, ...channels(0, 8, 16, [8, 8, 8]) })).toBe("xbgr8888");
  expect(format({ bits_per_pixel: 16, ...channels(11, 5, 0, [5, 6, 5]) })).toBe("rgb565");
  expect(format({ bits_per_pixel: 16, ...channels(10, 5, 0, [5, 5, 5]) })).toBeNull();
  expect(format({ bits_per_pixel: 8, ...channels(0, 0, 0, [8, 8, 8]) })).toBe("c8");
});
