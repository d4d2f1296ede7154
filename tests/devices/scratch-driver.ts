import { ENOMEM } from "../../abi/errno.ts";
import type { Module } from "../../devices/drivers/driver.ts";
import { GFP_KERNEL } from "../../devices/drivers/vm.ts";

export const scratch: Module = {
  name: "scratch",
  create(kernel) {
    const page = kernel.getZeroedPage(GFP_KERNEL);
    const cdev = kernel.cdevInit({
      mmap: (_file, vma) => kernel.vmInsertPage(vma, vma.start, kernel.virtToPage(page)),
    });
    return {
      init() {
        const dev = page === 0 ? -ENOMEM : kernel.allocChrdevRegion(0, 1, "scratch");
        if (dev < 0) return dev;
        kernel.deviceCreate("scratch", dev, 0o666);
        return kernel.cdevAdd(cdev, dev, 1);
      },
      exit() {
        kernel.deviceDestroy(cdev.dev);
        kernel.cdevDel(cdev);
        kernel.unregisterChrdevRegion(cdev.dev, 1);
        kernel.freePage(page);
      },
    };
  },
};
