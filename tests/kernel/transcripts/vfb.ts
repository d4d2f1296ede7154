/**
 * The memory of vfb, Linux's virtual framebuffer (drivers/video/fbdev/vfb.c): pages of vmalloc_user that mmap enters one
 * by one (remap_vmalloc_range), so that its mappings are VM_MIXEDMAP where our card's are VM_PFNMAP. It shows nothing.
 */
import { EFAULT, ENOTTY } from "../../../abi/errno.ts";
import {
  FB_MAJOR,
  FBIOGET_FSCREENINFO,
  FBIOGET_VSCREENINFO,
  fbFixScreeninfo,
  fbVarScreeninfo,
} from "../../../abi/fb.ts";
import type { Cdev, FileOperations, Kernel, Module } from "../../../devices/drivers/driver.ts";
import { MKDEV } from "../../../devices/drivers/vm.ts";

const VIDEO_MEMORY = 0x80_0000;
const DEV = MKDEV(FB_MAJOR, 0);

const fileOperations = (kernel: Kernel, area: number): FileOperations => ({
  open: () => 0,
  read: (_file, buffer, count, { value }) => count - kernel.copyToUser(buffer, kernel.read(area + value, count)),
  write(_file, buffer, count, { value }) {
    const bytes = new Uint8Array(count);
    const missed = kernel.copyFromUser(bytes, buffer);
    kernel.write(area + value, bytes.subarray(0, count - missed));
    return count - missed;
  },
  ioctl(_file, command, argument) {
    const answers = new Map([
      [FBIOGET_VSCREENINFO, fbVarScreeninfo.encode({})],
      [FBIOGET_FSCREENINFO, fbFixScreeninfo.encode({ smem_len: VIDEO_MEMORY })],
    ]);
    const answer = answers.get(command);
    if (answer === undefined) return -ENOTTY;
    return kernel.copyToUser(argument, answer) === 0 ? 0 : -EFAULT;
  },
  mmap: (_file, vma) => kernel.remapVmallocRange(vma, area, vma.pgoff),
});

export const vfb: Module = {
  name: "vfb",
  create(kernel) {
    const area = kernel.vmallocUser(VIDEO_MEMORY);
    let cdev: Cdev;
    return {
      init() {
        kernel.registerChrdevRegion(DEV, 1, "fb");
        cdev = kernel.cdevInit(fileOperations(kernel, area));
        kernel.deviceCreate("fb0", DEV, 0o600);
        return kernel.cdevAdd(cdev, DEV, 1);
      },
      exit() {
        kernel.deviceDestroy(DEV);
        kernel.cdevDel(cdev);
        kernel.unregisterChrdevRegion(DEV, 1);
        kernel.vfree(area);
      },
    };
  },
};
