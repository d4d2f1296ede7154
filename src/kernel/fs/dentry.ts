/** A name in the tree (struct dentry). The tree of dentries is itself the directory of an in-memory file system. */
import type { Dentry } from "../../../devices/drivers/driver.ts";
import type { DirectoryEntry, InodeRecord } from "./inode.ts";

/** Directory positions: 0 before ".", then behind it, then behind "..", then the children's. */
export const COOKIE_DOT = 1;
export const COOKIE_DOT_DOT = 2;

export class DentryRecord implements Dentry {
  name: string;
  /** The root of a file system, and a file that is in no directory, are their own parents. */
  parent: DentryRecord;
  readonly inode: InodeRecord;
  readonly children = new Map<string, DentryRecord>();
  /** The root of the file system that is mounted here, and back. */
  mounted: DentryRecord | null = null;
  mountPoint: DentryRecord | null = null;
  /** The name is gone; the file may still be open. */
  unlinked = false;
  cookie = COOKIE_DOT_DOT;
  #lastCookie = COOKIE_DOT_DOT;

  /** Without a parent: a root, or a file whose whole path `name` is (a pipe). */
  constructor(name: string, inode: InodeRecord, parent?: DentryRecord) {
    this.name = name;
    this.inode = inode;
    this.parent = parent ?? this;
  }

  /** A new child under a name that is free. */
  add(name: string, inode: InodeRecord): DentryRecord {
    const child = new DentryRecord(name, inode, this);
    this.#adopt(child);
    return child;
  }

  /** Takes the name out of its directory. */
  detach(): void {
    this.parent.children.delete(this.name);
    this.unlinked = true;
  }

  /** rename: the same dentry under another name, in another directory. */
  moveTo(parent: DentryRecord, name: string): void {
    this.parent.children.delete(this.name);
    this.parent = parent;
    this.name = name;
    parent.#adopt(this);
  }

  *entries(after: number): Iterable<DirectoryEntry> {
    for (const child of this.children.values()) if (child.cookie > after) yield child;
  }

  /** Is this the dentry itself or a directory above it, within one file system? */
  isAncestorOf(dentry: DentryRecord): boolean {
    for (let at = dentry; ; at = at.parent) {
      if (at === this) return true;
      if (at.parent === at) return false;
    }
  }

  #adopt(child: DentryRecord): void {
    child.cookie = ++this.#lastCookie;
    this.children.set(child.name, child);
  }
}
