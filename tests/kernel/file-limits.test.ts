/** How much files may hold, and how many may be open. Truth: the manual pages' sentences. */
import { expect, test } from "vitest";
import { EFAULT, EFBIG, EMFILE, ENOSPC } from "../../abi/errno.ts";
import { AT_FDCWD, F_DUPFD, O_APPEND, O_CREAT, O_RDONLY, O_RDWR, SEEK_CUR, SEEK_SET } from "../../abi/fcntl.ts";
import { MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { SIGBUS } from "../../abi/signal.ts";
import { stat } from "../../abi/stat.ts";
import {
  SYS_dup,
  SYS_fcntl,
  SYS_fstat,
  SYS_lseek,
  SYS_mmap,
  SYS_openat,
  SYS_pipe2,
  SYS_pwrite64,
  SYS_unlinkat,
} from "../../abi/syscalls.ts";
import { boot, type Guest } from "./guest.ts";

const PG = 4096;
/** ext4's largest file, which is ours: 16 TiB less a page. */
const MOST = 2 ** 44 - PG;
/** "size=…: The default is half of your physical RAM", tmpfs(5): half of 16 MiB. */
const HALF = (16 * 0x10_0000) / 2 / PG;

const statOf = (g: Guest, fd: number) => {
  expect(g.sys(SYS_fstat, fd, g.buffer)).toBe(0);
  return stat.read(g.user.read(g.buffer, stat.size));
};

test("a hole takes no memory and reads as zeros", async () => {
  const { run, kernel } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    // "This allows the file offset to be set beyond the end of the file … subsequent reads of the data in the gap (a
    // 'hole') return null bytes", lseek(2).
    expect(g.pwrite(fd, "end", MOST - 3)).toBe(3);
    expect(statOf(g, fd)).toMatchObject({ st_size: MOST, st_blocks: 8 });
    expect(g.pread(fd, 4, 2 ** 43)).toBe("\0\0\0\0");
    expect(g.pread(fd, 10, MOST - 5)).toBe("\0\0end");
    expect(kernel.vfs.rootfs.superBlock.usedPages).toBe(1);
    expect(g.truncate(fd, 0)).toBe(0);
    expect(kernel.vfs.rootfs.superBlock.usedPages).toBe(0);
  });
});

test("nothing is written behind the largest size", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    // "EFBIG: An attempt was made to write a file that exceeds the implementation-defined maximum file size", write(2).
    expect(g.pwrite(fd, "x", MOST)).toBe(-EFBIG);
    expect(g.pwrite(fd, "four", MOST - 2)).toBe(2);
    expect(g.truncate(fd, MOST + 1)).toBe(-EFBIG);
    expect(g.truncate(fd, MOST)).toBe(0);
    const appending = g.open("f", O_RDWR | O_APPEND);
    expect(g.write(appending, "x")).toBe(-EFBIG);
    expect(g.write(appending, "")).toBe(0);
  });
});

test("a file system holds half of memory, then ENOSPC; what is removed makes room", async () => {
  const { run, kernel } = await boot();
  await run((g) => {
    const big = g.map(0x40_0000);
    g.user.fill(big, 1, 0x40_0000);
    const fd = g.open("f", O_RDWR | O_CREAT);
    // "ENOSPC: The device containing the file referred to by fd has no room for the data", write(2). What fits is
    // written first: the count tells.
    expect(g.sys(SYS_pwrite64, fd, big, 0x40_0000, 0)).toBe(0x40_0000);
    const more = g.open("g", O_RDWR | O_CREAT);
    expect(g.sys(SYS_pwrite64, more, big, 0x40_0000, 100)).toBe((HALF - 1024) * PG - 100);
    expect(g.pwrite(more, "x", 2 ** 30)).toBe(-ENOSPC);
    expect(kernel.vfs.rootfs.superBlock.usedPages).toBe(HALF);
    expect(g.sys(SYS_unlinkat, AT_FDCWD, "f", 0)).toBe(0);
    expect(g.close(fd)).toBe(0);
    expect(g.pwrite(more, "x", 2 ** 30)).toBe(1);
  });
});

test("a mapping that finds no room is SIGBUS", async () => {
  const { end } = await boot();
  let m = 0;
  const status = await end((g) => {
    const big = g.map(0x40_0000);
    g.user.fill(big, 1, 0x40_0000);
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.sys(SYS_pwrite64, fd, big, 0x40_0000, 0);
    g.sys(SYS_pwrite64, fd, big, 0x40_0000, 0x40_0000);
    g.truncate(fd, 0x80_0000 + PG);
    m = g.sys(SYS_mmap, 0, PG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0x80_0000);
    g.user.store8(m + 3, 1);
  });
  expect(status).toEqual({ signal: SIGBUS, address: m + 3 });
});

test("1024 descriptors, the lowest free one first", async () => {
  const { run } = await boot();
  await run((g) => {
    const first = g.open("/dev/null", O_RDONLY);
    expect(first).toBe(3);
    for (let fd = 4; fd < 1024; fd++) expect(g.sys(SYS_dup, 3)).toBe(fd);
    // "EMFILE: The per-process limit on the number of open file descriptors has been reached", open(2), before the
    // path is looked at.
    expect(g.open("/none", O_RDONLY)).toBe(-EMFILE);
    // … and after the path was fetched.
    expect(g.sys(SYS_openat, AT_FDCWD, 8, O_RDONLY, 0)).toBe(-EFAULT);
    expect(g.sys(SYS_dup, 3)).toBe(-EMFILE);
    expect(g.sys(SYS_fcntl, 3, F_DUPFD, 1000)).toBe(-EMFILE);
    g.close(700);
    expect(g.sys(SYS_pipe2, g.buffer, 0)).toBe(-EMFILE);
    // Nothing of the failed pipe stays.
    expect(g.sys(SYS_fcntl, 3, F_DUPFD, 5)).toBe(700);
    g.close(5);
    expect(g.open("/dev/zero", O_RDONLY)).toBe(5);
  });
});

test("dup shares the position, a second open does not", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    const copy = g.sys(SYS_dup, fd);
    const other = g.open("f", O_RDWR);
    g.write(fd, "hello");
    // "The two file descriptors … refer to the same open file description … and thus share file offset and file status
    // flags", dup(2).
    expect(g.sys(SYS_lseek, copy, 0, SEEK_CUR)).toBe(5);
    expect(g.sys(SYS_lseek, other, 0, SEEK_CUR)).toBe(0);
    g.sys(SYS_lseek, copy, 1, SEEK_SET);
    expect(g.read(fd)).toBe("ello");
    g.close(fd);
    g.sys(SYS_lseek, copy, 0, SEEK_SET);
    expect(g.read(copy)).toBe("hello");
  });
});
