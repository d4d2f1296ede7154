/**
 * A directory of the host mounted in the machine's tree for reading and writing. Every write goes through to the host at
 * once; stores through a shared mapping at msync, fsync, munmap, close and exit.
 */
import { EIO, EPERM } from "../../../abi/errno.ts";
import { S_IFMT, S_IFREG, S_ISDIR, S_IWUSR } from "../../../abi/stat.ts";
import type { File, FileOperations, Inode } from "../../../devices/drivers/driver.ts";
import type { Core } from "../core.ts";
import type { DentryRecord } from "./dentry.ts";
import type { HostPath, HostStat, WritableHostDirectory } from "./host-directory.ts";
import { HostFs, nodeOf } from "./host-fs.ts";
import type { Attributes, InodeRecord, SuperBlock } from "./inode.ts";
import { pageMkwrite } from "./overlay-fs.ts";

/** Not S_ISUID and S_ISGID: what a guest makes must not run on the host with the rights of who runs the machine. */
const PERMISSIONS = 0o1777;

export class HostWriteFs extends HostFs {
  readonly #core: Core;
  readonly #host: WritableHostDirectory;

  constructor(core: Core, superBlock: SuperBlock, host: WritableHostDirectory) {
    super(core, superBlock, host, { pageMkwrite, close: (vma) => void this.#flush(vma.file!.inode) });
    superBlock.readOnly = false;
    this.#core = core;
    this.#host = host;
  }

  protected override fileOperations(regular: FileOperations): FileOperations {
    const through = (file: File, done: number): number => {
      const error = done > 0 ? this.#flush(file.inode) : 0;
      return error < 0 ? error : done;
    };
    return {
      ...regular,
      open: (inode, file) => nodeOf(inode).open(file.writable),
      write: (file, from, count, position) => through(file, regular.write!(file, from, count, position)),
      kernelWrite: (file, bytes, position) => through(file, regular.kernelWrite!(file, bytes, position)),
      fsync: (file) => this.#flush(file.inode) || nodeOf(file.inode).sync(),
      release: (inode) => this.#flush(inode),
    };
  }

  create(directory: DentryRecord, name: string, mode: number): DentryRecord | number {
    if ((mode & S_IFMT) !== S_IFREG) return -EPERM;
    const file = this.#host.create(this.#below(directory, name), mode & PERMISSIONS);
    if (typeof file === "number") return file;
    const made = this.#made(directory, name);
    // Who makes a file that nobody may write has it open for writing all the same.
    if (typeof made !== "number" && (mode & S_IWUSR) === 0) nodeOf(made.inode).adopt(file, true);
    else file.close();
    return made;
  }

  mkdir(directory: DentryRecord, name: string, mode: number): DentryRecord | number {
    const error = this.#host.mkdir(this.#below(directory, name), mode & PERMISSIONS);
    return error < 0 ? error : this.#made(directory, name);
  }

  symlink(directory: DentryRecord, name: string, target: string): DentryRecord | number {
    const error = this.#host.symlink(this.#below(directory, name), target);
    return error < 0 ? error : this.#made(directory, name);
  }

  link(directory: DentryRecord, name: string, inode: InodeRecord): DentryRecord | number {
    const path = this.#below(directory, name);
    const error = this.#host.link(nodeOf(inode).path, path);
    if (error < 0) return error;
    inode.nlink++;
    return directory.add(name, inode);
  }

  unlink(dentry: DentryRecord): number {
    return this.#removed(dentry, this.#host.unlink(this.#pathOf(dentry)));
  }

  rmdir(dentry: DentryRecord): number {
    return this.#removed(dentry, this.#host.rmdir(this.#pathOf(dentry)));
  }

  rename(dentry: DentryRecord, to: DentryRecord, name: string, replaced: DentryRecord | null): number {
    const error = this.#host.rename(this.#pathOf(dentry), this.#below(to, name));
    if (error < 0) return error;
    if (replaced !== null) this.#removed(replaced, 0);
    dentry.moveTo(to, name);
    relocate(dentry, this.#below(to, name));
    return 0;
  }

  override setSize(inode: InodeRecord, size: number): number {
    const error = nodeOf(inode).truncate(size) || this.regular.setSize(inode, size);
    if (error < 0) return error;
    nodeOf(inode).size = size;
    this.#refreshTimes(inode);
    return 0;
  }

  setAttributes(inode: InodeRecord, { mode, uid, gid, atime, mtime }: Attributes): number {
    // An owner other than the one it has would take rights on the host that the machine has not.
    if ((uid ?? inode.uid) !== inode.uid || (gid ?? inode.gid) !== inode.gid) return -EPERM;
    const { path } = nodeOf(inode);
    if (mode !== undefined) {
      const error = this.#host.chmod(path, mode & PERMISSIONS);
      if (error < 0) return error;
    }
    if (atime === undefined && mtime === undefined) return 0;
    return this.#host.utimes(path, atime ?? inode.atime, mtime ?? inode.mtime);
  }

  protected override absorb(inode: InodeRecord, stat: HostStat): void {
    // What a mapping has written is younger than what the host has.
    if (inode.cache?.isChanged === true) this.#flush(inode);
    super.absorb(inode, stat);
  }

  #below(directory: DentryRecord, name: string): HostPath {
    return [...nodeOf(directory.inode).path, name];
  }

  #pathOf(dentry: DentryRecord): HostPath {
    return this.#below(dentry.parent, dentry.name);
  }

  #made(directory: DentryRecord, name: string): DentryRecord | number {
    return this.lookup(directory, name) ?? -EIO;
  }

  #removed(dentry: DentryRecord, error: number): number {
    if (error < 0) return error;
    dentry.detach();
    dentry.inode.dropLink(this.#core.realTime());
    return 0;
  }

  /** The host gets what has been written: 0, or -errno, after which the file says again what the host says. */
  #flush(which: Inode): number {
    const inode = which as InodeRecord;
    const cache = inode.cache!;
    if (!cache.isChanged) return 0;
    const node = nodeOf(inode);
    this.#core.cleanMappings(inode);
    const error = cache.writeBack(inode.size, (bytes, position) => node.write(bytes, position));
    if (error === 0) node.size = Math.max(node.size, inode.size);
    this.#refreshTimes(inode);
    return error;
  }

  #refreshTimes(inode: InodeRecord): void {
    const { stat } = nodeOf(inode);
    if (stat === null) return;
    inode.mtime = stat.mtime;
    inode.ctime = stat.ctime;
  }
}

/** A directory has moved, and all that the tree holds of it. */
const relocate = (dentry: DentryRecord, path: HostPath): void => {
  nodeOf(dentry.inode).path = path;
  if (S_ISDIR(dentry.inode.mode)) {
    for (const child of dentry.children.values()) relocate(child, [...path, child.name]);
  }
};
