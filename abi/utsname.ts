/** uname(2), sysinfo(2): linux/utsname.h, linux/sysinfo.h. */
import { array, chars, defineStruct, i64, u16, u32, u64 } from "./struct.ts";

/** struct new_utsname: six strings of 65 bytes, 390 in all. */
export const utsname = defineStruct({
  sysname: chars(65),
  nodename: chars(65),
  release: chars(65),
  version: chars(65),
  machine: chars(65),
  domainname: chars(65),
});

/** struct sysinfo: 112 bytes; sizes in units of mem_unit bytes, loads in 1/65536. */
export const sysinfo = defineStruct({
  uptime: i64,
  loads: array(u64, 3),
  totalram: u64,
  freeram: u64,
  sharedram: u64,
  bufferram: u64,
  totalswap: u64,
  freeswap: u64,
  procs: u16,
  pad: u16,
  totalhigh: u64,
  freehigh: u64,
  mem_unit: u32,
});

/** getrandom(2): linux/random.h. */
export const GRND_NONBLOCK = 1;
export const GRND_RANDOM = 2;
export const GRND_INSECURE = 4;
