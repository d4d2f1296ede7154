/** A physical page that held one program's code holds another's later: the hart must run what is there now. */
import { expect, test } from "vitest";
import { bootTestKernel } from "../boot.ts";
import { ECALL, tinyElf } from "./tiny-elf.ts";

/** li a0, code; li a7, SYS_exit; ecall */
const exitWith = (code: number): number[] => [(code << 20) | 0x513, (93 << 20) | 0x893, ECALL];

test("a hundred programs one after the other, each in the pages of the one before", async () => {
  const { kernel } = await bootTestKernel();
  for (let code = 0; code < 100; code++) {
    const path = `/bin/exit${code}`;
    kernel.vfs.writeFile(path, tinyElf(exitWith(code)), 0o755);
    expect(await kernel.spawnFile(path).exited).toEqual({ code });
    // Its pages go back to the allocator, and the next program gets them.
    kernel.vfs.writeFile(path, new Uint8Array(0), 0o755);
  }
});

test("a program file that is written over runs as it is now", async () => {
  const { kernel } = await bootTestKernel();
  for (const code of [1, 2, 3]) {
    kernel.vfs.writeFile("/bin/it", tinyElf(exitWith(code)), 0o755);
    expect(await kernel.spawnFile("/bin/it").exited).toEqual({ code });
  }
});

test("a program that makes no system call can be ended from outside", async () => {
  const { kernel } = await bootTestKernel();
  // c.j 0, twice in a word.
  kernel.vfs.writeFile("/bin/loop", tinyElf([0xa001_a001]), 0o755);
  const { pid, exited } = kernel.spawnFile("/bin/loop");
  setTimeout(() => kernel.signal(pid, 15), 20);
  expect(await exited).toMatchObject({ signal: 15 });
});
