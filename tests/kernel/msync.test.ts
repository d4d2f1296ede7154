/** msync(2). Truth: its manual page; mm/msync.c of Linux 6.12. */
import { expect, test } from "vitest";
import { EIO } from "../../abi/errno.ts";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, MS_ASYNC, MS_INVALIDATE, MS_SYNC } from "../../abi/mman.ts";
import { SYS_mlock, SYS_msync } from "../../abi/syscalls.ts";
import { deviceModule, Lab, named, PAGE, result } from "./lab.ts";

test("MS_SYNC of a shared mapping asks the file's fsync, once a mapping; MS_ASYNC, 0 and private ones do not", async () => {
  const lab = await Lab.boot();
  let synced = 0;
  let answer = 0;
  const device = deviceModule("synced", () => ({
    mmap: () => 0,
    fsync() {
      synced++;
      return answer;
    },
  }));
  expect(lab.kernel.insmod(device)).toBe(0);
  await lab.run(async (c) => {
    const fd = await c.open("/dev/synced", O_RDWR);
    const m = c.mmap(0, 4 * PAGE, 3, MAP_SHARED, fd, 0);
    const copy = c.mmap(0, PAGE, 3, MAP_PRIVATE, fd, 0);
    c.mprotect(m + PAGE, PAGE, 1);
    for (const flags of [MS_ASYNC, 0, MS_INVALIDATE]) expect(c.msync(m, 4 * PAGE, flags)).toBe(0);
    expect(c.msync(copy, PAGE, MS_SYNC)).toBe(0);
    expect(synced).toBe(0);
    expect(c.msync(m, 4 * PAGE, MS_SYNC)).toBe(0);
    expect(synced).toBe(3);
    answer = -EIO;
    expect(result(c, c.msync(m, 4 * PAGE, MS_SYNC))).toBe("EIO");
    expect(synced).toBe(4);
    return 0;
  });
});

test("a regular file in memory is in step with its mappings, so there is nothing to do", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, PAGE);
    const m = c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
    expect(c.msync(m, PAGE, MS_SYNC)).toBe(0);
    return 0;
  });
});

test("lengths are size_t: what rounds up to 2^64 is no length at all, what passes the end is ENOMEM", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = c.mmap(0, PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const call = (start: number, length: number) => named(c.user.syscall(SYS_msync, start, length, MS_SYNC) as number);
    expect(call(m, -1)).toBe(0);
    expect(call(m, -PAGE)).toBe("ENOMEM");
    expect(call(m, 2 ** 40)).toBe("ENOMEM");
    expect(call(-PAGE, 0)).toBe(0);
    expect(call(-2 * PAGE, PAGE)).toBe("ENOMEM");
    return 0;
  });
});

test('"EBUSY: MS_INVALIDATE was specified in flags, and a memory lock exists for the specified address range"', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = c.mmap(0, 2 * PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    await c.syscall(SYS_mlock, m + PAGE, PAGE);
    expect(c.msync(m, PAGE, MS_INVALIDATE)).toBe(0);
    expect(result(c, c.msync(m, 2 * PAGE, MS_INVALIDATE))).toBe("EBUSY");
    return 0;
  });
});
