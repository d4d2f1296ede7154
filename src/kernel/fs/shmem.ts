/** Files in memory that are in no directory (mm/shmem.c): what shared anonymous mappings and shared /dev/zero map. */

import { O_RDWR } from "../../../abi/fcntl.ts";
import { S_IFREG } from "../../../abi/stat.ts";
import type { VmArea } from "../../../devices/drivers/driver.ts";
import type { Core } from "../core.ts";
import { DentryRecord } from "./dentry.ts";
import { OpenFile } from "./file.ts";

/** An open, unnamed file of `size` bytes, all holes. `name` is its path as /proc shows it: "/dev/zero". */
export const shmemFileSetup = (core: Core, name: string, size: number): OpenFile => {
  const inode = core.vfs.shmem.newInode(S_IFREG | 0o777, 0);
  inode.nlink = 0;
  inode.size = size;
  return new OpenFile(new DentryRecord(`${name} (deleted)`, inode), O_RDWR, inode.fileOperations!);
};

/**
 * Gives a shared anonymous mapping, or a shared mapping of /dev/zero, a file of its own (shmem_zero_setup). The mapping
 * gets a new `file` and `ops`; the file that it had loses a user. 0.
 */
export const shmemZeroSetup = (core: Core, vma: { file: unknown } & VmArea): number => {
  const file = shmemFileSetup(core, "/dev/zero", vma.end - vma.start);
  const before = vma.file as OpenFile | null;
  (vma as { file: unknown }).file = file;
  before?.put();
  return file.ops.mmap!(file, vma);
};
