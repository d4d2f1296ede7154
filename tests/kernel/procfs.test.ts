/** /proc. Truth: proc(5), and the formats of fs/proc of Linux 6.12. */
import { expect, test } from "vitest";
import { EIO, ENOENT } from "../../abi/errno.ts";
import { AT_FDCWD, O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR, SEEK_SET } from "../../abi/fcntl.ts";
import {
  SYS_chdir,
  SYS_getdents64,
  SYS_getpid,
  SYS_lseek,
  SYS_pread64,
  SYS_readlinkat,
  SYS_unlinkat,
  SYS_wait4,
  SYS_write,
} from "../../abi/syscalls.ts";
import { boot, Guest } from "./guest.ts";

const cat = (g: Guest, path: string): string | number => {
  const fd = g.open(path, O_RDONLY);
  if (fd < 0) return fd;
  const text = g.read(fd);
  g.close(fd);
  return text;
};

const link = (g: Guest, path: string): string | number => {
  const size = g.sys(SYS_readlinkat, AT_FDCWD, path, g.buffer, 1000);
  return size < 0 ? size : g.text(g.buffer, size);
};

test("what is about the whole system", async () => {
  const { run } = await boot();
  await run((g) => {
    // A machine with memory devices and a serial terminal; block devices have a list of their own.
    expect(cat(g, "/proc/devices")).toBe(
      "Character devices:\n  1 mem\n  4 ttyS\n  5 /dev/tty\n  5 /dev/console\n\nBlock devices:\n",
    );
    expect(cat(g, "/proc/meminfo")).toMatch(/^MemTotal: {10}16384 kB\nMemFree: +\d+ kB\nMemAvailable: +\d+ kB\n/);
    expect(cat(g, "/proc/mounts")).toBe(
      [
        "rootfs / rootfs rw 0 0",
        "devtmpfs /dev devtmpfs rw 0 0",
        "proc /proc proc rw 0 0",
        "sysfs /sys sysfs rw 0 0",
        "debugfs /sys/kernel/debug debugfs rw 0 0",
        "",
      ].join("\n"),
    );
  });
});

test("what is about a process", async () => {
  const { run } = await boot();
  await run((g) => {
    const pid = g.sys(SYS_getpid);
    expect(link(g, "/proc/self")).toBe(String(pid));
    expect(cat(g, "/proc/self/comm")).toBe("test\n");
    expect(cat(g, `/proc/${pid}/cmdline`)).toBe("test\0");
    // proc(5): pid, (comm), state, ppid …: 52 fields.
    const fields = (cat(g, "/proc/self/stat") as string).trimEnd().split(" ");
    expect(fields.slice(0, 4)).toEqual([String(pid), "(test)", "R", "0"]);
    expect(fields).toHaveLength(52);
    expect(link(g, "/proc/self/cwd")).toBe("/tmp");
    g.sys(SYS_chdir, "/sys/kernel/debug");
    expect(link(g, "/proc/self/cwd")).toBe("/sys/kernel/debug");
    expect(link(g, "/proc/self/root")).toBe("/");
    expect(cat(g, "/proc/4711/comm")).toBe(-ENOENT);
    expect(cat(g, "/proc/01/comm")).toBe(-ENOENT);
  });
});

test("maps has a line for each mapping, with the file's path and what became of it", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("mapped", O_RDWR | O_CREAT);
    g.write(fd, "x");
    const va = g.map(4096, fd);
    const line = new RegExp(`^${va.toString(16)}-${(va + 4096).toString(16)} rw-s 00000000 00:02 \\d+ +(.*)$`, "m");
    expect(line.exec(cat(g, "/proc/self/maps") as string)?.[1]).toBe("/tmp/mapped");
    g.sys(SYS_unlinkat, AT_FDCWD, "mapped", 0);
    expect(line.exec(cat(g, "/proc/self/maps") as string)?.[1]).toBe("/tmp/mapped (deleted)");
  });
});

test("a text is made by the read at its start, and stays while it is read on", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("/proc/self/maps", O_RDONLY);
    const first = g.read(fd, 20) as string;
    const whole = first + (g.read(fd) as string);
    const lines = whole.split("\n").length;
    expect(g.read(fd)).toBe("");
    g.map(4096, g.open("new", O_RDWR | O_CREAT));
    g.sys(SYS_lseek, fd, 0, SEEK_SET);
    expect((g.read(fd) as string).split("\n").length).toBe(lines + 1);
    // A read in the middle, first of all.
    const again = g.open("/proc/self/comm", O_RDONLY);
    expect(g.sys(SYS_pread64, again, g.buffer, 100, 2)).toBe(3);
    expect(g.text(g.buffer, 3)).toBe("st\n");
    expect(g.sys(SYS_write, g.open("/proc/devices", O_RDWR), g.buffer, 1)).toBe(-EIO);
  });
});

test("fd: links to what is open, which open it anew", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.write(fd, "hello");
    expect(link(g, `/proc/self/fd/${fd}`)).toBe("/tmp/f");
    g.sys(SYS_unlinkat, AT_FDCWD, "f", 0);
    expect(link(g, `/proc/self/fd/${fd}`)).toBe("/tmp/f (deleted)");
    // The file has no name any more; the link still leads to it, with a position of its own.
    expect(cat(g, `/proc/self/fd/${fd}`)).toBe("hello");
    expect(cat(g, `/dev/fd/${fd}`)).toBe("hello");
    expect(link(g, "/dev/stdout")).toBe("/proc/self/fd/1");
    expect(link(g, "/proc/self/fd/1")).toMatch(/^pipe:\[\d+\]$/);
    const directory = g.open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
    // ".", "..", 0, 1, 2, the file and the directory itself: 24 bytes each, one with a longer name would be more.
    expect(g.sys(SYS_getdents64, directory, g.buffer, 1000)).toBe(7 * 24);
  });
});

test("a process is listed until it has been waited for", async () => {
  const { run } = await boot();
  await run(async (g) => {
    const child = g.user.fork((user) => {
      new Guest(user).write(1, "x");
    });
    expect(cat(g, `/proc/${child}/comm`)).toBe("test\n");
    await g.wait(SYS_wait4, child, 0, 0, 0);
    expect(cat(g, `/proc/${child}/comm`)).toBe(-ENOENT);
  });
});
