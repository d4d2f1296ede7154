/** What an inode knows of the file of the host that it stands for. */
import { EIO, ESTALE } from "../../../abi/errno.ts";
import type { HostDirectory, HostFile, HostPath, HostStat } from "./host-directory.ts";
import type { InodeRecord } from "./inode.ts";
import type { PageSource } from "./page-cache.ts";

export class HostNode implements PageSource {
  /** Where it is; changes when it is renamed in a writable mount. */
  path: HostPath;
  /** Which file it is: another one that has taken its place is not read in its stead. */
  readonly key: string;
  size: number;
  /** Of a directory below an overlay: all names of the host are in the tree of dentries. */
  listed = false;
  /** Names of the host that have been removed. */
  readonly whiteouts = new Set<string>();
  readonly #host: HostDirectory;
  #file: HostFile | null = null;
  #writable = false;

  constructor(host: HostDirectory, path: HostPath, key: string, size: number) {
    this.#host = host;
    this.path = path;
    this.key = key;
    this.size = size;
  }

  /** Opens the file, or opens it for writing too: 0, or -errno. */
  open(writable: boolean): number {
    if (this.#file !== null && (this.#writable || !writable)) return 0;
    const file = this.#host.open(this.path, writable);
    if (typeof file === "number") return file;
    if (file.stat().key !== this.key) {
      file.close();
      return -ESTALE;
    }
    this.adopt(file, writable);
    return 0;
  }

  /** Takes an open file over. */
  adopt(file: HostFile, writable: boolean): void {
    this.close();
    this.#file = file;
    this.#writable = writable;
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
    this.#writable = false;
  }

  read(into: Uint8Array, position: number): number {
    return this.#withFile(false, (file) => {
      for (let done = 0; done < into.length; ) {
        const read = file.read(into.subarray(done), position + done);
        if (read < 0) return read;
        // It has become shorter: the rest reads as zeros.
        if (read === 0) break;
        done += read;
      }
      return 0;
    });
  }

  write(bytes: Uint8Array, position: number): number {
    return this.#withFile(true, (file) => {
      for (let done = 0; done < bytes.length; ) {
        const written = file.write(bytes.subarray(done), position + done);
        if (written <= 0) return written === 0 ? -EIO : written;
        done += written;
      }
      return 0;
    });
  }

  truncate(size: number): number {
    return this.#withFile(true, (file) => file.truncate(size));
  }

  /** Of the open file; null when it is not open. */
  get stat(): HostStat | null {
    return this.#file?.stat() ?? null;
  }

  sync(): number {
    return this.#file?.sync() ?? 0;
  }

  /** The file is closed again if nobody had it open. */
  #withFile(writable: boolean, work: (file: HostFile) => number): number {
    const wasOpen = this.#file !== null;
    const error = this.open(writable);
    if (error < 0) return error;
    try {
      return work(this.#file!);
    } finally {
      if (!wasOpen) this.close();
    }
  }
}

/** Null for what is in the machine's memory alone. */
export const hostNodeOf = (inode: InodeRecord): HostNode | null =>
  inode.privateData instanceof HostNode ? inode.privateData : null;
