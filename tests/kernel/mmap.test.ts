/** mmap(2). Truth: the sentences of its manual page, and where it says nothing do_mmap (mm/mmap.c of Linux 6.12). */
import { describe, expect, test } from "vitest";
import { O_CREAT, O_RDONLY, O_RDWR, O_WRONLY } from "../../abi/fcntl.ts";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_SYNC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../abi/mman.ts";
import { SEGV_ACCERR, SEGV_MAPERR, SIGSEGV } from "../../abi/signal.ts";
import { SYS_mmap, SYS_munmap, SYS_pipe2 } from "../../abi/syscalls.ts";
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import type { Libc } from "../../guests/libc.ts";
import { catchFaults, deviceModule, faultOf, Lab, named, PAGE, result } from "./lab.ts";

const RW = PROT_READ | PROT_WRITE;
const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
/** Sv39: half of 2^39 is the user's. */
const TASK_SIZE = 2 ** 38;

const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, RW, PRIVATE, -1, 0);

/** A file of `size` bytes in /tmp. */
const makeFile = async (c: Libc, name: string, size: number): Promise<number> => {
  const fd = await c.open(name, O_RDWR | O_CREAT, 0o600);
  c.ftruncate(fd, size);
  return fd;
};

/** One page of video memory, mapped as framebuffers are. */
const screen = deviceModule("screen", (kernel) => ({
  mmap: (_file, vma) => kernel.remapPfnRange(vma, vma.start, VRAM_BASE / PAGE, vma.end - vma.start, vma.pageProt),
}));

describe("which errno wins when there are two mistakes: the order of ksys_mmap_pgoff and do_mmap", () => {
  test.each<
    [
      string,
      (c: Libc, taken: number, fds: Record<string, number>) => [number, number, number, number, number, number],
      string,
    ]
  >([
    ["an offset that is not aligned, before a bad descriptor", () => [0, PAGE, 3, MAP_PRIVATE, -1, 1], "EINVAL"],
    ["a bad descriptor, before length 0", () => [0, 0, 3, MAP_PRIVATE, -1, 0], "EBADF"],
    ["length 0, before EEXIST", (_c, at) => [at, 0, 3, PRIVATE | MAP_FIXED_NOREPLACE, -1, 0], "EINVAL"],
    [
      "a length that rounds up past 2^64, before an unaligned address",
      () => [1, -1, 3, PRIVATE | MAP_FIXED, -1, 0],
      "ENOMEM",
    ],
    [
      "a length above TASK_SIZE, before an unaligned address",
      () => [1, TASK_SIZE + 1, 3, PRIVATE | MAP_FIXED, -1, 0],
      "ENOMEM",
    ],
    [
      "an address beyond the end, before an unaligned one",
      () => [TASK_SIZE + 1, PAGE, 3, PRIVATE | MAP_FIXED, -1, 0],
      "ENOMEM",
    ],
    [
      "EEXIST, before a type that is missing",
      (_c, at) => [at, PAGE, 3, MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0],
      "EEXIST",
    ],
    ["EOVERFLOW, before EACCES", (_c, _at, { wo }) => [0, PAGE, 3, MAP_PRIVATE, wo!, -PAGE], "EOVERFLOW"],
    [
      "EOPNOTSUPP, before EACCES",
      (_c, _at, { ro }) => [0, PAGE, 3, MAP_SHARED_VALIDATE | MAP_SYNC, ro!, 0],
      "EOPNOTSUPP",
    ],
    ["a type that is missing, before EACCES", (_c, _at, { wo }) => [0, PAGE, 3, 0, wo!, 0], "EINVAL"],
    ["EACCES, before ENODEV", (_c, _at, { pipeOut }) => [0, PAGE, 1, MAP_PRIVATE, pipeOut!, 0], "EACCES"],
    [
      "ENODEV, before a file that grows down",
      (_c, _at, { pipeIn }) => [0, PAGE, 1, MAP_PRIVATE | MAP_GROWSDOWN, pipeIn!, 0],
      "ENODEV",
    ],
  ])("%s", async (_what, args, expected) => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const ends = c.malloc(8);
      await c.syscall(SYS_pipe2, ends, 0);
      c.close(await makeFile(c, "f", PAGE));
      const fds = {
        ro: await c.open("f", O_RDONLY),
        wo: await c.open("f", O_WRONLY),
        pipeIn: c.user.load32(ends),
        pipeOut: c.user.load32(ends + 4),
      };
      expect(named(c.user.syscall(SYS_mmap, ...args(c, anonymous(c, 1), fds)) as number)).toBe(expected);
      return 0;
    });
  });
});

describe("errors", () => {
  test("MAP_HUGETLB: there are no huge pages (hstate_sizelog of a kernel without them gives EINVAL)", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      expect(result(c, c.mmap(0, PAGE, 3, PRIVATE | MAP_HUGETLB, -1, 0))).toBe("EINVAL");
      return 0;
    });
  });

  test("the last page of a file's 2^63 bytes can be mapped, the one after it is EOVERFLOW (file_mmap_ok)", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const fd = await makeFile(c, "f", PAGE);
      const last = 2 ** 63 - 2 * PAGE;
      expect(c.mmap(0, PAGE, 1, MAP_SHARED, fd, last)).toBeGreaterThan(0);
      expect(result(c, c.mmap(0, 2 * PAGE, 1, MAP_SHARED, fd, last))).toBe("EOVERFLOW");
      expect(result(c, c.mmap(0, PAGE, 1, MAP_SHARED, fd, -PAGE))).toBe("EOVERFLOW");
      return 0;
    });
  });

  test("a private mapping that is larger than all memory is ENOMEM, MAP_NORESERVE or PROT_NONE of that size is not", async () => {
    // Documentation/mm/overcommit-accounting.rst, mode 0: "Obvious overcommits of address space are refused."
    const lab = await Lab.boot();
    await lab.run((c) => {
      const large = 2 ** 30;
      expect(result(c, c.mmap(0, large, RW, PRIVATE, -1, 0))).toBe("ENOMEM");
      expect(c.mmap(0, large, RW, PRIVATE | MAP_NORESERVE, -1, 0)).toBeGreaterThan(0);
      expect(c.mmap(0, large, PROT_NONE, PRIVATE, -1, 0)).toBeGreaterThan(0);
      return 0;
    });
  });

  test('"ENOMEM: The process\'s maximum number of mappings would have been exceeded", of mmap and of a munmap that splits', async () => {
    const lab = await Lab.boot({ ram: 64 * 2 ** 20 });
    await lab.run((c) => {
      const { user } = c;
      // Neighbours of different protection cannot merge.
      const base = 2 ** 30;
      let count = 0;
      const more = (): number =>
        user.syscall(SYS_mmap, base + 3 * count * PAGE, 3 * PAGE, count % 2, PRIVATE | MAP_FIXED, -1, 0) as number;
      while (count < 70_000 && more() > 0) count++;
      // vm.max_map_count is 65530, and do_mmap refuses when there are more than that.
      expect(count).toBe(65531);
      expect(named(more())).toBe("ENOMEM");
      expect(named(user.syscall(SYS_munmap, base + PAGE, PAGE) as number)).toBe("ENOMEM");
      expect(named(user.syscall(SYS_munmap, base, PAGE) as number)).toBe(0);
      return 0;
    });
  });
});

describe("where a mapping goes", () => {
  test('"If addr is not NULL, then the kernel takes it as a hint", at a page boundary, never below mmap_min_addr', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const map = (hint: number): number => c.mmap(hint, PAGE, RW, PRIVATE, -1, 0);
      expect(map(0x5000_0000)).toBe(0x5000_0000);
      expect(map(0x5000_1abc)).toBe(0x5000_1000);
      expect(map(PAGE)).toBe(0x1_0000);
      // "If another mapping already exists there, the kernel picks a new address".
      const other = map(0x5000_0000);
      expect(other).not.toBe(0x5000_0000);
      expect(other).toBeGreaterThan(TASK_SIZE / 2);
      expect(map(TASK_SIZE)).toBe(other - PAGE);
      expect(map(-PAGE)).toBe(other - 2 * PAGE);
      return 0;
    });
  });

  test('MAP_FIXED: "the overlapped part of the existing mapping(s) will be discarded"', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const { user } = c;
      const m = anonymous(c, 3);
      for (const i of [0, 1, 2]) user.store8(m + i * PAGE, 7);
      expect(c.mmap(m + PAGE, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0)).toBe(m + PAGE);
      expect([0, 1, 2].map((i) => user.load8(m + i * PAGE))).toEqual([7, 0, 7]);
      return 0;
    });
  });

  test("MAP_FIXED_NOREPLACE where it is free maps there", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const flags = PRIVATE | MAP_FIXED_NOREPLACE;
      expect(c.mmap(0x5000_0000, PAGE, RW, flags, -1, 0)).toBe(0x5000_0000);
      expect(result(c, c.mmap(0x4fff_f000, 2 * PAGE, RW, flags, -1, 0))).toBe("EEXIST");
      expect(c.mmap(0x4fff_f000, PAGE, RW, flags, -1, 0)).toBe(0x4fff_f000);
      return 0;
    });
  });
});

describe("what a mapping shares", () => {
  test('MAP_PRIVATE of a device: "Updates to the mapping are not visible to other processes … and are not carried through"', async () => {
    const lab = await Lab.boot();
    expect(lab.kernel.insmod(screen)).toBe(0);
    await lab.run(async (c) => {
      const { user } = c;
      const fd = await c.open("/dev/screen", O_RDWR);
      const shared = c.mmap(0, PAGE, RW, MAP_SHARED, fd, 0);
      const copy = c.mmap(0, PAGE, RW, MAP_PRIVATE, fd, 0);
      user.store32(shared, 1);
      expect(user.load32(copy)).toBe(1);
      user.store32(copy + 4, 2);
      expect([user.load32(shared + 4), user.load32(copy), user.load32(copy + 4)]).toEqual([0, 1, 2]);
      // The copy is made: what the device gets from now on is not seen.
      user.store32(shared, 3);
      expect(user.load32(copy)).toBe(1);
      await lab.child(c, (child) => {
        child.user.store32(copy + 4, 9);
        child.user.store32(shared, 4);
        return 0;
      });
      expect([user.load32(shared), user.load32(copy + 4)]).toEqual([4, 2]);
      return 0;
    });
  });

  test("MAP_PRIVATE of a file: a page that nobody stored to shows the file's changes, a copied one does not", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const { user } = c;
      const fd = await makeFile(c, "f", 2 * PAGE);
      const shared = c.mmap(0, 2 * PAGE, RW, MAP_SHARED, fd, 0);
      const copy = c.mmap(0, 2 * PAGE, RW, MAP_PRIVATE, fd, 0);
      user.store8(copy, 1);
      expect(user.load8(copy + PAGE)).toBe(0);
      user.store8(shared, 5);
      user.store8(shared + PAGE, 6);
      expect([user.load8(copy), user.load8(copy + PAGE)]).toEqual([1, 6]);
      return 0;
    });
  });

  test("MAP_SHARED | MAP_ANONYMOUS is one memory for a family, however deep, and outlives who made it", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const m = c.mmap(0, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
      await lab.child(c, async (child) => {
        child.user.store8(m, 1);
        child.munmap(m, PAGE);
        await lab.child(child, (grandchild) => {
          grandchild.user.store8(m + PAGE, grandchild.user.load8(m + PAGE) + 2);
          return 0;
        });
        expect(child.user.load8(m + PAGE)).toBe(2);
        return 0;
      });
      expect([c.user.load8(m), c.user.load8(m + PAGE)]).toEqual([1, 2]);
      return 0;
    });
  });
});

describe("pages before they are touched", () => {
  const incore = (c: Libc, va: number, pages: number): number[] => {
    const vector = c.malloc(pages);
    expect(c.mincore(va, pages * PAGE, vector)).toBe(0);
    return [...c.user.read(vector, pages)];
  };

  test('MAP_POPULATE: "Populate (prefault) page tables for a mapping"', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const plain = c.mmap(0, 2 * PAGE, RW, PRIVATE, -1, 0);
      const populated = c.mmap(0, 2 * PAGE, RW, PRIVATE | MAP_POPULATE, -1, 0);
      expect(incore(c, plain, 2)).toEqual([0, 0]);
      expect(incore(c, populated, 2)).toEqual([1, 1]);
      return 0;
    });
  });

  test('"The mmap() call doesn\'t fail if the mapping cannot be populated"', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = c.mmap(0, PAGE, PROT_NONE, PRIVATE | MAP_POPULATE, -1, 0);
      expect(m).toBeGreaterThan(0);
      expect(incore(c, m, 1)).toEqual([0]);
      return 0;
    });
  });

  test("a load of untouched memory takes no page of its own, a store does", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 8);
      c.user.store8(m, 1);
      const before = lab.kernel.pages.available;
      for (let i = 1; i < 8; i++) expect(c.user.load8(m + i * PAGE)).toBe(0);
      expect(lab.kernel.pages.available).toBe(before);
      for (let i = 1; i < 8; i++) c.user.store8(m + i * PAGE, 1);
      expect(lab.kernel.pages.available).toBe(before - 7);
      return 0;
    });
  });
});

describe("MAP_GROWSDOWN", () => {
  test('"Touching an address in the "guard" page below the mapping will cause the mapping to grow by a page"', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      catchFaults(c);
      const { user } = c;
      const top = 0x5000_0000;
      const m = c.mmap(top, PAGE, RW, PRIVATE | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
      user.store8(m - 1, 1);
      expect(user.load8(m - 1)).toBe(1);
      // expand_downwards follows a touch anywhere below, as a stack that skips pages does.
      user.store8(m - 5 * PAGE, 2);
      expect(user.load8(m - 2 * PAGE)).toBe(0);
      // RLIMIT_STACK is 8 MiB.
      const tooFar = m + PAGE - 8 * 2 ** 20 - 1;
      expect(faultOf(() => user.store8(tooFar, 1))).toEqual({ signo: SIGSEGV, code: SEGV_MAPERR, address: tooFar });
      return 0;
    });
  });

  test('"This growth can be repeated until the mapping grows to within a page of the high end of the next lower mapping": stack_guard_gap is 256 pages today', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      catchFaults(c);
      const { user } = c;
      const top = 0x5000_0000;
      const below = c.mmap(top - 300 * PAGE, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0);
      c.mmap(top, PAGE, RW, PRIVATE | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
      const lowest = below + PAGE + 256 * PAGE;
      user.store8(lowest, 1);
      expect(faultOf(() => user.store8(lowest - PAGE, 1))?.code).toBe(SEGV_MAPERR);
      // A mapping that is placed by the kernel keeps out of the gap too (vm_start_gap).
      expect(c.mmap(lowest - 10 * PAGE, PAGE, RW, PRIVATE, -1, 0)).not.toBe(lowest - 10 * PAGE);
      return 0;
    });
  });
});

test("PROT_NONE and PROT_EXEC: the program's loads are SEGV_ACCERR, the kernel's copies EFAULT", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    catchFaults(c);
    const fd = await makeFile(c, "f", 8);
    for (const prot of [PROT_NONE, 4]) {
      const m = c.mmap(0, PAGE, prot, PRIVATE, -1, 0);
      expect(faultOf(() => c.user.load8(m + 9))).toEqual({ signo: SIGSEGV, code: SEGV_ACCERR, address: m + 9 });
      expect(result(c, c.pwrite(fd, m, 1, 0))).toBe("EFAULT");
      expect(result(c, c.pread(fd, m, 1, 0))).toBe("EFAULT");
    }
    return 0;
  });
});
