/** An open regular file of the host. */
import { type BigIntStats, closeSync, fstatSync, fsyncSync, ftruncateSync, readSync, writeSync } from "node:fs";
import { MKDEV } from "../../devices/drivers/vm.ts";
import type { HostFile, HostStat } from "../kernel/fs/host-directory.ts";
import { attempt } from "./node-errno.ts";

const SECOND = 1_000_000_000n;

const timeOf = (nanoseconds: bigint): { seconds: number; nanoseconds: number } => {
  const rest = ((nanoseconds % SECOND) + SECOND) % SECOND;
  return { seconds: Number((nanoseconds - rest) / SECOND), nanoseconds: Number(rest) };
};

const MINOR_LOW = 0xffn;

/** glibc's gnu_dev_major and gnu_dev_minor, to the kernel's own form. */
const deviceOf = (rdev: bigint): number =>
  MKDEV(Number((rdev >> 8n) & 0xfffn), Number((rdev & MINOR_LOW) | ((rdev >> 12n) & 0xfff00n)));

/** What belongs to the user who runs the machine belongs to its root. */
const ownerOf = (id: bigint, own: number | undefined): number => (Number(id) === own ? 0 : Number(id));

export const toHostStat = (stat: BigIntStats): HostStat => ({
  key: `${stat.dev}:${stat.ino}`,
  mode: Number(stat.mode),
  nlink: Number(stat.nlink),
  uid: ownerOf(stat.uid, process.getuid?.()),
  gid: ownerOf(stat.gid, process.getgid?.()),
  rdev: deviceOf(stat.rdev),
  size: Number(stat.size),
  atime: timeOf(stat.atimeNs),
  mtime: timeOf(stat.mtimeNs),
  ctime: timeOf(stat.ctimeNs),
});

export class NodeFile implements HostFile {
  readonly #fd: number;

  /** Takes the descriptor over. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  stat(): HostStat {
    return toHostStat(fstatSync(this.#fd, { bigint: true }));
  }

  read(into: Uint8Array, position: number): number {
    return attempt(() => readSync(this.#fd, into, 0, into.length, position));
  }

  write(bytes: Uint8Array, position: number): number {
    return attempt(() => writeSync(this.#fd, bytes, 0, bytes.length, position));
  }

  truncate(size: number): number {
    return attempt(() => {
      ftruncateSync(this.#fd, size);
      return 0;
    });
  }

  sync(): number {
    return attempt(() => {
      fsyncSync(this.#fd);
      return 0;
    });
  }

  close(): void {
    closeSync(this.#fd);
  }
}
