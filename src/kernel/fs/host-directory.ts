/**
 * A directory of the host as the kernel sees it: what the embedder supplies (src/host/node-directory.ts over Node; a
 * browser may have one in memory). The kernel never hands over "." or "..", a slash or a NUL: a place is a list of names
 * below the directory, and the implementation must not follow symbolic links on the way to it. Names are strings as
 * names.ts makes them. Every failure is a negative errno of Linux.
 */
import type { Timestamp } from "./inode.ts";

/** A place in the directory: the names that lead there; none is the directory itself. */
export type HostPath = readonly string[];

/** What lstat(2) tells. `mode` has its S_IF… bits of Linux. */
export interface HostStat {
  /** Two names with the same key are the same file. */
  readonly key: string;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  /** Device number of a device node, as MKDEV makes it. */
  readonly rdev: number;
  /** Bytes. */
  readonly size: number;
  readonly atime: Timestamp;
  readonly mtime: Timestamp;
  readonly ctime: Timestamp;
}

export interface HostEntry {
  readonly name: string;
  readonly stat: HostStat;
}

/** statfs(2): blocks of `blockSize` bytes. */
export interface HostSpace {
  readonly blockSize: number;
  readonly blocks: number;
  readonly free: number;
  readonly available: number;
}

/** An open regular file. */
export interface HostFile {
  stat(): HostStat;
  /** Bytes read, 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** Bytes written. */
  write(bytes: Uint8Array, position: number): number;
  truncate(size: number): number;
  sync(): number;
  close(): void;
}

/** What the kernel asks of a directory that is only read. */
export interface HostDirectory {
  lstat(path: HostPath): HostStat | number;
  /** In any order, "." and ".." left out. */
  list(path: HostPath): readonly HostEntry[] | number;
  readlink(path: HostPath): string | number;
  /** A regular file, and nothing else; never one that a symbolic link leads to. */
  open(path: HostPath, writable: boolean): HostFile | number;
  space(): HostSpace | number;
}

/** And of one that is written. */
export interface WritableHostDirectory extends HostDirectory {
  /** A new regular file, open for reading and writing: -EEXIST when the name is taken, by whatever. */
  create(path: HostPath, mode: number): HostFile | number;
  mkdir(path: HostPath, mode: number): number;
  symlink(path: HostPath, target: string): number;
  link(from: HostPath, to: HostPath): number;
  unlink(path: HostPath): number;
  rmdir(path: HostPath): number;
  /** Replaces what is at `to`. */
  rename(from: HostPath, to: HostPath): number;
  /** Of a regular file or directory. */
  chmod(path: HostPath, mode: number): number;
  /** Of a regular file or directory. */
  utimes(path: HostPath, atime: Timestamp, mtime: Timestamp): number;
}
