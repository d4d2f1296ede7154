/**
 * /dev/input/eventN. Truth: Documentation/input/event-codes.rst and input.rst of Linux, linux/input.h's comments, and
 * drivers/input/evdev.c and input.c of Linux 6.12, quoted where a rule is theirs. Codes are written as numbers here:
 * KEY_A 30, KEY_LEFTSHIFT 42, BTN_LEFT 0x110, BTN_TOUCH 0x14a, REL_WHEEL 8, REL_HWHEEL 6.
 */
import { describe, expect, test } from "vitest";
import { EAGAIN, EBUSY, EFAULT, EINVAL, ENODEV, ENOENT, ENOSYS, ESPIPE } from "../../abi/errno.ts";
import { O_NONBLOCK, O_RDWR } from "../../abi/fcntl.ts";
import { inputEvent } from "../../abi/input.ts";
import { POLLERR, POLLHUP, POLLIN } from "../../abi/poll.ts";
import { S_IFCHR } from "../../abi/stat.ts";
import type { Libc } from "../../guests/libc.ts";
import { readEvents, withInput } from "./input-machine.ts";

const [EV_SYN, EV_KEY, EV_REL, EV_ABS, EV_LED] = [0, 1, 2, 3, 0x11];
const KEY_A = 30;
const BTN_LEFT = 0x110;
const SYN_REPORT = [EV_SYN, 0, 0];
const SYN_DROPPED = [EV_SYN, 3, 0];

const EVIOCGVERSION = 0x8004_4501;
const EVIOCGID = 0x8008_4502;
const EVIOCGREP = 0x8008_4503;
const EVIOCSREP = 0x4008_4503;
const EVIOCGRAB = 0x4004_4590;
const EVIOCREVOKE = 0x4004_4591;
const EVIOCSCLOCKID = 0x4004_45a0;
/** _IOR('E', number, size). */
const get = (number: number, size: number) => (0x8000_4500 | (size << 16) | number) >>> 0;
const EVIOCGNAME = (size: number) => get(0x06, size);
const EVIOCGPHYS = (size: number) => get(0x07, size);
const EVIOCGUNIQ = (size: number) => get(0x08, size);
const EVIOCGPROP = (size: number) => get(0x09, size);
const EVIOCGKEY = (size: number) => get(0x18, size);
const EVIOCGLED = (size: number) => get(0x19, size);
const EVIOCGSW = (size: number) => get(0x1b, size);
const EVIOCGBIT = (type: number, size: number) => get(0x20 + type, size);
const EVIOCGABS = (axis: number) => get(0x40 + axis, 24);

const open = async (c: Libc, number = 0): Promise<number> => {
  const fd = await c.open(`/dev/input/event${number}`, O_RDWR | O_NONBLOCK);
  expect(fd).toBeGreaterThan(2);
  return fd;
};
const ioctl = async (c: Libc, fd: number, command: number, argument = 0) => {
  const result = await c.ioctl(fd, command, argument);
  return result === -1 ? -c.errno : result;
};
/** The ioctl's result, and the bytes that it left in a buffer of `size` that was all ones. */
const ask = async (c: Libc, fd: number, command: number, size: number): Promise<[number, Uint8Array]> => {
  const va = c.malloc(size);
  c.user.fill(va, 0xff, size);
  const result = await ioctl(c, fd, command, va);
  return [result, c.user.read(va, size)];
};
const bits = (bytes: Uint8Array) =>
  [...bytes].flatMap((byte, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (1 << bit)).map((bit) => 8 * i + bit),
  );
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));

test("nodes: character devices 13:64 and up, 13:63", () =>
  withInput((c) => {
    for (const [name, minor] of [
      ["event0", 64],
      ["event1", 65],
      ["event2", 66],
      ["mice", 63],
    ] as const) {
      const stat = c.stat(`/dev/input/${name}`);
      if (stat === -1) throw new Error(name);
      expect([stat.st_mode & S_IFCHR, stat.st_rdev]).toEqual([S_IFCHR, (13 << 8) | minor]);
    }
  }));

describe("what the devices report", () => {
  // event-codes.rst: "EV_KEY: 0 for release, 1 for keypress"; "SYN_REPORT: used to synchronize and separate events".
  test("a key goes down and up", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c);
      input.key("KeyA", "down");
      input.key("KeyA", "up");
      expect(await readEvents(c, fd)).toEqual([[EV_KEY, KEY_A, 1], SYN_REPORT, [EV_KEY, KEY_A, 0], SYN_REPORT]);
      expect(await readEvents(c, fd)).toBe(-EAGAIN);
    }));

  test("a key that is down already, or up, says nothing", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c);
      input.key(KEY_A, "up");
      input.key(KEY_A, "down");
      input.key(KEY_A, "down");
      expect(await readEvents(c, fd)).toEqual([[EV_KEY, KEY_A, 1], SYN_REPORT]);
    }));

  test("the pointer: its place from 0 to 32767, and buttons; what stays is not told again", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c, 1);
      input.pointer({ x: 0.5, y: 1, buttons: 1 });
      expect(await readEvents(c, fd)).toEqual([
        [EV_ABS, 0, 16384],
        [EV_ABS, 1, 32767],
        [EV_KEY, BTN_LEFT, 1],
        SYN_REPORT,
      ]);
      input.pointer({ x: -3, y: 7, buttons: 1 });
      expect(await readEvents(c, fd)).toEqual([[EV_ABS, 0, 0], SYN_REPORT]);
      input.pointer({ x: 0, y: 1, buttons: 6 });
      expect(await readEvents(c, fd)).toEqual([
        [EV_KEY, BTN_LEFT, 0],
        [EV_KEY, 0x111, 1],
        [EV_KEY, 0x112, 1],
        SYN_REPORT,
      ]);
      input.pointer({ x: 0, y: 1, buttons: 6 });
      expect(await readEvents(c, fd)).toBe(-EAGAIN);
    }));

  // event-codes.rst: "BTN_TOUCH is used for touch contact", INPUT_PROP_DIRECT for "touchscreens".
  test("a touchscreen has BTN_TOUCH and INPUT_PROP_DIRECT instead", () =>
    withInput(
      async (c, { input }) => {
        const fd = await open(c, 1);
        input.pointer({ x: 0, y: 0.25, buttons: 3 });
        expect(await readEvents(c, fd)).toEqual([[EV_ABS, 1, 8192], [EV_KEY, 0x14a, 1], SYN_REPORT]);
        const [, properties] = await ask(c, fd, EVIOCGPROP(8), 8);
        expect(bits(properties)).toEqual([1]);
        const [, keys] = await ask(c, fd, EVIOCGBIT(EV_KEY, 96), 96);
        expect(bits(keys)).toEqual([0x14a]);
      },
      { pointer: "touchscreen" },
    ));

  // input-event-codes.h and event-codes.rst: REL_WHEEL is "vertical movement"; away from the user is positive.
  test("the mouse: ways and wheels", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c, 2);
      input.move(5, -7, 2);
      input.wheel(2, 1);
      expect(await readEvents(c, fd)).toEqual([
        [EV_REL, 0, 5],
        [EV_REL, 1, -7],
        [EV_KEY, 0x111, 1],
        SYN_REPORT,
        [EV_REL, 6, 2],
        [EV_REL, 8, -1],
        SYN_REPORT,
      ]);
      input.move(0, 0);
      expect(await readEvents(c, fd)).toBe(-EAGAIN);
    }));

  test("keys and places that are none are the host's mistake", () =>
    withInput((_c, { input }) => {
      for (const key of ["KeyÄ", "constructor", 0, 0x100, 1.5, Number.NaN]) {
        expect(() => input.key(key, "down")).toThrow(RangeError);
      }
      expect(() => input.pointer({ x: Number.NaN, y: 0 })).toThrow("x: NaN");
      expect(() => input.wheel(0, Number.POSITIVE_INFINITY)).toThrow("dy");
    }));
});

describe("read", () => {
  test("takes whole events only, and as many as fit", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c);
      input.key("KeyA", "down");
      // "if (count != 0 && count < input_event_size()) return -EINVAL"
      expect(await readEvents(c, fd, 23)).toBe(-EINVAL);
      expect(await readEvents(c, fd, 47)).toEqual([[EV_KEY, KEY_A, 1]]);
      expect(await readEvents(c, fd, 48)).toEqual([SYN_REPORT]);
      // "count == 0 is special - no IO is done but we check for error conditions"
      expect(await readEvents(c, fd, 0)).toBe(-EAGAIN);
      input.key("KeyA", "up");
      expect(await readEvents(c, fd, 0)).toEqual([]);
      expect(await c.read(fd, 8, 24)).toBe(-1);
      expect(c.errno).toBe(EFAULT);
    }));

  test("sleeps until a packet is whole", () =>
    withInput(async (c, computer) => {
      const fd = await c.open("/dev/input/event0", O_RDWR);
      computer.kernel.clock.at(5e6, () => computer.input.keyboard.report([{ type: EV_KEY, code: KEY_A, value: 1 }]));
      computer.kernel.clock.at(9e6, () => computer.input.keyboard.report([{ type: EV_SYN, code: 0, value: 0 }]));
      expect(await readEvents(c, fd)).toEqual([[EV_KEY, KEY_A, 1], SYN_REPORT]);
      expect(computer.kernel.clock.now).toBe(9e6);
    }));

  test("events carry the time of the machine's clock; EVIOCSCLOCKID changes it and drops what was queued", () =>
    withInput(
      async (c, computer) => {
        const fd = await open(c);
        await c.nanosleep({ tv_sec: 3, tv_nsec: 250_001_999 });
        computer.input.key("KeyA", "down");
        const time = async () => inputEvent.read((await c.readBytes(fd, 24)) as Uint8Array).time;
        expect(await time()).toEqual({ tv_sec: 1_000_003, tv_usec: 250_001 });
        const id = c.malloc(4);
        c.user.store32(id, 1);
        expect(await ioctl(c, fd, EVIOCSCLOCKID, id)).toBe(0);
        expect(await readEvents(c, fd)).toBe(-EAGAIN);
        computer.input.key("KeyA", "up");
        // What was dropped is told before the packet.
        expect(await readEvents(c, fd, 24)).toEqual([SYN_DROPPED]);
        expect(await time()).toEqual({ tv_sec: 3, tv_usec: 250_001 });
        for (const [clock, result] of [
          [7, 0],
          [0, 0],
          [2, -EINVAL],
        ] as const) {
          c.user.store32(id, clock);
          expect(await ioctl(c, fd, EVIOCSCLOCKID, id)).toBe(result);
        }
        expect(await ioctl(c, fd, EVIOCSCLOCKID, 8)).toBe(-EFAULT);
      },
      { epoch: 1_000_000 },
    ));

  // evdev.c: "This effectively 'drops' all unconsumed events, leaving EV_SYN/SYN_DROPPED plus the newest event in the
  // queue." The keyboard's queue has 64 places, one of which is never used.
  test("SYN_DROPPED when the queue runs over", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c);
      const press = (times: number) => {
        for (let i = 0; i < times; i++) input.key("KeyA", i % 2 === 0 ? "down" : "up");
      };
      press(31);
      expect(((await readEvents(c, fd)) as number[][]).length).toBe(62);
      input.key("KeyA", "up");
      await readEvents(c, fd);
      press(32);
      // The 64th event is the SYN_REPORT of the 32nd press: it and SYN_DROPPED stay.
      expect(await readEvents(c, fd)).toEqual([SYN_DROPPED, SYN_REPORT]);
      input.key("KeyB", "down");
      expect(await readEvents(c, fd)).toEqual([[EV_KEY, 48, 1], SYN_REPORT]);
    }));

  test("poll tells of a whole packet", () =>
    withInput(async (c, computer) => {
      const fd = await open(c);
      const fds = [{ fd, events: POLLIN, revents: 0 }];
      expect(await c.poll(fds, 0)).toBe(0);
      computer.kernel.clock.at(4e6, () => computer.input.key("KeyA", "down"));
      expect(await c.poll(fds, -1)).toBe(1);
      expect([fds[0]!.revents, computer.kernel.clock.now]).toEqual([POLLIN, 4e6]);
    }));

  test("every reader gets every event; there is no position", () =>
    withInput(async (c, { input }) => {
      const [one, other] = [await open(c), await open(c)];
      input.key("KeyA", "down");
      expect(await readEvents(c, one)).toEqual([[EV_KEY, KEY_A, 1], SYN_REPORT]);
      expect(await readEvents(c, other)).toEqual([[EV_KEY, KEY_A, 1], SYN_REPORT]);
      expect([c.lseek(one, 0, 0), c.errno]).toEqual([-1, ESPIPE]);
      c.close(one);
      input.key("KeyA", "up");
      expect(await readEvents(c, other)).toEqual([[EV_KEY, KEY_A, 0], SYN_REPORT]);
    }));
});

describe("who gets it", () => {
  test("EVIOCGRAB: one client alone, until it lets go or closes", () =>
    withInput(async (c, { input }) => {
      const [one, other] = [await open(c), await open(c)];
      expect(await ioctl(c, one, EVIOCGRAB, 1)).toBe(0);
      expect(await ioctl(c, other, EVIOCGRAB, 1)).toBe(-EBUSY);
      expect(await ioctl(c, other, EVIOCGRAB, 0)).toBe(-EINVAL);
      input.key("KeyA", "down");
      expect(await readEvents(c, other)).toBe(-EAGAIN);
      expect(await readEvents(c, one)).toEqual([[EV_KEY, KEY_A, 1], SYN_REPORT]);
      expect(await ioctl(c, one, EVIOCGRAB, 0)).toBe(0);
      expect(await ioctl(c, other, EVIOCGRAB, 1)).toBe(0);
      c.close(other);
      input.key("KeyA", "up");
      expect(await readEvents(c, one)).toEqual([[EV_KEY, KEY_A, 0], SYN_REPORT]);
    }));

  test("EVIOCREVOKE: ENODEV from then on, and POLLHUP | POLLERR", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c);
      expect(await ioctl(c, fd, EVIOCREVOKE, 1)).toBe(-EINVAL);
      expect(await ioctl(c, fd, EVIOCREVOKE)).toBe(0);
      input.key("KeyA", "down");
      expect(await readEvents(c, fd)).toBe(-ENODEV);
      expect(await ioctl(c, fd, EVIOCGVERSION, 8)).toBe(-ENODEV);
      const fds = [{ fd, events: POLLIN, revents: 0 }];
      await c.poll(fds, 0);
      expect(fds[0]!.revents).toBe(POLLHUP | POLLERR);
    }));

  // evdev_write: "input_inject_event".
  test("write lights an LED, and every reader hears of it", () =>
    withInput(async (c) => {
      const [one, other] = [await open(c), await open(c)];
      const event = inputEvent.encode({ type: EV_LED, code: 1, value: 1 });
      expect(await c.writeBytes(one, event)).toBe(24);
      expect(await c.writeBytes(one, inputEvent.encode({}))).toBe(24);
      for (const fd of [one, other]) expect(await readEvents(c, fd)).toEqual([[EV_LED, 1, 1], SYN_REPORT]);
      expect(bits((await ask(c, one, EVIOCGLED(8), 8))[1])).toEqual([1]);
      expect([await c.writeBytes(one, event.subarray(0, 23)), c.errno]).toEqual([-1, EINVAL]);
      // Nothing that the device has not.
      await c.writeBytes(one, inputEvent.encode({ type: EV_REL, code: 0, value: 9 }));
      await c.writeBytes(one, inputEvent.encode({}));
      expect(await readEvents(c, one)).toBe(-EAGAIN);
    }));
});

describe("ioctls", () => {
  test("version, id, name, place, and no unique number", () =>
    withInput(async (c) => {
      const fd = await open(c);
      const [, version] = await ask(c, fd, EVIOCGVERSION, 4);
      expect([...version]).toEqual([1, 0, 1, 0]);
      const [, id] = await ask(c, fd, EVIOCGID, 8);
      // BUS_VIRTUAL, and the product's number.
      expect([id[0], id[1], id[4]]).toEqual([6, 0, 1]);
      const [length, name] = await ask(c, fd, EVIOCGNAME(64), 64);
      expect([length, text(name)]).toEqual([17, "Scanout Keyboard"]);
      // str_to_user cuts off without a NUL.
      const [short, start] = await ask(c, fd, EVIOCGNAME(4), 5);
      expect([short, new TextDecoder().decode(start.subarray(0, 4)), start[4]]).toEqual([4, "Scan", 0xff]);
      expect(text((await ask(c, fd, EVIOCGPHYS(64), 64))[1])).toBe("scanout/input0");
      expect((await ask(c, fd, EVIOCGUNIQ(64), 64))[0]).toBe(-ENOENT);
      expect(await ioctl(c, fd, EVIOCGNAME(64), 8)).toBe(-EFAULT);
    }));

  // bits_to_user: whole longs, cut off at the buffer; KEY_MAX 0x2ff takes 96 bytes, EV_MAX 0x1f and others 8.
  test("EVIOCGBIT: types and codes", () =>
    withInput(async (c) => {
      const [keyboard, tablet, mouse] = [await open(c, 0), await open(c, 1), await open(c, 2)];
      const types = async (fd: number) => {
        const [length, bytes] = await ask(c, fd, EVIOCGBIT(0, 16), 16);
        expect(length).toBe(8);
        return bits(bytes.subarray(0, 8));
      };
      expect(await types(keyboard)).toEqual([EV_SYN, EV_KEY, EV_LED, 0x14]);
      expect(await types(tablet)).toEqual([EV_SYN, EV_KEY, EV_ABS]);
      expect(await types(mouse)).toEqual([EV_SYN, EV_KEY, EV_REL]);
      const [length, keys] = await ask(c, keyboard, EVIOCGBIT(EV_KEY, 200), 200);
      expect(length).toBe(96);
      expect(bits(keys.subarray(0, 96))).toEqual(Array.from({ length: 255 }, (_, i) => i + 1));
      expect((await ask(c, keyboard, EVIOCGBIT(EV_KEY, 3), 3))[0]).toBe(3);
      expect(bits((await ask(c, mouse, EVIOCGBIT(EV_REL, 8), 8))[1])).toEqual([0, 1, 6, 8]);
      expect(bits((await ask(c, tablet, EVIOCGBIT(EV_ABS, 8), 8))[1])).toEqual([0, 1]);
      expect(bits((await ask(c, tablet, EVIOCGBIT(EV_KEY, 96), 96))[1])).toEqual([0x110, 0x111, 0x112, 0x113, 0x114]);
      expect((await ask(c, mouse, EVIOCGBIT(EV_ABS, 8), 8))[0]).toBe(8);
      expect((await ask(c, mouse, EVIOCGBIT(0x1e, 8), 8))[0]).toBe(-EINVAL);
      expect(bits((await ask(c, mouse, EVIOCGPROP(8), 8))[1])).toEqual([]);
      expect(bits((await ask(c, mouse, EVIOCGSW(8), 8))[1])).toEqual([]);
    }));

  test("EVIOCGABS: value and range of an axis; EINVAL without axes", () =>
    withInput(async (c, { input }) => {
      const tablet = await open(c, 1);
      input.pointer({ x: 1, y: 0.5 });
      const [result, info] = await ask(c, tablet, EVIOCGABS(0), 24);
      expect([result, [...new Int32Array(info.buffer.slice(info.byteOffset, info.byteOffset + 24))]]).toEqual([
        0,
        [32767, 0, 32767, 0, 0, 0],
      ]);
      expect((await ask(c, await open(c, 2), EVIOCGABS(0), 24))[0]).toBe(-EINVAL);
    }));

  // evdev_handle_get_val: the state, and the queue loses what the state now says.
  test("EVIOCGKEY: which keys are down; their events leave the queue", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c);
      input.key("KeyA", "down");
      input.key("ShiftLeft", "down");
      const [length, keys] = await ask(c, fd, EVIOCGKEY(96), 96);
      expect([length, bits(keys)]).toEqual([96, [KEY_A, 42]]);
      expect(await readEvents(c, fd)).toEqual([SYN_REPORT]);
    }));

  test("what is not there is EINVAL", () =>
    withInput(async (c) => {
      const fd = await open(c);
      for (const command of [0x5401, get(0x02, 4), 0x4004_4580, get(0x92, 8), 0xffff_ffff]) {
        expect(await ioctl(c, fd, command, 8)).toBe(-EINVAL);
      }
    }));
});

// event-codes.rst: "EV_KEY … 2 for autorepeat". input_enable_softrepeat: 250 ms, then every 33 ms; a repeat's SYN_REPORT
// has the value 1 (input_repeat_key).
describe("autorepeat", () => {
  const repeats = async (c: Libc, fd: number) => {
    const events = await readEvents(c, fd);
    return events === -EAGAIN ? 0 : (events as number[][]).filter(([, , value]) => value === 2).length;
  };
  const wait = (c: Libc, milliseconds: number) => c.nanosleep({ tv_sec: 0, tv_nsec: milliseconds * 1e6 });

  test("a key that is held repeats", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c);
      input.key("KeyA", "down");
      await wait(c, 249);
      expect(await readEvents(c, fd)).toEqual([[EV_KEY, KEY_A, 1], SYN_REPORT]);
      await wait(c, 2);
      expect(await readEvents(c, fd)).toEqual([
        [EV_KEY, KEY_A, 2],
        [EV_SYN, 0, 1],
      ]);
      await wait(c, 99);
      expect(await repeats(c, fd)).toBe(3);
      input.key("KeyA", "up");
      expect(await readEvents(c, fd)).toEqual([[EV_KEY, KEY_A, 0], SYN_REPORT]);
      await wait(c, 500);
      expect(await readEvents(c, fd)).toBe(-EAGAIN);
    }));

  test("EVIOCSREP sets delay and period; 0 turns it off; buttons have none", () =>
    withInput(async (c, { input }) => {
      const fd = await open(c);
      expect([...(await ask(c, fd, EVIOCGREP, 8))[1]]).toEqual([250, 0, 0, 0, 33, 0, 0, 0]);
      const va = c.malloc(8);
      c.user.store32(va, 10);
      c.user.store32(va + 4, 5);
      expect(await ioctl(c, fd, EVIOCSREP, va)).toBe(0);
      expect([...(await ask(c, fd, EVIOCGREP, 8))[1]]).toEqual([10, 0, 0, 0, 5, 0, 0, 0]);
      input.key("KeyA", "down");
      await wait(c, 22);
      expect(await repeats(c, fd)).toBe(3);
      input.key("KeyA", "up");
      c.user.store32(va, 0);
      await ioctl(c, fd, EVIOCSREP, va);
      input.key("KeyA", "down");
      await wait(c, 900);
      expect(await repeats(c, fd)).toBe(0);
      expect(await ioctl(c, await open(c, 1), EVIOCGREP, va)).toBe(-ENOSYS);
    }));

  test("it does not make virtual time pass: who waits for the release alone hears no repeat", () =>
    withInput(async (c, computer) => {
      const fd = await c.open("/dev/input/event0", O_RDWR);
      computer.input.key("KeyA", "down");
      await readEvents(c, fd);
      computer.input.isOpen = true;
      setTimeout(() => computer.input.key("KeyA", "up"), 20);
      expect(await readEvents(c, fd)).toEqual([[EV_KEY, KEY_A, 0], SYN_REPORT]);
      expect(computer.kernel.clock.now).toBe(0);
    }));
});
