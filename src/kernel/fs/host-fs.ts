/**
 * A directory of the host mounted in the machine's tree, read-only. Names are looked up anew each time, so that what
 * happens on the host shows; what a program has open stays what it was.
 */
import { ENOENT, EROFS } from "../../../abi/errno.ts";
import { S_IFMT, S_ISLNK, S_ISREG } from "../../../abi/stat.ts";
import type { FileOperations, Inode, VmOperations } from "../../../devices/drivers/driver.ts";
import type { Core } from "../core.ts";
import { COOKIE_DOT_DOT, DentryRecord } from "./dentry.ts";
import type { HostDirectory, HostPath, HostStat } from "./host-directory.ts";
import { byName, HostInodes } from "./host-inodes.ts";
import { type HostNode, hostNodeOf } from "./host-node.ts";
import type { DirectoryEntry, InodeOperations, InodeRecord, SuperBlock, Timestamp } from "./inode.ts";
import { makeRegularFile, type RegularFile } from "./regular-file.ts";

const isSameTime = (a: Timestamp, b: Timestamp): boolean => a.seconds === b.seconds && a.nanoseconds === b.nanoseconds;

/** All inodes of such a mount have one. */
export const nodeOf = (inode: Inode): HostNode => hostNodeOf(inode as InodeRecord)!;

export class HostFs implements InodeOperations {
  readonly root: DentryRecord;
  readonly superBlock: SuperBlock;
  protected readonly regular: RegularFile;
  protected readonly inodes: HostInodes;

  /** @throws Error when the directory cannot be read. */
  constructor(core: Core, superBlock: SuperBlock, host: HostDirectory, hooks: VmOperations = {}) {
    this.superBlock = superBlock;
    superBlock.readOnly = true;
    superBlock.space = () => host.space();
    this.regular = makeRegularFile(core, hooks);
    this.inodes = new HostInodes(core, superBlock, host, this, this.fileOperations(this.regular.operations));
    const stat = host.lstat([]);
    const inode = typeof stat === "number" ? stat : this.inodes.make([], stat);
    if (typeof inode === "number") throw new Error(`cannot read the directory: errno ${-inode}`);
    this.root = new DentryRecord("", inode);
  }

  /** What open files of the mount do; `regular` is what a file in memory does. */
  protected fileOperations(regular: FileOperations): FileOperations {
    return { ...regular, open: (inode) => nodeOf(inode).open(false) };
  }

  lookup(directory: DentryRecord, name: string): DentryRecord | null | number {
    const path = [...nodeOf(directory.inode).path, name];
    const stat = this.inodes.host.lstat(path);
    if (typeof stat === "number") return stat === -ENOENT ? null : stat;
    return this.#enter(directory, name, path, stat);
  }

  revalidate(dentry: DentryRecord): boolean {
    const path = [...nodeOf(dentry.parent.inode).path, dentry.name];
    const stat = this.inodes.host.lstat(path);
    return this.#isStill(dentry, path, typeof stat === "number" ? null : stat);
  }

  /** The host is asked when a reading begins: names that came later would have no place in it. */
  *entries(directory: DentryRecord, after: number): Iterable<DirectoryEntry> {
    if (after <= COOKIE_DOT_DOT) this.#list(directory);
    yield* directory.entries(after);
  }

  #list(directory: DentryRecord): void {
    const { path } = nodeOf(directory.inode);
    const found = this.inodes.host.list(path);
    const listed = new Map(
      typeof found === "number" ? [] : [...found].sort(byName).map(({ name, stat }) => [name, stat]),
    );
    for (const child of [...directory.children.values()]) {
      this.#isStill(child, [...path, child.name], listed.get(child.name) ?? null);
    }
    for (const [name, stat] of listed) {
      if (!directory.children.has(name)) this.#enter(directory, name, [...path, name], stat);
    }
  }

  setSize(_inode: InodeRecord, _size: number): number {
    return -EROFS;
  }

  inactive(inode: InodeRecord): void {
    nodeOf(inode).close();
  }

  #enter(directory: DentryRecord, name: string, path: HostPath, stat: HostStat): DentryRecord | number {
    const inode = this.inodes.make(path, stat);
    if (typeof inode === "number") return inode;
    nodeOf(inode).path = path;
    return directory.add(name, inode);
  }

  /** Is the name still the file that it was? If not, it is taken out of the tree; if so, the inode says what lstat says. */
  #isStill(dentry: DentryRecord, path: HostPath, stat: HostStat | null): boolean {
    const { inode } = dentry;
    if (dentry.mounted !== null) return true;
    const node = nodeOf(inode);
    const isSame = stat !== null && stat.key === node.key && (stat.mode & S_IFMT) === (inode.mode & S_IFMT);
    // A link's target is read with its inode, whose number another link may have by now.
    if (!isSame || (S_ISLNK(inode.mode) && !isSameTime(stat.ctime, inode.ctime))) {
      dentry.detach();
      return false;
    }
    node.path = path;
    if (!S_ISLNK(inode.mode)) this.absorb(inode, stat);
    return true;
  }

  /** The host says what the file is now: pages that say otherwise go. */
  protected absorb(inode: InodeRecord, stat: HostStat): void {
    const isChanged = stat.size !== inode.size || !isSameTime(stat.mtime, inode.mtime);
    if (S_ISREG(inode.mode) && isChanged) {
      if (stat.size !== inode.size) this.regular.setSize(inode, stat.size);
      nodeOf(inode).size = stat.size;
      inode.cache!.refresh();
    }
    this.inodes.update(inode, stat);
  }
}
