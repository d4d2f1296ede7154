/** A file without its name (struct inode), the file system it is on (struct super_block), and what a file system does. */
import { S_ISDIR } from "../../../abi/stat.ts";
import type { FileOperations, Inode } from "../../../devices/drivers/driver.ts";
import type { DentryRecord } from "./dentry.ts";
import type { HostSpace } from "./host-directory.ts";
import { FileLocks } from "./locks.ts";
import type { PageCache } from "./page-cache.ts";

/** Since the epoch; nanoseconds 0 … 999,999,999. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** One name in a directory, as getdents64 tells it. */
export interface DirectoryEntry {
  readonly name: string;
  readonly inode: { readonly ino: number; readonly mode: number };
  /** The directory's file position behind this entry: it grows from entry to entry and is never used again. */
  readonly cookie: number;
}

/** Largest file: 16 TiB less a page, as on ext4. A file position is exact in a number far beyond it. */
export const MAX_FILE_BYTES = 2 ** 44 - 4096;

export class SuperBlock {
  /** As /proc/mounts names it. */
  readonly type: string;
  /** Kernel dev_t (MKDEV): what stat and /proc/self/maps show as the device. */
  readonly dev: number;
  /** statfs(2)'s f_type. */
  readonly magic: number;
  /** Pages that all its files may hold together, those left out that can be read again; and pages that they hold. */
  readonly maxPages: number;
  usedPages = 0;
  /** Pages that say what the host's file says, and the caches that have some: they can go when memory is short. */
  cleanPages = 0;
  readonly reclaimable = new Set<PageCache>();
  /** Nothing on it can be changed: EROFS. */
  readOnly = false;
  /** What statfs tells instead of the pages. */
  space: (() => HostSpace | number) | null = null;
  #lastIno = 0;

  constructor(type: string, dev: number, magic: number, maxPages = Number.POSITIVE_INFINITY) {
    this.type = type;
    this.dev = dev;
    this.magic = magic;
    this.maxPages = maxPages;
  }

  /** Inode numbers count up from 1, so that runs repeat. */
  nextIno(): number {
    return ++this.#lastIno;
  }
}

/**
 * What a file system does with names (struct inode_operations). Without `create` a directory gives EACCES, without the
 * others EPERM, as Linux does. Each method has been told only what the VFS has checked: the parent is a living
 * directory, the name is free (or names the dentry).
 */
export interface InodeOperations {
  /** A child that the tree of dentries does not hold: null, it is not there; -errno, it cannot be. */
  lookup?(directory: DentryRecord, name: string): DentryRecord | null | number;
  /** Is a child that the tree of dentries holds still what its name says (d_revalidate)? If not, it has taken it out. */
  revalidate?(dentry: DentryRecord): boolean;
  /** Children whose cookie is above `after`, in the order of cookies; without it, those of the tree of dentries. */
  entries?(directory: DentryRecord, after: number): Iterable<DirectoryEntry>;
  /** A file that is neither directory nor symbolic link; `mode` has its S_IF… bits. */
  create?(directory: DentryRecord, name: string, mode: number, rdev: number): DentryRecord | number;
  mkdir?(directory: DentryRecord, name: string, mode: number): DentryRecord | number;
  symlink?(directory: DentryRecord, name: string, target: string): DentryRecord | number;
  link?(directory: DentryRecord, name: string, inode: InodeRecord): DentryRecord | number;
  unlink?(dentry: DentryRecord): number;
  rmdir?(dentry: DentryRecord): number;
  rename?(dentry: DentryRecord, to: DentryRecord, name: string, replaced: DentryRecord | null): number;
  /** Target of a symbolic link; without it, inode.target. */
  readlink?(inode: InodeRecord): string | number;
  /** A link of /proc that leads to an open file or a directory, whatever its path says now. */
  jump?(inode: InodeRecord): DentryRecord | number;
  /** truncate: without it the length stays, and nobody complains (simple_setattr). */
  setSize?(inode: InodeRecord, size: number): number;
  /** chmod, utimensat: told before the inode changes; -errno refuses it. Without it only the inode changes. */
  setAttributes?(inode: InodeRecord, attributes: Attributes): number;
  /** Nobody has the file open any more. */
  inactive?(inode: InodeRecord): void;
}

/** What setattr changes. */
export interface Attributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly atime?: Timestamp;
  readonly mtime?: Timestamp;
}

export class InodeRecord implements Inode {
  readonly superBlock: SuperBlock;
  readonly ino: number;
  readonly rdev: number;
  readonly operations: InodeOperations;
  /** What open(2) gives the file; null for a device node, whose driver gives it (i_fop). */
  readonly fileOperations: FileOperations | null;
  mode: number;
  uid = 0;
  gid = 0;
  /** Names: a directory has its own, "." in it and ".." in each directory below it. */
  nlink: number;
  size = 0;
  atime: Timestamp;
  mtime: Timestamp;
  ctime: Timestamp;
  privateData: unknown = null;
  /** Bytes of a regular file. */
  cache: PageCache | null = null;
  /** Locks of processes and open files; null: nobody has ever locked it. */
  locks: FileLocks | null = null;
  /** F_SEAL_… of a file of memfd_create(2); null: the file cannot be sealed. */
  seals: number | null = null;
  /** Of a symbolic link. */
  target = "";
  #users = 0;

  get isOpen(): boolean {
    return this.#users > 0;
  }

  constructor(
    superBlock: SuperBlock,
    mode: number,
    now: Timestamp,
    operations: InodeOperations,
    fileOperations: FileOperations | null,
    rdev = 0,
  ) {
    this.superBlock = superBlock;
    this.ino = superBlock.nextIno();
    this.mode = mode;
    this.rdev = rdev;
    this.operations = operations;
    this.fileOperations = fileOperations;
    this.nlink = S_ISDIR(mode) ? 2 : 1;
    this.atime = now;
    this.mtime = now;
    this.ctime = now;
  }

  takeLocks(): FileLocks {
    this.locks ??= new FileLocks();
    return this.locks;
  }

  /** An open file uses it (iget). */
  get(): void {
    this.#users++;
  }

  /** The last user of a file without a name frees its pages (iput_final). */
  put(): void {
    this.#users--;
    if (this.#users === 0) this.operations.inactive?.(this);
    this.#evict();
  }

  /** A name went. */
  dropLink(now: Timestamp): void {
    this.nlink--;
    this.ctime = now;
    this.#evict();
  }

  #evict(): void {
    if (this.nlink === 0 && this.#users === 0) this.cache?.release();
  }
}
