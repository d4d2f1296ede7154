/**
 * What a driver maps. Truth: mm/memory.c, vmalloc.c of Linux 6.12 (remap_pfn_range, vm_insert_page, vmf_insert_pfn,
 * remap_vmalloc_range, vm_iomap_memory), and the flags and counts that Linux showed for seed 1 (transcripts/seedtest.txt).
 */
import { describe, expect, test } from "vitest";
import { EBUSY, EFAULT, EINVAL } from "../../abi/errno.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.ts";
import { VIDEO_CARD_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import type { VmArea } from "../../devices/drivers/driver.ts";
import {
  GFP_KERNEL,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  VM_IO,
  VM_MIXEDMAP,
  VM_PFNMAP,
} from "../../devices/drivers/vm.ts";
import type { Libc } from "../../guests/libc.ts";
import type { KernelCore } from "../../src/kernel/kernel.ts";
import { catchFaults, deviceModule, faultOf, Lab, PAGE, result } from "./lab.ts";

const VRAM_PFN = VRAM_BASE / PAGE;
const SPECIAL = VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_MIXEDMAP;

interface Use {
  readonly lab: Lab;
  readonly c: Libc;
  readonly fd: number;
  readonly kernel: KernelCore;
  /** Maps so many pages, with this for the driver's mmap method. */
  map(pages: number, mmap: (vma: VmArea) => number, flags?: number, offset?: number): number;
}

/** A device whose mmap method is the test's, and a program that uses it. */
const withDevice = async (main: (use: Use) => Promise<void> | void): Promise<void> => {
  const lab = await Lab.boot();
  let method: (vma: VmArea) => number = () => 0;
  expect(lab.kernel.insmod(deviceModule("device", () => ({ mmap: (_file, vma) => method(vma) })))).toBe(0);
  await lab.run(async (c) => {
    const fd = await c.open("/dev/device", O_RDWR);
    const map: Use["map"] = (pages, mmap, flags = MAP_SHARED, offset = 0) => {
      method = mmap;
      return c.mmap(0, pages * PAGE, 3, flags, fd, offset);
    };
    await main({ lab, c, fd, kernel: lab.kernel, map });
    return 0;
  });
};

describe("remapPfnRange", () => {
  test("maps the range as it is, with the flags of a device and without a reference", async () => {
    await withDevice(({ c, kernel, map }) => {
      const page = kernel.allocPages(GFP_KERNEL, 1)!;
      let seen: VmArea | null = null;
      const m = map(2, (vma) => {
        seen = vma;
        return kernel.remapPfnRange(vma, vma.start, page.pfn, 2 * PAGE, vma.pageProt);
      });
      expect(seen!.flags & SPECIAL).toBe(VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
      expect([page.refcount, page.mapcount]).toEqual([1, 0]);
      c.user.store32(m + PAGE, 77);
      expect(kernel.load32(kernel.pageAddress(page) + PAGE)).toBe(77);
      c.munmap(m, 2 * PAGE);
      kernel.freePages(page, 1);
    });
  });

  test("EINVAL: an address that is not aligned, a range outside the mapping, no length, no such page on the bus", async () => {
    await withDevice(({ kernel, map, c }) => {
      const answers: number[] = [];
      map(2, (vma) => {
        const at = (offset: number, pfn: number, size: number) =>
          answers.push(kernel.remapPfnRange(vma, vma.start + offset, pfn, size, vma.pageProt));
        at(1, VRAM_PFN, PAGE);
        at(PAGE, VRAM_PFN, 2 * PAGE);
        at(-PAGE, VRAM_PFN, PAGE);
        at(0, VRAM_PFN, 0);
        at(0, -1, PAGE);
        at(0, 2 ** 22, PAGE);
        at(0, 2 ** 52, PAGE);
        return 0;
      });
      expect(answers).toEqual(Array.from({ length: 7 }, () => -EINVAL));
      expect(c.errno).toBe(0);
    });
  });

  test("of a private mapping: one call must cover it, and then the device is copied on write", async () => {
    await withDevice(({ c, kernel, map }) => {
      const one = map(1, (vma) => kernel.remapPfnRange(vma, vma.start, VRAM_PFN, PAGE, vma.pageProt), MAP_PRIVATE);
      c.user.store8(one, 5);
      expect([c.user.load8(one), kernel.machine.bytes(VRAM_BASE, 1)[0]]).toEqual([5, 0]);
      const parts = map(2, (vma) => kernel.remapPfnRange(vma, vma.start, VRAM_PFN, PAGE, vma.pageProt), MAP_PRIVATE);
      expect([parts, c.errno]).toEqual([-1, EINVAL]);
    });
  });

  test("what the method mapped before it failed is taken away again", async () => {
    await withDevice(({ c, kernel, map }) => {
      catchFaults(c);
      let start = 0;
      const failed = map(2, (vma) => {
        start = vma.start;
        kernel.remapPfnRange(vma, vma.start, VRAM_PFN, PAGE, vma.pageProt);
        return -EBUSY;
      });
      expect([failed, c.errno]).toEqual([-1, EBUSY]);
      expect(faultOf(() => c.user.load8(start))).not.toBe(null);
    });
  });

  test("pages of nobody's physical address are there and answer to nobody: an access fault, SIGSEGV", async () => {
    await withDevice(({ c, kernel, map }) => {
      catchFaults(c);
      const m = map(1, (vma) => kernel.remapPfnRange(vma, vma.start, 0x2000_0000 / PAGE, PAGE, vma.pageProt));
      expect(faultOf(() => c.user.load32(m + 8))).toEqual({ signo: 11, code: 2, address: m + 8 });
      expect(result(c, c.pread(0, m, 1, 0))).toBe("ESPIPE");
    });
  });

  test("registers of a device are no memory for the kernel's copies", async () => {
    await withDevice(async ({ c, kernel, map }) => {
      const m = map(1, (vma) => kernel.remapPfnRange(vma, vma.start, VIDEO_CARD_BASE / PAGE, PAGE, vma.pageProt));
      const zero = await c.open("/dev/zero", O_RDWR);
      expect(result(c, await c.read(zero, m, 4))).toBe("EFAULT");
    });
  });
});

describe("vmInsertPage", () => {
  test("takes a reference and counts the mapping; both end with it", async () => {
    await withDevice(async ({ lab, c, kernel, map }) => {
      const page = kernel.allocPages(GFP_KERNEL, 0)!;
      let flags = 0;
      const m = map(2, (vma) => {
        const error = kernel.vmInsertPage(vma, vma.start + PAGE, page);
        flags = vma.flags;
        return error;
      });
      expect(flags & SPECIAL).toBe(VM_MIXEDMAP);
      expect([page.refcount, page.mapcount]).toEqual([2, 1]);
      // VM_MIXEDMAP entries are copied at fork (vma_needs_copy).
      await lab.child(c, (child) => {
        expect([page.refcount, page.mapcount]).toEqual([3, 2]);
        child.user.store8(m + PAGE, 4);
        return 0;
      });
      expect(c.user.load8(m + PAGE)).toBe(4);
      kernel.putPage(page);
      expect([page.refcount, page.mapcount]).toEqual([1, 1]);
      c.munmap(m, 2 * PAGE);
      expect(page.refcount).toBe(0);
    });
  });

  test("errors", async () => {
    await withDevice(({ c, kernel, map }) => {
      const page = kernel.allocPages(GFP_KERNEL, 0)!;
      const gone = kernel.allocPages(GFP_KERNEL, 0)!;
      kernel.putPage(gone);
      const object = kernel.kmalloc(64, GFP_KERNEL);
      const own = c.mmap(0, PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      c.user.store8(own, 1);
      const anonymous = kernel.pfnToPage(kernel.current.mm.table.get(own) >>> 10);
      const answers: number[] = [];
      map(2, (vma) => {
        answers.push(
          kernel.vmInsertPage(vma, vma.start - PAGE, page),
          kernel.vmInsertPage(vma, vma.end, page),
          kernel.vmInsertPage(vma, vma.start + 1, page),
          kernel.vmInsertPage(vma, vma.start, gone),
          kernel.vmInsertPage(vma, vma.start, kernel.virtToPage(object)),
          kernel.vmInsertPage(vma, vma.start, anonymous),
          kernel.vmInsertPage(vma, vma.start, page),
          kernel.vmInsertPage(vma, vma.start, page),
        );
        return 0;
      });
      expect(answers).toEqual([-EFAULT, -EFAULT, -EINVAL, -EINVAL, -EINVAL, -EINVAL, 0, -EBUSY]);
      kernel.kfree(object);
      kernel.putPage(page);
    });
  });
});

describe("vmfInsertPfn", () => {
  test("for a fault handler: NOPAGE, and the entry is there; outside the mapping SIGBUS", async () => {
    await withDevice(({ c, kernel, map }) => {
      const answers: number[] = [];
      const m = map(2, (vma) => {
        kernel.vmFlagsSet(vma, VM_PFNMAP);
        vma.ops = {
          fault(vmf) {
            answers.push(
              kernel.vmfInsertPfn(vmf.vma, vma.start - PAGE, VRAM_PFN),
              kernel.vmfInsertPfn(vmf.vma, vma.end, VRAM_PFN),
              kernel.vmfInsertPfn(vmf.vma, vmf.address, 2 ** 30),
              kernel.vmfInsertPfn(vmf.vma, vmf.address, VRAM_PFN + vmf.pgoff),
              kernel.vmfInsertPfn(vmf.vma, vmf.address, VRAM_PFN),
            );
            return answers.at(-1)!;
          },
        };
        return 0;
      });
      c.user.store8(m + PAGE, 6);
      expect(answers).toEqual([VM_FAULT_SIGBUS, VM_FAULT_SIGBUS, VM_FAULT_SIGBUS, VM_FAULT_NOPAGE, VM_FAULT_NOPAGE]);
      expect(kernel.machine.bytes(VRAM_BASE + PAGE, 1)[0]).toBe(6);
      c.user.store8(m + PAGE, 7);
      expect(answers).toHaveLength(5);
    });
  });

  test("where Linux stops with BUG() (a plain or a private writable mapping) the access is SIGBUS", async () => {
    await withDevice(({ c, kernel, map }) => {
      catchFaults(c);
      for (const [flags, vmFlags] of [
        [MAP_SHARED, 0],
        [MAP_PRIVATE, VM_PFNMAP],
      ] as const) {
        const m = map(
          1,
          (vma) => {
            kernel.vmFlagsSet(vma, vmFlags);
            vma.ops = { fault: (vmf) => kernel.vmfInsertPfn(vmf.vma, vmf.address, VRAM_PFN) };
            return 0;
          },
          flags,
        );
        expect(faultOf(() => c.user.load8(m))?.signo).toBe(7);
      }
    });
  });
});

describe("remapVmallocRange", () => {
  test("only for an area of vmallocUser, and within it", async () => {
    await withDevice(({ c, kernel, map }) => {
      const area = kernel.vmallocUser(4 * PAGE);
      const plain = kernel.vmalloc(4 * PAGE);
      const answers: number[] = [];
      const m = map(2, (vma) => {
        answers.push(
          kernel.remapVmallocRange(vma, plain, 0),
          kernel.remapVmallocRange(vma, area + 8, 0),
          kernel.remapVmallocRange(vma, kernel.kmalloc(0, GFP_KERNEL), 0),
          kernel.remapVmallocRange(vma, area, 3),
          kernel.remapVmallocRange(vma, area, -1),
          kernel.remapVmallocRange(vma, area, 2),
        );
        expect(vma.flags & SPECIAL).toBe(VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP);
        return 0;
      });
      expect(answers).toEqual([-EINVAL, -EINVAL, -EINVAL, -EINVAL, -EINVAL, 0]);
      c.user.store32(m + PAGE, 99);
      expect(kernel.load32(area + 3 * PAGE)).toBe(99);
      // The pages live as long as somebody maps them.
      kernel.vfree(area);
      expect(c.user.load32(m + PAGE)).toBe(99);
      c.munmap(m, 2 * PAGE);
      kernel.vfree(plain);
    });
  });
});

describe("vmIomapMemory", () => {
  test("follows the mapping's offset, and refuses what lies behind the device's end", async () => {
    await withDevice(({ c, kernel, map }) => {
      const length = 3 * PAGE - 100;
      const io = (vma: VmArea) => kernel.vmIomapMemory(vma, VRAM_BASE, length);
      const m = map(2, io, MAP_SHARED, PAGE);
      c.user.store8(m + PAGE, 8);
      expect(kernel.machine.bytes(VRAM_BASE + 2 * PAGE, 1)[0]).toBe(8);
      expect(map(3, io)).toBeGreaterThan(0);
      for (const [pages, offset] of [
        [4, 0],
        [3, PAGE],
        [1, 3 * PAGE],
        [1, 2 ** 40],
      ] as const) {
        expect([map(pages, io, MAP_SHARED, offset), c.errno], `${pages} at ${offset}`).toEqual([-1, EINVAL]);
      }
    });
  });
});
