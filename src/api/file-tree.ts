/** The machine's tree of files, as the host reaches it: at once, and as root. Paths are absolute, as the guest sees them. */
import { EEXIST, EINVAL, EISDIR, ENOTDIR, ENOTEMPTY, EPERM } from "../../abi/errno.ts";
import { O_CREAT, O_RDWR, O_TRUNC } from "../../abi/fcntl.ts";
import { S_IFMT, S_ISDIR, S_ISLNK, S_ISREG } from "../../abi/stat.ts";
import type { DentryRecord } from "../kernel/fs/dentry.ts";
import { directoryEntries } from "../kernel/fs/directory.ts";
import { FsState, readLinkOf, resolve, type Walked, walk } from "../kernel/fs/path.ts";
import type { Vfs } from "../kernel/fs/vfs.ts";
import { errnoError, ScanoutError } from "./error.ts";

export interface FileStat {
  readonly ino: number;
  /** S_IF… | permissions. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  readonly nlink: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymbolicLink: boolean;
}

const PERMISSIONS = 0o7777;

/** Every failure is a ScanoutError whose code is Linux's errno for it. */
export class FileTree {
  readonly #vfs: Vfs;
  readonly #alive: () => void;

  /** `alive` throws once the machine is disposed of. */
  constructor(vfs: Vfs, alive: () => void) {
    this.#vfs = vfs;
    this.#alive = alive;
  }

  /** Makes or replaces a file. Text is written as UTF-8. A program file needs no mode: root may execute all. */
  writeFile(path: string, data: string | Uint8Array, { mode = 0o755 }: { mode?: number } = {}): void {
    const what = `write ${path}`;
    const file = this.#vfs.open(this.#fs(), absolute(what, path), O_CREAT | O_TRUNC | O_RDWR, mode & PERMISSIONS);
    if (typeof file === "number") throw errnoError(what, file);
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    try {
      for (let done = 0; done < bytes.length; ) {
        const count = file.ops.kernelWrite?.(file, bytes.subarray(done), file.position) ?? -EINVAL;
        if (count <= 0) throw errnoError(what, count);
        done += count;
      }
    } finally {
      file.put();
    }
  }

  /** The bytes of a regular file (of /proc there is none to read: EINVAL). */
  readFile(path: string): Uint8Array;
  readFile(path: string, encoding: "utf8"): string;
  readFile(path: string, encoding?: "utf8"): Uint8Array | string {
    const what = `read ${path}`;
    const { inode } = this.#find(what, path, true);
    if (S_ISDIR(inode.mode)) throw errnoError(what, -EISDIR);
    if (inode.cache === null) throw errnoError(what, -EINVAL);
    const bytes = inode.cache.read(0, inode.size);
    return encoding === undefined ? bytes : new TextDecoder().decode(bytes);
  }

  exists(path: string): boolean {
    return typeof resolve(this.#fs(), this.#vfs.root, absolute("exists", path), true) !== "number";
  }

  /** Follows symbolic links. */
  stat(path: string): FileStat {
    return statOf(this.#find(`stat ${path}`, path, true));
  }

  lstat(path: string): FileStat {
    return statOf(this.#find(`lstat ${path}`, path, false));
  }

  /** Names, in the order in which the guest's getdents64 gives them, without "." and "..". */
  readdir(path: string): string[] {
    const what = `readdir ${path}`;
    const directory = this.#find(what, path, true);
    if (!S_ISDIR(directory.inode.mode)) throw errnoError(what, -ENOTDIR);
    const names = [...directoryEntries(this.#fs(), directory, 0)].map(({ name }) => name);
    return names.filter((name) => name !== "." && name !== "..");
  }

  /** `recursive`: those above it too, and it may be there already. */
  mkdir(path: string, { recursive = false, mode = 0o755 }: { recursive?: boolean; mode?: number } = {}): void {
    if (recursive) {
      for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1))
        this.#mkdirUnlessThere(path.slice(0, at), mode);
      this.#mkdirUnlessThere(path, mode);
      return;
    }
    this.#make(`mkdir ${path}`, path, ({ parent, name }) =>
      parent.inode.operations.mkdir?.(parent, name, mode & PERMISSIONS),
    );
  }

  symlink(target: string, path: string): void {
    this.#make(`symlink ${path}`, path, ({ parent, name }) => parent.inode.operations.symlink?.(parent, name, target));
  }

  readlink(path: string): string {
    const what = `readlink ${path}`;
    const target = readLinkOf(this.#find(what, path, false));
    if (typeof target === "number") throw errnoError(what, target);
    return target;
  }

  unlink(path: string): void {
    const what = `unlink ${path}`;
    const dentry = this.#find(what, path, false);
    if (S_ISDIR(dentry.inode.mode)) throw errnoError(what, -EISDIR);
    succeed(what, dentry.parent.inode.operations.unlink?.(dentry));
  }

  rmdir(path: string): void {
    const what = `rmdir ${path}`;
    const dentry = this.#find(what, path, false);
    if (!S_ISDIR(dentry.inode.mode)) throw errnoError(what, -ENOTDIR);
    if (dentry.children.size > 0) throw errnoError(what, -ENOTEMPTY);
    if (dentry.mountPoint !== null) throw errnoError(what, -EPERM);
    succeed(what, dentry.parent.inode.operations.rmdir?.(dentry));
  }

  #mkdirUnlessThere(path: string, mode: number): void {
    if (!this.exists(path)) this.mkdir(path, { mode });
  }

  #fs(): FsState {
    this.#alive();
    const fs = FsState.root(this.#vfs);
    fs.umask = 0;
    return fs;
  }

  #find(what: string, path: string, follow: boolean): DentryRecord {
    const found = resolve(this.#fs(), this.#vfs.root, absolute(what, path), follow);
    if (typeof found === "number") throw errnoError(what, found);
    return found;
  }

  #make(what: string, path: string, make: (at: Walked) => DentryRecord | number | undefined): void {
    const walked = walk(this.#fs(), this.#vfs.root, absolute(what, path), "never");
    if (typeof walked === "number") throw errnoError(what, walked);
    if (walked.kind !== "name" || walked.dentry !== null) throw errnoError(what, -EEXIST);
    succeed(what, make(walked));
  }
}

/** A relative path has nothing to begin at. */
const absolute = (what: string, path: string): string => {
  if (path.startsWith("/") && !path.includes("\0")) return path;
  throw new ScanoutError("EINVAL", `EINVAL: the path "${path}" is not absolute, or has a NUL in it, ${what}`);
};

/** What a file system without the operation gives is EPERM. */
const succeed = (what: string, result: DentryRecord | number | undefined): void => {
  if (result === undefined) throw errnoError(what, -EPERM);
  if (typeof result === "number" && result < 0) throw errnoError(what, result);
};

const statOf = ({ inode }: DentryRecord): FileStat => ({
  ino: inode.ino,
  mode: inode.mode & (S_IFMT | PERMISSIONS),
  size: inode.size,
  nlink: inode.nlink,
  mtime: inode.mtime.seconds * 1000 + Math.floor(inode.mtime.nanoseconds / 1e6),
  isFile: S_ISREG(inode.mode),
  isDirectory: S_ISDIR(inode.mode),
  isSymbolicLink: S_ISLNK(inode.mode),
});
