/** The tree at boot and its directories. Truth: path_resolution(7), getdents(2), getcwd(3), the manual pages named. */
import { describe, expect, test } from "vitest";
import { EBUSY, ENAMETOOLONG, ENOENT, ENOTDIR, EXDEV } from "../../abi/errno.ts";
import { AT_FDCWD, AT_REMOVEDIR, O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR, SEEK_SET } from "../../abi/fcntl.ts";
import { DIRENT64_NAME, DT_CHR, DT_DIR, DT_LNK, DT_REG, linuxDirent64, S_IFCHR, stat } from "../../abi/stat.ts";
import { statfs, TMPFS_MAGIC } from "../../abi/statfs.ts";
import {
  SYS_chdir,
  SYS_fchdir,
  SYS_fchmod,
  SYS_getcwd,
  SYS_getdents64,
  SYS_lseek,
  SYS_mkdirat,
  SYS_newfstatat,
  SYS_renameat2,
  SYS_statfs,
  SYS_symlinkat,
  SYS_unlinkat,
  SYS_utimensat,
} from "../../abi/syscalls.ts";
import { timespec } from "../../abi/time.ts";
import { MKDEV } from "../../devices/drivers/vm.ts";
import { boot, type Guest } from "./guest.ts";

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly ino: number;
  readonly next: number;
}

/** The entries that one getdents64 with `size` bytes of room gives; a negative errno. */
const getdents = (g: Guest, fd: number, size = 8192): Entry[] | number => {
  const length = g.sys(SYS_getdents64, fd, g.buffer, size);
  if (length < 0) return length;
  const bytes = g.user.read(g.buffer, length);
  const entries: Entry[] = [];
  for (let at = 0; at < length; ) {
    const { d_ino, d_off, d_reclen, d_type } = linuxDirent64.read(bytes, at);
    const end = bytes.indexOf(0, at + DIRENT64_NAME);
    const name = new TextDecoder().decode(bytes.subarray(at + DIRENT64_NAME, end));
    entries.push({ name, type: d_type, ino: d_ino, next: d_off });
    expect(d_reclen % 8).toBe(0);
    at += d_reclen;
  }
  return entries;
};

const names = (entries: Entry[] | number): string[] => (entries as Entry[]).map(({ name }) => name);

const cwd = (g: Guest): string | number => {
  const length = g.sys(SYS_getcwd, g.buffer, 1000);
  return length < 0 ? length : g.text(g.buffer, length - 1);
};

const statOf = (g: Guest, path: string, flags = 0) => {
  expect(g.sys(SYS_newfstatat, AT_FDCWD, path, g.buffer, flags)).toBe(0);
  return stat.read(g.user.read(g.buffer, stat.size));
};

describe("directories", () => {
  test("the root, and what is in it", async () => {
    const { run } = await boot();
    await run((g) => {
      const entries = getdents(g, g.open("/", O_RDONLY | O_DIRECTORY)) as Entry[];
      expect(names(entries).toSorted()).toEqual(
        [".", "..", "bin", "dev", "etc", "proc", "root", "sys", "tmp"].toSorted(),
      );
      expect(entries.every(({ type }) => type === DT_DIR)).toBe(true);
      // "/.." is "/", path_resolution(7).
      expect(entries[0]!.ino).toBe(entries[1]!.ino);
      expect(statOf(g, "/tmp").st_mode).toBe(0o041777);
      expect(statOf(g, "/root").st_mode).toBe(0o040700);
    });
  });

  test("each kind of file has its d_type and the inode number of stat", async () => {
    const { run } = await boot();
    await run((g) => {
      g.open("file", O_RDWR | O_CREAT);
      g.sys(SYS_symlinkat, "file", AT_FDCWD, "link");
      g.sys(SYS_mkdirat, AT_FDCWD, "sub", 0o755);
      const entries = getdents(g, g.open(".", O_RDONLY)) as Entry[];
      const types = Object.fromEntries(entries.map(({ name, type }) => [name, type]));
      expect(types).toEqual({ ".": DT_DIR, "..": DT_DIR, file: DT_REG, link: DT_LNK, sub: DT_DIR });
      const ino = entries.find(({ name }) => name === "file")!.ino;
      expect(statOf(g, "link").st_ino).toBe(ino);
      const devices = getdents(g, g.open("/dev", O_RDONLY)) as Entry[];
      expect(devices.find(({ name }) => name === "null")?.type).toBe(DT_CHR);
    });
  });

  test("a directory that is read in pieces gives each name once, whatever goes and comes meanwhile", async () => {
    const { run } = await boot();
    await run((g) => {
      for (let i = 0; i < 20; i++) g.close(g.open(`file-${i}`, O_RDWR | O_CREAT));
      const fd = g.open(".", O_RDONLY);
      const seen: string[] = [];
      // Room for two entries at most.
      for (let round = 0; ; round++) {
        const entries = getdents(g, fd, 64);
        if (names(entries).length === 0) break;
        seen.push(...names(entries));
        g.sys(SYS_unlinkat, AT_FDCWD, seen.at(-1)!, 0);
        if (round === 3) g.open("late", O_RDWR | O_CREAT);
      }
      expect(seen.length).toBe(new Set(seen).size);
      expect(seen).toEqual(expect.arrayContaining([".", "..", ...Array.from({ length: 20 }, (_, i) => `file-${i}`)]));
      expect(seen).toContain("late");
      // d_off is a position to which lseek can go back.
      g.sys(SYS_lseek, fd, 0, SEEK_SET);
      const [, second, third] = getdents(g, fd) as Entry[];
      g.sys(SYS_lseek, fd, second!.next, SEEK_SET);
      expect(names(getdents(g, fd))[0]).toBe(third!.name);
    });
  });
});

describe("paths", () => {
  test("'..' leaves a mounted file system, getcwd crosses it", async () => {
    const { run } = await boot();
    await run((g) => {
      expect(cwd(g)).toBe("/tmp");
      expect(g.sys(SYS_chdir, "/sys/kernel/debug")).toBe(0);
      expect(cwd(g)).toBe("/sys/kernel/debug");
      expect(g.sys(SYS_chdir, "../../kernel/./debug//..")).toBe(0);
      expect(cwd(g)).toBe("/sys/kernel");
      expect(g.sys(SYS_chdir, "../../../../..")).toBe(0);
      expect(cwd(g)).toBe("/");
      const fd = g.open("/dev", O_RDONLY);
      expect(g.sys(SYS_fchdir, fd)).toBe(0);
      expect(cwd(g)).toBe("/dev");
      expect(g.open("null", O_RDONLY)).toBeGreaterThan(0);
    });
  });

  test("40 symbolic links are followed, 41 are not; a path is shorter than 4096 bytes", async () => {
    const { run } = await boot();
    await run((g) => {
      g.open("l0", O_RDWR | O_CREAT);
      for (let i = 1; i <= 41; i++) g.sys(SYS_symlinkat, `l${i - 1}`, AT_FDCWD, `l${i}`);
      // "the kernel imposes a limit of 40": exceeding it is ELOOP (40).
      expect(g.open("l40", O_RDONLY)).toBeGreaterThan(0);
      expect(g.open("l41", O_RDONLY)).toBe(-40);
      // "ENAMETOOLONG": with its NUL a path fits in PATH_MAX, 4096 bytes.
      expect(g.open(`${"./".repeat(2046)}l0/`, O_RDONLY)).toBe(-ENOTDIR);
      expect(g.open(`${"./".repeat(2047)}l0`, O_RDONLY)).toBe(-ENAMETOOLONG);
    });
  });

  test("a name counts its bytes, not its characters", async () => {
    const { run } = await boot();
    await run((g) => {
      expect(g.open("ä".repeat(127), O_RDWR | O_CREAT)).toBeGreaterThan(0);
      expect(g.open("ä".repeat(128), O_RDWR | O_CREAT)).toBe(-ENAMETOOLONG);
      expect(names(getdents(g, g.open(".", O_RDONLY)))).toContain("ä".repeat(127));
    });
  });

  test("a symbolic link in the middle, to a directory of another file system", async () => {
    const { run } = await boot();
    await run((g) => {
      g.sys(SYS_symlinkat, "../dev", AT_FDCWD, "devices");
      expect(g.open("devices/zero", O_RDONLY)).toBeGreaterThan(0);
      // ".." after it is the parent of what it leads to.
      expect(g.open("devices/../tmp/devices/full", O_RDONLY)).toBeGreaterThan(0);
      g.sys(SYS_symlinkat, "/none", AT_FDCWD, "nowhere");
      expect(g.open("nowhere/x", O_RDONLY)).toBe(-ENOENT);
    });
  });

  test("mount points stay", async () => {
    const { run } = await boot();
    await run((g) => {
      // "EBUSY: … in use as a mount point", rmdir(2), rename(2).
      expect(g.sys(SYS_unlinkat, AT_FDCWD, "/proc", AT_REMOVEDIR)).toBe(-EBUSY);
      // The directory above it is on the root's file system, its own content is not.
      expect(g.sys(SYS_renameat2, AT_FDCWD, "/dev/null", AT_FDCWD, "/tmp/null", 0)).toBe(-EXDEV);
      expect(g.sys(SYS_renameat2, AT_FDCWD, "/dev", AT_FDCWD, "/tmp/dev", 0)).toBe(-EBUSY);
      g.sys(SYS_mkdirat, AT_FDCWD, "empty", 0o755);
      expect(g.sys(SYS_renameat2, AT_FDCWD, "empty", AT_FDCWD, "/proc", 0)).toBe(-EBUSY);
    });
  });
});

test("device numbers of the file systems, as maps and stat show them", async () => {
  const { run } = await boot();
  await run((g) => {
    // Measured on Linux: /dev is 00:06 and a shared anonymous mapping 00:01.
    expect(statOf(g, "/dev/null").st_dev).toBe(6);
    expect(
      new Set(["/", "/dev", "/proc", "/sys", "/sys/kernel/debug"].map((path) => statOf(g, path).st_dev)).size,
    ).toBe(5);
    expect(statOf(g, "/dev/null")).toMatchObject({ st_rdev: 0x103, st_mode: 0o020666, st_size: 0, st_blksize: 4096 });
    expect(g.sys(SYS_statfs, "/tmp", g.buffer)).toBe(0);
    expect(statfs.read(g.user.read(g.buffer, statfs.size))).toMatchObject({
      f_type: TMPFS_MAGIC,
      f_bsize: 4096,
      f_blocks: 2048,
      f_namelen: 255,
    });
  });
});

test("times: a write moves mtime and ctime, a read atime, utimensat what it is told", async () => {
  const { run, kernel } = await boot();
  await run(async (g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    const made = statOf(g, "f");
    expect(made.st_mtime).toBe(Date.UTC(2025, 0, 1) / 1000);
    const sleep = async (seconds: number): Promise<void> => {
      g.user.write(g.buffer, timespec.encode({ tv_sec: seconds }));
      await g.wait(101, g.buffer, 0);
    };
    await sleep(10);
    g.write(fd, "x");
    expect(statOf(g, "f")).toMatchObject({ st_mtime: made.st_mtime + 10, st_ctime: made.st_ctime + 10 });
    expect(statOf(g, "f").st_atime).toBe(made.st_atime);
    await sleep(10);
    g.pread(fd, 1, 0);
    expect(statOf(g, "f").st_atime).toBe(made.st_atime + 20);
    // relatime: not again while it is younger than the last change.
    await sleep(10);
    g.pread(fd, 1, 0);
    expect(statOf(g, "f").st_atime).toBe(made.st_atime + 20);
    g.sys(SYS_fchmod, fd, 0o600);
    expect(statOf(g, "f")).toMatchObject({ st_mode: 0o100600, st_ctime: made.st_ctime + 30 });
    g.user.write(g.buffer, timespec.encode({ tv_sec: 5, tv_nsec: 6 }));
    g.user.write(g.buffer + 16, timespec.encode({ tv_sec: 1, tv_nsec: 0x3fff_fffe }));
    expect(g.sys(SYS_utimensat, AT_FDCWD, "f", g.buffer, 0)).toBe(0);
    expect(statOf(g, "f")).toMatchObject({ st_atime: 5, st_atime_nsec: 6, st_mtime: made.st_mtime + 10 });
    expect(kernel.realTime().seconds).toBe(made.st_mtime + 30);
  });
});

describe("what the host does", () => {
  test("files go in and out", async () => {
    const { run, kernel } = await boot();
    const bytes = new Uint8Array(10_000).map((_, i) => i * 7);
    kernel.vfs.writeFile("/usr/share/data", bytes, 0o755);
    expect(kernel.vfs.readFile("/usr/share/data")).toEqual(bytes);
    expect(kernel.vfs.exists("/usr/share")).toBe(true);
    expect(kernel.vfs.readFile("/usr/share")).toBeNull();
    expect(kernel.vfs.readFile("/none")).toBeNull();
    kernel.vfs.writeFile("/usr/share/data", new Uint8Array([1]));
    expect(kernel.vfs.readFile("/usr/share/data")).toEqual(new Uint8Array([1]));
    await run((g) => {
      expect(statOf(g, "/usr/share/data")).toMatchObject({ st_size: 1, st_mode: 0o100755 });
      g.write(g.open("/tmp/out", O_RDWR | O_CREAT), "hello");
    });
    expect(new TextDecoder().decode(kernel.vfs.readFile("/tmp/out")!)).toBe("hello");
  });

  test("what it cannot do is thrown, and says what", async () => {
    const { kernel } = await boot();
    expect(() => kernel.vfs.writeFile("/dev/null/x", new Uint8Array(1))).toThrow("/dev/null/x");
    expect(() => kernel.vfs.writeFile("/tmp/big", new Uint8Array(9 * 2 ** 20))).toThrow("8388608 of 9437184");
    expect(() => kernel.vfs.makeNode("/dev/null", S_IFCHR | 0o600, MKDEV(1, 3))).toThrow("/dev/null");
    expect(() => kernel.spawn(() => {}, { cwd: "/none" })).toThrow("/none");
  });
});
