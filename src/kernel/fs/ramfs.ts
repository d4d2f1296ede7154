/** A file system in memory, like tmpfs (mm/shmem.c): its directory is the tree of dentries, its bytes are page caches. */
import { EINVAL, ENAMETOOLONG, ENOTEMPTY } from "../../../abi/errno.ts";
import { S_IFDIR, S_IFLNK, S_ISDIR, S_ISREG } from "../../../abi/stat.ts";
import type { VmOperations } from "../../../devices/drivers/driver.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import { DentryRecord } from "./dentry.ts";
import { directoryOperations } from "./directory.ts";
import { type InodeOperations, InodeRecord, type SuperBlock } from "./inode.ts";
import { PageCache } from "./page-cache.ts";
import { encodePath } from "./path.ts";
import { makeRegularFile, type RegularFile } from "./regular-file.ts";

/** Bytes that an entry adds to its directory's length (BOGO_DIRENT_SIZE). */
const DIRENT_SIZE = 20;

export class RamFs implements InodeOperations {
  readonly superBlock: SuperBlock;
  root: DentryRecord;
  protected readonly regular: RegularFile;
  readonly #core: Core;

  /** `hooks` are more for the mappings of its files. */
  constructor(core: Core, superBlock: SuperBlock, rootMode = 0o755, hooks: VmOperations = {}) {
    this.#core = core;
    this.superBlock = superBlock;
    this.regular = makeRegularFile(core, hooks);
    this.root = new DentryRecord("", this.newInode(S_IFDIR | rootMode, 0));
  }

  /** A file without a name; `mode` has its S_IF… bits. */
  newInode(mode: number, rdev: number): InodeRecord {
    const operations = S_ISDIR(mode) ? directoryOperations : S_ISREG(mode) ? this.regular.operations : null;
    const inode = new InodeRecord(this.superBlock, mode, this.#core.realTime(), this, operations, rdev);
    if (S_ISREG(mode)) inode.cache = new PageCache(this.#core, this.superBlock);
    if (S_ISDIR(mode)) inode.size = 2 * DIRENT_SIZE;
    return inode;
  }

  create(directory: DentryRecord, name: string, mode: number, rdev: number): DentryRecord {
    return this.#enter(directory, name, this.newInode(mode, rdev));
  }

  mkdir(directory: DentryRecord, name: string, mode: number): DentryRecord {
    directory.inode.nlink++;
    return this.#enter(directory, name, this.newInode(S_IFDIR | mode, 0));
  }

  /** "ENAMETOOLONG: target … was too long", symlink(2): with its NUL it must fit in a page. */
  symlink(directory: DentryRecord, name: string, target: string): DentryRecord | number {
    const length = encodePath(target).length;
    if (length + 1 > PAGE_SIZE) return -ENAMETOOLONG;
    const inode = this.newInode(S_IFLNK | 0o777, 0);
    inode.target = target;
    inode.size = length;
    return this.#enter(directory, name, inode);
  }

  link(directory: DentryRecord, name: string, inode: InodeRecord): DentryRecord {
    inode.nlink++;
    inode.ctime = this.#core.realTime();
    return this.#enter(directory, name, inode);
  }

  unlink(dentry: DentryRecord): number {
    const { parent } = dentry;
    dentry.detach();
    this.#changed(parent, -DIRENT_SIZE);
    dentry.inode.dropLink(this.#core.realTime());
    return 0;
  }

  rmdir(dentry: DentryRecord): number {
    if (dentry.children.size > 0) return -ENOTEMPTY;
    dentry.parent.inode.nlink--;
    dentry.inode.nlink--;
    return this.unlink(dentry);
  }

  rename(dentry: DentryRecord, to: DentryRecord, name: string, replaced: DentryRecord | null): number {
    if (replaced !== null) {
      const error = S_ISDIR(replaced.inode.mode) ? this.rmdir(replaced) : this.unlink(replaced);
      if (error < 0) return error;
    }
    if (S_ISDIR(dentry.inode.mode)) {
      dentry.parent.inode.nlink--;
      to.inode.nlink++;
    }
    this.#changed(dentry.parent, -DIRENT_SIZE);
    dentry.moveTo(to, name);
    this.#changed(to, DIRENT_SIZE);
    dentry.inode.ctime = this.#core.realTime();
    return 0;
  }

  setSize(inode: InodeRecord, size: number): number {
    return inode.cache === null ? -EINVAL : this.regular.setSize(inode, size);
  }

  #enter(directory: DentryRecord, name: string, inode: InodeRecord): DentryRecord {
    this.#changed(directory, DIRENT_SIZE);
    return directory.add(name, inode);
  }

  #changed(directory: DentryRecord, bytes: number): void {
    const now = this.#core.realTime();
    directory.inode.size += bytes;
    directory.inode.mtime = now;
    directory.inode.ctime = now;
  }
}
