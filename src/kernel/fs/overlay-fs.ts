/**
 * A directory of the host under a file system in memory (fs/overlayfs): the host's files are read when they are asked
 * for, page by page; what is written, created or removed stays in the machine. A page is copied up when it is written,
 * a removed name is a whiteout in its directory.
 */
import { ENOENT, ENOTEMPTY } from "../../../abi/errno.ts";
import type { VmFault } from "../../../devices/drivers/driver.ts";
import { VM_FAULT_SIGBUS } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import { DentryRecord } from "./dentry.ts";
import type { HostDirectory } from "./host-directory.ts";
import { byName, HostInodes } from "./host-inodes.ts";
import { hostNodeOf } from "./host-node.ts";
import type { DirectoryEntry, InodeRecord, SuperBlock } from "./inode.ts";
import { RamFs } from "./ramfs.ts";

/** A shared mapping's page is copied up by the first store. */
export const pageMkwrite = ({ vma, pgoff }: VmFault): number =>
  (vma.file!.inode as InodeRecord).cache!.touch(pgoff) < 0 ? VM_FAULT_SIGBUS : 0;

export class OverlayFs extends RamFs {
  readonly #inodes: HostInodes;

  /** @throws Error when the directory cannot be read. */
  constructor(core: Core, superBlock: SuperBlock, host: HostDirectory) {
    super(core, superBlock, 0o755, { pageMkwrite });
    const open = (inode: unknown): number => hostNodeOf(inode as InodeRecord)?.open(false) ?? 0;
    this.#inodes = new HostInodes(core, superBlock, host, this, { ...this.regular.operations, open });
    const stat = host.lstat([]);
    const inode = typeof stat === "number" ? stat : this.#inodes.make([], stat);
    if (typeof inode === "number") throw new Error(`cannot read the root directory: errno ${-inode}`);
    this.root = new DentryRecord("", inode);
  }

  lookup(directory: DentryRecord, name: string): DentryRecord | null | number {
    const node = hostNodeOf(directory.inode);
    if (node === null || node.listed || node.whiteouts.has(name)) return null;
    const path = [...node.path, name];
    const stat = this.#inodes.host.lstat(path);
    if (typeof stat === "number") return stat === -ENOENT ? null : stat;
    const inode = this.#inodes.make(path, stat);
    return typeof inode === "number" ? inode : directory.add(name, inode);
  }

  *entries(directory: DentryRecord, after: number): Iterable<DirectoryEntry> {
    this.#list(directory);
    yield* directory.entries(after);
  }

  override unlink(dentry: DentryRecord): number {
    hostNodeOf(dentry.parent.inode)?.whiteouts.add(dentry.name);
    return super.unlink(dentry);
  }

  override rmdir(dentry: DentryRecord): number {
    const error = this.#list(dentry);
    if (error < 0) return error;
    if (dentry.children.size > 0) return -ENOTEMPTY;
    return super.rmdir(dentry);
  }

  override rename(dentry: DentryRecord, to: DentryRecord, name: string, replaced: DentryRecord | null): number {
    const from = { directory: dentry.parent, name: dentry.name };
    const error = super.rename(dentry, to, name, replaced);
    if (error === 0) hostNodeOf(from.directory.inode)?.whiteouts.add(from.name);
    return error;
  }

  inactive(inode: InodeRecord): void {
    hostNodeOf(inode)?.close();
  }

  /** Brings all names of the host's directory into the tree: 0, or -errno. */
  #list(directory: DentryRecord): number {
    const node = hostNodeOf(directory.inode);
    if (node === null || node.listed) return 0;
    const found = this.#inodes.host.list(node.path);
    if (typeof found === "number") return found;
    for (const { name, stat } of [...found].sort(byName)) {
      if (directory.children.has(name) || node.whiteouts.has(name)) continue;
      const inode = this.#inodes.make([...node.path, name], stat);
      if (typeof inode !== "number") directory.add(name, inode);
    }
    node.listed = true;
    return 0;
  }
}
