/** /dev: nodes come and go with the devices that drivers register (drivers/base/devtmpfs.c). */
import { S_IFCHR, S_ISDIR } from "../../../abi/stat.ts";
import type { DentryRecord } from "./dentry.ts";
import { RamFs } from "./ramfs.ts";

export class DevTmpFs extends RamFs {
  /** A node `name` (a path below /dev); an older node of the name gives way. `mode` is permissions. */
  deviceCreate(name: string, dev: number, mode: number): void {
    const names = name.split("/");
    const last = names.pop()!;
    let directory = this.root;
    for (const part of names) directory = directory.children.get(part) ?? this.mkdir(directory, part, 0o755);
    const before = directory.children.get(last);
    if (before !== undefined) this.unlink(before);
    this.create(directory, last, S_IFCHR | mode, dev);
  }

  /** Removes the node that deviceCreate made, and directories that it leaves empty. */
  deviceDestroy(dev: number): void {
    const node = find(this.root, dev);
    if (node === undefined) return;
    this.unlink(node);
    for (let at = node.parent; at !== this.root && at.children.size === 0; at = at.parent) this.rmdir(at);
  }
}

const find = (directory: DentryRecord, dev: number): DentryRecord | undefined => {
  for (const child of directory.children.values()) {
    if (S_ISDIR(child.inode.mode)) {
      const found = find(child, dev);
      if (found !== undefined) return found;
    } else if (child.inode.rdev === dev) return child;
  }
  return undefined;
};
