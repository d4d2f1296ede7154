/** readv(2), writev(2): linux/uio.h. */
import { defineStruct, pointer, u64 } from "./struct.ts";

/** struct iovec: 16 bytes. */
export const iovec = defineStruct({ iov_base: pointer, iov_len: u64 });
/** Most iovecs in one call. */
export const UIO_MAXIOV = 1024;
/** preadv2(2), pwritev2(2): linux/fs.h. */
export const RWF_HIPRI = 0x1;
export const RWF_DSYNC = 0x2;
export const RWF_SYNC = 0x4;
export const RWF_NOWAIT = 0x8;
export const RWF_APPEND = 0x10;
