/**
 * A host directory as the machine's root. Truth: overlayfs (Documentation/filesystems/overlayfs.rst: "whiteouts", "copy
 * up"), the manual pages named, and what Node reads of the same directory.
 */
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ENOENT, ENOSPC } from "../../abi/errno.ts";
import { AT_FDCWD, O_APPEND, O_CREAT, O_RDONLY, O_RDWR } from "../../abi/fcntl.ts";
import { MADV_DONTNEED, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.ts";
import { S_IFDIR, S_IFLNK, S_IFMT } from "../../abi/stat.ts";
import { OVERLAYFS_SUPER_MAGIC, statfs } from "../../abi/statfs.ts";
import { SYS_faccessat, SYS_fchmodat, SYS_madvise, SYS_openat, SYS_statfs, SYS_unlinkat } from "../../abi/syscalls.ts";
import { NodeDirectory } from "../../src/host/node-directory.ts";
import { boot, type Guest } from "./guest.ts";
import { hostTree, Paths, treeOf } from "./host-tree.ts";

const PG = 4096;
const LARGE = Array.from({ length: 3000 }, (_, i) => `line ${i}`).join("\n");

/** Runs a program over a directory, which must be afterwards what it was before. */
const overlay = async (directory: string, main: (p: Paths, g: Guest) => void): Promise<void> => {
  const before = treeOf(directory);
  const { run } = await boot({ root: new NodeDirectory(directory) });
  await run((g) => main(new Paths(g), g));
  expect(treeOf(directory)).toEqual(before);
};

test("what the host has is there: bytes, names, modes, sizes, times", async () => {
  const directory = hostTree({ "etc/motd": "hello\n", "usr/big": LARGE });
  symlinkSync("usr/big", join(directory, "link"));
  chmodSync(join(directory, "etc/motd"), 0o640);
  await overlay(directory, (p) => {
    expect(p.read("/etc/motd")).toBe("hello\n");
    expect(p.read("/usr/big")).toBe(LARGE);
    expect(p.read("/link")).toBe(LARGE);
    expect(p.readlink("/link")).toBe("usr/big");
    expect(p.stat("/etc/motd")).toMatchObject({ st_mode: 0o100640, st_size: 6, st_nlink: 1 });
    expect(p.list("/")).toEqual(["bin", "dev", "etc", "link", "proc", "root", "sys", "tmp", "usr"]);
    expect(p.list("/usr")).toEqual(["big"]);
    const link = p.stat("/link", 0x100) as { st_mode: number };
    expect(link.st_mode & S_IFMT).toBe(S_IFLNK);
    expect(p.read("/none")).toBe("ENOENT");
    expect(p.read("/etc/motd/x")).toBe("ENOTDIR");
  });
});

test("the machine's own file systems lie above it, with mount points that it need not have", async () => {
  const directory = hostTree({ "tmp/hidden": "x", "dev/hidden": "x" });
  await overlay(directory, (p) => {
    expect(p.list("/tmp")).toEqual([]);
    expect(p.list("/dev")).toContain("null");
    expect(p.list("/dev")).not.toContain("hidden");
    const mounts = p.read("/proc/mounts").split("\n");
    expect(mounts[0]).toBe("overlay / overlay rw 0 0");
    expect(mounts).toContain("tmpfs /tmp tmpfs rw 0 0");
    expect(p.read("/proc/self/mountinfo")).toMatch(/^20 1 0:2 \/ \/ rw,relatime - overlay overlay rw\n/);
    expect(p.rename("/tmp", "/tmp2")).toBe("EBUSY");
  });
});

test("writes stay in the machine: in the middle, at the end, and cut short", async () => {
  await overlay(hostTree({ f: LARGE, g: "12345" }), (p) => {
    expect(p.write("/f", "HERE", 0, 5000)).toBe(4);
    expect(p.read("/f")).toBe(`${LARGE.slice(0, 5000)}HERE${LARGE.slice(5004)}`);
    expect(p.write("/g", "67", O_APPEND)).toBe(2);
    expect(p.read("/g")).toBe("1234567");
    // "the extended part reads as null bytes", truncate(2), whatever the host has there.
    expect(p.truncate("/f", 100)).toBe(0);
    expect(p.truncate("/f", 200)).toBe(0);
    expect(p.read("/f")).toBe(LARGE.slice(0, 100) + "\0".repeat(100));
    expect(p.write("/f", "new")).toBe(3);
    expect(p.read("/f")).toBe("new");
    expect(p.write("/made", "x")).toBe(1);
    expect(p.read("/made")).toBe("x");
  });
});

test("removed and renamed names are gone, and come back only as what is made there", async () => {
  await overlay(hostTree({ "d/a": "A", "d/b": "B", "e/c": "C" }), (p) => {
    expect(p.unlink("/d/a")).toBe(0);
    expect(p.read("/d/a")).toBe("ENOENT");
    expect(p.unlink("/d/a")).toBe("ENOENT");
    expect(p.list("/d")).toEqual(["b"]);
    expect(p.rename("/d/b", "/e/c")).toBe(0);
    expect(p.read("/e/c")).toBe("B");
    expect(p.list("/d")).toEqual([]);
    // A directory whose names are all whiteouts is empty.
    expect(p.rmdir("/d")).toBe(0);
    expect(p.mkdir("/d")).toBe(0);
    // "opaque": a new directory does not show the host's old one.
    expect(p.read("/d/a")).toBe("ENOENT");
    expect(p.list("/d")).toEqual([]);
    expect(p.rmdir("/e")).toBe("ENOTEMPTY");
    expect(p.rename("/e", "/f")).toBe(0);
    expect(p.read("/f/c")).toBe("B");
    expect(p.list("/e")).toBe("ENOENT");
  });
});

test("a directory that is not listed yet is not empty, wherever it was moved", async () => {
  await overlay(hostTree({ "a/b/c": "deep" }), (p) => {
    expect(p.rmdir("/a")).toBe("ENOTEMPTY");
    expect(p.mkdir("/x")).toBe(0);
    expect(p.rename("/x", "/a")).toBe("ENOTEMPTY");
    expect(p.rename("/a/b", "/b")).toBe(0);
    expect(p.read("/b/c")).toBe("deep");
    expect(p.rename("/x", "/a")).toBe(0);
    expect(p.list("/a")).toEqual([]);
  });
});

test("two names of one file are one file", async () => {
  const directory = hostTree({ one: "same" });
  linkSync(join(directory, "one"), join(directory, "two"));
  await overlay(directory, (p) => {
    const [one, two] = [p.stat("/one"), p.stat("/two")] as [{ st_ino: number; st_nlink: number }, { st_ino: number }];
    expect(one.st_ino).toBe(two.st_ino);
    expect(one.st_nlink).toBe(2);
    p.write("/one", "SA", 0);
    expect(p.read("/two")).toBe("SAme");
    expect(p.link("/two", "/three")).toBe(0);
    expect(p.unlink("/one")).toBe(0);
    expect(p.read("/three")).toBe("SAme");
  });
});

test("an open file lives on without its name", async () => {
  await overlay(hostTree({ f: LARGE }), (_p, g) => {
    const fd = g.open("/f", O_RDWR);
    expect(g.sys(SYS_unlinkat, AT_FDCWD, "/f", 0)).toBe(0);
    expect(g.pread(fd, 10, 9000)).toBe(LARGE.slice(9000, 9010));
    expect(g.pwrite(fd, "xy", 9001)).toBe(2);
    expect(g.pread(fd, 4, 9000)).toBe(`${LARGE[9000]}xy${LARGE[9003]}`);
  });
});

test("mappings: private copies stay private, shared stores show in the file, and the host sees neither", async () => {
  await overlay(hostTree({ f: LARGE }), (p, g) => {
    const fd = g.open("/f", O_RDWR);
    const priv = g.map(2 * PG, fd, MAP_PRIVATE);
    const shared = g.map(2 * PG, fd, MAP_SHARED);
    expect(g.text(priv + 5000, 20)).toBe(LARGE.slice(5000, 5020));
    g.user.write(priv + 5000, new TextEncoder().encode("mine"));
    expect(g.text(shared + 5000, 4)).toBe(LARGE.slice(5000, 5004));
    g.user.write(shared + 10, new TextEncoder().encode("ours"));
    expect(p.read("/f").slice(0, 20)).toBe(`${LARGE.slice(0, 10)}ours${LARGE.slice(14, 20)}`);
    expect(g.text(priv + 5000, 4)).toBe("mine");
    // Behind the end of the file, to the end of the page: zeros (mmap(2)).
    const small = g.map(PG, fd, MAP_PRIVATE, Math.floor(LARGE.length / PG) * PG);
    expect(g.user.read(small + (LARGE.length % PG), 8)).toEqual(new Uint8Array(8));
  });
});

test("pages that can be read again give way when memory is short; changed ones do not", async () => {
  const directory = hostTree();
  const size = 24 * 0x10_0000;
  writeFileSync(join(directory, "huge"), Buffer.alloc(size, "abcdefgh"));
  // The machine has 16 MiB.
  await overlay(directory, (_p, g) => {
    const fd = g.open("/huge", O_RDWR);
    expect(g.pwrite(fd, "CHANGED!", 16)).toBe(8);
    const va = g.map(size, fd, MAP_SHARED);
    for (let at = 0; at < size; at += PG) {
      // A page that is mapped stays.
      if (at % (1024 * PG) === 0 && at > 0) g.sys(SYS_madvise, va + at - 1024 * PG, 1024 * PG, MADV_DONTNEED);
      expect(g.user.load8(va + at)).toBe(97);
    }
    expect(g.pread(fd, 10, 15)).toBe("hCHANGED!a");
  });
});

test("a limit on the bytes of files: what is read does not count, what is written does (ENOSPC)", async () => {
  const directory = hostTree();
  writeFileSync(join(directory, "file"), Buffer.alloc(64 * PG, "x"));
  const { run } = await boot({ root: new NodeDirectory(directory), limits: { fileBytes: 8 * PG } });
  await run((g) => {
    const fd = g.open("/file", O_RDWR);
    for (let at = 0; at < 64; at++) expect(g.pread(fd, 1, at * PG)).toBe("x");
    const results = Array.from({ length: 12 }, (_, i) => g.pwrite(fd, "y", i * PG));
    expect(results).toEqual([...Array(8).fill(1), ...Array(4).fill(-ENOSPC)]);
    expect(g.pread(fd, 2, 9 * PG)).toBe("xx");
  });
});

test("names are bytes: UTF-8 or not, each is found under the name that it has", async () => {
  const directory = hostTree({ größe: "utf8" });
  const odd = Buffer.from([0x61, 0xff, 0xfe, 0x62]);
  writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), odd]), "bytes");
  const { run } = await boot({ root: new NodeDirectory(directory) });
  await run((g) => {
    const p = new Paths(g);
    expect(p.read("/größe")).toBe("utf8");
    expect(p.list("/")).toContain("a\xff\xfeb");
    const at = g.buffer + 0x1000;
    g.user.write(at, Buffer.concat([Buffer.from("/"), odd, Buffer.from([0])]));
    const fd = g.sys(SYS_openat, AT_FDCWD, at, O_RDONLY, 0);
    expect(fd).toBeGreaterThan(2);
    expect(g.read(fd)).toBe("bytes");
    // The same with another byte, and what a decoder would make of it, are other names.
    g.user.write(at, Buffer.from([0x2f, 0x61, 0xfe, 0xfe, 0x62, 0]));
    expect(g.sys(SYS_openat, AT_FDCWD, at, O_RDONLY, 0)).toBe(-ENOENT);
    expect(p.read("/a\ufffd\ufffdb")).toBe("ENOENT");
  });
});

test("modes, access and the file system's figures", async () => {
  await overlay(hostTree({ f: "x", "d/g": "y" }), (p, g) => {
    expect(g.sys(SYS_fchmodat, AT_FDCWD, "/f", 0o700)).toBe(0);
    expect(p.stat("/f")).toMatchObject({ st_mode: 0o100700 });
    expect(g.sys(SYS_faccessat, AT_FDCWD, "/d/g", 2)).toBe(0);
    expect((p.stat("/d") as { st_mode: number }).st_mode & S_IFMT).toBe(S_IFDIR);
    expect(g.sys(SYS_statfs, "/", g.buffer)).toBe(0);
    const figures = statfs.read(g.user.read(g.buffer, statfs.size));
    // Half of the machine's 16 MiB.
    expect(figures).toMatchObject({ f_type: OVERLAYFS_SUPER_MAGIC, f_bsize: PG, f_blocks: 2048 });
    const [root, tmp] = [p.stat("/"), p.stat("/tmp")] as [{ st_dev: number }, { st_dev: number }];
    expect(root.st_dev).not.toBe(tmp.st_dev);
    expect(p.rename("/f", "/tmp/f")).toBe("EXDEV");
    expect(p.link("/f", "/tmp/f")).toBe("EXDEV");
  });
});

test("a host that changes underneath gives errors or zeros, never another file's bytes", async () => {
  const directory = hostTree({ gone: LARGE, short: LARGE, swapped: LARGE, other: "secret" });
  const { run } = await boot({ root: new NodeDirectory(directory) });
  await run((g) => {
    const p = new Paths(g);
    for (const name of ["gone", "short", "swapped"])
      expect(p.stat(`/${name}`)).toMatchObject({ st_size: LARGE.length });
    rmSync(join(directory, "gone"));
    truncateSync(join(directory, "short"), 10);
    rmSync(join(directory, "swapped"));
    writeFileSync(join(directory, "swapped"), "secret");
    expect(p.read("/gone")).toBe("ENOENT");
    expect(p.read("/short")).toBe(LARGE.slice(0, 10) + "\0".repeat(LARGE.length - 10));
    expect(p.read("/swapped")).toBe("ESTALE");
  });
});

test("a directory that is missing or a file is told to the host by name", () => {
  const directory = hostTree({ f: "" });
  mkdirSync(join(directory, "d"));
  expect(() => new NodeDirectory(join(directory, "none"))).toThrow(/no such directory: .*none/);
  expect(() => new NodeDirectory(join(directory, "f"))).toThrow(/not a directory: .*f/);
});

test("O_CREAT on a whiteout makes a new, empty file", async () => {
  await overlay(hostTree({ f: "old" }), (p, g) => {
    expect(p.unlink("/f")).toBe(0);
    g.close(g.open("/f", O_CREAT | O_RDWR));
    expect(p.read("/f")).toBe("");
  });
});
