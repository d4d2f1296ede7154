/** fork(2). Truth: its manual page; copy_page_range and dup_mmap of Linux 6.12 for who copies what. */
import { expect, test } from "vitest";
import { errnoName } from "../../abi/errno.ts";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import { MADV_DONTFORK, MADV_WIPEONFORK, MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.ts";
import { CLONE_VM } from "../../abi/sched.ts";
import { SIG_BLOCK, SIGCHLD, SIGUSR1, sigmask } from "../../abi/signal.ts";
import { SYS_clone, SYS_getppid, SYS_rt_sigpending } from "../../abi/syscalls.ts";
import type { Libc } from "../../guests/libc.ts";
import { DEFAULT_LIMITS } from "../../src/kernel/kernel-limits.ts";
import { Lab, PAGE, readText, result } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);

test('"Memory writes … performed by one of the processes do not affect the other": either may write first', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 3);
    c.user.fill(m, 1, 3 * PAGE);
    const pid = lab.fork(c, async (child) => {
      // The parent has written page 1 by now.
      expect([0, 1, 2].map((i) => child.user.load8(m + i * PAGE))).toEqual([1, 1, 1]);
      child.user.store8(m, 2);
      expect([0, 1, 2].map((i) => child.user.load8(m + i * PAGE))).toEqual([2, 1, 1]);
      return 0;
    });
    c.user.store8(m + PAGE, 3);
    await c.waitpid(pid);
    expect([0, 1, 2].map((i) => c.user.load8(m + i * PAGE))).toEqual([1, 3, 1]);
    return 0;
  });
});

test("pages are shared until somebody writes: a fork of 64 pages takes none of them", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 64);
    c.user.fill(m, 1, 64 * PAGE);
    // The C library's heap, which waitpid uses, is made before the counting.
    c.user.store8(c.malloc(64), 0);
    const before = lab.kernel.pages.available;
    lab.fork(c, (child) => {
      child.user.fill(m, 2, 8 * PAGE);
      return 0;
    });
    // Tables only: a root, and at most two of each level.
    expect(before - lab.kernel.pages.available).toBeLessThanOrEqual(5);
    await c.waitpid(-1);
    expect(lab.kernel.pages.available).toBe(before);
    // The parent owns its pages again: a store takes no page.
    c.user.fill(m, 3, 64 * PAGE);
    expect(lab.kernel.pages.available).toBe(before);
    return 0;
  });
});

test("generations: each sees what its parent had when it was made", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 1);
    const generation = async (who: Libc, depth: number): Promise<number> => {
      expect(who.user.load8(m)).toBe(depth);
      who.user.store8(m, depth + 1);
      if (depth < 5) expect(await lab.child(who, (child) => generation(child, depth + 1))).toBe(0);
      expect(who.user.load8(m)).toBe(depth + 1);
      return 0;
    };
    return generation(c, 0);
  });
});

test("a private page of a file is copied by whoever writes it, and the file by nobody", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const fd = await c.open("f", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, 2 * PAGE);
    const m = c.mmap(0, 2 * PAGE, 3, MAP_PRIVATE, fd, 0);
    const file = c.mmap(0, 2 * PAGE, 3, MAP_SHARED, fd, 0);
    c.user.load8(m + PAGE);
    c.user.store8(m, 1);
    await lab.child(c, (child) => {
      child.user.store8(m, 2);
      child.user.store8(m + PAGE, 2);
      child.user.store8(file + PAGE, 5);
      return 0;
    });
    expect([m, m + PAGE, file, file + PAGE].map((va) => c.user.load8(va))).toEqual([1, 5, 0, 5]);
    return 0;
  });
});

test("a fork right before a store to memory that was only read: the page of zeroes is nobody's", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 1);
    c.user.load8(m);
    await lab.child(c, (child) => {
      child.user.store8(m, 7);
      return 0;
    });
    expect(c.user.load8(m)).toBe(0);
    expect(c.user.load8(anonymous(c, 1))).toBe(0);
    return 0;
  });
});

test('MADV_DONTFORK: "Do not make the pages in this range available to the child"; MADV_WIPEONFORK: "zero-filled memory"', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 3);
    c.user.fill(m, 9, 3 * PAGE);
    c.madvise(m, PAGE, MADV_DONTFORK);
    c.madvise(m + PAGE, PAGE, MADV_WIPEONFORK);
    await lab.child(c, (child) => {
      const vector = child.malloc(1);
      expect(result(child, child.mincore(m, PAGE, vector))).toBe("ENOMEM");
      expect([child.user.load8(m + PAGE), child.user.load8(m + 2 * PAGE)]).toEqual([0, 9]);
      return 0;
    });
    expect(c.user.load8(m + PAGE)).toBe(9);
    return 0;
  });
});

test("/proc/<pid>/maps of the child is the parent's", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const m = anonymous(c, 4);
    c.mprotect(m + PAGE, PAGE, 1);
    c.munmap(m + 2 * PAGE, PAGE);
    c.mmap(0, PAGE, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    // The first reading makes the heap that the others use.
    await readText(c, "/proc/self/maps");
    const expected = await readText(c, "/proc/self/maps");
    expect(expected.split("\n").length).toBeGreaterThan(5);
    await lab.child(c, async (child) => {
      expect(await readText(child, "/proc/self/maps")).toBe(expected);
      return 0;
    });
    return 0;
  });
});

test("what the child inherits and what not: fork(2)'s list", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    let seen = 0;
    c.sigaction(SIGUSR1, () => {
      seen++;
    });
    c.sigprocmask(SIG_BLOCK, sigmask(SIGUSR1));
    c.kill(c.getpid(), SIGUSR1);
    const pending = (who: Libc): bigint => {
      const va = who.malloc(8);
      who.user.syscall(SYS_rt_sigpending, va, 8);
      return who.user.load64(va);
    };
    expect(pending(c)).toBe(sigmask(SIGUSR1));
    const parent = c.getpid();
    await lab.child(c, async (child) => {
      // "The child's set of pending signals is initially empty", its mask and handlers are the parent's.
      expect(pending(child)).toBe(0n);
      expect(child.sigprocmask(SIG_BLOCK, 0n)).toBe(sigmask(SIGUSR1));
      expect(await child.syscall(SYS_getppid)).toBe(parent);
      child.kill(child.getpid(), SIGUSR1);
      expect(pending(child)).toBe(sigmask(SIGUSR1));
      child.sigprocmask(1, sigmask(SIGUSR1));
      expect(seen).toBe(1);
      return 0;
    });
    expect(seen).toBe(1);
    return 0;
  });
});

test("a child that shares the address space is not modelled: ENOSYS, and no child", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    expect(errnoName(-(c.user.syscall(SYS_clone, CLONE_VM | SIGCHLD, 0, 0, 0, 0) as number))).toBe("ENOSYS");
    expect(result(c, (await c.waitpid(-1)) as number)).toBe("ECHILD");
    return 0;
  });
});

test('a fork bomb: "EAGAIN: A system-imposed limit on the number of threads was encountered", and the table stays sound', async () => {
  const lab = await Lab.boot({ ram: 64 * 2 ** 20 });
  await lab.run(async (c) => {
    let forked = 0;
    while (lab.fork(c, () => 0) > 0) forked++;
    expect(errnoName(c.errno)).toBe("EAGAIN");
    expect(forked).toBe(DEFAULT_LIMITS.processes - 1);
    const pids = new Set<number>();
    for (let i = 0; i < forked; i++) pids.add(((await c.waitpid(-1)) as { pid: number }).pid);
    expect(pids.size).toBe(forked);
    expect(await lab.child(c, () => 3)).toBe(3 << 8);
    return 0;
  });
});

test("a fork without memory for the page tables is ENOMEM and leaves nothing behind", async () => {
  // "ENOMEM: fork() failed to allocate the necessary kernel structures because memory is tight."
  const lab = await Lab.boot();
  await lab.run((c) => {
    const m = anonymous(c, 8);
    c.user.fill(m, 1, 8 * PAGE);
    const { pages } = lab.kernel;
    const taken = [];
    while (pages.available > 2) taken.push(pages.allocPage(false)!);
    expect(c.fork(() => 0)).toBe(-1);
    expect(errnoName(c.errno)).toBe("ENOMEM");
    expect(pages.available).toBe(2);
    for (const page of taken) pages.putPage(page);
    expect(c.user.load8(m)).toBe(1);
    c.user.store8(m, 2);
    return 0;
  });
});
