/**
 * `scanout seeds`: the two seed drivers from insmod to rmmod, as a session at a root prompt. What stands behind "#" was
 * typed; the rest is what the machine answered.
 */
import { strerror } from "../../abi/errno.ts";
import { O_RDONLY } from "../../abi/fcntl.ts";
import type { Program } from "../../abi/program.ts";
import { signalName } from "../../abi/signal.ts";
import { makedev, S_IFCHR } from "../../abi/stat.ts";
import type { Module } from "../../devices/drivers/driver.ts";
import { mmapFault } from "../../devices/drivers/mmap-fault.ts";
import { mmapVmalloc } from "../../devices/drivers/mmap-vmalloc.ts";
import { guests } from "../../guests/index.ts";
import { type Main, program } from "../../guests/libc.ts";
import { Computer } from "../computer.ts";
import { dim } from "./console.ts";

type Write = (text: string) => void;

export interface SeedsOptions {
  /** Seed 1 with its exit repaired: rmmod is silent. */
  readonly fixed?: boolean;
  /** Of many lines of the kernel's log, only the first few. */
  readonly brief?: boolean;
}

/** A prompt: each method types one command and writes what the machine answers. */
class Prompt {
  readonly #computer: Computer;
  readonly #write: Write;
  readonly #mostLines: number;
  #logRead = 0;

  constructor(computer: Computer, write: Write, mostLines: number) {
    this.#computer = computer;
    this.#write = write;
    this.#mostLines = mostLines;
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

  /** The major number of a registered character device, which the line of /proc/devices begins with. */
  async major(device: string): Promise<number> {
    this.#type(`grep ${device} /proc/devices`);
    let line = "";
    await this.#run("grep", async (c) => {
      const fd = await c.open("/proc/devices", O_RDONLY);
      const bytes = await c.readBytes(fd, 4096);
      if (bytes === -1) return 1;
      line =
        new TextDecoder()
          .decode(bytes)
          .split("\n")
          .find((text) => text.includes(device)) ?? "";
      await c.puts(line);
      return line === "" ? 1 : 0;
    });
    return Number.parseInt(line, 10);
  }

  async mknod(name: string, major: number): Promise<void> {
    this.#type(`mknod ${name} c ${major} 0`);
    await this.#run("mknod", (c) => (c.mknod(name, S_IFCHR | 0o600, makedev(major, 0)) < 0 ? 1 : 0));
  }

  async run(command: string, guest: string): Promise<void> {
    this.#type(`./${command}`);
    await this.#spawn(command, guests[guest]!.main);
  }

  /** What the kernel has logged since the last look. */
  dmesg(): void {
    this.#type("dmesg -c");
    const { lines } = this.#computer.kernel.log;
    const fresh = lines.slice(this.#logRead);
    this.#logRead = lines.length;
    for (const line of fresh.slice(0, this.#mostLines)) this.#write(`${line.text}\n`);
    const more = fresh.slice(this.#mostLines).filter((line) => line.text.startsWith("BUG:")).length;
    if (more > 0) this.#write(dim(`… and ${more} reports more like it (\`scanout seeds\` prints them all)\n`));
  }

  /** Forgets what was logged while the machine started. */
  clearLog(): void {
    this.#logRead = this.#computer.kernel.log.lines.length;
  }

  #run(command: string, main: Main): Promise<void> {
    return this.#spawn(command, program(main));
  }

  async #spawn(command: string, main: Program): Promise<void> {
    const status = await this.#computer.spawn(main, { argv: [command], cwd: "/root" }).exited;
    if (!("code" in status)) this.#write(`${command}: killed by ${signalName(status.signal)}\n`);
    else if (status.code !== 0) this.#write(`${command}: exit status ${status.code}\n`);
  }

  #type(command: string): void {
    this.#write(`${dim("#")} ${command}\n`);
  }

  #answer(command: string, error: number): void {
    if (error < 0) this.#write(`${command}: ${strerror(-error)}\n`);
  }
}

export const runSeeds = async (write: Write, options: SeedsOptions = {}): Promise<void> => {
  const decoder = new TextDecoder();
  const computer = await Computer.create({ onOutput: (bytes) => write(decoder.decode(bytes, { stream: true })) });
  const prompt = new Prompt(computer, write, options.brief === true ? 6 : Number.POSITIVE_INFINITY);
  prompt.clearLog();
  write("Seed 1: a driver whose mmap shows vmalloc'ed pages\n\n");
  prompt.insmod(mmapVmalloc, options.fixed === true ? { fixed: 1 } : {});
  await prompt.mknod("node", await prompt.major("mmap"));
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
