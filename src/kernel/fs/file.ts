/** One open file (struct file): what open(2) makes, dup shares, and the last close or unmap gives back. */
import {
  O_ACCMODE,
  O_APPEND,
  O_DIRECT,
  O_NOATIME,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
} from "../../../abi/fcntl.ts";
import type { File, FileOperations, Position } from "../../../devices/drivers/driver.ts";
import type { ModuleOwner } from "../module-loader.ts";
import type { DentryRecord } from "./dentry.ts";
import type { InodeRecord } from "./inode.ts";
import { pathOf } from "./path.ts";

/** Flags that F_SETFL can change (SETFL_MASK of fs/fcntl.c; O_ASYNC is not modelled). */
export const SETFL_MASK = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;

export class OpenFile implements File {
  readonly dentry: DentryRecord;
  readonly inode: InodeRecord;
  flags: number;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Open may put a driver's own here. */
  ops: FileOperations;
  /** The module that `ops` is in. */
  owner: ModuleOwner | null = null;
  readonly position: Position = { value: 0 };
  privateData: unknown = null;
  #refcount = 1;

  constructor(dentry: DentryRecord, flags: number, ops: FileOperations) {
    const mode = flags & O_ACCMODE;
    this.dentry = dentry;
    this.inode = dentry.inode;
    this.flags = flags;
    this.readable = mode === O_RDONLY || mode === O_RDWR;
    this.writable = mode === O_WRONLY || mode === O_RDWR;
    this.ops = ops;
    this.inode.get();
  }

  get name(): string {
    return this.dentry.name;
  }

  get path(): string {
    return pathOf(this.dentry);
  }

  /** One user more: a descriptor, or a mapping. */
  get(): this {
    this.#refcount++;
    return this;
  }

  /** One user less; the last one calls release (fput). */
  put(): void {
    if (--this.#refcount > 0) return;
    if (this.#refcount < 0) throw new Error(`assert: ${this.path} was put once too often`);
    try {
      this.ops.release?.(this.inode, this);
    } finally {
      // Also when the driver's release ends in an Oops.
      this.dismiss();
    }
  }

  /** The end without release: open failed. */
  dismiss(): void {
    this.owner?.put();
    this.owner = null;
    this.inode.locks?.release(this);
    this.inode.put();
  }
}
