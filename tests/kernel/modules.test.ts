/** Modules. Truth: insmod(8), rmmod(8), delete_module(2); kernel/module/main.c of Linux 6.12. */
import { describe, expect, test } from "vitest";
import { EBUSY, EEXIST, EFAULT, EINVAL, ENODEV, ENOENT, EWOULDBLOCK } from "../../abi/errno.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.ts";
import type { Kernel, Module } from "../../devices/drivers/driver.ts";
import { deviceModule, Lab, PAGE, readText } from "./lab.ts";

const plain = (
  name: string,
  init: (kernel: Kernel) => number = () => 0,
  exit: (() => void) | null = () => {},
): Module => ({
  name,
  create: (kernel) => ({ init: () => init(kernel), ...(exit === null ? {} : { exit }) }),
});

describe("insmod", () => {
  test("gives what init gave; a module that failed is not loaded and can be tried again", async () => {
    const { kernel } = await Lab.boot();
    let answer = -ENODEV;
    const module = plain("late", () => answer);
    expect(kernel.insmod(module)).toBe(-ENODEV);
    expect(kernel.rmmod("late")).toBe(-ENOENT);
    answer = 0;
    expect(kernel.insmod(module)).toBe(0);
    // "EEXIST: A module with this name is already loaded."
    expect(kernel.insmod(module)).toBe(-EEXIST);
  });

  test("a positive number is no error: the module is loaded, and the log wonders (do_init_module)", async () => {
    const lab = await Lab.boot();
    expect(lab.kernel.insmod(plain("odd", () => 3))).toBe(0);
    expect(lab.log()).toContain(
      "do_init_module: 'odd'->init suspiciously returned 3, it should follow 0/-E convention",
    );
    expect(lab.kernel.rmmod("odd")).toBe(0);
  });

  test("parameters: the module's own values, but for those that are given; one it does not have is EINVAL", async () => {
    const { kernel } = await Lab.boot();
    const seen: unknown[] = [];
    const module: Module = {
      name: "tuned",
      parameters: { speed: 1, size: 2 },
      create: (_kernel, parameters) => ({ init: () => seen.push(parameters) - seen.length, exit() {} }),
    };
    expect(kernel.insmod(module, { size: 7 })).toBe(0);
    expect(kernel.rmmod("tuned")).toBe(0);
    expect(kernel.insmod(module)).toBe(0);
    expect(kernel.rmmod("tuned")).toBe(0);
    expect(seen).toEqual([
      { speed: 1, size: 7 },
      { speed: 1, size: 2 },
    ]);
    for (const name of ["colour", "toString", "__proto__"]) {
      expect(kernel.insmod(module, JSON.parse(`{"${name}": 1}`))).toBe(-EINVAL);
    }
    expect(seen).toHaveLength(2);
  });

  test("an Oops in init is reported in insmod's name, and the module is not loaded", async () => {
    const lab = await Lab.boot();
    const module = plain("wild", (kernel) => kernel.load32(8));
    expect(lab.kernel.insmod(module)).toBe(-EFAULT);
    expect(lab.log().slice(-3)).toEqual([
      "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000008",
      "Oops [#1]",
      "PID: 0 Comm: insmod",
    ]);
    expect(lab.kernel.rmmod("wild")).toBe(-ENOENT);
    await lab.run(() => 0);
  });

  test("init has no user memory: a copy reaches nobody's", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = c.mmap(0, PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      c.user.store8(m, 1);
      let missed = 0;
      lab.kernel.insmod(
        plain("stray", (kernel) => {
          missed = kernel.copyToUser(m, new Uint8Array(8));
          return 0;
        }),
      );
      expect(missed).toBe(8);
      // The process goes on in its own address space.
      expect(c.user.load8(m)).toBe(1);
      expect(c.getpid()).toBeGreaterThan(0);
      return 0;
    });
  });
});

describe("rmmod", () => {
  test("ENOENT, EBUSY without an exit, and what exit does is done in rmmod's name", async () => {
    const { kernel } = await Lab.boot();
    expect(kernel.rmmod("nothing")).toBe(-ENOENT);
    // "EBUSY: The module … has an init function but has no exit function, and O_TRUNC was not specified in flags."
    kernel.insmod(plain("stays", () => 0, null));
    expect(kernel.rmmod("stays")).toBe(-EBUSY);
    const names: string[] = [];
    const exit = () => void names.push(kernel.current.comm);
    kernel.insmod(plain("goes", () => 0, exit));
    expect(kernel.rmmod("goes")).toBe(0);
    expect([names, kernel.rmmod("goes")]).toEqual([["rmmod"], -ENOENT]);
  });

  test('"EWOULDBLOCK: Other modules depend on this module" or it is in use: while a file or a mapping of it is open', async () => {
    const lab = await Lab.boot();
    lab.kernel.insmod(deviceModule("held", () => ({ mmap: () => 0 })));
    await lab.run(async (c) => {
      const rmmod = () => lab.kernel.rmmod("held");
      const fd = await c.open("/dev/held", O_RDWR);
      const m = c.mmap(0, 2 * PAGE, 3, MAP_SHARED, fd, 0);
      expect(rmmod()).toBe(-EWOULDBLOCK);
      expect(await readText(c, "/proc/modules")).toMatch(/^held \d+ 1 /m);
      c.close(fd);
      expect(rmmod()).toBe(-EWOULDBLOCK);
      c.munmap(m, PAGE);
      expect(rmmod()).toBe(-EWOULDBLOCK);
      const pid = lab.fork(c, (child) => child.nanosleep({ tv_sec: 1 }));
      c.munmap(m + PAGE, PAGE);
      expect(rmmod()).toBe(-EWOULDBLOCK);
      await c.waitpid(pid);
      expect(rmmod()).toBe(0);
      expect(await c.open("/dev/held", O_RDWR)).toBe(-1);
      return 0;
    });
  });

  test("an Oops in exit is reported; the module is gone", async () => {
    const lab = await Lab.boot();
    lab.kernel.insmod(
      plain(
        "bitter",
        () => 0,
        () => void lab.kernel.read(-1, 4),
      ),
    );
    expect(lab.kernel.rmmod("bitter")).toBe(-EFAULT);
    expect(lab.log().at(-1)).toBe("PID: 0 Comm: rmmod");
    expect(lab.kernel.rmmod("bitter")).toBe(-ENOENT);
  });
});

describe("a driver that goes wrong", () => {
  const run = async (work: (kernel: Kernel) => number, use = "read"): Promise<{ lab: Lab; end: unknown }> => {
    const lab = await Lab.boot();
    lab.kernel.insmod(
      deviceModule("bad", (kernel) => ({
        read: () => (use === "read" ? work(kernel) : 0),
        mmap: (_file, vma) => {
          if (use === "mmap") return work(kernel);
          vma.ops = {
            ...(use === "fault" ? { fault: () => work(kernel) } : {}),
            ...(use === "open" ? { open: () => void work(kernel) } : {}),
            ...(use === "close" ? { close: () => void work(kernel) } : {}),
          };
          return 0;
        },
        release: () => (use === "release" ? work(kernel) : 0),
      })),
    );
    const end = await lab.end(async (c) => {
      c.user.store8(c.mmap(0, PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1);
      const fd = await c.open("/dev/bad", O_RDWR);
      const other = await c.open("/dev/null", O_RDWR);
      expect(other).toBe(fd + 1);
      if (use === "read") await c.read(fd, c.malloc(8), 8);
      const m = c.mmap(0, 3 * PAGE, 3, MAP_SHARED, fd, 0);
      if (use === "fault") c.user.load8(m);
      if (use === "pin") c.user.pin(m, 8);
      c.munmap(m + PAGE, PAGE);
      return 0;
    });
    return { lab, end };
  };

  test.each(["read", "mmap", "fault", "open", "close", "release"])(
    "an Oops in %s ends the task by SIGSEGV; memory, files and the module's count are back, and the kernel goes on",
    async (use) => {
      const { lab, end } = await run((kernel) => kernel.load32(0x10), use);
      const died = use === "release" ? { code: 0 } : { signal: 11, address: 0 };
      expect(end).toEqual(died);
      expect(lab.log()).toContain(
        "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010",
      );
      expect(lab.kernel.rmmod("bad")).toBe(0);
      await lab.run(() => 0);
    },
  );

  test("use after vfree is caught for ever: addresses are not used twice", async () => {
    const { lab, end } = await run((kernel) => {
      const area = kernel.vmalloc(2 * PAGE);
      kernel.vfree(area);
      const next = kernel.vmalloc(2 * PAGE);
      kernel.vfree(next);
      expect(next).not.toBe(area);
      return kernel.load32(area + PAGE);
    });
    expect(end).toEqual({ signal: 11, address: 0 });
    expect(lab.log().join("\n")).toMatch(
      /^Unable to handle kernel paging request at virtual address ffffffc6[0-9a-f]{8}$/m,
    );
  });

  test("an exception of JavaScript's is a BUG: its stack is in the log", async () => {
    const { lab, end } = await run(() => (null as unknown as { x: number }).x);
    expect(end).toEqual({ signal: 11, address: 0 });
    expect(lab.log().join("\n")).toMatch(/^kernel BUG: TypeError: Cannot read properties of null/m);
    expect(lab.log()).toContain("Kernel BUG [#1]");
  });

  test("each is counted", async () => {
    const lab = await Lab.boot();
    for (const name of ["a", "b"]) lab.kernel.insmod(plain(name, (kernel) => kernel.load32(0)));
    expect(lab.log().filter((text) => text.startsWith("Oops"))).toEqual(["Oops [#1]", "Oops [#2]"]);
  });
});
