/** What the system calls on paths share: a path out of user memory, and the directory that it begins in. */
import { EBADF, ENOENT, ENOTDIR } from "../../../abi/errno.ts";
import { AT_FDCWD, PATH_MAX } from "../../../abi/fcntl.ts";
import { S_ISDIR } from "../../../abi/stat.ts";
import type { Core } from "../core.ts";
import type { DentryRecord } from "./dentry.ts";
import { resolve, type Walked, walk } from "./path.ts";

/** getname(): the path, or -EFAULT, -ENAMETOOLONG, and -ENOENT for an empty one unless that is allowed. */
export const readPath = (core: Core, pointer: number, emptyAllowed = false): string | number => {
  const path = core.strncpyFromUser(pointer, PATH_MAX);
  return path === "" && !emptyAllowed ? -ENOENT : path;
};

/** The directory that a path begins in. A path from the root never looks at `dirfd`. */
export const directoryOf = (core: Core, dirfd: number, path: string): DentryRecord | number => {
  const { fs, files } = core.current;
  if (path.startsWith("/")) return fs.root;
  if ((dirfd | 0) === AT_FDCWD) return fs.cwd;
  const file = files.getRaw(dirfd | 0);
  // "EBADF: pathname is relative but dirfd is neither AT_FDCWD nor a valid file descriptor."
  if (file === undefined) return -EBADF;
  // "ENOTDIR: pathname is relative and dirfd is a file descriptor referring to a file other than a directory."
  return path !== "" && !S_ISDIR(file.inode.mode) ? -ENOTDIR : file.dentry;
};

/** Walks to where a name is made or removed; the last component is not followed. */
export const walkAt = (core: Core, dirfd: number, pointer: number): Walked | number => {
  const path = readPath(core, pointer);
  if (typeof path === "number") return path;
  const base = directoryOf(core, dirfd, path);
  return typeof base === "number" ? base : walk(core.current.fs, base, path, "never");
};

/** The existing file of a path. With `emptyAllowed` (AT_EMPTY_PATH) "" is what `dirfd` refers to. */
export const lookupAt = (
  core: Core,
  dirfd: number,
  pointer: number,
  follow: boolean,
  emptyAllowed = false,
): DentryRecord | number => {
  const path = readPath(core, pointer, emptyAllowed);
  if (typeof path === "number") return path;
  const base = directoryOf(core, dirfd, path);
  return typeof base === "number" || path === "" ? base : resolve(core.current.fs, base, path, follow);
};
