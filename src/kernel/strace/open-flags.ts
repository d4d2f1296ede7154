/** The O_… flags in strace's order, for all calls that take them. */
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
  O_WRONLY,
} from "../../../abi/fcntl.ts";
import { flagText, type NameTable, valueText } from "./text.ts";

export const OPEN_FLAGS: NameTable = {
  O_CREAT,
  O_EXCL,
  O_NOCTTY,
  O_TRUNC,
  O_APPEND,
  O_NONBLOCK,
  O_SYNC,
  O_DSYNC,
  O_DIRECT,
  O_LARGEFILE,
  O_NOFOLLOW,
  O_NOATIME,
  O_CLOEXEC,
  O_PATH,
  O_TMPFILE,
  O_DIRECTORY,
  FASYNC: O_ASYNC,
};

/** The access mode first, then the flags. */
export function openFlagsText(value: number): string {
  const access = valueText({ O_RDONLY, O_WRONLY, O_RDWR, O_ACCMODE }, "O_???", value & O_ACCMODE);
  const rest = (value & ~O_ACCMODE) >>> 0;
  if (rest === 0) return access;
  return `${access}|${flagText(OPEN_FLAGS, null, rest)}`;
}
