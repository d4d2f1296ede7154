/** The file tree: stat(2), mkdir(2), unlink(2), mknod(2) and reading directories. */
import { AT_FDCWD, AT_REMOVEDIR } from "../../abi/fcntl.ts";
import { DIRENT64_NAME, linuxDirent64, type Stat, stat } from "../../abi/stat.ts";
import { SYS_getdents64, SYS_mkdirat, SYS_mknodat, SYS_newfstatat, SYS_unlinkat } from "../../abi/syscalls.ts";
import type { SystemCalls } from "./calls.ts";
import { withCString } from "./files.ts";
import type { Heap } from "./heap.ts";

export interface DirectoryEntry {
  readonly d_ino: number;
  /** DT_…. */
  readonly d_type: number;
  readonly d_name: string;
}

export interface PathCalls {
  stat(path: string): Stat | -1;
  mkdir(path: string, mode: number): number;
  rmdir(path: string): number;
  unlink(path: string): number;
  /** `mode`: S_IF… | permissions. `dev`: makedev(major, minor) for a device, else 0. */
  mknod(path: string, mode: number, dev: number): number;
  /** The entries from the position of an open directory to its end, "." and ".." too. */
  readdir(fd: number): DirectoryEntry[] | -1;
}

/** As glibc's readdir(3) reads at once. */
const DIRECTORY_BUFFER = 32768;

export function pathCalls(calls: SystemCalls, heap: Heap): PathCalls {
  return {
    stat: (path) =>
      withCString(calls, heap, path, (name) =>
        heap.temporary(stat.size, (va) =>
          calls.call(SYS_newfstatat, AT_FDCWD, name, va, 0) < 0 ? -1 : stat.read(calls.user.read(va, stat.size)),
        ),
      ),
    mkdir: (path, mode) => withCString(calls, heap, path, (va) => calls.call(SYS_mkdirat, AT_FDCWD, va, mode)),
    rmdir: (path) => withCString(calls, heap, path, (va) => calls.call(SYS_unlinkat, AT_FDCWD, va, AT_REMOVEDIR)),
    unlink: (path) => withCString(calls, heap, path, (va) => calls.call(SYS_unlinkat, AT_FDCWD, va, 0)),
    mknod: (path, mode, dev) =>
      withCString(calls, heap, path, (va) => calls.call(SYS_mknodat, AT_FDCWD, va, mode, dev)),
    readdir: (fd) =>
      heap.temporary(DIRECTORY_BUFFER, (va) => {
        const entries: DirectoryEntry[] = [];
        for (;;) {
          const length = calls.call(SYS_getdents64, fd, va, DIRECTORY_BUFFER);
          if (length < 0) return -1;
          if (length === 0) return entries;
          entries.push(...parseEntries(calls.user.read(va, length)));
        }
      }),
  };
}

function parseEntries(bytes: Uint8Array): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const view = bytes.subarray(at);
    // The last record may be shorter than the padded struct, but never than 24 bytes: d_reclen is a multiple of 8.
    const { d_ino, d_type, d_reclen } = linuxDirent64.read(view);
    const name = view.subarray(DIRENT64_NAME, d_reclen);
    entries.push({ d_ino, d_type, d_name: new TextDecoder().decode(name.subarray(0, name.indexOf(0))) });
    at += d_reclen;
  }
  return entries;
}
