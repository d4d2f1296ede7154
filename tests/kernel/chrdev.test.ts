/** Device numbers and drivers. Truth: fs/char_dev.c and drivers/base/devtmpfs.c of Linux 6.12, open(2). */
import { describe, expect, test } from "vitest";
import { EBUSY, EINVAL, ENXIO, EWOULDBLOCK } from "../../abi/errno.ts";
import { O_RDONLY, O_RDWR } from "../../abi/fcntl.ts";
import { makedev, S_IFCHR } from "../../abi/stat.ts";
import { SYS_dup, SYS_mknodat } from "../../abi/syscalls.ts";
import type { Cdev, FileOperations, Kernel, Module } from "../../devices/drivers/driver.ts";
import { MAJOR, MKDEV } from "../../devices/drivers/vm.ts";
import { CharacterDevices } from "../../src/kernel/fs/chrdev.ts";
import { boot } from "./guest.ts";

describe("numbers", () => {
  test("dynamic majors: 254 down to 234, then 511 down to 384, then EBUSY", () => {
    // find_dynamic_major(); CHRDEV_MAJOR_DYN_END 234, _EXT_START 511, _EXT_END 384.
    const devices = new CharacterDevices();
    const majors = Array.from({ length: 21 + 128 }, () => MAJOR(devices.allocRegion(0, 1, "x")));
    expect(majors.slice(0, 3)).toEqual([254, 253, 252]);
    expect(majors.slice(20, 23)).toEqual([234, 511, 510]);
    expect(majors.at(-1)).toBe(384);
    expect(devices.allocRegion(0, 1, "x")).toBe(-EBUSY);
    devices.unregisterRegion(MKDEV(240, 0), 1);
    expect(devices.allocRegion(7, 1, "x")).toBe(MKDEV(240, 7));
  });

  test("regions of one major may lie side by side, not on each other", () => {
    const devices = new CharacterDevices();
    expect(devices.registerRegion(MKDEV(5, 0), 1, "/dev/tty")).toBe(0);
    expect(devices.registerRegion(MKDEV(5, 1), 1, "/dev/console")).toBe(0);
    expect(devices.registerRegion(MKDEV(5, 0), 2, "both")).toBe(-EBUSY);
    expect(devices.registerRegion(MKDEV(5, 1), 1, "again")).toBe(-EBUSY);
    expect(devices.registerRegion(MKDEV(512, 0), 1, "major too high")).toBe(-EINVAL);
    devices.unregisterRegion(MKDEV(5, 1), 1);
    expect(devices.registerRegion(MKDEV(5, 1), 255, "rest")).toBe(0);
  });

  test("a range over the end of a major goes on in the next; when that is taken nothing is", () => {
    const devices = new CharacterDevices();
    const last = MKDEV(10, (1 << 20) - 1);
    expect(devices.registerRegion(last, 3, "wide")).toBe(0);
    expect(devices.list()).toBe("Character devices:\n 10 wide\n 11 wide\n");
    devices.unregisterRegion(last, 3);
    expect(devices.registerRegion(MKDEV(11, 1), 1, "in the way")).toBe(0);
    expect(devices.registerRegion(last, 3, "wide")).toBe(-EBUSY);
    expect(devices.list()).toBe("Character devices:\n 11 in the way\n");
  });

  test("/proc/devices is in the order of numbers", () => {
    // chrdev_show(): "%3d %s\n". A Linux shows "  5 /dev/console" as it stands here.
    const devices = new CharacterDevices();
    devices.registerRegion(MKDEV(254, 0), 1, "last");
    devices.registerRegion(MKDEV(5, 1), 1, "/dev/console");
    devices.registerRegion(MKDEV(1, 0), 256, "mem");
    expect(devices.list()).toBe("Character devices:\n  1 mem\n  5 /dev/console\n254 last\n");
  });
});

/** A module with one device whose calls are written down. */
const toy = (calls: string[], openResult = 0): Module => ({
  name: "toy",
  create(kernel: Kernel) {
    let dev = 0;
    let cdev: Cdev;
    const ops: FileOperations = {
      open(inode, file) {
        calls.push(`open ${file.name} ${file.path} ${inode.rdev === dev}`);
        return openResult;
      },
      release(_inode, file) {
        calls.push(`release ${file.name}`);
        return 0;
      },
      read: () => 42,
    };
    return {
      init() {
        dev = kernel.allocChrdevRegion(0, 4, "toy");
        cdev = kernel.cdevInit(ops);
        kernel.deviceCreate("toys/first", dev, 0o640);
        return kernel.cdevAdd(cdev, dev, 1);
      },
      exit() {
        kernel.deviceDestroy(dev);
        kernel.cdevDel(cdev);
        kernel.unregisterChrdevRegion(dev, 4);
      },
    };
  },
});

describe("drivers", () => {
  test("open and release are called once each, however often the file is shared", async () => {
    const { run, kernel } = await boot();
    const calls: string[] = [];
    expect(kernel.insmod(toy(calls))).toBe(0);
    await run((g) => {
      // "Character devices: … 254 toy", then mknod(1) as the seed does it.
      expect(g.read(g.open("/proc/devices", O_RDONLY))).toContain("\n254 toy\n");
      expect(g.sys(SYS_mknodat, -100, "node", S_IFCHR | 0o600, makedev(254, 0))).toBe(0);
      const fd = g.open("node", O_RDWR);
      const copy = g.sys(SYS_dup, fd);
      expect(g.sys(63, copy, g.buffer, 100)).toBe(42);
      g.close(fd);
      expect(calls).toEqual(["open node /tmp/node true"]);
      expect(kernel.rmmod("toy")).toBe(-EWOULDBLOCK);
      g.close(copy);
      expect(calls).toEqual(["open node /tmp/node true", "release node"]);
      // A number of the region that no cdev serves.
      g.sys(SYS_mknodat, -100, "other", S_IFCHR | 0o600, makedev(254, 1));
      // "ENXIO: The file is a device special file and no corresponding device exists."
      expect(g.open("other", O_RDWR)).toBe(-ENXIO);
      expect(g.close(g.open("/dev/toys/first", O_RDONLY))).toBe(0);
      expect(kernel.rmmod("toy")).toBe(0);
      expect(g.open("node", O_RDWR)).toBe(-ENXIO);
      expect(kernel.vfs.exists("/dev/toys")).toBe(false);
      expect(g.read(g.open("/proc/devices", O_RDONLY))).not.toContain("toy");
    });
  });

  test("a file that is open at exit is released", async () => {
    const { run, kernel } = await boot();
    const calls: string[] = [];
    kernel.insmod(toy(calls));
    await run((g) => {
      g.open("/dev/toys/first", O_RDONLY);
    });
    expect(calls).toEqual(["open first /dev/toys/first true", "release first"]);
    expect(kernel.rmmod("toy")).toBe(0);
  });

  test("a failing open is the error of open(2); release is not called and the module is free", async () => {
    const { run, kernel } = await boot();
    const calls: string[] = [];
    kernel.insmod(toy(calls, -EBUSY));
    await run((g) => {
      expect(g.open("/dev/toys/first", O_RDONLY)).toBe(-EBUSY);
    });
    expect(calls).toEqual(["open first /dev/toys/first true"]);
    expect(kernel.rmmod("toy")).toBe(0);
  });
});
