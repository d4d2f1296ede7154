/** How strace shows the structs of files, time and resources. */
import type { flock } from "../../../abi/fcntl.ts";
import { F_RDLCK, F_UNLCK, F_WRLCK, SEEK_CUR, SEEK_DATA, SEEK_END, SEEK_HOLE, SEEK_SET } from "../../../abi/fcntl.ts";
import type { rlimit, rusage } from "../../../abi/resource.ts";
import {
  major,
  minor,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  S_ISBLK,
  S_ISCHR,
  S_ISGID,
  S_ISUID,
  S_ISVTX,
  STATX_ALL,
  STATX_ATIME,
  STATX_BASIC_STATS,
  STATX_BLOCKS,
  STATX_BTIME,
  STATX_CTIME,
  STATX_DIOALIGN,
  STATX_GID,
  STATX_INO,
  STATX_MNT_ID,
  STATX_MODE,
  STATX_MTIME,
  STATX_NLINK,
  STATX_SIZE,
  STATX_TYPE,
  STATX_UID,
  type Stat,
  type statx,
} from "../../../abi/stat.ts";
import type { StructValue } from "../../../abi/struct.ts";
import type { itimerval, Timespec, Timeval } from "../../../abi/time.ts";
import { flagText, hex, octal, valueText } from "./text.ts";

const FILE_TYPES = { S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFLNK, S_IFSOCK };

/** "S_IFDIR|S_ISVTX|0777"; plain octal when there is no such type. */
export function fileModeText(mode: number): string {
  const type = Object.entries(FILE_TYPES).find(([, value]) => value === (mode & S_IFMT));
  if (type === undefined) return octal(mode);
  const bits = Object.entries({ S_ISUID, S_ISGID, S_ISVTX }).filter(([, bit]) => (mode & bit) !== 0);
  return [type[0], ...bits.map(([name]) => name), octal(mode & 0o777)].join("|");
}

export const deviceText = (dev: number): string => `makedev(${hex(major(dev))}, ${hex(minor(dev))})`;

export const showStat = ({ st_mode, st_rdev, st_size }: Stat): string => {
  const device = S_ISCHR(st_mode) || S_ISBLK(st_mode);
  return `{st_mode=${fileModeText(st_mode)}, ${device ? `st_rdev=${deviceText(st_rdev)}` : `st_size=${st_size}`}, ...}`;
};

export const STATX_MASK = {
  STATX_ALL,
  STATX_BASIC_STATS,
  STATX_TYPE,
  STATX_MODE,
  STATX_NLINK,
  STATX_UID,
  STATX_GID,
  STATX_ATIME,
  STATX_MTIME,
  STATX_CTIME,
  STATX_INO,
  STATX_SIZE,
  STATX_BLOCKS,
  STATX_BTIME,
  STATX_MNT_ID,
  STATX_DIOALIGN,
};

export const showStatx = (value: StructValue<typeof statx>): string => {
  const mask = flagText(STATX_MASK, "STATX_???", value.stx_mask);
  const attributes = value.stx_attributes === 0n ? "0" : `0x${value.stx_attributes.toString(16)}`;
  const mode = fileModeText(value.stx_mode);
  return `{stx_mask=${mask}, stx_attributes=${attributes}, stx_mode=${mode}, stx_size=${value.stx_size}, ...}`;
};

export const showTimespec = ({ tv_sec, tv_nsec }: Timespec): string => `{tv_sec=${tv_sec}, tv_nsec=${tv_nsec}}`;
export const showTimeval = ({ tv_sec, tv_usec }: Timeval): string => `{tv_sec=${tv_sec}, tv_usec=${tv_usec}}`;
export const showItimerval = ({ it_interval, it_value }: StructValue<typeof itimerval>): string =>
  `{it_interval=${showTimeval(it_interval)}, it_value=${showTimeval(it_value)}}`;

export const showRusage = ({ ru_utime, ru_stime }: StructValue<typeof rusage>): string =>
  `{ru_utime=${showTimeval(ru_utime)}, ru_stime=${showTimeval(ru_stime)}, ...}`;

/** A multiple of 1024 above it is shown as one. */
const limitText = (limit: bigint): string => {
  if (limit === 0xffff_ffff_ffff_ffffn) return "RLIM64_INFINITY";
  return limit > 1024n && limit % 1024n === 0n ? `${limit / 1024n}*1024` : `${limit}`;
};
export const showRlimit = ({ rlim_cur, rlim_max }: StructValue<typeof rlimit>): string =>
  `{rlim_cur=${limitText(rlim_cur)}, rlim_max=${limitText(rlim_max)}}`;

export const WHENCE = { SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE };
export const LOCK_TYPES = { F_RDLCK, F_WRLCK, F_UNLCK };

/** `pid` only when the kernel filled it. */
export const showFlock =
  (pid: boolean) =>
  ({ l_type, l_whence, l_start, l_len, l_pid }: StructValue<typeof flock>): string => {
    const type = valueText(LOCK_TYPES, "F_???", l_type);
    const whence = valueText(WHENCE, "SEEK_???", l_whence);
    return `{l_type=${type}, l_whence=${whence}, l_start=${l_start}, l_len=${l_len}${pid ? `, l_pid=${l_pid}` : ""}}`;
  };
