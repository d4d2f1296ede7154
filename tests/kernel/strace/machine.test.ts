/**
 * strace on the real kernel. Truth: the same calls of a C program under strace 6.1 (their shape; descriptors, addresses
 * and pids are this machine's), and strace(1): it only looks, so what it shows must not change what the program does.
 */
import { expect, test } from "vitest";
import { O_RDWR } from "../../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../../abi/mman.ts";
import type { Libc } from "../../../guests/libc.ts";
import { program } from "../../../guests/libc.ts";
import { mmReader } from "../../../src/kernel/strace/mm-reader.ts";
import { Strace } from "../../../src/kernel/strace.ts";
import { bootTestKernel } from "../boot.ts";

const trace = async (main: (c: Libc) => Promise<number | undefined>): Promise<string[]> => {
  const { kernel } = await bootTestKernel();
  const lines: string[] = [];
  kernel.tracer = new Strace({ write: (line) => lines.push(line) });
  await kernel.spawn(program(main), { argv: ["traced"] }).exited;
  return lines.filter((line) => !line.includes("brk("));
};

test("calls, a fault, the end", async () => {
  const lines = await trace(async (c) => {
    const fd = await c.open("/dev/console", O_RDWR);
    await c.puts("hello");
    c.close(fd);
    c.close(99);
    c.user.load8(0x10);
    return undefined;
  });
  expect(lines).toEqual([
    'openat(AT_FDCWD, "/dev/console", O_RDWR) = 3',
    'write(1, "hello\\n", 6)                  = 6',
    "close(3)                                = 0",
    "close(99)                               = -1 EBADF (Bad file descriptor)",
    "--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---",
    "+++ killed by SIGSEGV +++",
  ]);
});

test("a child, waited for", async () => {
  const lines = await trace(async (c) => {
    c.fork((child) => child.exit(7));
    await c.waitpid(-1);
    return 0;
  });
  expect(lines).toEqual([
    "clone(child_stack=NULL, flags=SIGCHLD)  = 2",
    "strace: Process 2 attached",
    "[pid     1] wait4(-1,  <unfinished ...>",
    "[pid     2] exit_group(7)               = ?",
    "[pid     2] +++ exited with 7 +++",
    "<... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL) = 2",
    "+++ exited with 0 +++",
  ]);
});

test("memory is read without bringing a page in", async () => {
  const { kernel } = await bootTestKernel();
  let seen: unknown;
  await kernel.spawn(
    program(async (c) => {
      const va = c.mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      c.user.store32(va + 4092, 0x44434241);
      const reader = mmReader(kernel.current.mm);
      seen = [
        Buffer.from(reader.read(va + 4092, 4)!).toString(),
        reader.read(va + 4092, 5),
        reader.read(va + 4096, 1),
        reader.read(-4096, 1),
        reader.read(va + 4096, 0),
      ];
      // No page-table entry came to be.
      expect(kernel.current.mm.table.get(va + 4096)).toBe(0);
      return 0;
    }),
  ).exited;
  expect(seen).toEqual(["ABCD", null, null, null, new Uint8Array(0)]);
});
