/**
 * `scanout seeds`: the two seed drivers from insmod to rmmod, as a session at a root prompt. What stands behind "#" was
 * typed; the rest is what the machine answered.
 */
import type { Module } from "../../devices/drivers/driver.ts";
import { mmapFault } from "../../devices/drivers/mmap-fault.ts";
import { mmapVmalloc } from "../../devices/drivers/mmap-vmalloc.ts";
import { guests } from "../../guests/index.ts";
import { Computer } from "../computer.ts";
import { S_IFCHR } from "../../abi/stat.ts";
import { dim } from "./console.ts";

type Write = (text: string) => void;

export interface SeedsOptions {
  /** Seed 1 with its exit repaired: rmmod is silent. */
  readonly fixed?: boolean;
}

/** A prompt: each method types one command and writes what the machine answers. */
class Prompt {
  readonly #computer: Computer;
  readonly #write: Write;
  #logRead = 0;

  constructor(computer: Computer, write: Write) {
    this.#computer = computer;
    this.#write = write;
  }

  insmod(module: Module, parameters: Readonly<Record<string, number>> = {}): void {
    const words = Object.entries(parameters).map(([name, value]) => ` ${name}=${value}`);
    this.#type(`insmod ${module.name}.ko${words.join("")}`);
    this.#answer("insmod", this.#computer.kernel.insmod(module, parameters));
  }

  rmmod(name: string): void {
    this.#type(`rmmod ${name}`);
    this.#answer("rmmod", this.#computer.kernel.rmmod(name));
  }

  /** The major number of a registered character device. */
  major(device: string): number {
    this.#type(`grep ${device} /proc/devices`);
    const line = this.#computer.kernel.vfs.chrdevs.list().split("\n").find((text) => text.includes(device)) ?? "";
    this.#write(`${line}\n`);
    return Number.parseInt(line, 10);
  }

  mknod(name: string, major: number): void {
    this.#type(`mknod ${name} c ${major} 0`);
    this.#computer.mknod(`/root/${name}`, S_IFCHR | 0o600, major, 0);
  }

  async run(command: string, guest: string): Promise<void> {
    this.#type(`./${command}`);
    const { exited } = this.#computer.spawn(guests[guest]!.main, { argv: [command], cwd: "/root" });
    const status = await exited;
    if (!("code" in status) || status.code !== 0) this.#write(`${command}: ${JSON.stringify(status)}\n`);
  }

  /** What the kernel has logged since the last look. */
  dmesg(): void {
    this.#type("dmesg -c");
    const { lines } = this.#computer.kernel.log;
    for (const line of lines.slice(this.#logRead)) this.#write(`${line.text}\n`);
    this.#logRead = lines.length;
  }

  #type(command: string): void {
    this.#write(`${dim("#")} ${command}\n`);
  }

  #answer(command: string, error: number): void {
    if (error < 0) this.#write(`${command}: error ${-error}\n`);
  }
}

export const runSeeds = async (write: Write, options: SeedsOptions = {}): Promise<void> => {
  const decoder = new TextDecoder();
  const computer = await Computer.create({ onOutput: (bytes) => write(decoder.decode(bytes, { stream: true })) });
  const prompt = new Prompt(computer, write);
  write("Seed 1: a driver whose mmap shows vmalloc'ed pages\n\n");
  prompt.insmod(mmapVmalloc, options.fixed === true ? { fixed: 1 } : {});
  prompt.mknod("node", prompt.major("mmap"));
  await prompt.run("mmap_test", "mmap-test");
  await prompt.run("mmap_test", "mmap-test");
  prompt.dmesg();
  prompt.rmmod("mmap_seed");
  prompt.dmesg();
  write("\nSeed 2: a debugfs file whose pages come by the fault handler\n\n");
  prompt.insmod(mmapFault);
  await prompt.run("mmap_user", "mmap-example");
  await prompt.run("mmap_user", "mmap-example");
  prompt.rmmod("mmap_example");
  prompt.dmesg();
};
