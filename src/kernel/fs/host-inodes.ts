/** Makes inodes of what a directory of the host holds; the names of one file share one inode. */
import { S_ISBLK, S_ISCHR, S_ISDIR, S_ISLNK, S_ISREG } from "../../../abi/stat.ts";
import type { FileOperations } from "../../../devices/drivers/driver.ts";
import type { Core } from "../core.ts";
import { directoryOperations } from "./directory.ts";
import type { HostDirectory, HostPath, HostStat } from "./host-directory.ts";
import { HostNode } from "./host-node.ts";
import { type InodeOperations, InodeRecord, type SuperBlock } from "./inode.ts";
import { PageCache } from "./page-cache.ts";
import { encodePath } from "./path.ts";

export class HostInodes {
  readonly host: HostDirectory;
  readonly #core: Core;
  readonly #superBlock: SuperBlock;
  readonly #operations: InodeOperations;
  readonly #regular: FileOperations;
  /** Files that have more than one name. */
  readonly #linked = new Map<string, InodeRecord>();

  constructor(
    core: Core,
    superBlock: SuperBlock,
    host: HostDirectory,
    operations: InodeOperations,
    regular: FileOperations,
  ) {
    this.#core = core;
    this.#superBlock = superBlock;
    this.host = host;
    this.#operations = operations;
    this.#regular = regular;
  }

  /** The inode of what is at `path`, or -errno. */
  make(path: HostPath, stat: HostStat): InodeRecord | number {
    const isLinked = stat.nlink > 1 && !S_ISDIR(stat.mode);
    const known = isLinked ? this.#linked.get(stat.key) : undefined;
    if (known !== undefined && known.nlink > 0) return known;
    const { mode } = stat;
    const rdev = S_ISCHR(mode) || S_ISBLK(mode) ? stat.rdev : 0;
    const operations = S_ISDIR(mode) ? directoryOperations : S_ISREG(mode) ? this.#regular : null;
    const inode = new InodeRecord(this.#superBlock, mode, stat.mtime, this.#operations, operations, rdev);
    const node = new HostNode(this.host, path, stat.key, stat.size);
    inode.privateData = node;
    this.update(inode, stat);
    if (S_ISREG(mode)) inode.cache = new PageCache(this.#core, this.#superBlock, node);
    if (S_ISLNK(mode)) {
      const target = this.host.readlink(path);
      if (typeof target === "number") return target;
      inode.target = target;
      inode.size = encodePath(target).length;
    }
    if (isLinked) this.#linked.set(stat.key, inode);
    return inode;
  }

  /** What lstat says now. */
  update(inode: InodeRecord, stat: HostStat): void {
    inode.mode = stat.mode;
    // Some file systems do not count a directory's names.
    inode.nlink = S_ISDIR(stat.mode) ? Math.max(2, stat.nlink) : stat.nlink;
    inode.uid = stat.uid;
    inode.gid = stat.gid;
    inode.size = stat.size;
    inode.atime = stat.atime;
    inode.mtime = stat.mtime;
    inode.ctime = stat.ctime;
  }
}

/** Names in the order of their bytes: the host's own order differs from host to host. */
export const byName = (a: { name: string }, b: { name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
