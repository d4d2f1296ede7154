/**
 * Both seeds on the whole machine, from insmod to rmmod. Truth: the transcript of their ports on Linux
 * 6.12 riscv64, and what a probe of the first driver printed there.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { EINVAL, EIO } from "../../abi/errno.ts";
import { O_RDONLY, O_RDWR } from "../../abi/fcntl.ts";
import { MADV_DONTNEED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { BUS_ADRERR, SIGBUS } from "../../abi/signal.ts";
import { makedev, S_IFCHR } from "../../abi/stat.ts";
import { mmapFault } from "../../devices/drivers/mmap-fault.ts";
import { mmapVmalloc } from "../../devices/drivers/mmap-vmalloc.ts";
import { guests } from "../../guests/index.ts";
import { type Libc, type Main, program } from "../../guests/libc.ts";
import { Computer } from "../../src/computer.ts";

const PG = 4096;
const RW = PROT_READ | PROT_WRITE;

let computer: Computer;
let output: string;

beforeEach(async () => {
  output = "";
  computer = await Computer.create({
    display: { width: 64, height: 48 },
    onOutput: (bytes) => {
      output += new TextDecoder().decode(bytes);
    },
  });
});

/** What a program printed on the console. */
const run = async (main: Main, status = 0): Promise<string> => {
  output = "";
  expect(await computer.spawn(program(main)).exited).toEqual({ code: status });
  return output;
};
const runGuest = async (name: string, status = 0): Promise<string> => {
  output = "";
  expect(await computer.spawn(guests[name]!.main, { argv: [name], cwd: "/root" }).exited).toEqual({ code: status });
  return output;
};
const log = (): string[] => computer.kernel.log.lines.map(({ text }) => text);

/** insmod, then what a shell does: grep mmap /proc/devices; mknod node c MAJOR 0. */
const insmodVmalloc = async (parameters: Record<string, number> = {}): Promise<void> => {
  expect(computer.kernel.insmod(mmapVmalloc, parameters)).toBe(0);
  await run(async (c) => {
    const bytes = await c.readBytes(await c.open("/proc/devices", O_RDONLY), PG);
    const devices = bytes === -1 ? "" : new TextDecoder().decode(bytes);
    const major = Number(/^ *(\d+) mmap$/m.exec(devices)?.[1]);
    return c.mknod("/root/node", S_IFCHR | 0o600, makedev(major, 0));
  });
};

describe("the first seed", () => {
  test("a second run prints what the first one stored; rmmod reports sixteen bad pages and leaks them", async () => {
    await insmodVmalloc();
    const before = computer.kernel.pages.available;
    expect(await runGuest("mmap-test")).toBe(
      "The contents of the virtual address space in user space is  ------This is from kernel space\n",
    );
    expect(await runGuest("mmap-test")).toBe(
      "The contents of the virtual address space in user space is This is from user space\n",
    );
    const invoked = ["mmap_mmap is invoked", "mmap_vmem is invoked"];
    expect(log().filter((line) => line.includes("invoked"))).toEqual([...invoked, ...invoked]);

    const from = log().length;
    expect(computer.kernel.rmmod("mmap_seed")).toBe(0);
    const report = log().slice(from);
    const bug = /^BUG: Bad page state in process rmmod {2}pfn:([0-9a-f]{5})$/;
    const bad = report.flatMap((line) => bug.exec(line)?.[1] ?? []);
    expect(new Set(bad).size).toBe(16);
    expect(bad.length).toBe(16);
    expect(report.slice(0, 6)).toEqual([
      `BUG: Bad page state in process rmmod  pfn:${bad[0]}`,
      `page: refcount:0 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0x${bad[0]}`,
      "flags: 0x2000(reserved|zone=0)",
      "raw: 0000000000002000 0000000000000000 dead000000000122 0000000000000000",
      "raw: 0000000000000000 0000000000000000 00000000ffffffff",
      "page dumped because: PAGE_FLAGS_CHECK_AT_FREE flag(s) set",
    ]);
    expect(computer.kernel.pages.available).toBe(before);
  });

  test("with the repaired exit: the same output, a silent rmmod, and the pages are back", async () => {
    await insmodVmalloc({ fixed: 1 });
    const before = computer.kernel.pages.available;
    await runGuest("mmap-test");
    expect(await runGuest("mmap-test")).toContain("user space is This is from user space\n");
    const from = log().length;
    expect(computer.kernel.rmmod("mmap_seed")).toBe(0);
    expect(log().slice(from)).toEqual([]);
    expect(computer.kernel.pages.available).toBe(before + 16);
  });

  test("what it maps and what it refuses, as the probe printed it", async () => {
    await insmodVmalloc();
    const text = await run(async (c) => {
      const fd = await c.open("/root/node", O_RDWR);
      const tryMap = async (what: string, pages: number, prot: number, flags: number, offset = 0): Promise<void> => {
        const va = c.mmap(0, pages, prot, flags, fd, offset);
        await c.print(`${what}: ${va === -1 ? errnoName(c) : "ok"}\n`);
      };
      await tryMap("A 17 pages", 17 * PG, RW, MAP_SHARED);
      await tryMap("A off 1pg", PG, RW, MAP_SHARED, PG);
      await tryMap("A private rw 16", 16 * PG, RW, MAP_PRIVATE);
      await tryMap("A private rw 1", PG, RW, MAP_PRIVATE);
      await tryMap("A private r 16", 16 * PG, PROT_READ, MAP_PRIVATE);
      await tryMap("A len 5000", 5000, RW, MAP_SHARED);
      const shared = c.mmap(0, 16 * PG, RW, MAP_SHARED, fd, 0);
      const copy = c.mmap(0, PG, RW, MAP_PRIVATE, fd, 0);
      c.user.store8(copy, 0x58);
      await c.print(`A private cow: map ${c.loadCString(copy, 1)} dev ${c.loadCString(shared, 1)}\n`);
      await c.print(`A madvise DONTNEED: ${c.madvise(shared, PG, MADV_DONTNEED) === -1 ? errnoName(c) : "ok"}\n`);
      await c.print(`A mremap grow: ${c.mremap(shared, 16 * PG, 17 * PG, 1) === -1 ? errnoName(c) : "ok"}\n`);
      const child = c.fork((forked) => {
        forked.user.store8(shared + PG, 9);
      });
      await c.waitpid(child, 0);
      await c.print(`A fork shared ${c.user.load8(shared + PG)}\n`);
    });
    // The device shows " ------This…" here: the probe's had been overwritten with "This…".
    expect(text).toBe(
      [
        "A 17 pages: EIO",
        "A off 1pg: EIO",
        "A private rw 16: EINVAL",
        "A private rw 1: ok",
        "A private r 16: EINVAL",
        "A len 5000: ok",
        "A private cow: map X dev  ",
        "A madvise DONTNEED: EINVAL",
        "A mremap grow: EFAULT",
        "A fork shared 9",
        "",
      ].join("\n"),
    );
  });

  test("cannot be unloaded while it is open or mapped", async () => {
    await insmodVmalloc({ fixed: 1 });
    const busy: number[] = [];
    await run(async (c) => {
      const fd = await c.open("/root/node", O_RDWR);
      busy.push(computer.kernel.rmmod("mmap_seed"));
      const va = c.mmap(0, PG, RW, MAP_SHARED, fd, 0);
      c.close(fd);
      busy.push(computer.kernel.rmmod("mmap_seed"));
      c.munmap(va, PG);
    });
    // delete_module(2): a module in use is refused.
    expect(busy.every((result) => result < 0)).toBe(true);
    expect(computer.kernel.rmmod("mmap_seed")).toBe(0);
  });

  test("with kmalloc_area=1 two programs share sixteen more pages at page offset 16", async () => {
    await insmodVmalloc({ kmalloc_area: 1, fixed: 1 });
    const before = computer.kernel.pages.available;
    const text = await run(async (c) => {
      const fd = await c.open("/root/node", O_RDWR);
      const first = c.mmap(0, 16 * PG, RW, MAP_SHARED, fd, 16 * PG);
      const second = c.mmap(0, 16 * PG, RW, MAP_SHARED, fd, 16 * PG);
      const vmalloced = c.mmap(0, 16 * PG, RW, MAP_SHARED, fd, 0);
      for (let page = 0; page < 16; page++) c.user.store32(first + page * PG, 1000 + page);
      const seen = Array.from({ length: 16 }, (_, page) => c.user.load32(second + page * PG));
      await c.print(`${seen.join(" ")} ${c.loadCString(vmalloced)}`);
    });
    const stored = Array.from({ length: 16 }, (_, page) => 1000 + page);
    expect(text).toBe(`${stored.join(" ")}  ------This is from kernel space`);
    expect(computer.kernel.rmmod("mmap_seed")).toBe(0);
    expect(computer.kernel.pages.available).toBe(before + 32);
  });
});

describe("the second seed", () => {
  const MESSAGES =
    "initial message: hello from kernel this is file: mmap_example\n" +
    "changed message: hello from *user* this is file: mmap_example\n";

  test("each open makes a fresh page; rmmod is silent, and nothing is lost", async () => {
    expect(computer.kernel.insmod(mmapFault)).toBe(0);
    await runGuest("mmap-example");
    const before = computer.kernel.pages.available;
    expect(await runGuest("mmap-example")).toBe(MESSAGES);
    expect(await runGuest("mmap-example")).toBe(MESSAGES);
    expect(computer.kernel.pages.available).toBe(before);
    const from = log().length;
    expect(computer.kernel.rmmod("mmap_example")).toBe(0);
    expect(log().slice(from)).toEqual([]);
    expect(await runGuest("mmap-example", 255)).toBe("open: No such file or directory\n");
  });

  test("behind debugfs's proxy there is no mmap", async () => {
    expect(computer.kernel.insmod(mmapFault, { unsafe: 0 })).toBe(0);
    expect(await runGuest("mmap-example", 255)).toBe("mmap: No such device\n");
  });

  test("an address past the data is SIGBUS, BUS_ADRERR, at the exact byte", async () => {
    computer.kernel.insmod(mmapFault);
    const main = program(async (c) => {
      const fd = await c.open("/sys/kernel/debug/mmap_example", O_RDWR);
      const va = c.mmap(0, 2 * PG, RW, MAP_SHARED, fd, 0);
      await c.print(`${c.user.load8(va)}`);
      c.sigaction(SIGBUS, (signo, { code, address }) => {
        output += ` ${signo} ${code} +0x${(address - va).toString(16)}`;
        throw new Error("left");
      });
      try {
        c.user.store8(va + PG + 8, 1);
      } catch (error) {
        await c.print(` ${(error as Error).message}`);
      }
    });
    expect(await computer.spawn(main).exited).toEqual({ code: 0 });
    expect(output).toBe(`104 ${SIGBUS} ${BUS_ADRERR} +0x1008 left`);
    expect(log()).toContain("invalid address");
  });

  test("a page stays while it is mapped, and release comes after the last unmap", async () => {
    computer.kernel.insmod(mmapFault);
    const text = await run(async (c) => {
      const fd = await c.open("/sys/kernel/debug/mmap_example", O_RDWR);
      const va = c.mmap(0, PG, RW, MAP_SHARED, fd, 0);
      c.close(fd);
      await c.print(`${c.loadCString(va)}\n`);
      const child = c.fork((forked) => {
        forked.user.store8(va, 0x48);
      });
      await c.waitpid(child, 0);
      await c.print(`${c.loadCString(va, 5)}\n`);
    });
    expect(text).toBe("hello from kernel this is file: mmap_example\nHello\n");
    expect(computer.kernel.rmmod("mmap_example")).toBe(0);
    expect(log().filter((line) => line.startsWith("BUG"))).toEqual([]);
  });
});

const errnoName = (c: Libc): string => ({ [EIO]: "EIO", [EINVAL]: "EINVAL", 14: "EFAULT" })[c.errno] ?? `${c.errno}`;
