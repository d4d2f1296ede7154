/**
 * The tree of files: what is mounted where at boot, and the calls on names (fs/namei.c, fs/open.c of Linux 6.12). Every
 * call gives what Linux gives, in Linux's order of checks; a failure is a negative errno.
 */
import {
  EACCES,
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOTDIR,
  ENXIO,
  EOPNOTSUPP,
  EROFS,
} from "../../../abi/errno.ts";
import {
  O_ACCMODE,
  O_APPEND,
  O_ASYNC,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECT,
  O_DIRECTORY,
  O_DSYNC,
  O_EXCL,
  O_LARGEFILE,
  O_NOATIME,
  O_NOCTTY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_SYNC,
  O_TMPFILE,
  O_TRUNC,
} from "../../../abi/fcntl.ts";
import { S_IFREG, S_ISCHR, S_ISDIR, S_ISLNK, S_ISREG } from "../../../abi/stat.ts";
import {
  DEBUGFS_MAGIC,
  HOSTFS_SUPER_MAGIC,
  OVERLAYFS_SUPER_MAGIC,
  PIPEFS_MAGIC,
  PROC_SUPER_MAGIC,
  SYSFS_MAGIC,
  TMPFS_MAGIC,
} from "../../../abi/statfs.ts";
import { MKDEV, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import { CharacterDevices } from "./chrdev.ts";
import { DebugFs } from "./debugfs.ts";
import type { DentryRecord } from "./dentry.ts";
import { DevTmpFs } from "./devtmpfs.ts";
import type { FdTable } from "./fd-table.ts";
import { OpenFile } from "./file.ts";
import type { HostDirectory, WritableHostDirectory } from "./host-directory.ts";
import { HostFs } from "./host-fs.ts";
import { HostWriteFs } from "./host-write-fs.ts";
import { type InodeRecord, SuperBlock } from "./inode.ts";
import { LockWaits } from "./locks.ts";
import { OverlayFs } from "./overlay-fs.ts";
import { encodePath, type Follow, FsState, resolve, type Walked, walk } from "./path.ts";
import { createProcFiles } from "./proc-files.ts";
import { ProcFs } from "./procfs.ts";
import { RamFs } from "./ramfs.ts";
import { SysFs } from "./sysfs.ts";

export interface Mount {
  readonly root: DentryRecord;
  readonly superBlock: SuperBlock;
  readonly path: string;
}

/** What an open with O_PATH leaves of the flags. */
const O_PATH_FLAGS = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;

export class Vfs {
  readonly #core: Core;
  readonly root: DentryRecord;
  readonly mounts: Mount[] = [];
  readonly chrdevs = new CharacterDevices();
  readonly rootfs: RamFs;
  readonly devtmpfs: DevTmpFs;
  readonly proc: ProcFs;
  readonly debugfs: DebugFs;
  readonly sysfs: SysFs;
  /** Of files that are in no directory: shared anonymous memory, pipes. */
  readonly shmem: RamFs;
  readonly lockWaits = new LockWaits();
  readonly pipefs: SuperBlock;

  #lastMinor = 22;

  constructor(core: Core, root?: HostDirectory) {
    this.#core = core;
    // As tmpfs: "the default is half of your physical RAM without swap".
    const { fileBytes } = core.limits;
    const half = fileBytes === null ? Math.floor(core.pages.total / 2) : Math.floor(fileBytes / PAGE_SIZE);
    const superBlock = (type: string, minor: number, magic: number, pages?: number): SuperBlock =>
      new SuperBlock(type, MKDEV(0, minor), magic, pages);
    this.shmem = new RamFs(core, superBlock("tmpfs", 1, TMPFS_MAGIC, fileBytes === null ? undefined : half));
    this.rootfs =
      root === undefined
        ? new RamFs(core, superBlock("rootfs", 2, TMPFS_MAGIC, half))
        : new OverlayFs(core, superBlock("overlay", 2, OVERLAYFS_SUPER_MAGIC, half), root);
    this.devtmpfs = new DevTmpFs(core, superBlock("devtmpfs", 6, TMPFS_MAGIC, half));
    const debug = superBlock("debugfs", 7, DEBUGFS_MAGIC);
    this.debugfs = new DebugFs(core, debug);
    this.pipefs = superBlock("pipefs", 13, PIPEFS_MAGIC);
    const proc = superBlock("proc", 21, PROC_SUPER_MAGIC);
    this.proc = new ProcFs(core, proc);
    const sys = superBlock("sysfs", 22, SYSFS_MAGIC);
    this.root = this.rootfs.root;
    this.mounts.push({ root: this.root, superBlock: this.rootfs.superBlock, path: "/" });
    const places = ["bin", "dev", "etc", "proc", "sys"].map((name) => [name, 0o755] as const);
    for (const [name, mode] of [...places, ["root", 0o700], ["tmp", 0o1777]] as const) {
      if (!this.exists(`/${name}`)) this.rootfs.mkdir(this.root, name, mode);
    }
    if (root !== undefined) {
      const temporary = new RamFs(core, superBlock("tmpfs", 3, TMPFS_MAGIC, half), 0o1777);
      this.mount("/tmp", temporary.root, temporary.superBlock);
    }
    this.mount("/dev", this.devtmpfs.root, this.devtmpfs.superBlock);
    this.mount("/proc", this.proc.root, proc);
    // Directories that no user can change, as debugfs has them too.
    const sysfs = new DebugFs(core, sys);
    sysfs.root.inode.mode |= 0o555;
    sysfs.createDir("debug", sysfs.createDir("kernel", null));
    this.sysfs = new SysFs(core, sysfs);
    this.mount("/sys", sysfs.root, sys);
    this.mount("/sys/kernel/debug", this.debugfs.root, debug);
    this.devtmpfs.symlink(this.devtmpfs.root, "fd", "/proc/self/fd");
    for (const [fd, name] of ["stdin", "stdout", "stderr"].entries()) {
      this.devtmpfs.symlink(this.devtmpfs.root, name, `/proc/self/fd/${fd}`);
    }
    createProcFiles(core, this);
    // A Set keeps the order of insertion: what was read first goes first.
    core.pages.reclaim = () => this.mounts.some(({ superBlock }) => reclaim(superBlock));
  }

  /**
   * Mounts a directory of the host at `path`, whose directories are made when they are not there.
   * @throws Error when that is not possible, or the directory cannot be read.
   */
  mountHost(path: string, host: HostDirectory | WritableHostDirectory, writable: boolean): void {
    const superBlock = new SuperBlock(
      "hostfs",
      MKDEV(0, ++this.#lastMinor),
      HOSTFS_SUPER_MAGIC,
      this.rootfs.superBlock.maxPages,
    );
    const made = writable
      ? new HostWriteFs(this.#core, superBlock, host as WritableHostDirectory)
      : new HostFs(this.#core, superBlock, host);
    const place = path.replace(/(.)\/+$/, "$1");
    this.#makeDirectories(FsState.root(this), `${place}/`);
    this.mount(place, made.root, superBlock);
  }

  /** Puts a file system over a directory. Throws when there is none: the host chose the place. */
  mount(path: string, root: DentryRecord, superBlock: SuperBlock): void {
    const place = resolve(FsState.root(this), this.root, path, true);
    if (typeof place === "number" || !S_ISDIR(place.inode.mode))
      throw new Error(`cannot mount on ${path}: no directory`);
    place.mounted = root;
    root.mountPoint = place;
    this.mounts.push({ root, superBlock, path });
  }

  /**
   * open(2) without the descriptor: an open file with one reference, or -errno. `mode` is the permissions of a file
   * that O_CREAT makes, before the umask.
   */
  open(fs: FsState, path: string, flags: number, mode: number, base: DentryRecord = fs.cwd): OpenFile | number {
    const wanted = checkFlags(flags);
    if (wanted < 0) return wanted;
    const walked = walk(fs, base, path, followOf(path, wanted));
    if (typeof walked === "number") return walked;
    const { dentry } = walked;
    if ((wanted & O_CREAT) !== 0 && walked.kind === "name" && walked.slash) return -EISDIR;
    if (dentry === null) return (wanted & O_CREAT) === 0 ? -ENOENT : this.#create(fs, walked, wanted, mode);
    const error = mayOpen(dentry.inode, wanted, walked.slash);
    if (error < 0) return error;
    const file = this.openDentry(dentry, wanted);
    const truncates = typeof file !== "number" && (wanted & O_TRUNC) !== 0 && S_ISREG(dentry.inode.mode);
    if (!truncates) return file;
    const failed = this.truncate(dentry.inode, 0);
    if (failed === 0) return file;
    file.put();
    return failed;
  }

  #create(fs: FsState, { parent, name }: Walked, flags: number, mode: number): OpenFile | number {
    if (parent.unlinked) return -ENOENT;
    if (parent.inode.superBlock.readOnly) return -EROFS;
    const { operations } = parent.inode;
    if (operations.create === undefined) return -EACCES;
    const made = operations.create(parent, name, S_IFREG | (mode & 0o7777 & ~fs.umask), 0);
    return typeof made === "number" ? made : this.openDentry(made, flags);
  }

  /** Opens what a dentry names: `flags` as of open(2). */
  openDentry(dentry: DentryRecord, flags: number): OpenFile | number {
    const { inode } = dentry;
    const kept = (flags & ~(O_CLOEXEC | O_CREAT | O_EXCL | O_TRUNC)) | ((flags & O_PATH) === 0 ? O_LARGEFILE : 0);
    const isPath = (flags & O_PATH) !== 0;
    const file = new OpenFile(dentry, kept, isPath ? {} : (inode.fileOperations ?? {}));
    if (isPath) return file;
    const error = S_ISCHR(inode.mode)
      ? this.chrdevs.open(file)
      : // "ENXIO: The file is a device special file and no corresponding device exists", or "a UNIX domain socket".
        inode.fileOperations === null
        ? -ENXIO
        : (file.ops.open?.(inode, file) ?? 0);
    // A terminal's open alone looks at it.
    file.flags &= ~O_NOCTTY;
    if (error >= 0) return file;
    file.dismiss();
    return error;
  }

  /** Sets the length of a regular file. */
  truncate(inode: InodeRecord, size: number): number {
    return inode.operations.setSize?.(inode, size) ?? 0;
  }

  // For the host

  /** Sets a process's working directory. Throws when there is no such directory. */
  enter(fs: FsState, path: string): void {
    const place = resolve(fs, fs.root, path, true);
    if (typeof place === "number" || !S_ISDIR(place.inode.mode)) throw new Error(`no directory ${path} in the machine`);
    fs.cwd = place;
  }

  /** Descriptors 0, 1 and 2 of a first process: /dev/console. Without a console driver there are none. */
  openConsole(files: FdTable): void {
    const file = this.open(FsState.root(this), "/dev/console", O_RDWR, 0);
    if (typeof file === "number") {
      this.#core.printk("Warning: unable to open an initial console.\n");
      return;
    }
    for (const reference of [file, file.get(), file.get()]) files.install(reference, false);
  }

  /** What the kernel itself says on an open file (kernel_write); into the log when nobody hears it there. */
  writeText(file: OpenFile | undefined, text: string): void {
    const written =
      file?.writable === true ? (file.ops.kernelWrite?.(file, encodePath(text), file.position) ?? -1) : -1;
    if (written < 0) this.#core.printk(text);
  }

  isDirectory(path: string): boolean {
    const found = resolve(FsState.root(this), this.root, path, true);
    return typeof found !== "number" && S_ISDIR(found.inode.mode);
  }

  exists(path: string): boolean {
    return typeof resolve(FsState.root(this), this.root, path, true) !== "number";
  }

  /** The bytes of a regular file, or null when there is none of that path. */
  readFile(path: string): Uint8Array | null {
    const found = resolve(FsState.root(this), this.root, path, true);
    return typeof found === "number" || found.inode.cache === null ? null : found.inode.cache.read(0, found.inode.size);
  }

  /** Makes or replaces a regular file, and the directories above it. Throws when it cannot. */
  writeFile(path: string, bytes: Uint8Array, mode = 0o644): void {
    const fs = FsState.root(this);
    fs.umask = 0;
    this.#makeDirectories(fs, path);
    const file = this.open(fs, path, O_CREAT | O_TRUNC | O_RDWR, mode);
    const written = typeof file === "number" ? file : (file.ops.kernelWrite?.(file, bytes, file.position) ?? -EINVAL);
    if (typeof file !== "number") file.put();
    if (written !== bytes.length) throw new Error(`cannot write ${path} in the machine: ${written} of ${bytes.length}`);
  }

  /** mknod(2) for the host: `mode` with its S_IF… bits, `dev` as of MKDEV. Throws when it cannot be made. */
  makeNode(path: string, mode: number, dev: number): void {
    const walked = walk(FsState.root(this), this.root, path, "never");
    const made =
      typeof walked === "number" || walked.dentry !== null
        ? -EEXIST
        : (walked.parent.inode.operations.create?.(walked.parent, walked.name, mode, dev) ?? -EACCES);
    if (typeof made === "number") throw new Error(`cannot make ${path} in the machine`);
  }

  /** The directories above the last slash of a path. */
  #makeDirectories(fs: FsState, path: string): void {
    for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1))
      this.#makeDirectory(fs, path.slice(0, at));
  }

  #makeDirectory(fs: FsState, path: string): void {
    const walked = walk(fs, this.root, path, "always");
    if (typeof walked !== "number" && walked.dentry === null)
      walked.parent.inode.operations.mkdir?.(walked.parent, walked.name, 0o755);
  }
}

/** Pages that go at once when memory is short. */
const RECLAIM_BATCH = 64;

const reclaim = ({ reclaimable }: SuperBlock): boolean => {
  let freed = 0;
  for (const cache of reclaimable) {
    freed += cache.reclaim(RECLAIM_BATCH - freed);
    if (freed >= RECLAIM_BATCH) break;
  }
  return freed > 0;
};

/** VALID_OPEN_FLAGS: open(2) ignores every other bit. */
const KNOWN_FLAGS =
  O_ACCMODE |
  O_APPEND |
  O_ASYNC |
  O_CLOEXEC |
  O_CREAT |
  O_DIRECT |
  O_DIRECTORY |
  O_DSYNC |
  O_EXCL |
  O_LARGEFILE |
  O_NOATIME |
  O_NOCTTY |
  O_NOFOLLOW |
  O_NONBLOCK |
  O_PATH |
  O_SYNC |
  O_TMPFILE |
  O_TRUNC;

/** build_open_flags(): the flags in force, or -errno. */
const checkFlags = (asked: number): number => {
  const flags = asked & KNOWN_FLAGS;
  if ((flags & O_PATH) !== 0) return flags & O_PATH_FLAGS;
  if ((flags & O_TMPFILE & ~O_DIRECTORY) !== 0) {
    // "EINVAL: O_TMPFILE was specified in flags, but neither O_WRONLY nor O_RDWR was specified", and it needs the
    // O_DIRECTORY that it includes. "EOPNOTSUPP: The filesystem containing pathname does not support O_TMPFILE."
    return (flags & O_DIRECTORY) === 0 || (flags & O_ACCMODE) === O_RDONLY ? -EINVAL : -EOPNOTSUPP;
  }
  // Linux 6.4 and later.
  return (flags & (O_DIRECTORY | O_CREAT)) === (O_DIRECTORY | O_CREAT) ? -EINVAL : flags;
};

/** Does open follow a symbolic link at the end of the path? */
const followOf = (path: string, flags: number): Follow => {
  const exclusive = (flags & (O_CREAT | O_EXCL)) === (O_CREAT | O_EXCL);
  if ((flags & O_NOFOLLOW) === 0 && !exclusive) return "always";
  return (flags & O_CREAT) === 0 || !path.endsWith("/") ? "slash" : "never";
};

/** do_open() and may_open(): may a file that exists be opened so? */
const mayOpen = (inode: InodeRecord, flags: number, slash: boolean): number => {
  const isDirectory = S_ISDIR(inode.mode);
  if ((flags & O_CREAT) !== 0) {
    // "EEXIST: pathname already exists and O_CREAT and O_EXCL were used."
    if ((flags & O_EXCL) !== 0) return -EEXIST;
    if (isDirectory) return -EISDIR;
  }
  // "ENOTDIR: … O_DIRECTORY was specified and pathname was not a directory."
  if (((flags & O_DIRECTORY) !== 0 || slash) && !isDirectory) return -ENOTDIR;
  if ((flags & O_PATH) !== 0) return 0;
  // "ELOOP: pathname was a symbolic link, and flags specified O_NOFOLLOW but not O_PATH."
  if (S_ISLNK(inode.mode)) return -ELOOP;
  // "EISDIR: pathname refers to a directory and the access requested involved writing."
  const writes = (flags & O_ACCMODE) !== O_RDONLY || (flags & O_TRUNC) !== 0;
  if (isDirectory && writes) return -EISDIR;
  // "EROFS: pathname refers to a file on a read-only filesystem and write access was requested."
  return writes && inode.superBlock.readOnly && S_ISREG(inode.mode) ? -EROFS : 0;
};
