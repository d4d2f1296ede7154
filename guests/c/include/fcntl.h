#pragma once

#define AT_FDCWD -100

#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 0100
#define O_EXCL 0200
#define O_TRUNC 01000
#define O_APPEND 02000
#define O_NONBLOCK 04000
#define O_DSYNC 010000
#define O_CLOEXEC 02000000
#define O_SYNC 04010000

/* open(2); the third argument is the mode of a file that O_CREAT makes. */
int open(const char *path, int flags, ...);
