/** The memory devices. Truth: null(4), mem(4), random(4), drivers/char/mem.c of Linux 6.12, and vmprobe's transcript. */
import { describe, expect, test } from "vitest";
import { EFAULT, EINVAL, EOVERFLOW, EPERM } from "../../abi/errno.ts";
import { O_RDONLY, O_RDWR, SEEK_CUR, SEEK_END, SEEK_SET } from "../../abi/fcntl.ts";
import { MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { stat } from "../../abi/stat.ts";
import {
  SYS_ioctl,
  SYS_lseek,
  SYS_mmap,
  SYS_munmap,
  SYS_newfstatat,
  SYS_pread64,
  SYS_pwrite64,
  SYS_read,
  SYS_write,
} from "../../abi/syscalls.ts";
import { RAM_BASE, UART_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import { boot, type Guest } from "../kernel/guest.ts";

const PG = 4096;
const MIB = 0x10_0000;

/** Two pages, of which the second is gone: the last 4 bytes before the hole. */
const edge = (g: Guest): number => {
  const m = g.map(2 * PG);
  g.user.fill(m, 0x55, PG);
  g.sys(SYS_munmap, m + PG, PG);
  return m + PG - 4;
};

test("numbers and permissions", async () => {
  const { run } = await boot();
  await run((g) => {
    // mem(4): "mknod -m 660 /dev/mem c 1 1"; null(4): c 1 3, c 1 5; full(4): c 1 7; random(4): c 1 8, c 1 9. The modes
    // are those of the driver's table, 0600 where it has none.
    const table = { mem: 1, null: 3, zero: 5, full: 7, random: 8, urandom: 9 };
    for (const [name, minor] of Object.entries(table)) {
      expect(g.sys(SYS_newfstatat, -100, `/dev/${name}`, g.buffer, 0)).toBe(0);
      const { st_rdev, st_mode } = stat.read(g.user.read(g.buffer, stat.size));
      expect([name, st_rdev, st_mode & 0o777]).toEqual([name, 0x100 + minor, name === "mem" ? 0o600 : 0o666]);
    }
  });
});

test("null takes everything, zero gives what can be stored", async () => {
  const { run } = await boot();
  await run((g) => {
    const at = edge(g);
    const [zero, none] = [g.open("/dev/zero", O_RDWR), g.open("/dev/null", O_RDWR)];
    // vmprobe: write(nul,q+PG-4,8) = 8, pread(z,q+PG-4,8,0) = 4.
    expect(g.sys(SYS_write, none, at, 8)).toBe(8);
    expect(g.sys(SYS_pread64, zero, at, 8, 0)).toBe(4);
    expect([...g.user.read(at - 1, 5)]).toEqual([0x55, 0, 0, 0, 0]);
    const big = g.map(0x10_0000);
    g.user.fill(big, 1, 0x10_0000);
    expect(g.sys(SYS_read, zero, big, 0x10_0000)).toBe(0x10_0000);
    expect(g.user.read(big, 0x10_0000).every((byte) => byte === 0)).toBe(true);
  });
});

test("random: different bytes at every read, the same in every run", async () => {
  const runs: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { run } = await boot();
    await run((g) => {
      const fd = g.open("/dev/urandom", O_RDONLY);
      expect(g.sys(SYS_read, fd, g.buffer, 0x3_0000)).toBe(0x3_0000);
      const bytes = g.user.read(g.buffer, 0x3_0000);
      // All 256 values, each about as often: 768 times of 196,608.
      const counts = new Uint32Array(256);
      for (const byte of bytes) counts[byte]!++;
      expect(Math.min(...counts)).toBeGreaterThan(600);
      expect(Math.max(...counts)).toBeLessThan(940);
      expect(g.sys(SYS_read, g.open("/dev/random", O_RDONLY), g.buffer, 16)).toBe(16);
      expect(g.user.read(g.buffer, 16)).not.toEqual(bytes.subarray(0, 16));
      runs.push([...bytes].join());
      // RNDGETENTCNT, random(4); an unknown command is EINVAL there.
      expect(g.sys(SYS_ioctl, fd, 0x8004_5200, g.buffer)).toBe(0);
      expect(g.user.load32(g.buffer)).toBe(256);
      expect(g.sys(SYS_ioctl, fd, 0x8004_5200, 8)).toBe(-EFAULT);
      expect(g.sys(SYS_ioctl, fd, 1, 0)).toBe(-EINVAL);
    });
  }
  expect(runs[0]).toBe(runs[1]);
});

describe("/dev/mem under CONFIG_STRICT_DEVMEM", () => {
  test("system RAM is EPERM", async () => {
    const { run } = await boot();
    await run((g) => {
      const fd = g.open("/dev/mem", O_RDWR);
      expect(g.sys(SYS_pread64, fd, g.buffer, 4, RAM_BASE + PG)).toBe(-EPERM);
      expect(g.sys(SYS_pwrite64, fd, g.buffer, 4, RAM_BASE + PG)).toBe(-EPERM);
      expect(g.sys(SYS_mmap, 0, PG, PROT_READ, MAP_SHARED, fd, RAM_BASE)).toBe(-EPERM);
      // A range that begins before RAM and ends in it.
      expect(g.sys(SYS_mmap, 0, 2 * PG, PROT_READ, MAP_SHARED, fd, RAM_BASE - PG)).toBe(-EPERM);
    });
  });

  test("video memory is read, written and mapped: the same bytes", async () => {
    const { run, kernel } = await boot();
    await run((g) => {
      const fd = g.open("/dev/mem", O_RDWR);
      const m = g.sys(SYS_mmap, 0, 2 * PG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, VRAM_BASE + PG);
      g.user.store32(m + PG - 2, 0x1234_5678);
      expect(g.sys(SYS_pread64, fd, g.buffer, 8, VRAM_BASE + 2 * PG - 4)).toBe(8);
      expect(g.user.load32(g.buffer + 2)).toBe(0x1234_5678);
      expect(g.pwrite(fd, "across pages", VRAM_BASE + 2 * PG - 6)).toBe(12);
      expect(g.text(m + PG - 6, 12)).toBe("across pages");
      // A store that did not go through the MMU is damage all the same.
      kernel.machine.exports.takeDamage();
      g.pwrite(fd, "x", VRAM_BASE);
      expect(kernel.machine.exports.takeDamage()).toBe(1);
    });
  });

  test("a private mapping keeps its stores", async () => {
    const { run } = await boot();
    await run((g) => {
      const fd = g.open("/dev/mem", O_RDWR);
      g.pwrite(fd, "device", VRAM_BASE);
      const m = g.sys(SYS_mmap, 0, PG, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, VRAM_BASE);
      g.user.store8(m, 0x44);
      expect(g.text(m, 6)).toBe("Device");
      expect(g.pread(fd, 6, VRAM_BASE)).toBe("device");
    });
  });

  test("registers, what is not there and what cannot be stored: EFAULT", async () => {
    const { run } = await boot();
    await run((g) => {
      const fd = g.open("/dev/mem", O_RDWR);
      const end = VRAM_BASE + MIB;
      for (const pa of [0, UART_BASE, end, end - 2]) {
        expect([pa, g.sys(SYS_pread64, fd, g.buffer, 4, pa)]).toEqual([pa, -EFAULT]);
      }
      // read_mem() gives the errno whatever it has read, write_mem() the bytes that it has written.
      expect(g.sys(SYS_pwrite64, fd, g.buffer, 4, end - 2)).toBe(2);
      expect(g.sys(SYS_pwrite64, fd, g.buffer, 4, end)).toBe(-EFAULT);
      const at = edge(g);
      expect(g.sys(SYS_pwrite64, fd, at, 8, VRAM_BASE)).toBe(4);
      expect(g.sys(SYS_pread64, fd, at, 8, VRAM_BASE)).toBe(-EFAULT);
      expect(g.sys(SYS_pread64, fd, 8, 4, VRAM_BASE)).toBe(-EFAULT);
      expect(g.sys(SYS_pread64, fd, g.buffer, 0, RAM_BASE)).toBe(0);
    });
  });

  test("seeking has no end, and no position that looks like an errno", async () => {
    const { run } = await boot();
    await run((g) => {
      const fd = g.open("/dev/mem", O_RDONLY);
      expect(g.sys(SYS_lseek, fd, VRAM_BASE, SEEK_SET)).toBe(VRAM_BASE);
      expect(g.sys(SYS_lseek, fd, 8, SEEK_CUR)).toBe(VRAM_BASE + 8);
      expect(g.sys(SYS_lseek, fd, 0, SEEK_END)).toBe(-EINVAL);
      // memory_lseek(): "to avoid userland mistaking f_pos=-9 as -EBADF=-9".
      expect(g.sys(SYS_lseek, fd, -9, SEEK_SET)).toBe(-EOVERFLOW);
    });
  });
});
