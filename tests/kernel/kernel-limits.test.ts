/** What a machine's programs may take at most, and the errno that tells them. Truth: fork(2), mmap(2), open(2), write(2). */
import { expect, test } from "vitest";
import { EAGAIN, EMFILE, ENOMEM, ENOSPC } from "../../abi/errno.ts";
import { O_CREAT, O_RDONLY, O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_NORESERVE, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { RLIMIT_AS, RLIMIT_DATA, RLIMIT_NOFILE, rlimit } from "../../abi/resource.ts";
import { SYS_brk, SYS_mmap, SYS_prlimit64, SYS_write } from "../../abi/syscalls.ts";
import type { Libc } from "../../guests/libc.ts";
import { Lab, PAGE } from "./lab.ts";

const ANON = MAP_PRIVATE | MAP_ANONYMOUS;
const map = (c: Libc, length: number, flags = ANON, prot = PROT_READ | PROT_WRITE) =>
  c.user.syscall(SYS_mmap, 0, length, prot, flags, -1, 0) as number;
const setLimit = (c: Libc, resource: number, value: number): number => {
  const at = c.malloc(rlimit.size);
  c.user.write(at, rlimit.encode({ rlim_cur: BigInt(value), rlim_max: BigInt(value) }));
  return c.user.syscall(SYS_prlimit64, 0, resource, at, 0) as number;
};

test("a fork bomb ends in EAGAIN, and the machine lives on", async () => {
  const lab = await Lab.boot({ limits: { processes: 20 } });
  let born = 0;
  let refused = 0;
  const bomb = async (c: Libc): Promise<number> => {
    for (let i = 0; i < 4; i++) {
      const pid = c.fork(bomb);
      if (pid > 0) born++;
      else if (c.errno === EAGAIN) refused++;
    }
    await c.nanosleep({ tv_sec: 1 });
    return 0;
  };
  await lab.run(bomb);
  expect(born).toBeGreaterThan(18);
  expect(refused).toBeGreaterThan(0);
  await lab.run(() => 0);
});

test('"ENOMEM: The process\'s maximum number of mappings would have been exceeded", mmap(2)', async () => {
  const lab = await Lab.boot({ limits: { mappings: 40 } });
  await lab.run((c) => {
    let count = 0;
    let error = 0;
    // Neighbours that differ do not merge.
    for (; count < 100 && error === 0; count++) {
      const at = map(c, PAGE, ANON, count % 2 === 0 ? PROT_READ : PROT_READ | PROT_WRITE);
      if (at < 0) error = at;
    }
    expect(error).toBe(-ENOMEM);
    expect(count).toBeGreaterThan(30);
    return 0;
  });
});

test("a mapping of 64 TiB without reserve is ENOMEM at once", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const before = performance.now();
    expect(map(c, 2 ** 46, ANON | MAP_NORESERVE)).toBe(-ENOMEM);
    // It takes microseconds; the bound is for a busy host.
    expect(performance.now() - before).toBeLessThan(100);
    return 0;
  });
});

test('"EMFILE: The per-process limit on the number of open file descriptors has been reached", open(2)', async () => {
  const lab = await Lab.boot({ limits: { openFiles: 12 } });
  await lab.run(async (c) => {
    let last = 0;
    for (let fd = 0; fd >= 0; fd = await c.open("/dev/null", O_RDONLY)) last = fd;
    expect([last, c.errno]).toEqual([11, EMFILE]);
    // "EPERM: The caller tried to increase the hard RLIMIT_NOFILE limit above the maximum", prlimit(2).
    expect(setLimit(c, RLIMIT_NOFILE, 13)).toBe(-1);
    return 0;
  });
});

test('"ENOSPC: The device containing the file … has no room for the data", write(2)', async () => {
  const lab = await Lab.boot({ limits: { fileBytes: 8 * PAGE } });
  await lab.run(async (c) => {
    const fd = await c.open("/tmp/large", O_RDWR | O_CREAT, 0o600);
    const at = map(c, 16 * PAGE);
    c.user.fill(at, 1, 16 * PAGE);
    const first = (await c.user.syscall(SYS_write, fd, at, 16 * PAGE)) as number;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(8 * PAGE);
    expect(await c.user.syscall(SYS_write, fd, at, PAGE)).toBe(-ENOSPC);
    c.ftruncate(fd, 0);
    return 0;
  });
});

test("RLIMIT_AS holds mmap and brk, RLIMIT_DATA what is private and writable (getrlimit(2))", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    setLimit(c, RLIMIT_DATA, 0x40_0000);
    expect(map(c, 0x40_0000)).toBe(-ENOMEM);
    expect(map(c, 0x40_0000, ANON, PROT_READ)).toBeGreaterThan(0);
    setLimit(c, RLIMIT_AS, 0x10_0000);
    expect(map(c, 0x10_0000, ANON, PROT_READ)).toBe(-ENOMEM);
    const brk = c.user.syscall(SYS_brk, 0) as number;
    expect(c.user.syscall(SYS_brk, brk + 0x10_0000)).toBe(brk);
    return 0;
  });
});

test("a limit that is none is refused by name", async () => {
  await expect(Lab.boot({ limits: { processes: 0 } })).rejects.toThrow("limit processes: 0");
  await expect(Lab.boot({ limits: { mappings: 1.5 } })).rejects.toThrow("limit mappings: 1.5");
});
