/** Text to standard output and standard error. Nothing is buffered: each call is a write(2). */
import { strerror } from "../../abi/errno.ts";
import type { MaySleep, SystemCalls } from "./calls.ts";
import type { FileCalls } from "./files.ts";

const STDOUT = 1;
const STDERR = 2;

export interface StdioCalls {
  /** Writes all of `text`, as printf(3) does; a template literal does the formatting. Bytes written, or -1. */
  print(text: string): MaySleep<number>;
  /** puts(3): `text` and a newline. */
  puts(text: string): MaySleep<number>;
  /** To standard error. */
  printError(text: string): MaySleep<number>;
  /** perror(3): "open: No such device\n" on standard error. errno stays as it is. */
  perror(text?: string): MaySleep<number>;
}

export function stdioCalls(calls: SystemCalls, files: FileCalls): StdioCalls {
  const writeAll = (fd: number, text: string): MaySleep<number> => {
    const bytes = new TextEncoder().encode(text);
    const rest = (done: number): MaySleep<number> => {
      if (done === bytes.length) return done;
      const written = files.writeBytes(fd, bytes.subarray(done));
      if (written instanceof Promise) return written.then((count) => (count < 0 ? -1 : rest(done + count)));
      return written < 0 ? -1 : rest(done + written);
    };
    return rest(0);
  };
  return {
    print: (text) => writeAll(STDOUT, text),
    puts: (text) => writeAll(STDOUT, `${text}\n`),
    printError: (text) => writeAll(STDERR, text),
    perror(text = "") {
      const { errno } = calls;
      // perror(3): the string and a colon only "if s is not NULL and *s is not a null byte".
      const written = writeAll(STDERR, `${text === "" ? "" : `${text}: `}${strerror(errno)}\n`);
      calls.errno = errno;
      return written;
    },
  };
}
