/**
 * The terminals of a machine as files: each one's own node, /dev/tty (the controlling terminal of whoever opens it) and
 * /dev/console, which leads to the first of them (drivers/tty/tty_io.c of Linux 6.12).
 */
import { EIO, ENXIO, ESPIPE } from "../../abi/errno.ts";
import { O_NOCTTY } from "../../abi/fcntl.ts";
import type { File, FileOperations, Kernel, Module } from "./driver.ts";
import { Tty } from "./tty.ts";
import { ttyIoctl } from "./tty-ioctl.ts";
import type { TtyPort } from "./tty-port.ts";
import { MAJOR, MKDEV } from "./vm.ts";

const DEV_TTY = MKDEV(5, 0);
const DEV_CONSOLE = MKDEV(5, 1);
/** The first serial port's number. */
export const DEV_TTYS0 = MKDEV(4, 64);

export interface TtyDevice {
  /** In /dev. */
  readonly name: string;
  readonly dev: number;
  readonly port: TtyPort;
}

/** What an open file of a terminal has in privateData. */
interface TtyFile {
  readonly tty: Tty;
  /** Opened as /dev/console: no job control there. */
  readonly isConsole: boolean;
}

const opened = (file: File): TtyFile => file.privateData as TtyFile;

/** The first device is the console; two devices with one port are one terminal. */
export const ttyDriver = (devices: readonly TtyDevice[]): Module => ({
  name: "tty",
  create: (kernel) => ({
    init() {
      const ttys = new Map<TtyPort, Tty>();
      for (const { port } of devices) if (!ttys.has(port)) ttys.set(port, new Tty(kernel, port));
      const all = [...ttys.values()];
      for (const { name, dev, port } of devices) {
        const region = MAJOR(dev) === MAJOR(DEV_TTYS0) && name.startsWith("ttyS") ? "ttyS" : "tty";
        const error = add(
          kernel,
          name,
          dev,
          0o620,
          region,
          openerOf(kernel, all, () => ttys.get(port)!),
        );
        if (error < 0) return error;
      }
      const controlling = openerOf(kernel, all, () => all.find(({ jobs }) => jobs.controlsCurrent));
      const error = add(kernel, "tty", DEV_TTY, 0o666, "/dev/tty", controlling);
      if (error < 0) return error;
      return add(
        kernel,
        "console",
        DEV_CONSOLE,
        0o600,
        "/dev/console",
        openerOf(kernel, all, () => all[0], true),
      );
    },
  }),
});

const add = (
  kernel: Kernel,
  name: string,
  dev: number,
  mode: number,
  region: string,
  operations: FileOperations,
): number => {
  const error = kernel.registerChrdevRegion(dev, 1, region);
  if (error < 0) return error;
  kernel.deviceCreate(name, dev, mode);
  return kernel.cdevAdd(kernel.cdevInit(operations), dev, 1);
};

/** The file operations of a node that `find` gives the terminal of. */
const openerOf = (
  kernel: Kernel,
  all: readonly Tty[],
  find: () => Tty | undefined,
  isConsole = false,
): FileOperations => ({
  ...operations(kernel, all),
  open(_inode, file) {
    const tty = find();
    // "ENXIO": a process without a controlling terminal opened /dev/tty, tty(4).
    if (tty === undefined) return -ENXIO;
    if (tty.isHungUp) return -EIO;
    file.privateData = { tty, isConsole } satisfies TtyFile;
    if ((file.flags & O_NOCTTY) === 0 && !isConsole && file.readable) becomeControlling(kernel, all, tty);
    return 0;
  },
});

/** tty_open_proc_set_tty(): a session leader that has no terminal yet gets the first it opens, if that is free. */
const becomeControlling = (kernel: Kernel, all: readonly Tty[], tty: Tty): void => {
  const { pid, sid } = kernel.current;
  if (pid === 0 || pid !== sid || tty.jobs.session !== 0 || all.some(({ jobs }) => jobs.controlsCurrent)) return;
  tty.jobs.take();
};

const operations = (kernel: Kernel, all: readonly Tty[]): FileOperations => ({
  read(file, buffer, count) {
    const { tty, isConsole } = opened(file);
    return tty.read(file, buffer, count, isConsole);
  },
  write(file, buffer, count) {
    const { tty, isConsole } = opened(file);
    return tty.write(file, buffer, count, isConsole);
  },
  kernelWrite(file, bytes) {
    const { tty } = opened(file);
    if (tty.isHungUp) return -EIO;
    tty.line.write(bytes);
    return bytes.length;
  },
  llseek: () => -ESPIPE,
  poll: (file, table) => opened(file).tty.poll(table),
  ioctl(file, command, argument) {
    const hasTerminal = all.some(({ jobs }) => jobs.controlsCurrent);
    return ttyIoctl(kernel, opened(file).tty, hasTerminal, file, command, argument);
  },
});
