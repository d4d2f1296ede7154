/* System calls of Linux riscv64 by number (asm-generic/unistd.h): those that this library makes. */
#pragma once

#define SYS_ioctl 29
#define SYS_openat 56
#define SYS_close 57
#define SYS_read 63
#define SYS_write 64
#define SYS_pwrite64 68
#define SYS_exit_group 94
#define SYS_munmap 215
#define SYS_mmap 222
