/**
 * Both seed drivers with counters, as they were ported to Linux 6.12 to record seedtest.txt: /dev/seedA maps vmalloc
 * pages with remapPfnRange, /dev/seedB hands four pages out by its fault handler and counts every hook.
 */
import { EFAULT, EIO } from "../../../abi/errno.ts";
import type { FileOperations, Kernel, Module, Page, VmArea, VmOperations } from "../../../devices/drivers/driver.ts";
import {
  GFP_KERNEL,
  GFP_ZERO,
  PAGE_SIZE,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_FAULT_SIGBUS,
} from "../../../devices/drivers/vm.ts";

const NPAGES = 16;
const DATA_PAGES = 4;

const text = (value: string): Uint8Array => new TextEncoder().encode(`${value}\0`);

const seedA = (kernel: Kernel): { ops: FileOperations; exit(reserve: boolean): void } => {
  const area = kernel.vzalloc(NPAGES * PAGE_SIZE);
  kernel.write(area, text(" ------This is from kernel space"));
  return {
    ops: {
      mmap(_file, vma) {
        const length = vma.end - vma.start;
        if (vma.pgoff !== 0 || length > NPAGES * PAGE_SIZE) return -EIO;
        for (let done = 0; done < length; done += PAGE_SIZE) {
          const pfn = kernel.vmallocToPfn(area + done);
          const error = kernel.remapPfnRange(vma, vma.start + done, pfn, PAGE_SIZE, vma.pageProt);
          if (error < 0) {
            kernel.printk(`seedA remap ret ${error} flags ${vma.flags.toString(16)}\n`);
            return error;
          }
        }
        const page = kernel.vmallocToPage(area);
        const { refcount, mapcount } = page;
        kernel.printk(`seedA vm_flags ${vma.flags.toString(16)} page_count ${refcount} mapcount ${mapcount}\n`);
        return 0;
      },
      read: (_file, buffer, count, position) =>
        kernel.simpleReadFromBuffer(buffer, count, position, kernel.read(area, NPAGES * PAGE_SIZE)),
    },
    exit(reserve) {
      for (let i = 0; reserve && i < NPAGES; i++) kernel.SetPageReserved(kernel.vmallocToPage(area + i * PAGE_SIZE));
      kernel.vfree(area);
    },
  };
};

interface Info {
  readonly pages: readonly Page[];
  ref: number;
  open: number;
  close: number;
  fault: number;
  mremap: number;
  split: number;
}

const infoOf = (vma: VmArea): Info => vma.privateData as Info;

const makeVmOperations = (kernel: Kernel, base: () => number): VmOperations => {
  const log = (what: string, vma: VmArea): void => {
    const at = (address: number): string => `m${(address - base()) / PAGE_SIZE}`;
    kernel.printk(`B ${what} ${at(vma.start)}-${at(vma.end)}${what === "mremap" ? "" : ` pgoff ${vma.pgoff}`}\n`);
  };
  return {
    open(vma) {
      infoOf(vma).ref++;
      infoOf(vma).open++;
      log("open", vma);
    },
    close(vma) {
      infoOf(vma).ref--;
      infoOf(vma).close++;
      log("close", vma);
    },
    mremap(vma) {
      infoOf(vma).mremap++;
      log("mremap", vma);
      return 0;
    },
    maySplit(vma) {
      infoOf(vma).split++;
      return 0;
    },
    fault(vmf) {
      const info = infoOf(vmf.vma);
      info.fault++;
      const page = info.pages[vmf.pgoff];
      if (page === undefined) return VM_FAULT_SIGBUS;
      kernel.getPage(page);
      vmf.page = page;
      return 0;
    },
  };
};

const seedB = (kernel: Kernel): FileOperations => {
  let base = 0;
  let released = 0;
  const vmOperations = makeVmOperations(kernel, () => base);
  return {
    open(_inode, file) {
      const first = kernel.allocPages(GFP_KERNEL | GFP_ZERO, 2)!;
      kernel.splitPage(first, 2);
      const pages = Array.from({ length: DATA_PAGES }, (_, i) => kernel.pfnToPage(first.pfn + i));
      kernel.write(kernel.pageAddress(first), text("hello from kernel this is file: seedB"));
      const info: Info = { pages, ref: 0, open: 0, close: 0, fault: 0, mremap: 0, split: 0 };
      file.privateData = info;
      return 0;
    },
    mmap(file, vma) {
      base = vma.start;
      vma.ops = vmOperations;
      kernel.vmFlagsSet(vma, VM_DONTEXPAND | VM_DONTDUMP);
      vma.privateData = file.privateData;
      vmOperations.open!(vma);
      return 0;
    },
    read(file, buffer, count) {
      const info = file.privateData as Info;
      const [page] = info.pages;
      const line =
        `open ${info.open} close ${info.close} fault ${info.fault} mremap ${info.mremap} split ${info.split} ` +
        `ref ${info.ref} pc0 ${page!.refcount} mc0 ${page!.mapcount} released ${released}\n`;
      const bytes = text(line).subarray(0, Math.min(line.length, count));
      return kernel.copyToUser(buffer, bytes) === 0 ? bytes.length : -EFAULT;
    },
    release(_inode, file) {
      const info = file.privateData as Info;
      released++;
      info.pages.forEach((page, i) => {
        kernel.printk(`B release page ${i} count ${page.refcount}\n`);
        kernel.freePage(kernel.pageAddress(page));
      });
      const { open, close, fault, mremap, split, ref } = info;
      kernel.printk(`B final open ${open} close ${close} fault ${fault} mremap ${mremap} split ${split} ref ${ref}\n`);
      return 0;
    },
  };
};

export const seedmod: Module = {
  name: "seedmod",
  parameters: { reserve_exit: 0 },
  create(kernel, parameters) {
    let a: ReturnType<typeof seedA>;
    const devices: { dev: number; remove(): void }[] = [];
    const register = (name: string, ops: FileOperations): void => {
      const dev = kernel.allocChrdevRegion(0, 1, name);
      const cdev = kernel.cdevInit(ops);
      kernel.cdevAdd(cdev, dev, 1);
      kernel.deviceCreate(name, dev, 0o666);
      devices.push({
        dev,
        remove() {
          kernel.deviceDestroy(dev);
          kernel.cdevDel(cdev);
          kernel.unregisterChrdevRegion(dev, 1);
        },
      });
    };
    return {
      init() {
        a = seedA(kernel);
        register("seedA", a.ops);
        register("seedB", seedB(kernel));
        return 0;
      },
      exit() {
        for (const device of devices) device.remove();
        a.exit(parameters.reserve_exit === 1);
      },
    };
  },
};
