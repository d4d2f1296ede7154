/**
 * /dev/input/mice: every pointing device of the machine as one PS/2 mouse (drivers/input/mousedev.c of Linux 6.12). A
 * program that knocks with 0xf3 200 0xf3 100 0xf3 80 gets the four-byte packets of an IntelliMouse, with a wheel.
 *
 * Not modelled: /dev/input/mouseN of the single devices, and /dev/psaux.
 */
import { EAGAIN, EFAULT } from "../../abi/errno.ts";
import { O_NONBLOCK } from "../../abi/fcntl.ts";
import { EV_ABS, EV_KEY, EV_REL, EV_SYN, SYN_REPORT } from "../../abi/input.ts";
import {
  ABS_X,
  ABS_Y,
  BTN_EXTRA,
  BTN_LEFT,
  BTN_MIDDLE,
  BTN_RIGHT,
  BTN_SIDE,
  BTN_TOUCH,
  REL_WHEEL,
  REL_X,
  REL_Y,
} from "../../abi/input-event-codes.ts";
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../../abi/poll.ts";
import type { InputReport } from "../hardware/input-port.ts";
import type { File, FileOperations, Kernel } from "./driver.ts";
import type { InputDev } from "./input-dev.ts";
import { MouseClient, type MousePacket, SCREEN_X, SCREEN_Y } from "./mousedev-client.ts";

const BUTTONS: ReadonlyMap<number, number> = new Map([
  [BTN_TOUCH, 0],
  [BTN_LEFT, 0],
  [BTN_RIGHT, 1],
  [BTN_MIDDLE, 2],
  [BTN_SIDE, 3],
  [BTN_EXTRA, 4],
]);

/** Joins what `devices` report. */
export const mousedev = (kernel: Kernel, devices: readonly InputDev[]): FileOperations => {
  const clients = new Set<MouseClient>();
  const wait = kernel.waitQueue();
  let buttons = 0;
  for (const device of devices) {
    const packet: MousePacket = { dx: 0, dy: 0, dz: 0, x: 0, y: 0, isAbsolute: false };
    const event = (report: InputReport): void => {
      if (report.type === EV_KEY) buttons = pressed(buttons, report);
      else if (report.type !== EV_SYN || report.code !== SYN_REPORT) move(device, packet, report);
      else {
        let ready = false;
        for (const client of clients) ready = client.moved(packet, buttons) || ready;
        if (ready) wait.wakeUp();
        Object.assign(packet, { dx: 0, dy: 0, dz: 0, isAbsolute: false });
      }
    };
    device.open({ events: (reports) => reports.forEach(event) });
  }
  const clientOf = (file: File): MouseClient => file.privateData as MouseClient;
  return {
    open(_inode, file) {
      const client = new MouseClient();
      file.privateData = client;
      clients.add(client);
      return 0;
    },
    release(_inode, file) {
      clients.delete(clientOf(file));
      return 0;
    },
    read(file, buffer, count) {
      const client = clientOf(file);
      if (!client.isReady) return (file.flags & O_NONBLOCK) !== 0 ? -EAGAIN : kernel.sleepOn(wait);
      const bytes = client.read(count);
      return kernel.copyToUser(buffer, bytes) === 0 ? bytes.length : -EFAULT;
    },
    write(file, buffer, count) {
      const byte = new Uint8Array(1);
      for (let done = 0; done < count; done++) {
        if (kernel.copyFromUser(byte, buffer + done) !== 0) return -EFAULT;
        clientOf(file).command(byte[0]!);
      }
      wait.wakeUp();
      return count;
    },
    poll(file, table) {
      table.pollWait(wait);
      return POLLOUT | POLLWRNORM | (clientOf(file).isReady ? POLLIN | POLLRDNORM : 0);
    },
  };
};

const pressed = (buttons: number, { code, value }: InputReport): number => {
  const button = BUTTONS.get(code);
  if (button === undefined || value === 2) return buttons;
  return value === 0 ? buttons & ~(1 << button) : buttons | (1 << button);
};

const move = (device: InputDev, packet: MousePacket, { type, code, value }: InputReport): void => {
  if (type === EV_REL && code === REL_X) packet.dx += value;
  else if (type === EV_REL && code === REL_Y) packet.dy -= value;
  else if (type === EV_REL && code === REL_WHEEL) packet.dz -= value;
  else if (type === EV_ABS && (code === ABS_X || code === ABS_Y)) {
    const { minimum, maximum } = device.abs.get(code)!;
    const at = Math.min(Math.max(value, minimum), maximum) - minimum;
    packet.isAbsolute = true;
    if (code === ABS_X) packet.x = Math.trunc((at * SCREEN_X) / (maximum - minimum));
    else packet.y = SCREEN_Y - Math.trunc((at * SCREEN_Y) / (maximum - minimum));
  }
};
