/**
 * A program that works the card itself: behind video memory /dev/fb0 maps the register page (fb_io_mmap of Linux 6.12:
 * an offset from PAGE_ALIGN(smem_len) on is in [mmio_start, mmio_start + mmio_len)). Truth for the registers is the
 * table in devices/hardware/video-card-registers.ts.
 */
import { expect, test } from "vitest";
import { EINVAL } from "../../abi/errno.ts";
import { FBIO_WAITFORVSYNC } from "../../abi/fb.ts";
import { MAP_FAILED, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { SEGV_ACCERR, SIGABRT, SIGSEGV } from "../../abi/signal.ts";
import { type Framebuffer, openFramebuffer } from "../../guests/framebuffer.ts";
import { type Libc, program } from "../../guests/libc.ts";
import { Computer } from "../../src/computer.ts";
import type { ExitStatus } from "../../src/kernel/task.ts";

const WIDTH = 64;
const HEIGHT = 48;
const RW = PROT_READ | PROT_WRITE;

const mapRegisters = (c: Libc, fb: Framebuffer, length = 4096, offset = 0): number =>
  c.mmap(0, length, RW, MAP_SHARED, fb.fd, Math.ceil(fb.size / 4096) * 4096 + offset);

const run = async (
  main: (c: Libc, fb: Framebuffer, computer: Computer) => Promise<void> | void,
): Promise<ExitStatus> => {
  const computer = await Computer.create({ display: { width: WIDTH, height: HEIGHT } });
  let failure: unknown;
  const { exited } = computer.spawn(
    program(async (c) => {
      try {
        await main(c, (await openFramebuffer(c)) as Framebuffer, computer);
      } catch (error) {
        failure = error;
        throw error;
      }
      return 0;
    }),
  );
  const status = await exited;
  // A program that throws aborts; one that a signal or its own exit ends unwinds by an exception of the kernel's.
  if ("signal" in status && status.signal === SIGABRT) throw failure;
  return status;
};

test("loads of the identification, a store to START, and the picture pans at the vertical blank", async () => {
  const status = await run(async (c, fb, computer) => {
    const { user } = c;
    const registers = mapRegisters(c, fb);
    // ID: "SCAN", the first letter in the lowest byte; VERSION 1; VRAM_SIZE.
    expect(user.load32(registers + 0x000)).toBe(0x4e41_4353);
    expect(user.load32(registers + 0x004)).toBe(1);
    expect(user.load32(registers + 0x008)).toBe(fb.size);

    const corner = (): number[] => [...computer.frame().picture.data.subarray(0, 3)];
    user.store32(fb.va, 0xff0000);
    user.store32(fb.va + 10 * fb.stride, 0x00ff00);
    const blanks = user.load32(registers + 0x02c);
    // "START: byte offset of the first visible pixel; taken at the next vblank".
    user.store32(registers + 0x024, 10 * fb.stride);
    expect(user.load32(registers + 0x024)).toBe(10 * fb.stride);
    expect(corner()).toEqual([255, 0, 0]);
    expect(await c.ioctl(fb.fd, FBIO_WAITFORVSYNC, 0)).toBe(0);
    expect(user.load32(registers + 0x02c)).toBe(blanks + 1);
    expect(corner()).toEqual([0, 255, 0]);
    // "BLANK: 1: the screen is black, whatever is in memory".
    user.store32(registers + 0x028, 1);
    expect(corner()).toEqual([0, 0, 0]);
  });
  expect(status).toEqual({ code: 0 });
});

test("the page ends where mmio_len ends", async () => {
  await run((c, fb) => {
    expect(fb.fix.mmio_len).toBe(4096);
    expect(mapRegisters(c, fb, 8192)).toBe(MAP_FAILED);
    expect(c.errno).toBe(EINVAL);
    expect(mapRegisters(c, fb, 4096, 4096)).toBe(MAP_FAILED);
    expect(c.errno).toBe(EINVAL);
  });
});

// "Every register is 32 bits wide and takes aligned 32-bit accesses only." What the bus refuses is a load or store
// access fault, which Linux answers with SIGSEGV, SEGV_ACCERR (arch/riscv/kernel/traps.c).
test.each([
  ["a byte", (c: Libc, va: number) => c.user.load8(va), 0],
  ["two bytes", (c: Libc, va: number) => c.user.store16(va + 0x024, 0), 0x024],
  ["eight bytes", (c: Libc, va: number) => c.user.store64(va + 0x020, 0n), 0x020],
])("%s of a register: SIGSEGV", async (_, access, at) => {
  const seen: number[] = [];
  const status = await run((c, fb) => {
    const registers = mapRegisters(c, fb);
    c.sigaction(SIGSEGV, (signo, { code, address }) => {
      seen.push(signo, code, address - registers);
      c.exit(0);
    });
    access(c, registers);
  });
  expect(status).toEqual({ code: 0 });
  expect(seen).toEqual([SIGSEGV, SEGV_ACCERR, at]);
});
