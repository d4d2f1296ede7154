/**
 * Pages that are freed when they may not be. Truth: the block that Linux 6.12 printed for seed 1 (transcripts/
 * seedtest.txt), and bad_page and page_bad_reason of mm/page_alloc.c.
 */
import { describe, expect, test } from "vitest";
import { O_RDWR } from "../../abi/fcntl.ts";
import { MAP_SHARED } from "../../abi/mman.ts";
import { GFP_KERNEL } from "../../devices/drivers/vm.ts";
import { program } from "../../guests/libc.ts";
import { deviceModule, Lab, PAGE } from "./lab.ts";

/** The lines behind "page dumped because: ". */
const reasons = (lab: Lab): string[] =>
  lab.log().flatMap((text) => (text.startsWith("page dumped because: ") ? [text.slice(21)] : []));
const RESERVED = "PAGE_FLAGS_CHECK_AT_FREE flag(s) set";

test("a page that is reserved: the block, line by line, as Linux prints it", async () => {
  const lab = await Lab.boot();
  const { kernel } = lab;
  const address = kernel.getZeroedPage(GFP_KERNEL);
  const page = kernel.virtToPage(address);
  kernel.SetPageReserved(page);
  kernel.freePage(address);
  const pfn = page.pfn.toString(16);
  expect(lab.log()).toEqual([
    `BUG: Bad page state in process swapper  pfn:${pfn}`,
    `page: refcount:0 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0x${pfn}`,
    "flags: 0x2000(reserved|zone=0)",
    "raw: 0000000000002000 0000000000000000 dead000000000122 0000000000000000",
    "raw: 0000000000000000 0000000000000000 00000000ffffffff",
    `page dumped because: ${RESERVED}`,
  ]);
  // KERN_ALERT for the first line, KERN_WARNING for the page's dump.
  expect(kernel.log.lines.map(({ level }) => level)).toEqual([1, 4, 4, 4, 4, 4]);
});

test("the page is leaked, reported once, and never handed out again; the rest of its block is", async () => {
  const lab = await Lab.boot();
  const { kernel } = lab;
  const before = kernel.pages.available;
  const block = kernel.allocPages(GFP_KERNEL, 2)!;
  kernel.SetPageReserved(kernel.pfnToPage(block.pfn + 1));
  kernel.freePages(block, 2);
  expect(kernel.pages.available).toBe(before - 1);
  expect(reasons(lab)).toEqual([RESERVED]);
  for (let page = kernel.allocPages(GFP_KERNEL, 0); page !== null; page = kernel.allocPages(GFP_KERNEL, 0)) {
    expect(page.pfn).not.toBe(block.pfn + 1);
  }
});

test("ClearPageReserved in time, and all is well", async () => {
  const lab = await Lab.boot();
  const { kernel } = lab;
  const area = kernel.vmalloc(4 * PAGE);
  const before = lab.pagesInUse();
  for (let i = 0; i < 4; i++) kernel.SetPageReserved(kernel.vmallocToPage(area + i * PAGE));
  for (let i = 0; i < 4; i++) kernel.ClearPageReserved(kernel.vmallocToPage(area + i * PAGE));
  kernel.vfree(area);
  expect([lab.pagesInUse(), lab.log()]).toEqual([before - 4, []]);
});

describe("reasons: the last test that hits is named", () => {
  test("a page that a process still maps: nonzero mapcount", async () => {
    const lab = await Lab.boot();
    const module = deviceModule("early", (kernel) => {
      const address = kernel.getZeroedPage(GFP_KERNEL);
      const page = kernel.virtToPage(address);
      return {
        mmap: (_file, vma) => kernel.vmInsertPage(vma, vma.start, page),
        ioctl() {
          // Its own reference, and the mapping's, which is not its to give.
          kernel.freePage(address);
          kernel.putPage(page);
          return 0;
        },
      };
    });
    lab.kernel.insmod(module);
    const main = program(async (c) => {
      const fd = await c.open("/dev/early", O_RDWR);
      c.mmap(0, PAGE, 3, MAP_SHARED, fd, 0);
      await c.ioctl(fd, 1);
      return 0;
    });
    expect(await lab.kernel.spawn(main).exited).toEqual({ code: 0 });
    expect(reasons(lab)[0]).toBe("nonzero mapcount");
    expect(lab.log()[0]).toMatch(/^BUG: Bad page state in process program {2}pfn:[0-9a-f]{5}$/);
    expect(lab.log()[1]).toMatch(/^page: refcount:0 mapcount:1 /);
  });

  test("a page of kmalloc's: its flag", async () => {
    const lab = await Lab.boot();
    const { kernel } = lab;
    const address = kernel.kmalloc(64, GFP_KERNEL);
    kernel.freePage(address);
    expect(reasons(lab)).toEqual([RESERVED]);
    expect(lab.log()[2]).toBe("flags: 0x200(slab|zone=0)");
  });

  test("a double free: nonzero _refcount, of -1", async () => {
    const lab = await Lab.boot();
    const { kernel } = lab;
    const address = kernel.getZeroedPage(GFP_KERNEL);
    kernel.freePage(address);
    const before = kernel.pages.available;
    kernel.freePage(address);
    expect(reasons(lab)).toEqual(["nonzero _refcount"]);
    expect(lab.log()[1]).toMatch(/^page: refcount:-1 mapcount:0 /);
    // It is in the free lists once.
    expect(kernel.pages.available).toBe(before);
    const [one, two] = [kernel.getZeroedPage(GFP_KERNEL), kernel.getZeroedPage(GFP_KERNEL)];
    expect(one).not.toBe(two);
  });
});

test("sixty reports a minute, then a count of those that were not shown (bad_page)", async () => {
  const lab = await Lab.boot();
  const { kernel } = lab;
  const leak = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const page = kernel.allocPages(GFP_KERNEL, 0)!;
      kernel.SetPageReserved(page);
      kernel.putPage(page);
    }
  };
  leak(75);
  expect(reasons(lab)).toHaveLength(60);
  await kernel.spawn(program((c) => c.nanosleep({ tv_sec: 61 }))).exited;
  leak(1);
  expect(reasons(lab)).toHaveLength(61);
  expect(lab.log()).toContain("BUG: Bad page state: 15 messages suppressed");
});

test("an extra getPage is a silent leak, as on Linux", async () => {
  const lab = await Lab.boot();
  const { kernel } = lab;
  const before = kernel.pages.available;
  const address = kernel.getZeroedPage(GFP_KERNEL);
  kernel.getPage(kernel.virtToPage(address));
  kernel.freePage(address);
  expect([lab.log(), kernel.pages.available]).toEqual([[], before - 1]);
});
