/**
 * The kernel's copies to and from user memory. Truth: read(2), write(2) ("EFAULT: buf is outside your accessible address
 * space"); copy_to_user and copy_from_user (Documentation/core-api of Linux 6.12): the bytes that could not be copied.
 */
import { describe, expect, test } from "vitest";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import {
  MAP_ANONYMOUS,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
} from "../../abi/mman.ts";
import { SYS_openat, SYS_pipe2, SYS_readv } from "../../abi/syscalls.ts";
import { iovec } from "../../abi/uio.ts";
import type { Libc } from "../../guests/libc.ts";
import { deviceModule, Lab, named, PAGE, result } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);
const TASK_SIZE = 2 ** 38;
/** Pointers that no program has. */
const HOSTILE = [
  1,
  8,
  TASK_SIZE - 1,
  TASK_SIZE,
  TASK_SIZE + 1,
  2 ** 47,
  2 ** 53,
  -1,
  -8,
  -PAGE,
  -(2 ** 38),
  -(2 ** 63),
];

/** A device that tells what each copy could not copy. */
const copier = (missed: number[]) =>
  deviceModule("copier", (kernel) => ({
    read(_file, buffer, count) {
      missed.push(kernel.copyToUser(buffer, new Uint8Array(count).fill(1)));
      return 0;
    },
    write(_file, buffer, count) {
      missed.push(kernel.copyFromUser(new Uint8Array(count), buffer));
      return 0;
    },
    ioctl(_file, command, argument) {
      missed.push(kernel.clearUser(argument, command));
      return 0;
    },
  }));

describe("how much was not copied", () => {
  const run = async (prepare: (c: Libc) => [va: number, count: number, missed: number][]): Promise<void> => {
    const lab = await Lab.boot();
    const missed: number[] = [];
    lab.kernel.insmod(copier(missed));
    await lab.run(async (c) => {
      const fd = await c.open("/dev/copier", O_RDWR);
      for (const [va, count, expected] of prepare(c)) {
        missed.length = 0;
        await c.read(fd, va, count);
        await c.write(fd, va, count);
        await c.ioctl(fd, count, va);
        expect(missed, `${va} + ${count}`).toEqual([expected, expected, expected]);
      }
      return 0;
    });
  };

  test("all, a part up to a hole, nothing", async () => {
    await run((c) => {
      const m = anonymous(c, 4);
      c.munmap(m + 2 * PAGE, PAGE);
      return [
        [m, 4 * PAGE, 2 * PAGE],
        [m + PAGE - 3, PAGE + 3, 0],
        [m + 2 * PAGE - 1, 1, 0],
        [m + 2 * PAGE - 1, 2, 1],
        [m + 2 * PAGE, 5, 5],
        [m + 3 * PAGE - 1, 2, 2],
        [m + 3 * PAGE, PAGE + 1, 1],
      ];
    });
  });

  test("a count of 0 is nothing to miss, wherever it points", async () => {
    await run((c) => [
      [anonymous(c, 1), 0, 0],
      [8, 0, 0],
    ]);
  });
});

test("a count that no buffer has reaches no driver: the pointer's end is looked at first", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    const m = anonymous(c, 1);
    for (const count of [-1, -PAGE, -(2 ** 63)]) {
      expect(result(c, await c.write(fd, m, count)), `${count}`).toBe("EFAULT");
      expect(result(c, c.pread(fd, m, count, 0)), `${count}`).toBe("EFAULT");
    }
    expect((c.fstat(fd) as { st_size: number }).st_size).toBe(0);
    return 0;
  });
});

describe("hostile pointers", () => {
  test("are EFAULT in every call that takes one, and change nothing", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
      c.pwrite(fd, c.malloc(8), 8, 0);
      const ends = c.malloc(8);
      await c.syscall(SYS_pipe2, ends, 0);
      for (const va of HOSTILE) {
        expect(result(c, c.pwrite(fd, va, 4, 0)), `pwrite ${va}`).toBe("EFAULT");
        expect(result(c, c.pread(fd, va, 4, 0)), `pread ${va}`).toBe("EFAULT");
        expect(result(c, await c.write(c.user.load32(ends + 4), va, 4)), `pipe ${va}`).toBe("EFAULT");
        expect(named((await c.user.syscall(SYS_openat, -100, va, 0, 0)) as number), `openat ${va}`).toBe("EFAULT");
        expect(named((await c.user.syscall(SYS_readv, fd, va, 1)) as number), `readv ${va}`).toBe("EFAULT");
        expect(named((await c.user.syscall(SYS_pipe2, va, 0)) as number), `pipe2 ${va}`).toBe("EFAULT");
      }
      expect(c.fstat(fd)).toMatchObject({ st_size: 8 });
      // A failed pipe2 leaves no descriptor behind.
      expect(await c.open("g", O_RDWR | O_CREAT, 0o600)).toBe(c.user.load32(ends + 4) + 1);
      return 0;
    });
  });

  test("in an array of them: all are looked at before anything is read", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
      c.pwrite(fd, c.malloc(8), 8, 0);
      const good = c.malloc(8);
      c.user.fill(good, 9, 8);
      const vector = c.malloc(2 * iovec.size);
      c.user.write(vector, iovec.encode({ iov_base: good, iov_len: 4 }));
      c.user.write(vector + iovec.size, iovec.encode({ iov_base: -8, iov_len: 4 }));
      expect(named((await c.user.syscall(SYS_readv, fd, vector, 2)) as number)).toBe("EFAULT");
      expect(c.user.load8(good)).toBe(9);
      // One that only turns out bad when it is used ends the read where it is.
      c.user.write(vector + iovec.size, iovec.encode({ iov_base: 8, iov_len: 4 }));
      expect(await c.syscall(SYS_readv, fd, vector, 2)).toBe(4);
      return 0;
    });
  });
});

test("what the program may not write the kernel does not write for it; what it may not read it does not read", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.pwrite(fd, c.malloc(8), 8, 0);
    for (const [prot, read, write] of [
      [PROT_READ, "EFAULT", 4],
      [PROT_NONE, "EFAULT", "EFAULT"],
      [PROT_EXEC, "EFAULT", "EFAULT"],
    ] as const) {
      const m = c.mmap(0, PAGE, prot, PRIVATE, -1, 0);
      expect([result(c, c.pread(fd, m, 4, 0)), result(c, c.pwrite(fd, m, 4, 0))], `prot ${prot}`).toEqual([
        read,
        write,
      ]);
    }
    return 0;
  });
});

test("the kernel's copy makes pages, breaks copy on write, and asks drivers, as the program's own access would", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.pwrite(fd, c.malloc(8), 1, PAGE - 1);
    const copy = c.mmap(0, PAGE, 3, MAP_PRIVATE, fd, 0);
    const shared = c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
    const zero = await c.open("/dev/urandom", O_RDWR);
    const own = anonymous(c, 1);
    expect(c.user.load8(own)).toBe(0);
    await lab.child(c, async (child) => {
      for (const va of [own, copy]) expect(await child.read(zero, va, 64)).toBe(64);
      expect(child.user.read(own, 64)).not.toEqual(new Uint8Array(64));
      expect(child.user.read(copy, 64)).not.toEqual(new Uint8Array(64));
      return 0;
    });
    for (const va of [own, copy, shared]) expect(c.user.read(va, 64)).toEqual(new Uint8Array(64));
    return 0;
  });
});

test("a path that is not ended within its page is followed to the next, and is EFAULT where there is none", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 2);
    c.strcpy(m + PAGE - 5, "/tmp/abc");
    const open = async (va: number) => named((await c.user.syscall(SYS_openat, -100, va, 0, 0)) as number);
    expect(await open(m + PAGE - 5)).toBe("ENOENT");
    c.munmap(m + PAGE, PAGE);
    expect(await open(m + PAGE - 5)).toBe("EFAULT");
    c.user.write(m + PAGE - 5, new TextEncoder().encode("/tmp\0"));
    expect(await open(m + PAGE - 5)).toBeGreaterThan(0);
    // "ENAMETOOLONG: pathname was too long": PATH_MAX is 4096 with its NUL.
    const long = anonymous(c, 2);
    c.user.fill(long, "a".charCodeAt(0), 2 * PAGE);
    expect(await open(long)).toBe("ENAMETOOLONG");
    return 0;
  });
});

test("out of memory in a copy: the process that asked is killed when the call is over, and everything is back", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const status = await lab.child(c, async (child) => {
      const zero = await child.open("/dev/zero", O_RDWR);
      const size = 2 ** 30;
      const m = child.mmap(0, size, 3, PRIVATE | MAP_NORESERVE, -1, 0);
      await child.read(zero, m, size);
      return 0;
    });
    expect(status).toBe(9);
    expect(lab.log().filter((text) => text.startsWith("Out of memory: Killed process"))).toHaveLength(1);
    expect(await lab.child(c, () => 5)).toBe(5 << 8);
    return 0;
  });
});

test("out of memory in an access: SIGKILL for who asked, and the kernel goes on", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    let got = 0;
    const status = await lab.child(c, (child) => {
      const m = child.mmap(0, 2 ** 30, 3, PRIVATE | MAP_NORESERVE, -1, 0);
      for (let at = 0; ; at += PAGE) {
        child.user.store8(m + at, 1);
        got++;
      }
    });
    expect(status).toBe(9);
    expect(got).toBeGreaterThan(1000);
    // Two that eat what there is: each is killed when it asks, neither takes the parent with it.
    const eat = async (child: Libc): Promise<number> => {
      const m = child.mmap(0, 2 ** 30, 3, PRIVATE | MAP_NORESERVE, -1, 0);
      for (let at = 0; ; at += PAGE) {
        child.user.store8(m + at, 1);
        if (at % (256 * PAGE) === 0) await child.nanosleep({ tv_nsec: 1000 });
      }
    };
    const pids = [lab.fork(c, eat), lab.fork(c, eat)];
    for (const pid of pids) expect(await c.waitpid(pid)).toEqual({ pid, status: 9 });
    return 0;
  });
});

test("MAP_POPULATE of more than there is kills, too", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const status = await lab.child(c, (child) => {
      child.mmap(0, 2 ** 30, 3, PRIVATE | MAP_NORESERVE | 0x8000, -1, 0);
      return 0;
    });
    expect(status).toBe(9);
    return 0;
  });
});
