/**
 * The first seed driver ("MMAP with example", 2010): a character device whose mmap shows sixteen vmalloc'ed pages. They
 * are not physical neighbours, so each is looked up and mapped on its own.
 *
 *     insmod mmap_seed [fixed=1] [kmalloc_area=1]; grep mmap /proc/devices; mknod node c MAJOR 0
 *
 * Where the seed's text is wrong, and what Linux 6.12 makes of it:
 *   - It defines mmap_open twice and names its init function mmap_init, as linux/mm.h does: neither compiles.
 *   - It copies each message with memcpy(…, 100), beyond the end of the literal. FORTIFY_SOURCE panics at insmod:
 *     "memcpy: detected buffer overflow: 100 byte read of buffer size 33". Here a message is copied with its NUL.
 *   - It maps with PAGE_SHARED, which would let a PROT_READ mapping be written. Here it is vma.pageProt (vm_page_prot).
 *   - Its exit reserves the pages where it means to clear the mark: see `exit`.
 */
import { EIO, ENOMEM } from "../../abi/errno.ts";
import type { Cdev, File, FileOperations, Kernel, Module, VmArea } from "./driver.ts";
import { GFP_KERNEL, KERN_ERR, KERN_INFO, PAGE_SIZE } from "./vm.ts";

/** Length of each of the two areas. */
const NPAGES = 16;
const AREA_SIZE = NPAGES * PAGE_SIZE;

/** Where the area holds what; the second and third are (int *)area + 100 and + 104. */
const FIRST_MESSAGE_AT = 0;
const NUMBER_AT = 4 * 100;
const SECOND_MESSAGE_AT = 4 * 104;

const cString = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

/**
 * Parameters: `fixed` 0 leaves as the seed does (sixteen reports of bad pages), 1 leaves in order; `kmalloc_area` 1
 * allocates the second area, which the seed names and leaves out, and maps it at page offset NPAGES.
 */
export const mmapVmalloc: Module = {
  name: "mmap_seed",
  parameters: { fixed: 0, kmalloc_area: 0 },

  create(kernel, parameters) {
    const areas = { vmalloc: 0, kmalloc: 0 };
    let mmapDev = 0;
    let mmapCdev: Cdev;

    const freeAreas = (): void => {
      kernel.vfree(areas.vmalloc);
      kernel.kfree(areas.kmalloc);
    };

    const init = (): number => {
      areas.vmalloc = kernel.vmalloc(AREA_SIZE);
      if (areas.vmalloc === 0) return -ENOMEM;
      if (parameters.kmalloc_area) {
        // kmalloc of a power of two is aligned to it, so the area begins on a page. The seed leaves its pattern out.
        areas.kmalloc = kernel.kzalloc(AREA_SIZE, GFP_KERNEL);
        if (areas.kmalloc === 0) {
          freeAreas();
          return -ENOMEM;
        }
      }
      mmapDev = kernel.allocChrdevRegion(0, 1, "mmap");
      if (mmapDev < 0) {
        kernel.printk(`${KERN_ERR}could not allocate major number for mmap\n`);
        freeAreas();
        return mmapDev;
      }
      mmapCdev = kernel.cdevInit(fileOperations(kernel, areas));
      const error = kernel.cdevAdd(mmapCdev, mmapDev, 1);
      if (error < 0) {
        kernel.printk(`${KERN_ERR}could not allocate chrdev for mmap\n`);
        kernel.unregisterChrdevRegion(mmapDev, 1);
        freeAreas();
        return error;
      }
      // A pattern in the memory, which the test program looks for.
      kernel.write(areas.vmalloc + FIRST_MESSAGE_AT, cString(" ------This is from kernel space"));
      kernel.store32(areas.vmalloc + NUMBER_AT, 1000);
      kernel.write(areas.vmalloc + SECOND_MESSAGE_AT, cString(" ----This is second message from kernel space"));
      return 0;
    };

    const exit = (): void => {
      kernel.cdevDel(mmapCdev);
      kernel.unregisterChrdevRegion(mmapDev, 1);
      // "Unreserve the pages", says the seed, and sets the mark. Then vfree finds sixteen reserved pages, reports "BUG:
      // Bad page state in process rmmod" for each (the comment under the seed) and leaks them. Nothing had reserved
      // them, and since Linux 2.6.15 nothing need: clearing is the repair, and so would be no loop at all.
      for (let i = 0; i < AREA_SIZE; i += PAGE_SIZE) {
        const page = kernel.vmallocToPage(areas.vmalloc + i);
        if (parameters.fixed) kernel.ClearPageReserved(page);
        else kernel.SetPageReserved(page);
      }
      freeAreas();
    };

    return { init, exit };
  },
};

/** The methods of the device over its areas: kernel addresses, 0 for an area that is not there. */
const fileOperations = (kernel: Kernel, areas: { vmalloc: number; kmalloc: number }): FileOperations => ({
  open: () => 0,
  release: () => 0,
  mmap(_file: File, vma: VmArea): number {
    kernel.printk(`${KERN_INFO}mmap_mmap is invoked\n`);
    if (vma.pgoff === 0) return mmapVmem(kernel, vma, areas.vmalloc);
    if (vma.pgoff === NPAGES && areas.kmalloc !== 0) return mmapKmem(kernel, vma, areas.kmalloc);
    return -EIO;
  },
});

/** Maps an area that is contiguous in the kernel's addresses only. EIO when the mapping is longer than the area. */
const mmapVmem = (kernel: Kernel, vma: VmArea, area: number): number => {
  kernel.printk(`${KERN_INFO}mmap_vmem is invoked\n`);
  const length = vma.end - vma.start;
  if (length > AREA_SIZE) return -EIO;
  for (let done = 0; done < length; done += PAGE_SIZE) {
    const pfn = kernel.vmallocToPfn(area + done);
    const error = kernel.remapPfnRange(vma, vma.start + done, pfn, PAGE_SIZE, vma.pageProt);
    if (error < 0) return error;
  }
  return 0;
};

/** Maps an area that is physically contiguous: one range. EIO when the mapping is longer than the area. */
const mmapKmem = (kernel: Kernel, vma: VmArea, area: number): number => {
  const length = vma.end - vma.start;
  if (length > AREA_SIZE) return -EIO;
  return kernel.remapPfnRange(vma, vma.start, kernel.pageToPfn(kernel.virtToPage(area)), length, vma.pageProt);
};
