/** An open directory (fs/libfs.c), and what getdents64 reads out of it. */
import { EINVAL, EISDIR } from "../../../abi/errno.ts";
import { SEEK_CUR, SEEK_SET } from "../../../abi/fcntl.ts";
import type { File, FileOperations } from "../../../devices/drivers/driver.ts";
import { COOKIE_DOT, COOKIE_DOT_DOT, type DentryRecord } from "./dentry.ts";
import type { DirectoryEntry } from "./inode.ts";
import { type FsState, followMounts } from "./path.ts";

/** Only the start and the current position: a directory has no end to seek from (offset_dir_llseek). */
const llseek = (file: File, offset: number, whence: number): number => {
  const position = file.position.value;
  const target = whence === SEEK_CUR ? position + offset : offset;
  return (whence !== SEEK_SET && whence !== SEEK_CUR) || target < 0 ? -EINVAL : target;
};

export const directoryOperations: FileOperations = {
  read: () => -EISDIR,
  llseek,
  fsync: () => 0,
};

/** The entries of a directory behind a file position, "." and ".." first; mounted roots show as themselves do. */
export function* directoryEntries(fs: FsState, directory: DentryRecord, after: number): Iterable<DirectoryEntry> {
  if (after < COOKIE_DOT) yield { name: ".", inode: directory.inode, cookie: COOKIE_DOT };
  if (after < COOKIE_DOT_DOT) {
    const above = directory === fs.root ? directory : (directory.mountPoint ?? directory).parent;
    yield { name: "..", inode: followMounts(above).inode, cookie: COOKIE_DOT_DOT };
  }
  yield* directory.inode.operations.entries?.(directory, after) ?? directory.entries(after);
}
