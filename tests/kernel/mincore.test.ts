/** mincore(2), mlock(2). Truth: their manual pages; mm/mincore.c and mlock.c of Linux 6.12. */
import { expect, test } from "vitest";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, MLOCK_ONFAULT, PROT_NONE } from "../../abi/mman.ts";
import { SYS_mincore, SYS_mlock, SYS_mlock2, SYS_munlock } from "../../abi/syscalls.ts";
import type { Libc } from "../../guests/libc.ts";
import { Lab, named, PAGE } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);
const incore = (c: Libc, va: number, pages: number): number[] => {
  const vector = c.malloc(pages);
  expect(c.mincore(va, pages * PAGE, vector)).toBe(0);
  return [...c.user.read(vector, pages)];
};

test("a page of a file is in memory when the file has it, whether this mapping was touched or not", async () => {
  // __mincore_unmapped_range(): mincore_page() asks the page cache.
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, 4 * PAGE);
    const m = c.mmap(0, 4 * PAGE, 3, MAP_SHARED, fd, 0);
    const copy = c.mmap(0, 2 * PAGE, 3, MAP_PRIVATE, fd, PAGE);
    expect(incore(c, m, 4)).toEqual([0, 0, 0, 0]);
    c.pwrite(fd, c.malloc(8), 1, 2 * PAGE);
    c.user.load8(m);
    expect(incore(c, m, 4)).toEqual([1, 0, 1, 0]);
    expect(incore(c, copy, 2)).toEqual([0, 1]);
    return 0;
  });
});

test("a protection of none hides a page from the program, not from mincore", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 2);
    c.user.store8(m, 1);
    c.mprotect(m, 2 * PAGE, PROT_NONE);
    expect(incore(c, m, 2)).toEqual([1, 0]);
    return 0;
  });
});

test("the order of the errnos, and that the answers before a hole are there", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 3);
    c.user.store8(m, 1);
    c.munmap(m + 2 * PAGE, PAGE);
    const vector = c.malloc(8);
    const call = (start: number, length: number, vec: number) =>
      named(c.user.syscall(SYS_mincore, start, length, vec) as number);
    expect(call(m + 1, -1, -1)).toBe("EINVAL");
    // "ENOMEM: length is greater than (TASK_SIZE - addr). (This could occur if a negative value is specified …)"
    expect(call(m, -1, -1)).toBe("ENOMEM");
    expect(call(-PAGE, PAGE, vector)).toBe("ENOMEM");
    // "EFAULT: vec points to an invalid address", before the hole is met.
    expect(call(m, 3 * PAGE, -1)).toBe("EFAULT");
    expect(call(m, 3 * PAGE, vector)).toBe("ENOMEM");
    expect([...c.user.read(vector, 2)]).toEqual([1, 0]);
    // "The vec argument must point to an array containing at least (length+PAGE_SIZE-1) / PAGE_SIZE bytes."
    c.user.store8(vector + 1, 9);
    expect(call(m, 1, vector)).toBe(0);
    expect([...c.user.read(vector, 2)]).toEqual([1, 9]);
    return 0;
  });
});

test("mlock brings every page in; MLOCK_ONFAULT and munlock bring none", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 4);
    // "EINVAL: (Not on Linux) addr was not a multiple of the page size": Linux rounds it down.
    expect(await c.syscall(SYS_mlock, m + PAGE + 5, PAGE)).toBe(0);
    expect(incore(c, m, 4)).toEqual([0, 1, 1, 0]);
    expect(await c.syscall(SYS_munlock, m, 4 * PAGE)).toBe(0);
    const later = anonymous(c, 2);
    expect(await c.syscall(SYS_mlock2, later, 2 * PAGE, MLOCK_ONFAULT)).toBe(0);
    expect(incore(c, later, 2)).toEqual([0, 0]);
    return 0;
  });
});

test("mlock's errors", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const call = (nr: number, ...args: number[]) => named(c.user.syscall(nr, ...args) as number);
    const m = anonymous(c, 4);
    // "EINVAL: (mlock2()) Unknown flags were specified."
    expect(call(SYS_mlock2, m, PAGE, 2)).toBe("EINVAL");
    // "EINVAL: The result of the addition addr+len was less than addr"
    expect(call(SYS_mlock, m, -m)).toBe("EINVAL");
    // "ENOMEM: Some of the specified address range does not correspond to mapped pages": and stops there.
    c.munmap(m + PAGE, PAGE);
    expect(call(SYS_mlock, m, 4 * PAGE)).toBe("ENOMEM");
    expect(incore(c, m + 2 * PAGE, 2)).toEqual([0, 0]);
    expect(call(SYS_mlock, -2 * PAGE, PAGE)).toBe("ENOMEM");
    // __mlock_posix_error_return(): a page that cannot be faulted in is ENOMEM.
    const none = c.mmap(0, PAGE, PROT_NONE, PRIVATE, -1, 0);
    expect(call(SYS_mlock, none, PAGE)).toBe("ENOMEM");
    return 0;
  });
});
