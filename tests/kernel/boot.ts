/** A booted kernel for tests of the kernel alone: a console that collects, and no other device. */
import type { Module } from "../../devices/drivers/driver.ts";
import { MKDEV } from "../../devices/drivers/vm.ts";
import { KernelCore, type KernelOptions } from "../../src/kernel/kernel.ts";
import { Machine } from "../../src/machine.ts";

const MIB = 0x10_0000;

export interface Booted {
  readonly kernel: KernelCore;
  /** What was written to the console so far. */
  output(): string;
  /** The same in bytes. */
  raw(): Uint8Array;
}

/** Takes what is written, and is always at its end. */
const collector = (pieces: Uint8Array[]): Module => ({
  name: "collector",
  create: (kernel) => ({
    init() {
      const dev = MKDEV(5, 1);
      const cdev = kernel.cdevInit({
        write(_file, buffer, count) {
          const bytes = new Uint8Array(count);
          const missed = kernel.copyFromUser(bytes, buffer);
          pieces.push(bytes.subarray(0, count - missed));
          return count - missed;
        },
        kernelWrite(_file, bytes) {
          pieces.push(bytes.slice());
          return bytes.length;
        },
        read: () => 0,
      });
      kernel.registerChrdevRegion(dev, 1, "console");
      kernel.deviceCreate("console", dev, 0o600);
      return kernel.cdevAdd(cdev, dev, 1);
    },
  }),
});

export const bootTestKernel = async (options: KernelOptions = {}): Promise<Booted> => {
  const machine = await Machine.create({ ram: 32 * MIB, videoMemory: MIB });
  const kernel = KernelCore.boot(machine, options);
  const pieces: Uint8Array[] = [];
  const error = kernel.insmod(collector(pieces));
  if (error < 0) throw new Error(`assert: the console did not load: ${error}`);
  return { kernel, output: () => Buffer.concat(pieces).toString("utf8"), raw: () => Buffer.concat(pieces) };
};
