/** statfs(2): asm-generic/statfs.h, linux/magic.h and linux/statfs.h of Linux 6.12, as on riscv64. */
import { array, defineStruct, i32, i64 } from "./struct.ts";

/** struct statfs: 120 bytes; sizes in units of f_bsize bytes. */
export const statfs = defineStruct({
  f_type: i64,
  f_bsize: i64,
  f_blocks: i64,
  f_bfree: i64,
  f_bavail: i64,
  f_files: i64,
  f_ffree: i64,
  f_fsid: array(i32, 2),
  f_namelen: i64,
  f_frsize: i64,
  f_flags: i64,
  f_spare: array(i64, 4),
});

/** statfs.f_type. */
export const TMPFS_MAGIC = 0x0102_1994;
export const PROC_SUPER_MAGIC = 0x9fa0;
export const SYSFS_MAGIC = 0x6265_6572;
export const DEBUGFS_MAGIC = 0x6462_6720;
export const PIPEFS_MAGIC = 0x5049_5045;
export const OVERLAYFS_SUPER_MAGIC = 0x794c_7630;
export const HOSTFS_SUPER_MAGIC = 0x00c0_ffee;

/** statfs.f_flags: read-only; f_flags is filled in; access times as with relatime. */
export const ST_RDONLY = 0x1;
export const ST_VALID = 0x20;
export const ST_RELATIME = 0x1000;
