/**
 * /proc: files whose content is made when somebody reads them (fs/proc, fs/seq_file.c of Linux 6.12).
 *
 * A text is made by the read at position 0 and kept in the open file, so that a program that reads on sees one state.
 */
import { EINVAL, EIO, ENOENT } from "../../../abi/errno.ts";
import { SEEK_CUR, SEEK_SET } from "../../../abi/fcntl.ts";
import { S_IFDIR, S_IFLNK, S_IFREG } from "../../../abi/stat.ts";
import type { FileOperations } from "../../../devices/drivers/driver.ts";
import type { Core } from "../core.ts";
import type { Task } from "../task.ts";
import { DentryRecord } from "./dentry.ts";
import { directoryOperations } from "./directory.ts";
import { type DirectoryEntry, type InodeOperations, InodeRecord, type SuperBlock } from "./inode.ts";
import { encodePath, pathOf } from "./path.ts";

/** The text of a file; `task` is the process that the file is about: the reader, for a file that is about none. */
export type ProcText = (core: Core, task: Task) => string | Uint8Array;
/** Where a link of a process leads; null: nowhere (ENOENT). */
export type ProcLink = (core: Core, task: Task) => DentryRecord | null;

/** Directory positions of processes lie behind all other names' (FIRST_PROCESS_ENTRY). */
const FIRST_PROCESS_COOKIE = 0x10_0000;
/** Of descriptors in /proc/<pid>/fd. */
const FIRST_FD_COOKIE = 3;

export class ProcFs {
  readonly root: DentryRecord;
  readonly #core: Core;
  readonly #superBlock: SuperBlock;
  readonly #pidFiles = new Map<string, { mode: number; text: ProcText }>();
  readonly #pidLinks = new Map<string, ProcLink>();
  /** Directories of processes that somebody has looked at. */
  readonly #pidDirectories = new WeakMap<Task, DentryRecord>();

  constructor(core: Core, superBlock: SuperBlock) {
    this.#core = core;
    this.#superBlock = superBlock;
    const operations: InodeOperations = {
      lookup: (_directory, name) => this.#lookupPid(name),
      entries: (directory, after) => this.#rootEntries(directory, after),
    };
    this.root = new DentryRecord("", this.#newInode(S_IFDIR | 0o555, operations, directoryOperations));
    this.symlink("self", () => String(core.current.pid));
    this.pidCreate("comm", (_, task) => `${task.comm}\n`, 0o644);
    this.pidCreate("cmdline", (_, task) => task.argv.map((argument) => `${argument}\0`).join(""));
    this.pidLink("cwd", (_, task) => task.fs.cwd);
    this.pidLink("exe", (_, task) => task.executable?.dentry ?? null);
    this.pidLink("root", (_, task) => task.fs.root);
  }

  /** A file /proc/`path`; directories above it are made. */
  create(path: string, text: ProcText, mode = 0o444): void {
    const read = textOperations(this.#core, () => text(this.#core, this.#core.current), -EIO);
    const names = path.split("/");
    const name = names.pop()!;
    let directory = this.root;
    for (const part of names) {
      directory =
        directory.children.get(part) ??
        directory.add(part, this.#newInode(S_IFDIR | 0o555, nothingToLookUp, directoryOperations));
    }
    directory.add(name, this.#newInode(S_IFREG | mode, nothingToLookUp, read));
  }

  /** A file `name` in the directory of each process. */
  pidCreate(name: string, text: ProcText, mode = 0o444): void {
    this.#pidFiles.set(name, { mode, text });
  }

  /** A link `name` in the directory of each process. */
  pidLink(name: string, link: ProcLink): void {
    this.#pidLinks.set(name, link);
  }

  /** A symbolic link /proc/`name` whose target depends on who reads it. */
  symlink(name: string, target: () => string): void {
    this.root.add(name, this.#newInode(S_IFLNK | 0o777, { readlink: target }, null));
  }

  #newInode(mode: number, operations: InodeOperations, fileOperations: FileOperations | null): InodeRecord {
    return new InodeRecord(this.#superBlock, mode, this.#core.realTime(), operations, fileOperations);
  }

  /** A name that is not there cannot be created either: -ENOENT, not null. */
  #lookupPid(name: string): DentryRecord | number {
    const task = /^[1-9]\d*$/.test(name) ? this.#core.tasks.get(Number(name)) : undefined;
    return task === undefined ? -ENOENT : this.#pidDirectory(task);
  }

  *#rootEntries(directory: DentryRecord, after: number): Iterable<DirectoryEntry> {
    yield* directory.entries(after);
    const tasks = [...this.#core.tasks].sort((a, b) => a.pid - b.pid);
    for (const task of tasks) {
      const cookie = FIRST_PROCESS_COOKIE + task.pid;
      if (cookie > after) yield { name: String(task.pid), inode: this.#pidDirectory(task).inode, cookie };
    }
  }

  #pidDirectory(task: Task): DentryRecord {
    const known = this.#pidDirectories.get(task);
    if (known !== undefined) return known;
    const inode = this.#newInode(S_IFDIR | 0o555, nothingToLookUp, directoryOperations);
    const directory = new DentryRecord(String(task.pid), inode, this.root);
    for (const [name, { mode, text }] of this.#pidFiles) {
      const operations = textOperations(this.#core, () => text(this.#core, task), -EINVAL);
      directory.add(name, this.#newInode(S_IFREG | mode, nothingToLookUp, operations));
    }
    for (const [name, link] of this.#pidLinks) {
      directory.add(
        name,
        this.#newLink(() => link(this.#core, task), 0o777),
      );
    }
    const fdOperations: InodeOperations = {
      lookup: (fds, name) => this.#lookupFd(task, fds, name),
      entries: (fds, after) => this.#fdEntries(task, fds, after),
    };
    directory.add("fd", this.#newInode(S_IFDIR | 0o500, fdOperations, directoryOperations));
    this.#pidDirectories.set(task, directory);
    return directory;
  }

  #newLink(target: () => DentryRecord | null, mode: number): InodeRecord {
    const readlink = (): string | number => {
      const dentry = target();
      return dentry === null ? -ENOENT : pathOf(dentry);
    };
    const inode = this.#newInode(S_IFLNK | mode, { readlink, jump: () => target() ?? -ENOENT }, null);
    inode.size = 64;
    return inode;
  }

  #lookupFd(task: Task, fds: DentryRecord, name: string): DentryRecord | number {
    const fd = /^(0|[1-9]\d*)$/.test(name) ? Number(name) : -1;
    const file = task.files.getRaw(fd);
    if (file === undefined) return -ENOENT;
    const mode = 0o100 | (file.readable ? 0o400 : 0) | (file.writable ? 0o200 : 0);
    return new DentryRecord(
      name,
      this.#newLink(() => task.files.getRaw(fd)?.dentry ?? null, mode),
      fds,
    );
  }

  *#fdEntries(task: Task, fds: DentryRecord, after: number): Iterable<DirectoryEntry> {
    for (const fd of task.files.open()) {
      const dentry = FIRST_FD_COOKIE + fd > after ? this.#lookupFd(task, fds, String(fd)) : -ENOENT;
      if (typeof dentry !== "number") yield { name: dentry.name, inode: dentry.inode, cookie: FIRST_FD_COOKIE + fd };
    }
  }
}

const nothingToLookUp: InodeOperations = { lookup: () => -ENOENT };

/** A file of text (seq_file). Writing to it gives `writeError`. */
const textOperations = (core: Core, text: () => string | Uint8Array, writeError: number): FileOperations => ({
  read(file, buffer, count, position) {
    if (position.value === 0 || file.privateData === null) {
      const made = text();
      file.privateData = typeof made === "string" ? encodePath(made) : made;
    }
    return core.simpleReadFromBuffer(buffer, count, position, file.privateData as Uint8Array);
  },
  write: () => writeError,
  // seq_lseek() knows no end.
  llseek(file, offset, whence) {
    const target = whence === SEEK_CUR ? file.position.value + offset : offset;
    return (whence !== SEEK_SET && whence !== SEEK_CUR) || target < 0 ? -EINVAL : target;
  },
});
