/** debugfs. Truth: fs/debugfs/file.c of Linux 6.12, and the seed's transcript ("mmap: No such device", -rw-r--r--). */
import { expect, test } from "vitest";
import { EACCES, EIO, ENODEV, ENOENT, ENOTTY, EPERM, EWOULDBLOCK } from "../../abi/errno.ts";
import { O_CREAT, O_RDONLY, O_RDWR } from "../../abi/fcntl.ts";
import { stat } from "../../abi/stat.ts";
import { SYS_ioctl, SYS_mkdirat, SYS_mmap, SYS_newfstatat, SYS_read, SYS_unlinkat } from "../../abi/syscalls.ts";
import type { Dentry, FileOperations, Inode, Module } from "../../devices/drivers/driver.ts";
import { boot } from "./guest.ts";

const PROT_READ = 1;
const MAP_SHARED = 1;

/** Two files with the same operations, which use `this` as a class's methods would. */
class Operations implements FileOperations {
  readonly calls: string[] = [];

  open(inode: Inode): number {
    this.calls.push(`open ${String(inode.privateData)}`);
    return 0;
  }

  release(): number {
    this.calls.push("release");
    return 0;
  }

  read(): number {
    return this.calls.length;
  }

  mmap(): number {
    this.calls.push("mmap");
    return -EIO;
  }
}

const driver = (ops: FileOperations): Module => ({
  name: "debugging",
  create: (kernel) => {
    let directory: Dentry;
    return {
      init() {
        directory = kernel.debugfsCreateDir("toys", null);
        kernel.debugfsCreateFile("safe", 0o644, directory, "data", ops);
        kernel.debugfsCreateFileUnsafe("unsafe", 0o644, directory, "data", ops);
        return 0;
      },
      exit: () => kernel.debugfsRemove(directory),
    };
  },
});

test("the plain file's proxy has no mmap, the unsafe one's operations are the driver's", async () => {
  const { run, kernel } = await boot();
  const ops = new Operations();
  kernel.insmod(driver(ops));
  await run((g) => {
    const safe = g.open("/sys/kernel/debug/toys/safe", O_RDWR);
    expect(g.sys(SYS_read, safe, g.buffer, 10)).toBe(1);
    expect(g.sys(SYS_mmap, 0, 4096, PROT_READ, MAP_SHARED, safe, 0)).toBe(-ENODEV);
    const unsafe = g.open("/sys/kernel/debug/toys/unsafe", O_RDWR);
    expect(g.sys(SYS_mmap, 0, 4096, PROT_READ, MAP_SHARED, unsafe, 0)).toBe(-EIO);
    expect(g.sys(SYS_ioctl, safe, 1, 0)).toBe(-ENOTTY);
    g.close(safe);
    expect(ops.calls).toEqual(["open data", "open data", "mmap", "release"]);
    expect(kernel.rmmod("debugging")).toBe(-EWOULDBLOCK);
    g.close(unsafe);
    expect(kernel.rmmod("debugging")).toBe(0);
    expect(g.open("/sys/kernel/debug/toys/safe", O_RDWR)).toBe(-ENOENT);
  });
});

test("ls -la shows -rw-r--r-- 1 0 0 0", async () => {
  const { run, kernel } = await boot();
  kernel.insmod(driver(new Operations()));
  await run((g) => {
    expect(g.sys(SYS_newfstatat, -100, "/sys/kernel/debug/toys/safe", g.buffer, 0)).toBe(0);
    const { st_mode, st_nlink, st_uid, st_gid, st_size } = stat.read(g.user.read(g.buffer, stat.size));
    expect([st_mode, st_nlink, st_uid, st_gid, st_size]).toEqual([0o100644, 1, 0, 0, 0]);
  });
});

test("once the file is removed, its proxy answers EIO; the unsafe file goes on", async () => {
  const { run, kernel } = await boot();
  const ops = new Operations();
  kernel.insmod(driver(ops));
  await run((g) => {
    const safe = g.open("/sys/kernel/debug/toys/safe", O_RDONLY);
    const unsafe = g.open("/sys/kernel/debug/toys/unsafe", O_RDONLY);
    kernel.debugfsRemove(kernel.vfs.debugfs.root.children.get("toys")!);
    // debugfs_file_get() fails with EIO "if the file is removed".
    expect(g.sys(SYS_read, safe, g.buffer, 10)).toBe(-EIO);
    expect(g.sys(SYS_read, unsafe, g.buffer, 10)).toBe(2);
    g.close(safe);
    expect(ops.calls.at(-1)).toBe("release");
  });
});

test("users make and remove nothing here; a name that is taken is reported", async () => {
  const { run, kernel } = await boot();
  const ops = new Operations();
  kernel.insmod(driver(ops));
  await run((g) => {
    expect(g.open("/sys/kernel/debug/new", O_RDWR | O_CREAT)).toBe(-EACCES);
    expect(g.sys(SYS_mkdirat, -100, "/sys/kernel/debug/new", 0o755)).toBe(-EPERM);
    expect(g.sys(SYS_unlinkat, -100, "/sys/kernel/debug/toys/safe", 0)).toBe(-EPERM);
  });
  const second = kernel.debugfsCreateDir("toys", null);
  // __debugfs_create_file()'s words.
  expect(kernel.log.dmesg()).toContain("debugfs: File 'toys' in directory '/' already present!");
  // An error pointer on Linux: making files in it, and removing it, does nothing.
  kernel.debugfsCreateFile("in nothing", 0o644, second, null, ops);
  kernel.debugfsRemove(second);
  expect(kernel.vfs.exists("/sys/kernel/debug/toys/safe")).toBe(true);
});
