/**
 * /sys/kernel/debug (fs/debugfs of Linux 6.12). A file made by debugfsCreateFile stands behind a proxy, which has no
 * mmap (ENODEV) and answers EIO once the file is removed; the unsafe one gives the driver's operations as they are.
 */
import { EIO } from "../../../abi/errno.ts";
import { S_IFDIR, S_IFMT, S_IFREG } from "../../../abi/stat.ts";
import type { Dentry, File, FileOperations, Inode } from "../../../devices/drivers/driver.ts";
import { KERN_ERR } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import type { ModuleOwner } from "../module-loader.ts";
import { DentryRecord } from "./dentry.ts";
import { directoryOperations } from "./directory.ts";
import type { OpenFile } from "./file.ts";
import { type InodeOperations, InodeRecord, type SuperBlock } from "./inode.ts";

/** Users can make nothing here: EACCES for a file, EPERM for the rest. */
const inodeOperations: InodeOperations = {};

export class DebugFs {
  readonly root: DentryRecord;
  readonly #core: Core;
  readonly #superBlock: SuperBlock;

  constructor(core: Core, superBlock: SuperBlock) {
    this.#core = core;
    this.#superBlock = superBlock;
    this.root = new DentryRecord("", this.#newInode(S_IFDIR | 0o700, directoryOperations));
  }

  /** `data` goes into inode.privateData; `owner` is the module of `ops`. */
  createFile(
    name: string,
    mode: number,
    parent: Dentry | null,
    data: unknown,
    ops: FileOperations,
    owner: ModuleOwner | null,
  ): Dentry {
    return this.#add(name, parent, this.#newInode(regular(mode), opener(makeProxy(ops), ops, owner), data));
  }

  createFileUnsafe(
    name: string,
    mode: number,
    parent: Dentry | null,
    data: unknown,
    ops: FileOperations,
    owner: ModuleOwner | null,
  ): Dentry {
    return this.#add(name, parent, this.#newInode(regular(mode), opener(ops, ops, owner), data));
  }

  createDir(name: string, parent: Dentry | null): Dentry {
    return this.#add(name, parent, this.#newInode(S_IFDIR | 0o755, directoryOperations));
  }

  /** A directory goes with all that is in it. */
  remove(dentry: Dentry): void {
    if (!(dentry instanceof DentryRecord) || dentry.parent === dentry || dentry.unlinked) return;
    for (const child of [...dentry.children.values()]) this.remove(child);
    dentry.detach();
    dentry.inode.dropLink(this.#core.realTime());
  }

  #newInode(mode: number, operations: FileOperations, data: unknown = null): InodeRecord {
    const inode = new InodeRecord(this.#superBlock, mode, this.#core.realTime(), inodeOperations, operations);
    inode.privateData = data;
    return inode;
  }

  /** Of a name that is taken, and under a parent that is not there, the driver gets a dentry in no directory. */
  #add(name: string, parent: Dentry | null, inode: InodeRecord): Dentry {
    const directory = (parent as DentryRecord | null) ?? this.root;
    if (!directory.children.has(name) && (directory === this.root || directory.parent !== directory)) {
      return directory.add(name, inode);
    }
    this.#core.printk(`${KERN_ERR}debugfs: File '${name}' in directory '${directory.name || "/"}' already present!\n`);
    return new DentryRecord(name, inode);
  }
}

const regular = (mode: number): number => ((mode & S_IFMT) === 0 ? mode | S_IFREG : mode);

/** What a new open file of the inode begins with: its open puts `methods` in its own place and calls the driver's. */
const opener = (methods: FileOperations, driver: FileOperations, owner: ModuleOwner | null): FileOperations => ({
  open(inode: Inode, file: File): number {
    const opened = file as OpenFile;
    owner?.get();
    opened.owner = owner;
    opened.ops = methods;
    return driver.open?.(inode, file) ?? 0;
  },
});

type Method = (file: File, ...rest: unknown[]) => number;

/** full_proxy_…: each of these that the driver has, asked only while the file is there. */
const PROXIED = ["read", "write", "llseek", "ioctl", "poll"] as const;

const makeProxy = (ops: FileOperations): FileOperations => {
  const driver = ops as unknown as Record<string, Method | undefined>;
  const proxy: Record<string, unknown> = { release: (inode: Inode, file: File) => ops.release?.(inode, file) ?? 0 };
  for (const name of PROXIED) {
    if (driver[name] === undefined) continue;
    const method: Method = (file, ...rest) =>
      (file as OpenFile).dentry.unlinked ? -EIO : driver[name]!(file, ...rest);
    proxy[name] = method;
  }
  return proxy as FileOperations;
};
