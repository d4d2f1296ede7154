/** Calls on files, directories and descriptors. */
import {
  AT_EACCESS,
  AT_EMPTY_PATH,
  AT_NO_AUTOMOUNT,
  AT_RECURSIVE,
  AT_REMOVEDIR,
  AT_STATX_DONT_SYNC,
  AT_STATX_FORCE_SYNC,
  AT_STATX_SYNC_AS_STAT,
  AT_STATX_SYNC_TYPE,
  AT_SYMLINK_FOLLOW,
  AT_SYMLINK_NOFOLLOW,
  F_OK,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  O_CREAT,
  O_TMPFILE,
  R_OK,
  RENAME_EXCHANGE,
  RENAME_NOREPLACE,
  RENAME_WHITEOUT,
  W_OK,
  X_OK,
} from "../../../abi/fcntl.ts";
import { linuxDirent64, S_IFBLK, S_IFCHR, S_IFMT, stat, statx } from "../../../abi/stat.ts";
import {
  SYS_chdir,
  SYS_close,
  SYS_dup,
  SYS_dup3,
  SYS_faccessat,
  SYS_faccessat2,
  SYS_fadvise64,
  SYS_fchdir,
  SYS_fchmod,
  SYS_fchmodat,
  SYS_fchown,
  SYS_fchownat,
  SYS_fcntl,
  SYS_fdatasync,
  SYS_flock,
  SYS_fstat,
  SYS_fsync,
  SYS_ftruncate,
  SYS_getcwd,
  SYS_getdents64,
  SYS_ioctl,
  SYS_linkat,
  SYS_mkdirat,
  SYS_mknodat,
  SYS_newfstatat,
  SYS_openat,
  SYS_pipe2,
  SYS_readlinkat,
  SYS_renameat2,
  SYS_sendfile,
  SYS_statx,
  SYS_symlinkat,
  SYS_sync,
  SYS_truncate,
  SYS_umask,
  SYS_unlinkat,
} from "../../../abi/syscalls.ts";
import {
  type Argument,
  type CallView,
  dirfd,
  failed,
  fd,
  filled,
  flags,
  id,
  intsFilled,
  lateIf,
  long,
  mode,
  oneOf,
  output,
  outputString,
  path,
  pointer,
  register,
  size,
  uint,
} from "./arguments.ts";
import { fcntlSignature } from "./fcntl.ts";
import { ioctlSignature } from "./ioctl.ts";
import { OPEN_FLAGS, openFlagsText } from "./open-flags.ts";
import { deviceText, fileModeText, STATX_MASK, showStat, showStatx } from "./shows.ts";
import { call, octalResult, type Signatures } from "./signature.ts";
import { address, flagText } from "./text.ts";

const openFlags: Argument = { text: (_, value) => openFlagsText(value) };

const AT_FLAGS = {
  AT_SYMLINK_NOFOLLOW,
  AT_REMOVEDIR,
  AT_SYMLINK_FOLLOW,
  AT_NO_AUTOMOUNT,
  AT_EMPTY_PATH,
  AT_RECURSIVE,
};
const atFlags = flags(AT_FLAGS, "AT_???");
/** Bit 0x200 has another name here. */
const accessAtFlags = flags({ AT_SYMLINK_NOFOLLOW, AT_EACCESS, AT_EMPTY_PATH }, "AT_???");
const accessMode = flags({ F_OK, R_OK, W_OK, X_OK }, "?_OK");

const statxFlags: Argument = {
  text(_, value) {
    const sync = flagText(
      { AT_STATX_SYNC_AS_STAT, AT_STATX_FORCE_SYNC, AT_STATX_DONT_SYNC },
      "AT_STATX_???",
      value & AT_STATX_SYNC_TYPE,
    );
    const rest = (value & ~AT_STATX_SYNC_TYPE) >>> 0;
    return rest === 0 ? sync : `${sync}|${flagText(AT_FLAGS, "AT_???", rest)}`;
  },
};

const fileMode: Argument = { text: (_, value) => fileModeText(value & 0xffff) };
const device: Argument = { text: (_, value) => deviceText(value) };
const isDevice = (view: CallView): boolean => [S_IFCHR, S_IFBLK].includes(register(view, 2) & S_IFMT);

/** "0x3fff0 /* 2 entries *\/". */
const entries = lateIf((view) => !failed(view), {
  text({ reader, result }, value) {
    const bytes = reader.read(value, result!);
    if (bytes === null) return address(value);
    let count = 0;
    for (let at = 0; at + linuxDirent64.offsets.d_type < bytes.length; count++) {
      const length =
        bytes[at + linuxDirent64.offsets.d_reclen]! | (bytes[at + linuxDirent64.offsets.d_reclen + 1]! << 8);
      if (length === 0) break;
      at += length;
    }
    return `${address(value)} /* ${count} entries */`;
  },
});

const needsMode = (view: CallView): boolean => (register(view, 2) & (O_CREAT | (O_TMPFILE & ~0o20_0000))) !== 0;

export const fileSignatures: Signatures = {
  [SYS_openat]: {
    arguments: (view) => (needsMode(view) ? [dirfd, path, openFlags, mode] : [dirfd, path, openFlags]),
  },
  [SYS_close]: call(fd),
  [SYS_ftruncate]: call(fd, long),
  [SYS_truncate]: call(path, long),
  [SYS_fsync]: call(fd),
  [SYS_fdatasync]: call(fd),
  [SYS_sync]: call(),
  [SYS_fadvise64]: call(
    fd,
    long,
    long,
    oneOf(
      {
        POSIX_FADV_NORMAL: 0,
        POSIX_FADV_RANDOM: 1,
        POSIX_FADV_SEQUENTIAL: 2,
        POSIX_FADV_WILLNEED: 3,
        POSIX_FADV_DONTNEED: 4,
        POSIX_FADV_NOREUSE: 5,
      },
      "POSIX_FADV_???",
    ),
  ),
  [SYS_sendfile]: call(fd, fd, pointer, size),
  [SYS_ioctl]: ioctlSignature,
  [SYS_fcntl]: fcntlSignature,
  [SYS_flock]: call(fd, flags({ LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN }, "LOCK_???")),
  [SYS_dup]: call(fd),
  [SYS_dup3]: call(fd, fd, flags(OPEN_FLAGS, "O_???")),
  [SYS_pipe2]: call(intsFilled(2), flags(OPEN_FLAGS, "O_???")),
  [SYS_fstat]: call(fd, filled(stat, showStat)),
  [SYS_newfstatat]: call(dirfd, path, filled(stat, showStat), atFlags),
  [SYS_statx]: call(dirfd, path, statxFlags, flags(STATX_MASK, "STATX_???"), filled(statx, showStatx)),
  [SYS_getdents64]: call(fd, entries, uint),
  [SYS_readlinkat]: call(dirfd, path, output, size),
  [SYS_faccessat]: call(dirfd, path, accessMode),
  [SYS_faccessat2]: call(dirfd, path, accessMode, accessAtFlags),
  [SYS_mkdirat]: call(dirfd, path, mode),
  [SYS_unlinkat]: call(dirfd, path, atFlags),
  [SYS_mknodat]: {
    arguments: (view) => (isDevice(view) ? [dirfd, path, fileMode, device] : [dirfd, path, fileMode]),
  },
  [SYS_symlinkat]: call(path, dirfd, path),
  [SYS_linkat]: call(dirfd, path, dirfd, path, atFlags),
  [SYS_renameat2]: call(
    dirfd,
    path,
    dirfd,
    path,
    flags({ RENAME_NOREPLACE, RENAME_EXCHANGE, RENAME_WHITEOUT }, "RENAME_???"),
  ),
  [SYS_getcwd]: call(outputString, size),
  [SYS_chdir]: call(path),
  [SYS_fchdir]: call(fd),
  [SYS_umask]: octalResult(mode),
  [SYS_fchmod]: call(fd, mode),
  [SYS_fchmodat]: call(dirfd, path, mode),
  [SYS_fchown]: call(fd, id, id),
  [SYS_fchownat]: call(dirfd, path, id, id, atFlags),
};
