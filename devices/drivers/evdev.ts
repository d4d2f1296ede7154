/**
 * /dev/input/eventN: the events of one input device as programs read them (drivers/input/evdev.c of Linux 6.12).
 *
 * Not modelled: event masks (EVIOC{G,S}MASK), key-code tables, force feedback, multitouch slots and EVIOCSABS: EINVAL;
 * SIGIO.
 */
import { EAGAIN, EFAULT, EINVAL, ENODEV, ESPIPE } from "../../abi/errno.ts";
import { O_NONBLOCK } from "../../abi/fcntl.ts";
import { EV_ABS, EV_REL, inputEvent } from "../../abi/input.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../../abi/poll.ts";
import type { File, FileOperations, Kernel } from "./driver.ts";
import { EvdevClient } from "./evdev-client.ts";
import { EvdevIoctl } from "./evdev-ioctl.ts";
import type { InputDev } from "./input-dev.ts";

/** EVDEV_BUF_PACKETS and EVDEV_MIN_BUFFER_SIZE. */
const PACKETS = 8;
const MIN_EVENTS = 64;

/** evdev_compute_buffer_size: room for eight of the device's packets, as input_estimate_events_per_packet guesses them. */
const bufferSize = ({ description: { codes } }: InputDev): number => {
  const packet = 1 + (codes.get(EV_ABS)?.length ?? 0) + (codes.get(EV_REL)?.length ?? 0) + 7;
  return 2 ** Math.ceil(Math.log2(Math.max(MIN_EVENTS, packet * PACKETS)));
};

export const evdev = (kernel: Kernel, device: InputDev): FileOperations => {
  const ioctl = new EvdevIoctl(kernel, device);
  const clientOf = (file: File): EvdevClient => file.privateData as EvdevClient;
  return {
    open(_inode, file) {
      const client = new EvdevClient(kernel, bufferSize(device));
      file.privateData = client;
      device.open(client);
      return 0;
    },
    release(_inode, file) {
      device.close(clientOf(file));
      return 0;
    },
    // stream_open: there is no position.
    llseek: () => -ESPIPE,
    read: (file, buffer, count) => read(kernel, clientOf(file), buffer, count, (file.flags & O_NONBLOCK) !== 0),
    write: (file, buffer, count) => write(kernel, device, clientOf(file), buffer, count),
    ioctl: (file, command, argument) =>
      clientOf(file).revoked ? -ENODEV : ioctl.run(clientOf(file), command >>> 0, argument),
    poll(file, table) {
      const client = clientOf(file);
      table.pollWait(client.queue);
      const state = client.revoked ? POLLHUP | POLLERR : POLLOUT | POLLWRNORM;
      return state | (client.isEmpty ? 0 : POLLIN | POLLRDNORM);
    },
  };
};

/** evdev_read: as many whole events as fit and are there. */
const read = (kernel: Kernel, client: EvdevClient, buffer: number, count: number, nonblock: boolean): number => {
  const { size } = inputEvent;
  if (count !== 0 && count < size) return -EINVAL;
  if (client.revoked) return -ENODEV;
  if (client.isEmpty && nonblock) return -EAGAIN;
  if (count === 0) return 0;
  let done = 0;
  while (done + size <= count) {
    const event = client.next();
    if (event === null) break;
    if (kernel.copyToUser(buffer + done, inputEvent.encode(event)) !== 0) return -EFAULT;
    done += size;
  }
  return done > 0 ? done : kernel.sleepOn(client.queue);
};

/** evdev_write: the events go into the device, as its hardware's do. */
const write = (kernel: Kernel, device: InputDev, client: EvdevClient, buffer: number, count: number): number => {
  const { size } = inputEvent;
  if (count !== 0 && count < size) return -EINVAL;
  if (client.revoked) return -ENODEV;
  const bytes = new Uint8Array(size);
  let done = 0;
  for (; done + size <= count; done += size) {
    if (kernel.copyFromUser(bytes, buffer + done) !== 0) return -EFAULT;
    device.inject(client, inputEvent.read(bytes));
  }
  return done;
};
