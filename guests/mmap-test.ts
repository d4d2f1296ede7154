/**
 * The user program of the first seed, call for call: maps the sixteen pages of the device special file "node" in the
 * current directory, prints the string at their start, and stores another one there.
 *
 * The seed copies 50 bytes of a literal of 24. What lies behind a literal is nobody's business: here it is the 24.
 */
import { O_RDWR, O_SYNC } from "../abi/fcntl.ts";
import { MAP_FAILED, MAP_SHARED, PROT_READ, PROT_WRITE } from "../abi/mman.ts";
import type { Guest } from "./guest.ts";
import { program } from "./libc.ts";

const NPAGES = 16;
/** exit(-1): a parent sees the low eight bits. */
const EXIT_FAILURE = 255;

export const mmapTest: Guest = {
  name: "mmap-test",
  summary: "the first seed's user program: maps the vmalloc'ed pages behind ./node",
  main: program(async (c) => {
    const len = NPAGES * c.getpagesize();
    const fd = await c.open("node", O_RDWR | O_SYNC);
    if (fd < 0) {
      await c.perror("open");
      return EXIT_FAILURE;
    }
    const vadr = c.mmap(0, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (vadr === MAP_FAILED) {
      await c.perror("mmap");
      return EXIT_FAILURE;
    }
    await c.print(`The contents of the virtual address space in user space is ${c.loadCString(vadr)}\n`);
    c.strcpy(vadr, "This is from user space");
    if (c.munmap(vadr, len) === -1) await c.perror("munmap failed\n");
    c.close(fd);
    return 0;
  }),
};
