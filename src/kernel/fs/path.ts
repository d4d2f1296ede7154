/** Walking a path (path_resolution(7); fs/namei.c of Linux 6.12), and writing one down (d_path). */
import { EINVAL, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR } from "../../../abi/errno.ts";
import { NAME_MAX } from "../../../abi/fcntl.ts";
import { S_ISDIR, S_ISLNK } from "../../../abi/stat.ts";
import type { DentryRecord } from "./dentry.ts";
import { encodeName } from "./names.ts";

/** "the kernel imposes a limit of 40 on the number of symbolic links", path_resolution(7). */
const MAXSYMLINKS = 40;

/** Where a process stands in the tree (struct fs_struct). */
export class FsState {
  root: DentryRecord;
  cwd: DentryRecord;
  umask: number;

  constructor(root: DentryRecord, cwd: DentryRecord, umask: number) {
    this.root = root;
    this.cwd = cwd;
    this.umask = umask;
  }

  /** A first process: at the root, umask 022. */
  static root(tree: { readonly root: DentryRecord }): FsState {
    return new FsState(tree.root, tree.root, 0o022);
  }

  clone(): FsState {
    return new FsState(this.root, this.cwd, this.umask);
  }
}

/** Where a path ends. */
export interface Walked {
  /** The directory of the last component; of "/", "." and "..", the directory that they name. */
  readonly parent: DentryRecord;
  /** The last component. */
  readonly name: string;
  /** A name, or one of the last components that no call may create or remove. */
  readonly kind: "name" | "dot" | "dotdot" | "root";
  /** What is there, with mounts followed; null when the name is free. */
  readonly dentry: DentryRecord | null;
  /** The path ends in a slash: it means a directory. */
  readonly slash: boolean;
}

/** A path or a name as the bytes that user space sees. */
export const encodePath = encodeName;

const isTooLong = (name: string): boolean => name.length > NAME_MAX || encodePath(name).length > NAME_MAX;

/** The file system mounted on it, or itself. */
export const followMounts = (dentry: DentryRecord): DentryRecord => {
  let at = dentry;
  while (at.mounted !== null) at = at.mounted;
  return at;
};

const parentOf = (fs: FsState, dentry: DentryRecord): DentryRecord => {
  let at = dentry;
  while (at !== fs.root && at.mountPoint !== null) at = at.mountPoint;
  return at === fs.root ? at : followMounts(at.parent);
};

/** One name in a directory: null, it is free. */
const child = (directory: DentryRecord, name: string): DentryRecord | null | number => {
  const { operations } = directory.inode;
  const known = directory.children.get(name);
  const isStale = known !== undefined && operations.revalidate?.(known) === false;
  const found = (isStale ? undefined : known) ?? operations.lookup?.(directory, name) ?? null;
  return found === null || typeof found === "number" ? found : followMounts(found);
};

/** Target of a symbolic link, or -errno. */
const readLink = (dentry: DentryRecord): string | number =>
  dentry.inode.operations.readlink?.(dentry.inode) ?? dentry.inode.target;

const lastKind = (name: string): Walked["kind"] => {
  if (name === "") return "root";
  return name === "." ? "dot" : name === ".." ? "dotdot" : "name";
};

/** When a symbolic link at the end of a path is followed: always, if the path ends in a slash, or never. */
export type Follow = "always" | "slash" | "never";

/**
 * Walks `path` from `base` (from the root when it begins with a slash), following symbolic links on the way. -errno
 * when the walk cannot get to the last component.
 */
export const walk = (fs: FsState, base: DentryRecord, path: string, follow: Follow): Walked | number => {
  // "ENOENT: pathname is an empty string" (open(2) and others).
  if (path === "") return -ENOENT;
  let at = path.startsWith("/") ? fs.root : base;
  let rest = path;
  let links = 0;
  for (;;) {
    const [, name = "", tail = ""] = /^\/*([^/]*)(.*)$/s.exec(rest)!;
    if (!S_ISDIR(at.inode.mode)) return -ENOTDIR;
    const kind = lastKind(name);
    if (kind === "name" && isTooLong(name)) return -ENAMETOOLONG;
    const last = /^\/*$/.test(tail);
    const slash = last && tail !== "";
    const found = kind === "name" ? child(at, name) : kind === "dotdot" ? parentOf(fs, at) : at;
    if (typeof found === "number") return found;
    const follows = !last || follow === "always" || (follow === "slash" && slash);
    if (found !== null && S_ISLNK(found.inode.mode) && follows) {
      if (++links > MAXSYMLINKS) return -ELOOP;
      const jumped = found.inode.operations.jump?.(found.inode);
      if (typeof jumped === "number") return jumped;
      if (jumped !== undefined) {
        if (last) return { parent: at, name, kind, dentry: jumped, slash };
        at = jumped;
        rest = tail;
        continue;
      }
      const target = readLink(found);
      if (typeof target === "number") return target;
      if (target === "") return -ENOENT;
      if (target.startsWith("/")) at = fs.root;
      rest = target + tail;
      continue;
    }
    if (last) return { parent: kind === "name" ? at : found!, name, kind, dentry: found, slash };
    if (found === null) return -ENOENT;
    at = found;
    rest = tail;
  }
};

/** What is at the end of a path: the usual lookup of a call that neither creates nor removes. */
export const resolve = (fs: FsState, base: DentryRecord, path: string, follow: boolean): DentryRecord | number => {
  const walked = walk(fs, base, path, follow ? "always" : "slash");
  if (typeof walked === "number") return walked;
  if (walked.dentry === null) return -ENOENT;
  if (walked.slash && !S_ISDIR(walked.dentry.inode.mode)) return -ENOTDIR;
  return walked.dentry;
};

/** The path of a dentry as /proc shows it (d_path): " (deleted)" when the name is gone. */
export const pathOf = (dentry: DentryRecord): string => {
  if (dentry.parent === dentry && dentry.mountPoint === null && dentry.name !== "") return dentry.name;
  const names: string[] = [];
  let at = dentry;
  for (;;) {
    if (at.mountPoint !== null) at = at.mountPoint;
    else if (at.parent === at) break;
    else {
      names.unshift(at.name);
      at = at.parent;
    }
  }
  return `/${names.join("/")}${dentry.unlinked ? " (deleted)" : ""}`;
};

/** readlink(2) of something that is not a link is EINVAL. */
export const readLinkOf = (dentry: DentryRecord): string | number =>
  S_ISLNK(dentry.inode.mode) ? readLink(dentry) : -EINVAL;
