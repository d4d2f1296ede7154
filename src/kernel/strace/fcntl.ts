/** fcntl(2): what the third argument and the result are depends on the command. */
import {
  F_ADD_SEALS,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GET_SEALS,
  F_GETFD,
  F_GETFL,
  F_GETLEASE,
  F_GETLK,
  F_GETOWN,
  F_GETOWN_EX,
  F_GETPIPE_SZ,
  F_GETSIG,
  F_NOTIFY,
  F_OFD_GETLK,
  F_OFD_SETLK,
  F_OFD_SETLKW,
  F_SEAL_FUTURE_WRITE,
  F_SEAL_GROW,
  F_SEAL_SEAL,
  F_SEAL_SHRINK,
  F_SEAL_WRITE,
  F_SETFD,
  F_SETFL,
  F_SETLEASE,
  F_SETLK,
  F_SETLKW,
  F_SETOWN,
  F_SETOWN_EX,
  F_SETPIPE_SZ,
  F_SETSIG,
  FD_CLOEXEC,
  flock,
} from "../../../abi/fcntl.ts";
import { type Argument, fd, filled, flags, given, hexadecimal, int, oneOf, register } from "./arguments.ts";
import { openFlagsText } from "./open-flags.ts";
import { LOCK_TYPES, showFlock } from "./shows.ts";
import { signal } from "./signal-text.ts";
import type { Signature } from "./signature.ts";
import { flagText, hex } from "./text.ts";

const command = oneOf(
  {
    F_DUPFD,
    F_GETFD,
    F_SETFD,
    F_GETFL,
    F_SETFL,
    F_GETLK,
    F_SETLK,
    F_SETLKW,
    F_SETOWN,
    F_GETOWN,
    F_SETSIG,
    F_GETSIG,
    F_SETOWN_EX,
    F_GETOWN_EX,
    F_OFD_GETLK,
    F_OFD_SETLK,
    F_OFD_SETLKW,
    F_SETLEASE,
    F_GETLEASE,
    F_NOTIFY,
    F_DUPFD_CLOEXEC,
    F_SETPIPE_SZ,
    F_GETPIPE_SZ,
    F_ADD_SEALS,
    F_GET_SEALS,
  },
  "F_???",
);
const SEALS = { F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE, F_SEAL_FUTURE_WRITE };

const lockGiven = given(flock, showFlock(false));
const lockFilled = filled(flock, showFlock(true));
const openFlags: Argument = { text: (_, value) => openFlagsText(value) };

/** null: the command has no argument. */
const ARGUMENTS: ReadonlyMap<number, Argument | null> = new Map([
  [F_DUPFD, int],
  [F_DUPFD_CLOEXEC, int],
  [F_GETFD, null],
  [F_SETFD, flags({ FD_CLOEXEC }, "FD_???")],
  [F_GETFL, null],
  [F_SETFL, openFlags],
  [F_GETLK, lockFilled],
  [F_SETLK, lockGiven],
  [F_SETLKW, lockGiven],
  [F_OFD_GETLK, lockFilled],
  [F_OFD_SETLK, lockGiven],
  [F_OFD_SETLKW, lockGiven],
  [F_SETOWN, int],
  [F_GETOWN, null],
  [F_SETSIG, signal],
  [F_GETSIG, null],
  [F_SETLEASE, oneOf(LOCK_TYPES, "F_???")],
  [F_GETLEASE, null],
  [F_SETPIPE_SZ, int],
  [F_GETPIPE_SZ, null],
  [F_ADD_SEALS, flags(SEALS, "F_SEAL_???")],
  [F_GET_SEALS, null],
]);

export const fcntlSignature: Signature = {
  arguments(view) {
    const argument = ARGUMENTS.get(register(view, 1) | 0);
    if (argument === null) return [fd, command];
    return [fd, command, argument ?? hexadecimal];
  },
  result(view, value) {
    switch (register(view, 1) | 0) {
      case F_GETFL:
        return `${hex(value)} (flags ${openFlagsText(value)})`;
      case F_GETFD:
        return value === 0 ? null : `${hex(value)} (flags ${flagText({ FD_CLOEXEC }, "FD_???", value)})`;
      case F_GET_SEALS:
        return value === 0 ? null : `${hex(value)} (seals ${flagText(SEALS, "F_SEAL_???", value)})`;
      default:
        return null;
    }
  },
};
