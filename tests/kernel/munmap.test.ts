/** munmap(2). Truth: its manual page; Linux 6.12's mm/mmap.c for the order of driver hooks. */
import { expect, test } from "vitest";
import { EINVAL } from "../../abi/errno.ts";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_NORESERVE, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.ts";
import { SEGV_MAPERR, SIGSEGV } from "../../abi/signal.ts";
import { SYS_munmap } from "../../abi/syscalls.ts";
import type { VmArea } from "../../devices/drivers/driver.ts";
import type { Libc } from "../../guests/libc.ts";
import { catchFaults, deviceModule, faultOf, Lab, named, PAGE, result } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);

test('"further references to addresses within the range … generate invalid memory references", and the pages are free', async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    const m = anonymous(c, 4);
    c.user.fill(m, 1, 4 * PAGE);
    const before = lab.kernel.pages.available;
    expect(c.munmap(m + PAGE, 2 * PAGE)).toBe(0);
    expect(lab.kernel.pages.available).toBe(before + 2);
    expect(faultOf(() => c.user.load8(m + PAGE))).toEqual({ signo: SIGSEGV, code: SEGV_MAPERR, address: m + PAGE });
    expect(faultOf(() => c.user.load8(m + 3 * PAGE - 1))?.code).toBe(SEGV_MAPERR);
    expect([c.user.load8(m), c.user.load8(m + 3 * PAGE)]).toEqual([1, 1]);
    return 0;
  });
});

test('"All pages containing a part of the indicated range are unmapped", holes and several mappings among them', async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    catchFaults(c);
    const m = anonymous(c, 6);
    c.mprotect(m + PAGE, PAGE, 1);
    c.munmap(m + 3 * PAGE, PAGE);
    expect(c.munmap(m + PAGE, 3 * PAGE + 1)).toBe(0);
    expect([0, 1, 2, 3, 4, 5].map((i) => faultOf(() => c.user.load8(m + i * PAGE))?.code ?? 0)).toEqual([
      0, 1, 1, 1, 1, 0,
    ]);
    return 0;
  });
});

test("lengths that are negative as signed numbers, and ranges beyond the end, are EINVAL and unmap nothing", async () => {
  // do_vmi_munmap(): "offset_in_page(start) || start > TASK_SIZE || len > TASK_SIZE-start".
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 1);
    const end = 2 ** 38;
    for (const [start, length] of [
      [m, -1],
      [m, -PAGE],
      [m, end],
      [end - PAGE, 2 * PAGE],
      [end + PAGE, PAGE],
      [-PAGE, PAGE],
      [-PAGE, 2 * PAGE],
      [-(2 ** 63), PAGE],
    ] as const) {
      expect(named(c.user.syscall(SYS_munmap, start, length) as number), `${start} ${length}`).toBe("EINVAL");
    }
    expect(c.user.load8(m)).toBe(0);
    expect(c.munmap(end - PAGE, PAGE)).toBe(0);
    return 0;
  });
});

/** A device whose mappings say which hooks were called, in pages from the start of the first one. */
const recorder = (calls: string[], refuseSplit: () => boolean) =>
  deviceModule("recorder", () => {
    let base = 0;
    const say = (what: string, vma: VmArea): void => {
      calls.push(`${what} ${(vma.start - base) / PAGE}-${(vma.end - base) / PAGE} +${vma.pgoff}`);
    };
    return {
      mmap(_file, vma) {
        base = vma.start;
        vma.ops = {
          open: (one) => say("open", one),
          close: (one) => say("close", one),
          maySplit: () => (refuseSplit() ? -EINVAL : 0),
        };
        return 0;
      },
      release() {
        calls.push("release");
        return 0;
      },
    };
  });

test("a driver sees the cut pieces closed, and its file released after the last of them", async () => {
  const lab = await Lab.boot();
  const calls: string[] = [];
  let refuse = false;
  const module = recorder(calls, () => refuse);
  expect(lab.kernel.insmod(module)).toBe(0);
  await lab.run(async (c) => {
    const fd = await c.open("/dev/recorder", O_RDWR);
    const m = c.mmap(0, 8 * PAGE, 3, MAP_SHARED, fd, 2 * PAGE);
    c.close(fd);
    // __split_vma: the piece below is the new one when the start is cut, the piece above when the end is.
    c.munmap(m + 3 * PAGE, 2 * PAGE);
    expect(calls.splice(0)).toEqual(["open 0-3 +2", "open 5-8 +7", "close 3-5 +5"]);
    // "EINVAL" is the driver's word (vm_ops->may_split), and nothing is unmapped.
    refuse = true;
    expect(result(c, c.munmap(m, PAGE))).toBe("EINVAL");
    refuse = false;
    expect(calls).toEqual([]);
    // A mapping that goes as a whole is not split.
    c.munmap(m, 4 * PAGE);
    expect(calls.splice(0)).toEqual(["close 0-3 +2"]);
    expect(lab.kernel.rmmod("recorder")).toBeLessThan(0);
    c.munmap(m, 8 * PAGE);
    expect(calls.splice(0)).toEqual(["close 5-8 +7", "release"]);
    expect(lab.kernel.rmmod("recorder")).toBe(0);
    return 0;
  });
});

test("page tables of a range that is unmapped are free again", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const before = lab.kernel.pages.available;
    // One page in each of 16 tables that map 2 MiB each.
    const m = c.mmap(0x4000_0000, 2 ** 25, 3, PRIVATE | MAP_NORESERVE, -1, 0);
    for (let at = 0; at < 2 ** 25; at += 2 ** 21) c.user.store8(m + at, 1);
    c.munmap(m, 2 ** 25);
    // The table one level up stays until the process ends.
    expect(before - lab.kernel.pages.available).toBeLessThanOrEqual(1);
    return 0;
  });
});

test("a file stays open for its mapping after close(2)", async () => {
  // "closing the file descriptor does not unmap the region"
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, PAGE);
    const m = c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
    c.close(fd);
    c.unlink("f");
    c.user.store8(m, 5);
    expect(c.user.load8(m)).toBe(5);
    return 0;
  });
});
