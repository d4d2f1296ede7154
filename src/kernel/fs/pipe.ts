/**
 * Pipes (pipe(7); fs/pipe.c of Linux 6.12): 64 KiB between a writing and a reading end.
 *
 * Not modelled: O_DIRECT packets, F_SETPIPE_SZ, FIFOs in a directory. Linux counts room in pages, of which a small
 * write may fill one alone; here it is bytes.
 */
import { EAGAIN, EFAULT, ENOTTY, EPIPE, ESPIPE } from "../../../abi/errno.ts";
import { O_NONBLOCK, O_RDONLY, O_WRONLY } from "../../../abi/fcntl.ts";
import { FIONREAD } from "../../../abi/ioctl.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../../../abi/poll.ts";
import { SI_USER, SIGPIPE } from "../../../abi/signal.ts";
import { S_IFIFO } from "../../../abi/stat.ts";
import type { File, FileOperations, PollTable } from "../../../devices/drivers/driver.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import { DentryRecord } from "./dentry.ts";
import { OpenFile } from "./file.ts";
import { InodeRecord } from "./inode.ts";

/** "Since Linux 2.6.11, the pipe capacity is 16 pages", pipe(7). */
export const PIPE_SIZE = 16 * PAGE_SIZE;
/** "Writes of less than PIPE_BUF bytes must be atomic", pipe(7). */
const PIPE_BUF = 4096;

/** The end of a pipe that the host holds. */
export interface HostEnd {
  /** All that is in the pipe. */
  take(): Uint8Array;
  /** How many of the bytes there was room for; -EPIPE: nobody reads any more. */
  give(bytes: Uint8Array): number;
  /** Is the other end closed? */
  readonly isAlone: boolean;
  close(): void;
}

class Pipe {
  readonly #core: Core;
  readonly #bytes = new Uint8Array(PIPE_SIZE);
  #first = 0;
  #length = 0;
  #readers = 1;
  #writers = 1;
  readonly #changed;

  constructor(core: Core) {
    this.#core = core;
    this.#changed = core.waitQueue();
  }

  readonly readEnd: FileOperations = {
    read: (file, buffer, count) => this.#read(file, buffer, count),
    poll: (_file, table) => this.#poll(table, this.#length > 0 ? POLLIN | POLLRDNORM : 0, this.#writers === 0, POLLHUP),
    llseek: () => -ESPIPE,
    ioctl: (_file, command, argument) => this.#ioctl(command, argument),
    release: () => this.#leave("reader"),
  };

  readonly writeEnd: FileOperations = {
    write: (file, buffer, count) =>
      this.#write(file, count, (into, done) => this.#core.copyFromUser(into, buffer + done) === 0),
    kernelWrite: (file, bytes) =>
      this.#write(file, bytes.length, (into, done) => {
        into.set(bytes.subarray(done, done + into.length));
        return true;
      }),
    poll: (_file, table) =>
      this.#poll(table, this.#room >= PIPE_BUF ? POLLOUT | POLLWRNORM : 0, this.#readers === 0, POLLERR),
    llseek: () => -ESPIPE,
    ioctl: (_file, command, argument) => this.#ioctl(command, argument),
    release: () => this.#leave("writer"),
  };

  /** The host's end in place of a process's. */
  hostEnd(end: "reader" | "writer"): HostEnd {
    const isAlone = (): boolean => (end === "reader" ? this.#writers : this.#readers) === 0;
    return {
      get isAlone() {
        return isAlone();
      },
      take: () => this.#take(),
      give: (bytes) => this.#give(bytes),
      close: () => void this.#leave(end),
    };
  }

  #take(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    const before = Math.min(this.#length, PIPE_SIZE - this.#first);
    bytes.set(this.#bytes.subarray(this.#first, this.#first + before));
    bytes.set(this.#bytes.subarray(0, this.#length - before), before);
    this.#length = 0;
    if (bytes.length > 0) this.#changed.wakeUp();
    return bytes;
  }

  #give(bytes: Uint8Array): number {
    if (this.#readers === 0) return -EPIPE;
    const taken = bytes.subarray(0, this.#room);
    this.#append(taken);
    if (taken.length > 0) this.#changed.wakeUp();
    return taken.length;
  }

  get #room(): number {
    return PIPE_SIZE - this.#length;
  }

  #read(file: File, buffer: number, count: number): number {
    if (count === 0) return 0;
    // "If all file descriptors referring to the write end of a pipe have been closed, then an attempt to read(2) from
    // the pipe will see end-of-file", pipe(7).
    if (this.#length === 0) {
      if (this.#writers === 0) return 0;
      return (file.flags & O_NONBLOCK) !== 0 ? -EAGAIN : this.#core.sleepOn(this.#changed);
    }
    let done = 0;
    while (done < count && this.#length > 0) {
      const length = Math.min(count - done, this.#length, PIPE_SIZE - this.#first);
      const piece = this.#bytes.subarray(this.#first, this.#first + length);
      if (this.#core.copyToUser(buffer + done, piece) !== 0) break;
      this.#first = (this.#first + length) % PIPE_SIZE;
      this.#length -= length;
      done += length;
    }
    if (done > 0) this.#changed.wakeUp();
    return done > 0 ? done : -EFAULT;
  }

  /** Bytes written: fewer than `count` when the pipe is full now; the system call comes back for the rest. */
  #write(file: File, count: number, fetch: (into: Uint8Array, done: number) => boolean): number {
    if (count === 0) return 0;
    // "If all file descriptors referring to the read end of a pipe have been closed, then a write(2) will cause a
    // SIGPIPE signal to be generated … write(2) fails with the error EPIPE", pipe(7).
    if (this.#readers === 0) {
      this.#core.send(this.#core.current, { signo: SIGPIPE, code: SI_USER, address: 0 });
      return -EPIPE;
    }
    if (this.#room < (count <= PIPE_BUF ? count : 1)) {
      return (file.flags & O_NONBLOCK) !== 0 ? -EAGAIN : this.#core.sleepOn(this.#changed);
    }
    let done = 0;
    while (done < count && this.#room > 0) {
      // A page at a time, all of it or nothing, as Linux fills its buffers.
      const piece = new Uint8Array(Math.min(count - done, this.#room, PAGE_SIZE));
      if (!fetch(piece, done)) break;
      this.#append(piece);
      done += piece.length;
    }
    if (done > 0) this.#changed.wakeUp();
    return done > 0 ? done : -EFAULT;
  }

  #append(piece: Uint8Array): void {
    const at = (this.#first + this.#length) % PIPE_SIZE;
    const before = Math.min(piece.length, PIPE_SIZE - at);
    this.#bytes.set(piece.subarray(0, before), at);
    this.#bytes.set(piece.subarray(before), 0);
    this.#length += piece.length;
  }

  #poll(table: PollTable, ready: number, isAlone: boolean, alone: number): number {
    table.pollWait(this.#changed);
    return ready | (isAlone ? alone : 0);
  }

  #ioctl(command: number, argument: number): number {
    if (command !== FIONREAD) return -ENOTTY;
    const answer = new Uint8Array(new Int32Array([this.#length]).buffer);
    return this.#core.copyToUser(argument, answer) === 0 ? 0 : -EFAULT;
  }

  #leave(end: "reader" | "writer"): number {
    if (end === "reader") this.#readers--;
    else this.#writers--;
    this.#changed.wakeUp();
    return 0;
  }
}

/** A pipe between a process and the host: the process's open file, and the host's end. */
export const makeHostPipe = (core: Core, process: "reads" | "writes"): [OpenFile, HostEnd] => {
  const pipe = new Pipe(core);
  const inode = new InodeRecord(core.vfs.pipefs, S_IFIFO | 0o600, core.realTime(), {}, null);
  const dentry = new DentryRecord(`pipe:[${inode.ino}]`, inode);
  return process === "reads"
    ? [new OpenFile(dentry, O_RDONLY, pipe.readEnd), pipe.hostEnd("writer")]
    : [new OpenFile(dentry, O_WRONLY, pipe.writeEnd), pipe.hostEnd("reader")];
};

/** The two open files of a new pipe: reading and writing end. `flags` as of pipe2(2): O_NONBLOCK. */
export const makePipe = (core: Core, flags: number): [OpenFile, OpenFile] => {
  const pipe = new Pipe(core);
  const inode = new InodeRecord(core.vfs.pipefs, S_IFIFO | 0o600, core.realTime(), {}, null);
  const dentry = new DentryRecord(`pipe:[${inode.ino}]`, inode);
  return [new OpenFile(dentry, O_RDONLY | flags, pipe.readEnd), new OpenFile(dentry, O_WRONLY | flags, pipe.writeEnd)];
};
