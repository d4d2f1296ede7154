/** File descriptors of a process (struct files_struct). */
import { EBADF, EMFILE } from "../../../abi/errno.ts";
import { O_PATH } from "../../../abi/fcntl.ts";
import type { OpenFile } from "./file.ts";

interface Descriptor {
  readonly file: OpenFile;
  closeOnExec: boolean;
}

export class FdTable {
  /** RLIMIT_NOFILE: one above the highest descriptor that can be opened. */
  max = 1024;
  #descriptors: (Descriptor | undefined)[] = [];

  /** One above the highest descriptor that is or was in use. */
  get size(): number {
    return this.#descriptors.length;
  }

  /** An open file that can do more than be named: not one opened with O_PATH (fdget). */
  get(fd: number): OpenFile | undefined {
    const file = this.#descriptors[fd]?.file;
    return file !== undefined && (file.flags & O_PATH) !== 0 ? undefined : file;
  }

  /** O_PATH files too (fdget_raw). */
  getRaw(fd: number): OpenFile | undefined {
    return this.#descriptors[fd]?.file;
  }

  /** "the lowest-numbered file descriptor not currently open for the process", open(2), at or above `from`. */
  lowestFree(from = 0): number {
    for (let fd = from; fd < this.max; fd++) if (this.#descriptors[fd] === undefined) return fd;
    return -EMFILE;
  }

  /** Takes over the caller's reference. The descriptor, or -EMFILE (and the reference stays the caller's). */
  install(file: OpenFile, closeOnExec: boolean, from = 0): number {
    const fd = this.lowestFree(from);
    if (fd >= 0) this.#descriptors[fd] = { file, closeOnExec };
    return fd;
  }

  /** Puts a file, with the caller's reference, at a descriptor; what was there is closed (dup3). */
  replace(fd: number, file: OpenFile, closeOnExec: boolean): void {
    const before = this.#descriptors[fd]?.file;
    this.#descriptors[fd] = { file, closeOnExec };
    before?.inode.locks?.release(this);
    before?.put();
  }

  close(fd: number): number {
    const file = this.getRaw(fd);
    if (file === undefined) return -EBADF;
    this.#descriptors[fd] = undefined;
    file.inode.locks?.release(this);
    file.put();
    return 0;
  }

  isCloseOnExec(fd: number): boolean {
    return this.#descriptors[fd]?.closeOnExec === true;
  }

  setCloseOnExec(fd: number, closeOnExec: boolean): void {
    const descriptor = this.#descriptors[fd];
    if (descriptor !== undefined) descriptor.closeOnExec = closeOnExec;
  }

  /** The child's copy at fork: the same open files. */
  clone(): FdTable {
    const copy = new FdTable();
    copy.max = this.max;
    copy.#descriptors = this.#descriptors.map((descriptor) => {
      descriptor?.file.get();
      return descriptor === undefined ? undefined : { ...descriptor };
    });
    return copy;
  }

  closeAll(): void {
    for (const fd of this.open()) this.close(fd);
  }

  /** execve(2). */
  closeOnExec(): void {
    for (const fd of this.open()) if (this.isCloseOnExec(fd)) this.close(fd);
  }

  /** Descriptors in use, in order. */
  open(): number[] {
    return this.#descriptors.flatMap((descriptor, fd) => (descriptor === undefined ? [] : [fd]));
  }
}
