/**
 * A directory of the host for the machine, over node:fs. No path can leave it. On Linux each call opens the directory
 * that it is about with O_PATH, asks /proc/self/fd where that is, and works below the descriptor: whatever anybody
 * renames or replaces by a symbolic link at the same moment, what is touched is where it was asked to be.
 *
 * Not modelled: hosts without /proc/self/fd have no openat in Node. There the path is checked before the call, so another
 * process of the host that swaps a directory for a link between the two can lead it astray; the machine itself cannot.
 */
import * as fs from "node:fs";
import { S_ISREG } from "../../abi/stat.ts";
import type { HostEntry, HostPath, HostSpace, HostStat, WritableHostDirectory } from "../kernel/fs/host-directory.ts";
import type { Timestamp } from "../kernel/fs/inode.ts";
import { decodeName, encodeName } from "../kernel/fs/names.ts";
import { attempt } from "./node-errno.ts";
import { NodeFile, toHostStat } from "./node-file.ts";

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_RDONLY, O_RDWR } = fs.constants;
/** Linux's, the same on all its architectures that Node runs on; Node does not name it. */
const O_PATH = 0o10000000;
const SELF_FD = "/proc/self/fd";

/** A failure that is found here and not by the system. */
class HostError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const isName = (name: string): boolean => name !== "" && name !== "." && name !== ".." && !/[/\0]/.test(name);

const join = (base: Uint8Array, path: HostPath): Buffer => {
  const slash = Buffer.from("/");
  const atRoot = base.length === 1 && base[0] === slash[0];
  const pieces = path.flatMap((name, i) => (i === 0 && atRoot ? [encodeName(name)] : [slash, encodeName(name)]));
  return Buffer.concat([base, ...pieces]);
};

export class NodeDirectory implements WritableHostDirectory {
  /** The directory itself, without a symbolic link in it. */
  readonly #root: Buffer;
  readonly #hasDescriptors: boolean;

  /** @throws Error that names the directory when there is none. */
  constructor(directory: string) {
    const stat = fs.statSync(directory, { throwIfNoEntry: false });
    if (stat === undefined) throw new Error(`no such directory: ${directory}`);
    if (!stat.isDirectory()) throw new Error(`not a directory: ${directory}`);
    this.#root = fs.realpathSync.native(directory, { encoding: "buffer" }) as Buffer;
    this.#hasDescriptors = process.platform === "linux" && fs.existsSync(SELF_FD);
  }

  lstat(path: HostPath): HostStat | number {
    return attempt(() => this.#at(path, (place) => toHostStat(fs.lstatSync(place, { bigint: true }))));
  }

  list(path: HostPath): readonly HostEntry[] | number {
    return attempt(() =>
      this.#inside(path, (base) => {
        const names = fs.readdirSync(join(base, ["."]), { encoding: "buffer" });
        return names.flatMap((bytes) => {
          const name = decodeName(bytes);
          // It may have gone in the meantime.
          const stat = fs.lstatSync(join(base, [name]), { bigint: true, throwIfNoEntry: false });
          return stat === undefined ? [] : [{ name, stat: toHostStat(stat) }];
        });
      }),
    );
  }

  readlink(path: HostPath): string | number {
    return attempt(() => this.#at(path, (place) => decodeName(fs.readlinkSync(place, { encoding: "buffer" }))));
  }

  open(path: HostPath, writable: boolean): NodeFile | number {
    // O_NONBLOCK: a FIFO that has taken the file's place must not hold the machine.
    const flags = (writable ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    return attempt(() => this.#at(path, (place) => this.#regular(fs.openSync(place, flags))));
  }

  space(): HostSpace | number {
    return attempt(() => {
      const { bsize, blocks, bfree, bavail } = fs.statfsSync(this.#root);
      return { blockSize: bsize, blocks, free: bfree, available: bavail };
    });
  }

  create(path: HostPath, mode: number): NodeFile | number {
    return attempt(() =>
      this.#at(path, (place) => {
        const fd = fs.openSync(place, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, mode);
        // The host's umask is not the guest's.
        fs.fchmodSync(fd, mode);
        return new NodeFile(fd);
      }),
    );
  }

  mkdir(path: HostPath, mode: number): number {
    return this.#change(path, (place) => fs.mkdirSync(place, { mode })) || this.chmod(path, mode);
  }

  symlink(path: HostPath, target: string): number {
    return this.#change(path, (place) => fs.symlinkSync(Buffer.from(encodeName(target)), place));
  }

  link(from: HostPath, to: HostPath): number {
    return this.#change(from, (old) => this.#at(to, (place) => fs.linkSync(old, place)));
  }

  unlink(path: HostPath): number {
    return this.#change(path, (place) => fs.unlinkSync(place));
  }

  rmdir(path: HostPath): number {
    return this.#change(path, (place) => fs.rmdirSync(place));
  }

  rename(from: HostPath, to: HostPath): number {
    return this.#change(from, (old) => this.#at(to, (place) => fs.renameSync(old, place)));
  }

  chmod(path: HostPath, mode: number): number {
    return this.#onDescriptor(path, (fd) => fs.fchmodSync(fd, mode));
  }

  utimes(path: HostPath, atime: Timestamp, mtime: Timestamp): number {
    const seconds = (time: Timestamp): number => time.seconds + time.nanoseconds / 1e9;
    return this.#onDescriptor(path, (fd) => fs.futimesSync(fd, seconds(atime), seconds(mtime)));
  }

  #change(path: HostPath, work: (place: Buffer) => void): number {
    return attempt(() => {
      this.#at(path, work);
      return 0;
    });
  }

  #onDescriptor(path: HostPath, work: (fd: number) => void): number {
    return this.#change(path, (place) => {
      const fd = fs.openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
      try {
        work(fd);
      } finally {
        fs.closeSync(fd);
      }
    });
  }

  #regular(fd: number): NodeFile {
    const file = new NodeFile(fd);
    if (S_ISREG(file.stat().mode)) return file;
    file.close();
    throw new HostError("EINVAL");
  }

  /** Works on a name, by a path whose last component alone can still change. */
  #at<T>(path: HostPath, work: (place: Buffer) => T): T {
    const name = path.at(-1);
    if (name === undefined) return this.#inside([], (base) => work(join(base, ["."])));
    if (!isName(name)) throw new HostError("EINVAL");
    return this.#inside(path.slice(0, -1), (base) => work(join(base, [name])));
  }

  /** Works in a directory, by a path that leads to it and nowhere else. */
  #inside<T>(path: HostPath, work: (base: Buffer) => T): T {
    if (!path.every(isName)) throw new HostError("EINVAL");
    const place = join(this.#root, path);
    if (!this.#hasDescriptors) {
      if (!(fs.realpathSync.native(place, { encoding: "buffer" }) as Buffer).equals(place))
        throw new HostError("ENOENT");
      return work(place);
    }
    const fd = fs.openSync(place, O_PATH | O_DIRECTORY | O_NOFOLLOW);
    try {
      const base = Buffer.from(`${SELF_FD}/${fd}`);
      // A symbolic link on the way shows in where the descriptor really is.
      if (!fs.readlinkSync(base, { encoding: "buffer" }).equals(place)) throw new HostError("ENOENT");
      return work(base);
    } finally {
      fs.closeSync(fd);
    }
  }
}
