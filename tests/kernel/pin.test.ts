/**
 * Pinned pages. Truth: Documentation/core-api/pin_user_pages.rst of Linux 6.12: a pinned page stays the one that the
 * process maps, also over a fork (copy_present_page); abi/program.ts for when a pin ends.
 */
import { describe, expect, test } from "vitest";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import {
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_READ,
} from "../../abi/mman.ts";
import type { Pin } from "../../abi/program.ts";
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import type { Libc } from "../../guests/libc.ts";
import { deviceModule, Lab, named, PAGE } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);
const pinned = (c: Libc, va: number, length: number, writable = true): Pin => {
  const pin = c.user.pin(va, length, writable);
  if (typeof pin === "number") throw new Error(`pin: ${named(pin)}`);
  return pin;
};
const isOver = (pin: Pin): boolean => {
  const throws = (get: () => unknown): boolean => {
    try {
      get();
      return false;
    } catch (error) {
      // A RangeError says that the pages are not contiguous: the pin is alive.
      return (error as Error).name === "PinEnded";
    }
  };
  const all = [() => pin.runs, () => pin.u8, () => pin.u16, () => pin.u32].map(throws);
  expect(new Set(all).size).toBe(1);
  return all[0]!;
};
const screen = deviceModule("screen", (kernel) => ({
  mmap: (_file, vma) => kernel.remapPfnRange(vma, vma.start, VRAM_BASE / PAGE, vma.end - vma.start, vma.pageProt),
}));

describe("views", () => {
  test("are the program's own memory, both ways", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 1);
      const pin = pinned(c, m + 8, 16);
      pin.u8.set([1, 2, 3, 4]);
      expect(c.user.load32(m + 8)).toBe(0x0403_0201);
      c.user.store32(m + 12, 0xcafe);
      expect([...pin.u32]).toEqual([0x0403_0201, 0xcafe, 0, 0]);
      expect([...pin.u16.slice(0, 2)]).toEqual([0x0201, 0x0403]);
      expect([pin.u8.length, pin.u16.length, pin.u32.length]).toEqual([16, 8, 4]);
      pin.unpin();
      expect(isOver(pin)).toBe(true);
      pin.unpin();
      return 0;
    });
  });

  test("runs follow the physical pages, whose bytes together are the range", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 4);
      // Made in another order than they lie in.
      for (const i of [3, 1, 0, 2]) c.user.store8(m + i * PAGE, i);
      const pin = pinned(c, m + 4, 4 * PAGE - 8);
      expect(pin.runs.reduce((sum, run) => sum + run.length, 0)).toBe(4 * PAGE - 8);
      const all = Buffer.concat(pin.runs);
      expect([1, 2, 3].map((i) => all[i * PAGE - 4])).toEqual([1, 2, 3]);
      expect(pin.runs.length).toBeGreaterThan(1);
      expect(() => pin.u8).toThrow(RangeError);
      pin.unpin();
      return 0;
    });
  });

  test("a pin for reading does not need the right to write", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 1);
      c.user.store8(m, 5);
      c.mprotect(m, PAGE, PROT_READ);
      expect(named(c.user.pin(m, 1) as number)).toBe("EFAULT");
      expect(pinned(c, m, 1, false).u8[0]).toBe(5);
      return 0;
    });
  });

  test("errors, which pin nothing", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 2);
      c.user.fill(m, 1, 2 * PAGE);
      c.munmap(m + PAGE, PAGE);
      const pin = (va: number, length: number) => named(c.user.pin(va, length) as number);
      expect([0, -1, Number.NaN].map((length) => pin(m, length))).toEqual(["EINVAL", "EINVAL", "EINVAL"]);
      for (const [va, length] of [
        [m, PAGE + 1],
        [m + PAGE, 1],
        [0, 1],
        [2 ** 38, 1],
        [-PAGE, 1],
        [m, 2 ** 53],
        [-(2 ** 63), PAGE],
      ] as const) {
        expect(pin(va, length), `${va} + ${length}`).toBe("EFAULT");
      }
      return 0;
    });
  });

  test("a pin that finds no memory kills, and holds nothing", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const status = await lab.child(c, (child) => {
        const m = child.mmap(0, 2 ** 30, 3, PRIVATE | MAP_NORESERVE, -1, 0);
        child.user.pin(m, 2 ** 30);
        return 0;
      });
      expect(status).toBe(9);
      return 0;
    });
  });
});

describe("a pin ends", () => {
  test.each<[string, (c: Libc, m: number) => unknown]>([
    ["munmap of any part", (c, m) => c.munmap(m + PAGE, PAGE)],
    ["a mapping put over it", (c, m) => c.mmap(m, PAGE, 3, PRIVATE | MAP_FIXED, -1, 0)],
    ["mremap", (c, m) => c.mremap(m, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, m - 16 * PAGE)],
    ["MADV_DONTNEED", (c, m) => c.madvise(m, PAGE, MADV_DONTNEED)],
  ])("with %s", async (_what, end) => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 2);
      const pin = pinned(c, m, 2 * PAGE);
      const other = pinned(c, anonymous(c, 1), PAGE);
      expect([isOver(pin), isOver(other)]).toEqual([false, false]);
      end(c, m);
      expect([isOver(pin), isOver(other)]).toEqual([true, false]);
      return 0;
    });
  });

  test("with the process, and its pages are free", async () => {
    const lab = await Lab.boot();
    let pin: Pin | null = null;
    await lab.run((c) => {
      pin = pinned(c, anonymous(c, 4), 4 * PAGE);
      return 0;
    });
    expect(isOver(pin!)).toBe(true);
  });

  test("with the file that is truncated under it", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
      c.ftruncate(fd, 2 * PAGE);
      const m = c.mmap(0, 2 * PAGE, 3, MAP_SHARED, fd, 0);
      const [first, second] = [pinned(c, m, PAGE), pinned(c, m + PAGE, PAGE)];
      c.ftruncate(fd, PAGE);
      expect([isOver(first), isOver(second)]).toEqual([false, true]);
      return 0;
    });
  });

  test("not with the file's descriptor, mprotect, or a fork", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
      c.ftruncate(fd, PAGE);
      const m = c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
      const pin = pinned(c, m, PAGE);
      c.close(fd);
      c.mprotect(m, PAGE, PROT_READ);
      await lab.child(c, () => 0);
      pin.u8[0] = 7;
      expect(c.user.load8(m)).toBe(7);
      return 0;
    });
  });
});

describe("a pin and the mapping mean the same page", () => {
  test("after a fork: the child has a copy of its own, whoever writes first", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const m = anonymous(c, 2);
      c.user.fill(m, 1, 2 * PAGE);
      const pin = pinned(c, m, PAGE);
      const pid = lab.fork(c, (child) => {
        expect([child.user.load8(m), child.user.load8(m + PAGE)]).toEqual([1, 1]);
        child.user.store8(m, 9);
        return 0;
      });
      pin.u8[0] = 2;
      c.user.store8(m + 1, 3);
      expect([c.user.load8(m), pin.u8[1]]).toEqual([2, 3]);
      expect(await c.waitpid(pid)).toEqual({ pid, status: 0 });
      expect([c.user.load8(m), pin.u8[0]]).toEqual([2, 2]);
      return 0;
    });
  });

  test("after the mapping was read-only for a while", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 1);
      const pin = pinned(c, m, PAGE);
      c.mprotect(m, PAGE, PROT_READ);
      c.mprotect(m, PAGE, 3);
      c.user.store8(m, 4);
      expect(pin.u8[0]).toBe(4);
      pin.u8[0] = 5;
      expect(c.user.load8(m)).toBe(5);
      return 0;
    });
  });

  test("also a pin for reading, of memory that was only read, or that a child still shares", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const m = anonymous(c, 2);
      c.user.load8(m);
      c.user.store8(m + PAGE, 1);
      lab.fork(c, async (child) => {
        await child.nanosleep({ tv_nsec: 1000 });
        return child.user.load8(m + PAGE);
      });
      const untouched = pinned(c, m, 1, false);
      const shared = pinned(c, m + PAGE, 1, false);
      c.user.store8(m, 2);
      c.user.store8(m + PAGE, 3);
      expect([untouched.u8[0], shared.u8[0]]).toEqual([2, 3]);
      expect(await c.waitpid(-1)).toMatchObject({ status: 1 << 8 });
      return 0;
    });
  });

  test("a pin for reading of a page that a store replaces (a file's, made writable later) is over", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
      c.ftruncate(fd, PAGE);
      const m = c.mmap(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
      const pin = pinned(c, m, PAGE, false);
      c.mprotect(m, PAGE, 3);
      c.user.store8(m, 1);
      expect(isOver(pin)).toBe(true);
      return 0;
    });
  });
});

describe("video memory", () => {
  test("a pinned writable range is damaged in every frame until the pin ends; one for reading is not", async () => {
    const lab = await Lab.boot();
    lab.kernel.insmod(screen);
    const { machine, videoPins } = lab.kernel;
    const damaged = (): number => {
      videoPins.markDamage(machine);
      return machine.exports.takeDamage();
    };
    await lab.run(async (c) => {
      const fd = await c.open("/dev/screen", O_RDWR);
      const m = c.mmap(0, 8 * PAGE, 3, MAP_SHARED, fd, 0);
      const pin = pinned(c, m, 3 * PAGE);
      expect(pin.runs).toHaveLength(1);
      machine.exports.takeDamage();
      expect([damaged(), damaged()]).toEqual([3, 3]);
      pin.u32[0] = 0xff_8800;
      expect(c.user.load32(m)).toBe(0xff_8800);
      c.munmap(m + 2 * PAGE, PAGE);
      expect(damaged()).toBe(0);
      pinned(c, m, PAGE, false);
      machine.exports.takeDamage();
      expect(damaged()).toBe(0);
      pinned(c, m, PAGE);
      return 0;
    });
    machine.exports.takeDamage();
    expect(damaged()).toBe(0);
  });
});
