/** The seeds' drivers, for the programs that use them: what stands at the prompt before each can be started. */
import { S_IFCHR } from "../abi/stat.ts";
import { mmapFault } from "../devices/drivers/mmap-fault.ts";
import { mmapVmalloc } from "../devices/drivers/mmap-vmalloc.ts";
import { MKDEV } from "../devices/drivers/vm.ts";
import type { ScanoutMachine } from "../src/index.ts";

/** Prepares a machine, and returns what a person would have typed. */
export type Prepare = (machine: ScanoutMachine) => string;

/** The first seed: a device special file whose major number is the one that the driver got. */
export const loadMmapVmalloc: Prepare = (machine) => {
  machine.kernel.insmod(mmapVmalloc);
  const { vfs } = machine.computer.kernel;
  const [, digits] = /^ *(\d+) mmap$/m.exec(vfs.chrdevs.list()) ?? [];
  if (digits === undefined) throw new Error("the seed's driver has no major number");
  vfs.makeNode("/root/node", S_IFCHR | 0o600, MKDEV(Number(digits), 0));
  return `# insmod ${mmapVmalloc.name}.ko\n# mknod node c ${digits} 0\n`;
};

/** The second seed: its debugfs file is there as soon as the driver is. */
export const loadMmapFault: Prepare = (machine) => {
  machine.kernel.insmod(mmapFault);
  return `# insmod ${mmapFault.name}.ko\n`;
};
