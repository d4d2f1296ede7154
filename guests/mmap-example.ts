/**
 * The user program of the second seed, call for call: maps the page that its open of the debugfs file made, prints the
 * message in it, changes a word, and prints it again. The mapping ends with the program.
 */
import { O_RDWR } from "../abi/fcntl.ts";
import { MAP_FAILED, MAP_SHARED, PROT_READ, PROT_WRITE } from "../abi/mman.ts";
import type { Guest } from "./guest.ts";
import { program } from "./libc.ts";

const PAGE_SIZE = 4096;
/** `return -1` from main: a parent sees the low eight bits. */
const EXIT_FAILURE = 255;

export const mmapExample: Guest = {
  name: "mmap-example",
  summary: "the second seed's user program: maps a page of the debugfs file mmap_example",
  main: program(async (c) => {
    const configfd = await c.open("/sys/kernel/debug/mmap_example", O_RDWR);
    if (configfd < 0) {
      await c.perror("open");
      return EXIT_FAILURE;
    }
    const address = c.mmap(0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, configfd, 0);
    if (address === MAP_FAILED) {
      await c.perror("mmap");
      return EXIT_FAILURE;
    }
    await c.print(`initial message: ${c.loadCString(address)}\n`);
    c.user.write(address + 11, new TextEncoder().encode("*user*"));
    await c.print(`changed message: ${c.loadCString(address)}\n`);
    c.close(configfd);
    return 0;
  }),
};
