/**
 * Standard files that lead to the host, as pipes do (pipe(7)): bytes go through as they are, and no terminal's calls work
 * on them. The host takes all that is written at once.
 */
import { EAGAIN, EFAULT, ENOTTY, ESPIPE } from "../../../abi/errno.ts";
import { O_NONBLOCK, O_RDONLY, O_WRONLY } from "../../../abi/fcntl.ts";
import { FIONREAD } from "../../../abi/ioctl.ts";
import { POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../../../abi/poll.ts";
import { S_IFIFO } from "../../../abi/stat.ts";
import type { FileOperations } from "../../../devices/drivers/driver.ts";
import type { HostInput } from "../../../devices/drivers/host-input.ts";
import type { Core } from "../core.ts";
import { DentryRecord } from "./dentry.ts";
import { OpenFile } from "./file.ts";
import { InodeRecord } from "./inode.ts";
import { PIPE_SIZE } from "./pipe.ts";

/** Bytes of one write that are fetched at a time: a pipe's capacity. */
const CHUNK = PIPE_SIZE;

/** Opens one end: each call a new open file of the same pipe. */
export type OpenStream = () => OpenFile;

const makeStream = (core: Core, operations: FileOperations, flags: number): OpenStream => {
  const inode = new InodeRecord(core.vfs.pipefs, S_IFIFO | 0o600, core.realTime(), {}, operations);
  const dentry = new DentryRecord(`pipe:[${inode.ino}]`, inode);
  return () => new OpenFile(dentry, flags, operations);
};

/** The reading end of a pipe that the host writes into. Its input has one reader: this stream. */
export const hostInputStream = (core: Core, input: HostInput): OpenStream => {
  const came = core.waitQueue();
  input.attach(() => came.wakeUp());
  const read = (buffer: number, count: number): number => {
    let done = 0;
    while (done < count && input.length > 0) {
      const piece = input.peek(count - done);
      const missed = core.copyToUser(buffer + done, piece);
      input.consume(piece.length - missed);
      done += piece.length - missed;
      if (missed > 0) return done > 0 ? done : -EFAULT;
    }
    return done;
  };
  return makeStream(
    core,
    {
      read(file, buffer, count) {
        if (count === 0) return 0;
        if (input.length > 0) return read(buffer, count);
        if (!input.isOpen) return 0;
        input.want();
        return (file.flags & O_NONBLOCK) !== 0 ? -EAGAIN : core.sleepOn(came);
      },
      llseek: () => -ESPIPE,
      poll(_file, table) {
        table.pollWait(came);
        if (input.length === 0) input.want();
        return (input.length > 0 ? POLLIN | POLLRDNORM : 0) | (input.isOpen ? 0 : POLLHUP);
      },
      ioctl(_file, command, argument) {
        if (command !== FIONREAD) return -ENOTTY;
        const bytes = new Uint8Array(new Int32Array([input.length]).buffer);
        return core.copyToUser(argument, bytes) === 0 ? 0 : -EFAULT;
      },
    },
    O_RDONLY,
  );
};

/** The writing end of a pipe that the host reads; `output` gets each piece, in bytes. */
export const hostOutputStream = (core: Core, output: (bytes: Uint8Array) => void): OpenStream =>
  makeStream(
    core,
    {
      write(_file, buffer, count) {
        let done = 0;
        while (done < count) {
          const piece = new Uint8Array(Math.min(CHUNK, count - done));
          const missed = core.copyFromUser(piece, buffer + done);
          if (missed < piece.length) output(piece.subarray(0, piece.length - missed));
          done += piece.length - missed;
          if (missed > 0) return done > 0 ? done : -EFAULT;
        }
        return done;
      },
      kernelWrite(_file, bytes) {
        output(bytes);
        return bytes.length;
      },
      llseek: () => -ESPIPE,
      poll: () => POLLOUT | POLLWRNORM,
      ioctl: () => -ENOTTY,
    },
    O_WRONLY,
  );
