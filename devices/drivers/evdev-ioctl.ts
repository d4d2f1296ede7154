/** The ioctls of /dev/input/eventN (evdev_do_ioctl of drivers/input/evdev.c, Linux 6.12). */
import { EFAULT, EINVAL, ENOENT, ENOSYS } from "../../abi/errno.ts";
import {
  EV_ABS,
  EV_FF,
  EV_KEY,
  EV_LED,
  EV_MAX,
  EV_MSC,
  EV_REL,
  EV_REP,
  EV_SND,
  EV_SW,
  EV_VERSION,
  EVIOCGABS,
  EVIOCGBIT,
  EVIOCGID,
  EVIOCGKEY,
  EVIOCGLED,
  EVIOCGNAME,
  EVIOCGPHYS,
  EVIOCGPROP,
  EVIOCGRAB,
  EVIOCGREP,
  EVIOCGSND,
  EVIOCGSW,
  EVIOCGUNIQ,
  EVIOCGVERSION,
  EVIOCREVOKE,
  EVIOCSCLOCKID,
  EVIOCSREP,
  FF_MAX,
  inputAbsinfo,
  inputId,
  MSC_MAX,
  repeatSettings,
  SND_MAX,
} from "../../abi/input.ts";
import {
  ABS_MAX,
  INPUT_PROP_MAX,
  KEY_MAX,
  LED_MAX,
  REL_MAX,
  REP_DELAY,
  REP_PERIOD,
  SW_MAX,
} from "../../abi/input-event-codes.ts";
import type { Kernel } from "./driver.ts";
import type { EvdevClient } from "./evdev-client.ts";
import type { InputDev } from "./input-dev.ts";

/** Bits 16 to 29 of a command: the size of its argument. */
const SIZE_SHIFT = 16;
const SIZE_MASK = 0x3fff;

/** The highest code of each type whose codes EVIOCGBIT tells. */
const LAST_CODE: ReadonlyMap<number, number> = new Map([
  [0, EV_MAX],
  [EV_KEY, KEY_MAX],
  [EV_REL, REL_MAX],
  [EV_ABS, ABS_MAX],
  [EV_MSC, MSC_MAX],
  [EV_LED, LED_MAX],
  [EV_SND, SND_MAX],
  [EV_FF, FF_MAX],
  [EV_SW, SW_MAX],
]);

export class EvdevIoctl {
  readonly #kernel: Kernel;
  readonly #device: InputDev;

  constructor(kernel: Kernel, device: InputDev) {
    this.#kernel = kernel;
    this.#device = device;
  }

  /** The ioctl's result: bytes copied for those that fill a buffer, 0 for others, or -errno. */
  run(client: EvdevClient, command: number, argument: number): number {
    return this.#fixed(client, command, argument) ?? this.#sized(client, command, argument);
  }

  /** Commands of one size; null: it is none of them. */
  #fixed(client: EvdevClient, command: number, argument: number): number | null {
    const device = this.#device;
    switch (command) {
      case EVIOCGVERSION:
        return this.#put(argument, new Uint8Array(new Uint32Array([EV_VERSION]).buffer));
      case EVIOCGID:
        return this.#put(argument, inputId.encode(device.id));
      case EVIOCGREP:
        return device.supports(EV_REP) ? this.#put(argument, repeatSettings.encode({ values: device.rep })) : -ENOSYS;
      case EVIOCSREP:
        return device.supports(EV_REP) ? this.#setRepeat(client, argument) : -ENOSYS;
      case EVIOCGRAB:
        return argument !== 0 ? device.grab(client) : device.ungrab(client);
      case EVIOCREVOKE:
        return argument !== 0 ? -EINVAL : this.#revoke(client);
      case EVIOCSCLOCKID: {
        const bytes = new Uint8Array(4);
        if (this.#kernel.copyFromUser(bytes, argument) !== 0) return -EFAULT;
        return client.setClock(new Int32Array(bytes.buffer)[0]!);
      }
      default:
        return null;
    }
  }

  /** Commands that carry the size of the caller's buffer. */
  #sized(client: EvdevClient, command: number, argument: number): number {
    const size = (command >>> SIZE_SHIFT) & SIZE_MASK;
    const { description, key, led, sw } = this.#device;
    switch ((command & ~(SIZE_MASK << SIZE_SHIFT)) >>> 0) {
      case EVIOCGPROP(0):
        return this.#putBits(argument, size, INPUT_PROP_MAX, description.properties ?? []);
      case EVIOCGKEY(0):
        return this.#putState(client, EV_KEY, argument, size, KEY_MAX, key);
      case EVIOCGLED(0):
        return this.#putState(client, EV_LED, argument, size, LED_MAX, led);
      case EVIOCGSND(0):
        return this.#putState(client, EV_SND, argument, size, SND_MAX, new Uint8Array(0));
      case EVIOCGSW(0):
        return this.#putState(client, EV_SW, argument, size, SW_MAX, sw);
      case EVIOCGNAME(0):
        return this.#putString(argument, size, description.name);
      case EVIOCGPHYS(0):
        return this.#putString(argument, size, description.phys);
      case EVIOCGUNIQ(0):
        return -ENOENT;
    }
    return this.#numbered(command, argument, size);
  }

  /** Commands whose number holds an event type or an axis. */
  #numbered(command: number, argument: number, size: number): number {
    const number = command & 0xff;
    if (command === EVIOCGBIT(number - 0x20, size) && (number & ~EV_MAX) === 0x20) {
      return this.#codes(number & EV_MAX, argument, size);
    }
    // Any size: as much of the struct as it says.
    const withStructSize = (command & ~(SIZE_MASK << SIZE_SHIFT)) | (inputAbsinfo.size << SIZE_SHIFT);
    if (withStructSize >>> 0 === EVIOCGABS(number - 0x40) && (number & ~ABS_MAX) === 0x40) {
      if (!this.#device.supports(EV_ABS)) return -EINVAL;
      const info = inputAbsinfo.encode(this.#device.abs.get(number & ABS_MAX) ?? {});
      return this.#put(argument, info.subarray(0, Math.min(size, info.length)));
    }
    return -EINVAL;
  }

  #codes(type: number, argument: number, size: number): number {
    const { codes } = this.#device.description;
    const last = LAST_CODE.get(type);
    if (last === undefined) return -EINVAL;
    return this.#putBits(argument, size, last, type === 0 ? [0, ...codes.keys()] : (codes.get(type) ?? []));
  }

  #setRepeat(client: EvdevClient, argument: number): number {
    const bytes = new Uint8Array(repeatSettings.size);
    if (this.#kernel.copyFromUser(bytes, argument) !== 0) return -EFAULT;
    const { values } = repeatSettings.read(bytes);
    for (const code of [REP_DELAY, REP_PERIOD]) {
      this.#device.inject(client, { type: EV_REP, code, value: values[code]! | 0 });
    }
    return 0;
  }

  #revoke(client: EvdevClient): number {
    client.revoked = true;
    this.#device.ungrab(client);
    client.queue.wakeUp();
    return 0;
  }

  /** evdev_handle_get_val. */
  #putState(client: EvdevClient, type: number, to: number, size: number, last: number, state: Uint8Array): number {
    client.flush(type);
    const set = [...state.keys()].filter((code) => state[code] === 1);
    const result = this.#putBits(to, size, last, set);
    if (result < 0) client.dropped();
    return result;
  }

  /** bits_to_user: whole longs of 64 bits, cut off at `size` bytes; how many bytes it put. */
  #putBits(to: number, size: number, last: number, set: readonly number[]): number {
    const bytes = new Uint8Array(Math.min(size, Math.ceil(last / 64) * 8));
    for (const bit of set) if (bit >> 3 < bytes.length) bytes[bit >> 3]! |= 1 << (bit & 7);
    return this.#kernel.copyToUser(to, bytes) === 0 ? bytes.length : -EFAULT;
  }

  #putString(to: number, size: number, text: string): number {
    const bytes = new TextEncoder().encode(`${text}\0`).subarray(0, size);
    return this.#kernel.copyToUser(to, bytes) === 0 ? bytes.length : -EFAULT;
  }

  #put(to: number, bytes: Uint8Array): number {
    return this.#kernel.copyToUser(to, bytes) === 0 ? 0 : -EFAULT;
  }
}
