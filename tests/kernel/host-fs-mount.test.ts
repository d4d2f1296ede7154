/** Directories of the host mounted in the tree. Truth: the manual pages named, and what Node reads on the host's side. */
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EROFS } from "../../abi/errno.ts";
import { AT_FDCWD, O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } from "../../abi/fcntl.ts";
import { MAP_PRIVATE, MAP_SHARED, MS_SYNC } from "../../abi/mman.ts";
import { HOSTFS_SUPER_MAGIC, ST_RDONLY, statfs } from "../../abi/statfs.ts";
import {
  SYS_exit_group,
  SYS_faccessat,
  SYS_fchmodat,
  SYS_fchownat,
  SYS_fsync,
  SYS_msync,
  SYS_munmap,
  SYS_statfs,
  SYS_utimensat,
} from "../../abi/syscalls.ts";
import { NodeDirectory } from "../../src/host/node-directory.ts";
import { boot, type Guest } from "./guest.ts";
import { hostTree, Paths, treeOf } from "./host-tree.ts";

const PG = 4096;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

const mounted = async (
  directory: string,
  writable: boolean,
  main: (p: Paths, g: Guest) => void | Promise<void>,
): Promise<void> => {
  const { kernel, run } = await boot();
  kernel.vfs.mountHost("/mnt/deep", new NodeDirectory(directory), writable);
  await run((g) => main(new Paths(g), g));
};

test("read-only: everything can be read and nothing changed (EROFS)", async () => {
  const directory = hostTree({ "d/f": "hello" });
  const before = treeOf(directory);
  await mounted(directory, false, (p, g) => {
    expect(p.read("/mnt/deep/d/f")).toBe("hello");
    expect(p.read("/proc/mounts")).toContain("hostfs /mnt/deep hostfs ro 0 0\n");
    const at = "/mnt/deep/d/f";
    expect(g.open(at, O_WRONLY)).toBe(-EROFS);
    expect(g.open(at, O_RDONLY | O_TRUNC)).toBe(-EROFS);
    expect(g.open("/mnt/deep/new", O_CREAT | O_RDWR)).toBe(-EROFS);
    // What exists is opened, O_CREAT or not.
    expect(g.open(at, O_CREAT | O_RDONLY)).toBeGreaterThan(2);
    for (const result of [
      p.truncate(at, 0),
      p.unlink(at),
      p.rmdir("/mnt/deep/d"),
      p.mkdir("/mnt/deep/e"),
      p.symlink("x", "/mnt/deep/l"),
      p.link(at, "/mnt/deep/l"),
      p.rename(at, "/mnt/deep/g"),
    ]) {
      expect(result).toBe("EROFS");
    }
    expect(p.mkdir("/mnt/deep/d")).toBe("EEXIST");
    expect(g.sys(SYS_fchmodat, AT_FDCWD, at, 0o600)).toBe(-EROFS);
    expect(g.sys(SYS_fchownat, AT_FDCWD, at, 1, 1, 0)).toBe(-EROFS);
    expect(g.sys(SYS_utimensat, AT_FDCWD, at, 0, 0)).toBe(-EROFS);
    expect(g.sys(SYS_faccessat, AT_FDCWD, at, 2)).toBe(-EROFS);
    expect(g.sys(SYS_faccessat, AT_FDCWD, at, 4)).toBe(0);
    expect(g.sys(SYS_statfs, "/mnt/deep", g.buffer)).toBe(0);
    const figures = statfs.read(g.user.read(g.buffer, statfs.size));
    expect(figures.f_type).toBe(HOSTFS_SUPER_MAGIC);
    expect(figures.f_flags & ST_RDONLY).toBe(ST_RDONLY);
    expect(figures.f_blocks).toBeGreaterThan(0);
  });
  expect(treeOf(directory)).toEqual(before);
});

test("a file system of its own: another st_dev, and rename and link across give EXDEV", async () => {
  await mounted(hostTree({ f: "x" }), true, (p) => {
    const [inside, outside] = [p.stat("/mnt/deep"), p.stat("/mnt")] as [{ st_dev: number }, { st_dev: number }];
    expect(inside.st_dev).not.toBe(outside.st_dev);
    p.write("/tmp/g", "y");
    expect(p.rename("/mnt/deep/f", "/tmp/f")).toBe("EXDEV");
    expect(p.rename("/tmp/g", "/mnt/deep/g")).toBe("EXDEV");
    expect(p.link("/tmp/g", "/mnt/deep/g")).toBe("EXDEV");
  });
});

test("what happens on the host shows: new names, changed bytes, replaced and removed files", async () => {
  const directory = hostTree({ f: "one", "d/x": "1" });
  await mounted(directory, false, (p, g) => {
    expect(p.read("/mnt/deep/f")).toBe("one");
    const fd = g.open("/mnt/deep/f", O_RDONLY);
    const va = g.sys(222, 0, PG, 1, MAP_PRIVATE, fd, 0);
    expect(g.text(va, 3)).toBe("one");
    writeFileSync(join(directory, "f"), "second");
    expect(p.read("/mnt/deep/f")).toBe("second");
    expect(g.text(va, 6)).toBe("second");
    writeFileSync(join(directory, "new"), "n");
    expect(p.list("/mnt/deep")).toEqual(["d", "f", "new"]);
    renameSync(join(directory, "d"), join(directory, "e"));
    expect(p.read("/mnt/deep/d/x")).toBe("ENOENT");
    expect(p.read("/mnt/deep/e/x")).toBe("1");
    rmSync(join(directory, "f"));
    expect(p.read("/mnt/deep/f")).toBe("ENOENT");
    // "the file … will remain in existence until the last file descriptor referring to it is closed", unlink(2).
    expect(g.pread(fd, 6, 0)).toBe("second");
  });
});

test("rw: each write is on the host when the call returns", async () => {
  const directory = hostTree({ f: "12345", d: "" });
  rmSync(join(directory, "d"));
  const host = (name: string): string => readFileSync(join(directory, name), "utf8");
  await mounted(directory, true, (p, g) => {
    const fd = g.open("/mnt/deep/f", O_RDWR);
    g.pwrite(fd, "ab", 1);
    expect(host("f")).toBe("1ab45");
    g.pwrite(fd, "end", 5000);
    expect(host("f")).toBe(`1ab45${"\0".repeat(4995)}end`);
    expect(g.truncate(fd, 3)).toBe(0);
    expect(host("f")).toBe("1ab");
    expect(p.write("/mnt/deep/f", "zz", O_APPEND)).toBe(2);
    expect(host("f")).toBe("1abzz");
    expect(p.mkdir("/mnt/deep/d")).toBe(0);
    expect(p.write("/mnt/deep/d/new", "content")).toBe(7);
    expect(host("d/new")).toBe("content");
    expect(statSync(join(directory, "d/new")).mode & 0o777).toBe(0o644);
    expect(p.rename("/mnt/deep/d", "/mnt/deep/e")).toBe(0);
    expect(p.read("/mnt/deep/e/new")).toBe("content");
    expect(p.write("/mnt/deep/e/new", "C", 0)).toBe(1);
    expect(host("e/new")).toBe("Content");
    expect(p.symlink("e/new", "/mnt/deep/link")).toBe(0);
    expect(p.read("/mnt/deep/link")).toBe("Content");
    expect(p.link("/mnt/deep/f", "/mnt/deep/f2")).toBe(0);
    expect(p.unlink("/mnt/deep/f")).toBe(0);
    expect(host("f2")).toBe("1abzz");
    expect(p.rmdir("/mnt/deep/e")).toBe("ENOTEMPTY");
    expect(g.sys(SYS_fchmodat, AT_FDCWD, "/mnt/deep/f2", 0o600)).toBe(0);
    expect(statSync(join(directory, "f2")).mode & 0o777).toBe(0o600);
    // A program of the guest's must not become one that runs as the host's user.
    expect(g.sys(SYS_fchmodat, AT_FDCWD, "/mnt/deep/f2", 0o6755)).toBe(0);
    expect(statSync(join(directory, "f2")).mode & 0o7777).toBe(0o755);
  });
  expect(treeOf(directory)).toEqual({ e: "dir", "e/new": "file Content", link: "-> e/new", f2: "file 1abzz" });
});

test("rw: stores through a shared mapping reach the host at msync, fsync, munmap, and the end of the process", async () => {
  const files = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, "-".repeat(2 * PG + 10)]));
  const directory = hostTree(files);
  const host = (name: string): string => readFileSync(join(directory, name), "latin1");
  await mounted(directory, true, async (_p, g) => {
    const open = (name: string): [fd: number, va: number] => {
      const fd = g.open(`/mnt/deep/${name}`, O_RDWR);
      return [fd, g.map(3 * PG, fd, MAP_SHARED)];
    };
    const [, a] = open("a");
    g.user.write(a + PG, text("first"));
    expect(g.sys(SYS_msync, a, 3 * PG, MS_SYNC)).toBe(0);
    expect(host("a").slice(PG, PG + 6)).toBe("first-");
    // The page is clean now: the next store must be noticed again.
    g.user.write(a + PG, text("again"));
    expect(host("a").slice(PG, PG + 5)).toBe("first");
    expect(g.sys(SYS_msync, a, 3 * PG, MS_SYNC)).toBe(0);
    expect(host("a").slice(PG, PG + 5)).toBe("again");
    const [b, bVa] = open("b");
    g.user.write(bVa + 2 * PG, text("0123456789beyond the end"));
    expect(g.sys(SYS_fsync, b)).toBe(0);
    expect(host("b").slice(2 * PG)).toBe("0123456789");
    const [c, cVa] = open("c");
    g.close(c);
    g.user.write(cVa, text("unmapped"));
    expect(g.sys(SYS_munmap, cVa, 3 * PG)).toBe(0);
    expect(host("c").slice(0, 9)).toBe("unmapped-");
    const [, dVa] = open("d");
    g.user.write(dVa, text("exit"));
    await g.wait(SYS_exit_group, 0);
  });
  expect(host("d").slice(0, 5)).toBe("exit-");
});

test("rw: reads and mappings agree, and a private mapping's stores stay its own", async () => {
  const directory = hostTree({ f: "0123456789" });
  await mounted(directory, true, (_p, g) => {
    const fd = g.open("/mnt/deep/f", O_RDWR);
    const shared = g.map(PG, fd, MAP_SHARED);
    const priv = g.map(PG, fd, MAP_PRIVATE);
    g.user.write(shared, text("ab"));
    expect(g.pread(fd, 4, 0)).toBe("ab23");
    g.user.write(priv + 4, text("xy"));
    g.pwrite(fd, "CD", 2);
    expect(g.text(shared, 10)).toBe("abCD456789");
    expect(readFileSync(join(directory, "f"), "utf8")).toBe("abCD456789");
    expect(g.text(priv + 4, 2)).toBe("xy");
  });
});

test("a file without its name is written and read while it is open, and leaves nothing behind", async () => {
  const directory = hostTree();
  await mounted(directory, true, (p, g) => {
    const fd = g.open("/mnt/deep/t", O_CREAT | O_RDWR);
    expect(p.unlink("/mnt/deep/t")).toBe(0);
    expect(existsSync(join(directory, "t"))).toBe(false);
    expect(g.write(fd, "temporary")).toBe(9);
    expect(g.pread(fd, 20, 0)).toBe("temporary");
  });
  expect(treeOf(directory)).toEqual({});
});

test("who makes a file that nobody may write, writes it", async () => {
  const directory = hostTree({ f: "" });
  chmodSync(directory, 0o755);
  await mounted(directory, true, (_p, g) => {
    const fd = g.open("/mnt/deep/ro", O_CREAT | O_RDWR, 0o444);
    expect(g.write(fd, "once")).toBe(4);
  });
  expect(treeOf(directory)).toEqual({ f: "file ", ro: "file once" });
});

test("a place in another mount that is read-only cannot be mounted on", async () => {
  const { kernel } = await boot();
  kernel.vfs.mountHost("/a", new NodeDirectory(hostTree()), false);
  expect(() => kernel.vfs.mountHost("/a/b", new NodeDirectory(hostTree()), false)).toThrow(/cannot mount on \/a\/b/);
});
