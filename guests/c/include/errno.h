/* errno of the system calls below: the numbers that programs here name. strerror knows all of them. */
#pragma once

extern int errno;

#define ENOSPC 28
#define ENOTSUP 95
