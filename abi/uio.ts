/** readv(2), writev(2): linux/uio.h. */
import { defineStruct, pointer, u64 } from "./struct.ts";

/** struct iovec: 16 bytes. */
export const iovec = defineStruct({ iov_base: pointer, iov_len: u64 });
/** Most iovecs in one call. */
export const UIO_MAXIOV = 1024;
