/**
 * Sockets, epoll and descriptors that stand for events.
 *
 * Not decoded: their flags, addresses and structs; strace shows those by name, we show the register.
 */
import {
  SYS_accept,
  SYS_accept4,
  SYS_bind,
  SYS_connect,
  SYS_epoll_create1,
  SYS_epoll_ctl,
  SYS_epoll_pwait,
  SYS_eventfd2,
  SYS_getpeername,
  SYS_getsockname,
  SYS_getsockopt,
  SYS_listen,
  SYS_recvfrom,
  SYS_recvmsg,
  SYS_sendmsg,
  SYS_sendto,
  SYS_setsockopt,
  SYS_shutdown,
  SYS_signalfd4,
  SYS_socket,
  SYS_socketpair,
  SYS_timerfd_create,
  SYS_timerfd_gettime,
  SYS_timerfd_settime,
} from "../../../abi/syscalls.ts";
import { fd, hexadecimal, input, int, intsFilled, output, pointer, size, uint } from "./arguments.ts";
import { call, type Signatures } from "./signature.ts";

export const socketSignatures: Signatures = {
  [SYS_socket]: call(int, hexadecimal, int),
  [SYS_socketpair]: call(int, hexadecimal, int, intsFilled(2)),
  [SYS_bind]: call(fd, pointer, int),
  [SYS_listen]: call(fd, int),
  [SYS_accept]: call(fd, pointer, pointer),
  [SYS_accept4]: call(fd, pointer, pointer, hexadecimal),
  [SYS_connect]: call(fd, pointer, int),
  [SYS_getsockname]: call(fd, pointer, pointer),
  [SYS_getpeername]: call(fd, pointer, pointer),
  [SYS_sendto]: call(fd, input(2), size, hexadecimal, pointer, uint),
  [SYS_recvfrom]: call(fd, output, size, hexadecimal, pointer, pointer),
  [SYS_sendmsg]: call(fd, pointer, hexadecimal),
  [SYS_recvmsg]: call(fd, pointer, hexadecimal),
  [SYS_setsockopt]: call(fd, int, int, pointer, int),
  [SYS_getsockopt]: call(fd, int, int, pointer, pointer),
  [SYS_shutdown]: call(fd, int),
  [SYS_epoll_create1]: call(hexadecimal),
  [SYS_epoll_ctl]: call(fd, int, fd, pointer),
  [SYS_epoll_pwait]: call(fd, pointer, int, int, pointer, size),
  [SYS_eventfd2]: call(uint, hexadecimal),
  [SYS_signalfd4]: call(fd, pointer, size, hexadecimal),
  [SYS_timerfd_create]: call(int, hexadecimal),
  [SYS_timerfd_settime]: call(fd, hexadecimal, pointer, pointer),
  [SYS_timerfd_gettime]: call(fd, pointer),
};
