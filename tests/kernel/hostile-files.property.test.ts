/**
 * Whatever a program passes to the calls on files, it gets a number of Linux's range, the host never throws, and when
 * the program has ended nothing of it is left. Truth: "On error, -1 is returned", errno 1 … 4095 (intro(2)).
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { SIGKILL, SIGPIPE } from "../../abi/signal.ts";
import { SYS_munmap } from "../../abi/syscalls.ts";
import { fileSystemCalls } from "../../src/kernel/fs/sys-file.ts";
import { boot } from "./guest.ts";

const PG = 4096;
const PATHS = ["", ".", "..", "f", "d", "d/f", "l", "d/..", "/", "/dev/zero", "/dev/full", "/dev/mem", "/dev/console"];
const MORE_PATHS = [
  "/proc/self/maps",
  "/proc/self/fd",
  "/proc/self/cwd",
  "/dev/fd/3",
  "/sys/kernel",
  "f/",
  "x".repeat(300),
];
const ALL_PATHS = [...PATHS, ...MORE_PATHS];

const number = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 8 }) },
  fc.constantFrom(
    -1,
    -100,
    4095,
    4096,
    65_536,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 32 + 3,
    2 ** 62,
    2 ** 63,
    -(2 ** 63),
  ),
  fc.constantFrom(0o100, 0o101, 0o102, 0o1102, 0o4002, 0o200000, 0x200, 0x1000, 0o40755, 0o20666, 0o10644),
  fc.double({ noNaN: true, min: -(2 ** 63), max: 2 ** 63 }).map(Math.trunc),
);

type Argument = { number: number } | { path: number } | { pointer: number };
const argument: fc.Arbitrary<Argument> = fc.oneof(
  { weight: 3, arbitrary: number.map((value) => ({ number: value })) },
  { weight: 3, arbitrary: fc.nat(ALL_PATHS.length - 1).map((path) => ({ path })) },
  // Before, at and behind the end of what is mapped.
  { weight: 2, arbitrary: fc.constantFrom(0, 8, 4000, PG - 4, PG, PG + 4).map((pointer) => ({ pointer })) },
);
const calls = fc.array(
  fc.record({
    nr: fc.constantFrom(...Object.keys(fileSystemCalls).map(Number)),
    args: fc.array(argument, { minLength: 6, maxLength: 6 }),
  }),
  { minLength: 20, maxLength: 120 },
);

test("hostile arguments", { timeout: 60_000 }, async () => {
  const { end, kernel } = await boot();
  const property = fc.asyncProperty(calls, async (list) => {
    const before = kernel.pages.available + kernel.vfs.rootfs.superBlock.usedPages;
    const status = await end(async (g) => {
      const memory = g.map(2 * PG);
      g.sys(SYS_munmap, memory + PG, PG);
      for (const { nr, args } of list) {
        const values = args.map((one) => {
          if ("number" in one) return one.number;
          return "path" in one ? ALL_PATHS[one.path]! : memory + one.pointer;
        });
        const result = await g.wait(nr, ...values);
        expect([nr, Number.isInteger(result) && result >= -4095]).toEqual([nr, true]);
      }
    });
    // A call that waits for ever ends the program; so does a pipe without a reader.
    if ("signal" in status) expect([SIGKILL, SIGPIPE]).toContain(status.signal);
    expect(kernel.pages.available + kernel.vfs.rootfs.superBlock.usedPages).toBe(before);
  });
  await fc.assert(property, { numRuns: 200 });
  expect(kernel.log.dmesg()).not.toMatch(/BUG|Oops/);
});
