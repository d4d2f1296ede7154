/** docs/write-a-driver.md: the driver that it shows is the one that is tested here, and it does what the text says. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ENXIO, EWOULDBLOCK } from "../../abi/errno.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import { MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { program } from "../../guests/libc.ts";
import { bootTestKernel } from "../kernel/boot.ts";
import { scratch } from "./scratch-driver.ts";

test("the document shows the whole driver", () => {
  const shown = /```ts\n(import[\s\S]*?)```/.exec(readFileSync("docs/write-a-driver.md", "utf8"))?.[1];
  expect(shown).toBe(readFileSync("tests/devices/scratch-driver.ts", "utf8"));
});

test("two programs share its page by mapping it; rmmod waits for the last of them", async () => {
  const { kernel } = await bootTestKernel();
  const before = kernel.pages.available;
  expect(kernel.insmod(scratch)).toBe(0);
  const busy: number[] = [];
  const user = (work: (va: number, load: (va: number) => number, store: (va: number, v: number) => void) => void) =>
    program(async (c) => {
      const fd = await c.open("/dev/scratch", O_RDWR);
      const va = c.mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      c.close(fd);
      work(
        va,
        (at) => c.user.load32(at),
        (at, value) => c.user.store32(at, value),
      );
      return 0;
    });
  const first = kernel.spawn(user((va, _load, store) => store(va + 8, 0xfeed)));
  expect(await first.exited).toEqual({ code: 0 });
  let seen = 0;
  const second = kernel.spawn(
    user((va, load) => {
      seen = load(va + 8);
      busy.push(kernel.rmmod("scratch"));
    }),
  );
  expect(await second.exited).toEqual({ code: 0 });
  expect(seen).toBe(0xfeed);
  expect(busy).toEqual([-EWOULDBLOCK]);
  expect(kernel.rmmod("scratch")).toBe(0);
  expect(kernel.pages.available).toBe(before);
});

test("after rmmod there is no such device", async () => {
  const { kernel } = await bootTestKernel();
  kernel.insmod(scratch);
  const { dev } = { dev: kernel.vfs.chrdevs.list() };
  expect(dev).toContain("scratch");
  kernel.rmmod("scratch");
  kernel.vfs.devtmpfs.deviceCreate("stale", 254 * 0x10_0000, 0o666);
  let error = 0;
  const late = kernel.spawn(
    program(async (c) => {
      await c.open("/dev/stale", O_RDWR);
      error = c.errno;
      return 0;
    }),
  );
  await late.exited;
  expect(error).toBe(ENXIO);
});
