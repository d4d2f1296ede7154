/** /proc/<pid>/smaps. Truth: proc_pid_smaps(5), and show_smap of fs/proc/task_mmu.c of Linux 6.12. */
import { expect, test } from "vitest";
import { O_RDONLY } from "../../abi/fcntl.ts";
import { MAP_PRIVATE, PROT_READ } from "../../abi/mman.ts";
import { SYS_mlock, SYS_mmap } from "../../abi/syscalls.ts";
import { boot, type Guest } from "./guest.ts";

const PG = 4096;

/** What smaps says of the mapping at an address; its head is without the path's column. */
const smap = (g: Guest, va: number): string[] => {
  const lines = (g.read(g.open("/proc/self/smaps", O_RDONLY)) as string).split("\n");
  const head = lines.findIndex((line) => line.startsWith(`${va.toString(16)}-`));
  const [first, ...rest] = lines.slice(head, head + 6);
  return [first!.replace(/^\S+ /, "").trimEnd(), ...rest];
};

// "The first line shows the same information as is displayed for the mapping in /proc/pid/maps. The following lines
// show the size of the mapping, the amount of the mapping that is currently resident in RAM ("Rss")".
test("the mapping's line, its size, what of it is in memory, and its flags", async () => {
  const { run } = await boot();
  await run((g) => {
    const above = g.map(PG, g.open("/dev/zero", O_RDONLY), MAP_PRIVATE);
    const va = g.map(3 * PG);
    g.user.store8(va, 1);
    g.user.store8(va + 2 * PG, 1);
    // A page that was only read is the page of zeroes, which is nobody's: not resident.
    g.user.load8(va + PG);
    expect(above).toBe(va + 3 * PG);
    expect(smap(g, va)).toEqual([
      "rw-p 00000000 00:00 0",
      "Size:                 12 kB",
      "KernelPageSize:        4 kB",
      "MMUPageSize:           4 kB",
      "Rss:                   8 kB",
      // "rd - readable, wr - writable, mr - may read, mw - may write, me - may execute, ac - area is accountable".
      "VmFlags: rd wr mr mw me ac ",
    ]);
  });
});

test("two letters for each flag, in the order of the bits", async () => {
  const { run } = await boot();
  await run((g) => {
    const flagsOf = (va: number): string => smap(g, va)[5]!;
    const readOnly = g.sys(SYS_mmap, 0, PG, PROT_READ, MAP_PRIVATE | 0x20, -1, 0);
    expect(flagsOf(readOnly)).toBe("VmFlags: rd mr mw me ");
    const locked = g.map(PG);
    expect(g.sys(SYS_mlock, locked, PG)).toBe(0);
    // "lo - pages are locked in memory".
    expect(flagsOf(locked)).toBe("VmFlags: rd wr mr mw me lo ac ");
  });
});
