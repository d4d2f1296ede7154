/**
 * /dev/input/mice. Truth: the PS/2 mouse protocol (packet: 1 Y-sign X-sign 1 middle right left; x; y upwards; with the
 * IntelliMouse a byte of wheel), and drivers/input/mousedev.c of Linux 6.12 for what it does with tablets and queues.
 */
import { expect, test } from "vitest";
import { EAGAIN } from "../../abi/errno.ts";
import { O_NONBLOCK, O_RDWR } from "../../abi/fcntl.ts";
import { POLLIN } from "../../abi/poll.ts";
import type { Libc } from "../../guests/libc.ts";
import { withInput } from "./input-machine.ts";

const open = (c: Libc) => c.open("/dev/input/mice", O_RDWR | O_NONBLOCK);
const read = async (c: Libc, fd: number, count = 8): Promise<number[] | number> => {
  const bytes = await c.readBytes(fd, count);
  return bytes === -1 ? -c.errno : [...bytes];
};
const send = (c: Libc, fd: number, ...bytes: number[]) => c.writeBytes(fd, Uint8Array.from(bytes));
const IMPS = [0xf3, 200, 0xf3, 100, 0xf3, 80];

test("three bytes a packet: buttons and signs, way to the right, way up", () =>
  withInput(async (c, { input }) => {
    const fd = await open(c);
    expect(await read(c, fd)).toBe(-EAGAIN);
    input.move(5, 3);
    expect(await read(c, fd)).toEqual([0x08 | 0x20, 5, 256 - 3]);
    input.move(-2, -4, 1);
    expect(await read(c, fd)).toEqual([0x08 | 0x10 | 0x01, 254, 4]);
    input.move(0, 0, 6);
    expect(await read(c, fd)).toEqual([0x08 | 0x04 | 0x02, 0, 0]);
    expect(await read(c, fd)).toBe(-EAGAIN);
  }));

test("a long way goes out in steps of at most 127", () =>
  withInput(async (c, { input }) => {
    const fd = await open(c);
    input.move(300, 0);
    expect([await read(c, fd), await read(c, fd), await read(c, fd), await read(c, fd)]).toEqual([
      [0x08, 127, 0],
      [0x08, 127, 0],
      [0x08, 46, 0],
      -EAGAIN,
    ]);
  }));

test("packets can be read byte by byte", () =>
  withInput(async (c, { input }) => {
    const fd = await open(c);
    input.move(1, 0);
    expect([await read(c, fd, 1), await read(c, fd, 1), await read(c, fd, 5)]).toEqual([[0x08], [1], [0]]);
    expect(await read(c, fd)).toBe(-EAGAIN);
  }));

test("motion adds up until it is read; a change of buttons begins a packet of its own", () =>
  withInput(async (c, { input }) => {
    const fd = await open(c);
    input.move(1, 0, 0);
    input.move(2, 0, 0);
    input.move(4, 0, 1);
    input.move(8, 0, 1);
    expect([await read(c, fd), await read(c, fd), await read(c, fd)]).toEqual([[0x08, 3, 0], [0x09, 12, 0], -EAGAIN]);
  }));

test("0xf3 200 0xf3 100 0xf3 80 makes it an IntelliMouse: four bytes, the last the wheel, towards the user positive", () =>
  withInput(async (c, { input }) => {
    const fd = await open(c);
    // Every byte is acknowledged; "get ID" says 0, then 3.
    expect(await send(c, fd, 0xf2)).toBe(1);
    expect(await read(c, fd)).toEqual([0xfa, 0]);
    for (const byte of IMPS) {
      await send(c, fd, byte);
      expect(await read(c, fd)).toEqual([0xfa]);
    }
    await send(c, fd, 0xf2);
    expect(await read(c, fd)).toEqual([0xfa, 3]);
    input.wheel(0, 2);
    expect(await read(c, fd)).toEqual([0x08, 0, 0, 2]);
    input.wheel(0, -1);
    expect(await read(c, fd)).toEqual([0x08, 0, 0, 255]);
    // Reset: "self-test passed", ID 0, and the wheel is gone.
    await send(c, fd, 0xff);
    expect(await read(c, fd)).toEqual([0xfa, 0xaa, 0]);
    input.wheel(0, 1);
    input.move(1, 0);
    expect(await read(c, fd)).toEqual([0x08, 1, 0]);
  }));

test("0xf3 200 0xf3 200 0xf3 80 gives it five buttons", () =>
  withInput(async (c, { input }) => {
    const fd = await open(c);
    await send(c, fd, 0xf3, 200, 0xf3, 200, 0xf3, 80, 0xf2);
    expect(await read(c, fd)).toEqual([0xfa, 4]);
    input.move(0, 0, 8 | 16);
    expect(await read(c, fd)).toEqual([0x08, 0, 0, 0x30]);
  }));

// mousedev_notify_readers: a tablet's place on 1024 × 768, from the middle; y grows upwards.
test("a tablet moves it too", () =>
  withInput(async (c, { input }) => {
    const fd = await open(c);
    input.pointer({ x: 0.5, y: 0.5 });
    expect(await read(c, fd)).toBe(-EAGAIN);
    input.pointer({ x: 600.5 / 1024, y: 0.5, buttons: 1 });
    expect(await read(c, fd)).toEqual([0x09, 88, 0]);
    input.pointer({ x: 600.5 / 1024, y: 400.5 / 768, buttons: 0 });
    expect(await read(c, fd)).toEqual([0x08 | 0x20, 0, 256 - 16]);
  }));

test("each open file is a mouse of its own; poll tells of motion", () =>
  withInput(async (c, computer) => {
    const [one, other] = [await open(c), await open(c)];
    await send(c, one, ...IMPS);
    await read(c, one);
    computer.kernel.clock.at(3e6, () => computer.input.move(1, 0));
    const fds = [{ fd: other, events: POLLIN, revents: 0 }];
    expect(await c.poll(fds, -1)).toBe(1);
    expect(computer.kernel.clock.now).toBe(3e6);
    expect([await read(c, one), await read(c, other)]).toEqual([
      [0x08, 1, 0, 0],
      [0x08, 1, 0],
    ]);
  }));
