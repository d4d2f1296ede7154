/** Mapped regular files, shared anonymous memory and /dev/zero. Truth: mmap(2), and vmprobe's transcript on Linux. */
import { expect, test } from "vitest";
import { EFAULT, ENODEV } from "../../abi/errno.ts";
import { AT_FDCWD, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, MREMAP_MAYMOVE, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { SIGBUS, SIGSEGV } from "../../abi/signal.ts";
import {
  SYS_mmap,
  SYS_mremap,
  SYS_munmap,
  SYS_pread64,
  SYS_unlinkat,
  SYS_wait4,
  SYS_write,
} from "../../abi/syscalls.ts";
import { boot } from "./guest.ts";

const PG = 4096;

test("a shared mapping and the file are the same bytes", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.write(fd, "hello world");
    const shared = g.map(PG, fd);
    // "Updates to the mapping are visible to other processes mapping the same region, and … are carried through to the
    // underlying file."
    g.user.write(shared, new TextEncoder().encode("HELLO"));
    expect(g.pread(fd, 100, 0)).toBe("HELLO world");
    g.pwrite(fd, "WORLD", 6);
    expect(g.text(shared, 11)).toBe("HELLO WORLD");
    // A second mapping of the same page, by another open file.
    const other = g.map(PG, g.open("f", O_RDWR));
    expect(g.text(other, 11)).toBe("HELLO WORLD");
  });
});

test("a private mapping keeps its writes to itself", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.write(fd, "hello");
    const mine = g.map(PG, fd, MAP_PRIVATE);
    g.user.store8(mine, 0x4a);
    expect(g.text(mine, 5)).toBe("Jello");
    expect(g.pread(fd, 5, 0)).toBe("hello");
    // A file that is open for reading only can be mapped privately for writing.
    const readOnly = g.map(PG, g.open("f", O_RDONLY), MAP_PRIVATE);
    g.user.store8(readOnly, 0x59);
    expect(g.pread(fd, 5, 0)).toBe("hello");
  });
});

test("the rest of the last page is zero, can be written, and is not written back", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.write(fd, "x".repeat(100));
    const m = g.map(2 * PG, fd);
    expect(g.user.load8(m + 100)).toBe(0);
    g.user.store8(m + 100, 1);
    g.user.store8(m + PG - 1, 1);
    // "The effect of changing the size of the underlying file … on the pages that correspond to added … regions":
    // what was stored behind the end does not come to light.
    expect(g.truncate(fd, PG)).toBe(0);
    expect(g.pread(fd, PG, 99)).toBe(`x${"\0".repeat(PG - 100)}`);
    g.user.store8(m + 200, 7);
    expect(g.pread(fd, 1, 200)).toBe("\x07");
  });
});

test("growing by a write over the tail shows zeros, too", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.write(fd, "ab");
    const m = g.map(PG, fd);
    g.user.store8(m + 10, 0x21);
    expect(g.pwrite(fd, "cd", 20)).toBe(2);
    expect(g.pread(fd, 100, 0)).toBe(`ab${"\0".repeat(18)}cd`);
  });
});

test.each([
  ["beyond the last page of the file", 100, 2 * PG, 2 * PG],
  ["beyond it, at a byte within a page", 100, 3 * PG + 5, 3 * PG + 5],
  ["of an empty file", 0, 0, 0],
])("touching a page %s is SIGBUS at the exact byte", async (_name, size, at, offset) => {
  const { end } = await boot();
  let mapping = 0;
  const status = await end((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    // vmprobe: m[2*PG]=1 of a file of one page and a bit is SIGBUS code=2 addr=m+0x2000.
    g.truncate(fd, size === 0 ? 0 : PG + size);
    mapping = g.map(4 * PG, fd);
    g.user.store8(mapping + at, 1);
  });
  expect(status).toEqual({ signal: SIGBUS, address: mapping + offset });
});

test("truncate under a mapping: SIGBUS on the next touch, EFAULT for a system call", async () => {
  const { end, output } = await boot();
  let m = 0;
  const status = await end((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT | O_TRUNC);
    g.truncate(fd, 2 * PG);
    m = g.map(2 * PG, fd);
    g.user.store8(m, 1);
    g.truncate(fd, 0);
    // vmprobe after ftruncate(fd, 0): write(1,m,4) = -1 EFAULT, pread(fd,m+64,8,0) = 0.
    expect(g.sys(SYS_write, 1, m, 4)).toBe(-EFAULT);
    expect(g.sys(SYS_pread64, fd, m + 64, 8, 0)).toBe(0);
    g.user.store8(m, 1);
  });
  expect(status).toEqual({ signal: SIGBUS, address: m });
  expect(output()).toBe("");
});

test("a file's pages live as long as its mapping, and no longer", async () => {
  const { run, kernel } = await boot();
  await run((g) => {
    const round = (): void => {
      const fd = g.open("f", O_RDWR | O_CREAT);
      g.truncate(fd, 16 * PG);
      const m = g.map(16 * PG, fd);
      g.user.fill(m, 1, 16 * PG);
      expect(g.sys(SYS_unlinkat, AT_FDCWD, "f", 0)).toBe(0);
      // "After the mmap() call has returned, the file descriptor, fd, can be closed immediately without invalidating
      // the mapping."
      expect(g.close(fd)).toBe(0);
      expect(g.user.load8(m + 15 * PG)).toBe(1);
      expect(kernel.vfs.rootfs.superBlock.usedPages).toBe(16);
      expect(g.sys(SYS_munmap, m, 16 * PG)).toBe(0);
      expect(kernel.vfs.rootfs.superBlock.usedPages).toBe(0);
    };
    // The first round touches pages of the program's own.
    round();
    const before = kernel.pages.available;
    round();
    expect(kernel.pages.available).toBe(before);
  });
});

test("writing a file from a mapping of itself", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.truncate(fd, 3 * PG);
    const m = g.map(3 * PG, fd);
    g.user.write(m, new TextEncoder().encode("source"));
    // The copy's source is the very page that the write makes.
    expect(g.sys(SYS_write, fd, m + 2 * PG, PG)).toBe(PG);
    expect(g.pread(fd, 6, 0)).toBe("\0".repeat(6));
  });
});

test("shared anonymous memory is shared with a child, private is not", async () => {
  const { run, kernel } = await boot();
  await run(async (g) => {
    const shared = g.map(PG, -1, MAP_SHARED | MAP_ANONYMOUS);
    const mine = g.map(PG);
    g.user.store8(shared, 1);
    g.user.store8(mine, 1);
    const pid = g.user.fork((child) => {
      child.store8(shared, 2);
      child.store8(mine, 2);
    });
    expect(pid).toBeGreaterThan(0);
    await g.wait(SYS_wait4, pid, 0, 0, 0);
    // vmprobe: fork: private 1 shared 2.
    expect([g.user.load8(mine), g.user.load8(shared)]).toEqual([1, 2]);
    const line = g.read(g.open("/proc/self/maps", O_RDONLY)) as string;
    expect(line).toMatch(/ rw-s 00000000 00:01 \d+ +\/dev\/zero \(deleted\)\n/);
    const before = kernel.pages.available;
    g.sys(SYS_munmap, shared, PG);
    expect(kernel.pages.available).toBeGreaterThan(before);
  });
});

test("a shared mapping of shared memory that grows by mremap ends where its file ends", async () => {
  const { end } = await boot();
  const status = await end((g) => {
    const m = g.map(PG, -1, MAP_SHARED | MAP_ANONYMOUS);
    const moved = g.sys(SYS_mremap, m, PG, 2 * PG, MREMAP_MAYMOVE);
    g.user.store8(moved, 1);
    g.user.store8(moved + PG, 1);
  });
  expect(status).toMatchObject({ signal: SIGBUS });
});

test("/dev/zero: private is anonymous, shared has a file of its own", async () => {
  const { run } = await boot();
  await run(async (g) => {
    const fd = g.open("/dev/zero", O_RDWR);
    const mine = g.map(PG, fd, MAP_PRIVATE);
    const shared = g.map(PG, fd, MAP_SHARED);
    const again = g.map(PG, fd, MAP_SHARED);
    for (const m of [mine, shared, again]) expect(g.user.load8(m + 5)).toBe(0);
    g.user.store8(mine, 1);
    g.user.store8(shared, 2);
    // Two shared mappings of /dev/zero are two pieces of memory.
    expect([g.user.load8(mine), g.user.load8(shared), g.user.load8(again)]).toEqual([1, 2, 0]);
    const pid = g.user.fork((child) => child.store8(shared, 9));
    await g.wait(SYS_wait4, pid, 0, 0, 0);
    expect(g.user.load8(shared)).toBe(9);
    const maps = g.read(g.open("/proc/self/maps", O_RDONLY)) as string;
    expect(maps).toMatch(/ rw-p 00000000 00:06 \d+ +\/dev\/zero\n/);
    expect(maps.match(/ rw-s 00000000 00:01 \d+ +\/dev\/zero \(deleted\)\n/g)).toHaveLength(2);
  });
});

test("what cannot be mapped: ENODEV", async () => {
  const { run } = await boot();
  await run((g) => {
    // vmprobe: directory, /dev/null and pipe give ENODEV; so does a file of /proc.
    for (const path of [".", "/dev/full", "/dev/console", "/proc/devices"]) {
      const fd = g.open(path, O_RDONLY);
      expect([path, g.sys(SYS_mmap, 0, PG, PROT_READ, MAP_PRIVATE, fd, 0)]).toEqual([path, -ENODEV]);
    }
    const fd = g.open("/dev/null", O_RDWR);
    expect(g.sys(SYS_mmap, 0, PG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)).toBe(-ENODEV);
  });
});

test("a load after munmap is SIGSEGV, whatever file was there", async () => {
  const { end } = await boot();
  let m = 0;
  const status = await end((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.write(fd, "x");
    m = g.map(PG, fd);
    g.user.load8(m);
    g.sys(SYS_munmap, m, PG);
    g.user.load8(m);
  });
  expect(status).toEqual({ signal: SIGSEGV, address: m });
});
