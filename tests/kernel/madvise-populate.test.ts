/** MADV_POPULATE_READ and MADV_POPULATE_WRITE. Truth: madvise(2), and mm/gup.c of Linux 6.12 (faultin_page_range). */
import { expect, test } from "vitest";
import { EFAULT, EINVAL, ENOMEM } from "../../abi/errno.ts";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import { MADV_POPULATE_READ, MADV_POPULATE_WRITE, PROT_NONE, PROT_READ } from "../../abi/mman.ts";
import { SYS_madvise, SYS_mincore, SYS_mprotect, SYS_munmap } from "../../abi/syscalls.ts";
import { boot, type Guest } from "./guest.ts";

const PG = 4096;

/** Which of `count` pages are in memory, one digit each. */
const incore = (g: Guest, va: number, count: number): string => {
  expect(g.sys(SYS_mincore, va, count * PG, g.buffer)).toBe(0);
  return [...g.user.read(g.buffer, count)].join("");
};

test("faults in all pages in the range", async () => {
  const { run } = await boot();
  await run((g) => {
    const va = g.map(4 * PG);
    expect(incore(g, va, 4)).toBe("0000");
    expect(g.sys(SYS_madvise, va + PG, 2 * PG, MADV_POPULATE_WRITE)).toBe(0);
    expect(incore(g, va, 4)).toBe("0110");
  });
});

test("EINVAL: the range includes ranges with insufficient permissions", async () => {
  const { run } = await boot();
  await run((g) => {
    const va = g.map(2 * PG);
    g.sys(SYS_mprotect, va, PG, PROT_READ);
    expect(g.sys(SYS_madvise, va, PG, MADV_POPULATE_READ)).toBe(0);
    expect(g.sys(SYS_madvise, va, PG, MADV_POPULATE_WRITE)).toBe(-EINVAL);
    g.sys(SYS_mprotect, va, PG, PROT_NONE);
    expect(g.sys(SYS_madvise, va, PG, MADV_POPULATE_READ)).toBe(-EINVAL);
  });
});

// "ENOMEM: Addresses in the specified range are not currently mapped". Unlike other advice it ends at the hole.
test("ENOMEM at a hole: the pages before it are there, those behind it are not", async () => {
  const { run } = await boot();
  await run((g) => {
    const va = g.map(3 * PG);
    g.sys(SYS_munmap, va + PG, PG);
    expect(g.sys(SYS_madvise, va, 3 * PG, MADV_POPULATE_WRITE)).toBe(-ENOMEM);
    expect(incore(g, va, 1)).toBe("1");
    expect(incore(g, va + 2 * PG, 1)).toBe("0");
  });
});

// "EFAULT: populating (prefaulting) page tables failed because a SIGBUS would have been generated on actual memory
// access".
test("EFAULT beyond the end of a file", async () => {
  const { run } = await boot();
  await run((g) => {
    const fd = g.open("file", O_RDWR | O_CREAT);
    g.write(fd, "one page");
    const va = g.map(2 * PG, fd);
    expect(g.sys(SYS_madvise, va, PG, MADV_POPULATE_WRITE)).toBe(0);
    expect(g.sys(SYS_madvise, va, 2 * PG, MADV_POPULATE_WRITE)).toBe(-EFAULT);
  });
});
