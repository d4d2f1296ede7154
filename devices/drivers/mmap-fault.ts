/**
 * The second seed driver ("Kernel Space - User Space Interfaces", mmap): a debugfs file that gives each open a page of
 * its own. mmap maps nothing; the first touch of a page calls the fault handler, which hands the page out by reference.
 *
 * What the seed's names became: nopage is `fault` (2.6.23), NOPAGE_SIGBUS is VM_FAULT_SIGBUS, VM_RESERVED is
 * VM_DONTEXPAND | VM_DONTDUMP (3.7), `vma->vm_flags |=` is vmFlagsSet (6.3), f_dentry->d_name is file.name.
 *
 * Where the seed's text is wrong, and what Linux 6.12 makes of it:
 *   - debugfs_create_file puts a proxy before the methods of a file, and the proxy has no mmap: ENODEV. The unsafe
 *     variant has no proxy (parameter `unsafe`, 1 unless said otherwise).
 *   - It asks for `address > vma->vm_end`, which never holds (and is off by one), so each page of a longer mapping
 *     shows the same page. Here what lies past the one page of data is SIGBUS, as the seed's comment says.
 *   - It does not look whether kmalloc and get_zeroed_page gave anything: a null pointer later. Here open gives ENOMEM.
 */
import { ENOMEM } from "../../abi/errno.ts";
import { defineStruct, i32, pointer, type StructValue } from "../../abi/struct.ts";
import type { Dentry, FileOperations, Kernel, Module, VmArea, VmFault, VmOperations } from "./driver.ts";
import { GFP_KERNEL, VM_DONTDUMP, VM_DONTEXPAND, VM_FAULT_SIGBUS } from "./vm.ts";

const MESSAGE = "hello from kernel this is file: ";

/** struct mmap_info, kmalloc'ed by open: the data, and how many times it is mapped. */
const mmapInfo = defineStruct({ data: pointer, reference: i32 });

/** Parameter: `unsafe` 1 makes the file by debugfsCreateFileUnsafe, 0 by debugfsCreateFile, whose mmap is ENODEV. */
export const mmapFault: Module = {
  name: "mmap_example",
  parameters: { unsafe: 1 },

  create(kernel, parameters) {
    let file1: Dentry;
    return {
      init() {
        const ops = fileOperations(kernel);
        file1 = parameters.unsafe
          ? kernel.debugfsCreateFileUnsafe("mmap_example", 0o644, null, null, ops)
          : kernel.debugfsCreateFile("mmap_example", 0o644, null, null, ops);
        return 0;
      },
      exit: () => kernel.debugfsRemove(file1),
    };
  },
};

const fileOperations = (kernel: Kernel): FileOperations => {
  const vmOperations = makeVmOperations(kernel);
  return {
    open(_inode, file) {
      const info = kernel.kmalloc(mmapInfo.size, GFP_KERNEL);
      if (info === 0) return -ENOMEM;
      const data = kernel.getZeroedPage(GFP_KERNEL);
      if (data === 0) {
        kernel.kfree(info);
        return -ENOMEM;
      }
      kernel.write(data, new TextEncoder().encode(MESSAGE + file.name));
      kernel.write(info, mmapInfo.encode({ data, reference: 0 }));
      file.privateData = info;
      return 0;
    },

    mmap(file, vma) {
      vma.ops = vmOperations;
      kernel.vmFlagsSet(vma, VM_DONTEXPAND | VM_DONTDUMP);
      vma.privateData = file.privateData;
      // The kernel calls vm_ops.open for every further mapping, not for the one that mmap makes.
      vmOperations.open(vma);
      return 0;
    },

    /** After the last close and the last unmap: nobody maps the page any more. */
    release(_inode, file) {
      const info = file.privateData as number;
      kernel.freePage(readInfo(kernel, info).data);
      kernel.kfree(info);
      file.privateData = null;
      return 0;
    },
  };
};

const makeVmOperations = (kernel: Kernel) =>
  ({
    open: (vma: VmArea) => addReference(kernel, vma, 1),
    close: (vma: VmArea) => addReference(kernel, vma, -1),

    /** The first touch of a page that is not there yet (nopage, in the seed). */
    fault(vmf: VmFault): number {
      if (vmf.pgoff > 0) {
        kernel.printk("invalid address\n");
        return VM_FAULT_SIGBUS;
      }
      const { data } = readInfo(kernel, vmf.vma.privateData as number);
      if (data === 0) {
        kernel.printk("no data\n");
        return VM_FAULT_SIGBUS;
      }
      const page = kernel.virtToPage(data);
      // The page table's reference: the kernel puts it when the mapping goes.
      kernel.getPage(page);
      vmf.page = page;
      return 0;
    },
  }) satisfies VmOperations;

const readInfo = (kernel: Kernel, info: number): StructValue<typeof mmapInfo> =>
  mmapInfo.read(kernel.read(info, mmapInfo.size));

const addReference = (kernel: Kernel, vma: VmArea, count: number): void => {
  const info = vma.privateData as number;
  const { data, reference } = readInfo(kernel, info);
  kernel.write(info, mmapInfo.encode({ data, reference: reference + count }));
};
