#pragma once

#include <sys/types.h>

struct stat {
  unsigned long st_dev, st_ino;
  mode_t st_mode;
  unsigned st_nlink, st_uid, st_gid;
  unsigned long st_rdev, pad1;
  off_t st_size;
  int st_blksize, pad2;
  long st_blocks, st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec;
  unsigned pad3[2];
};

_Static_assert(sizeof(struct stat) == 128, "struct stat");

int fstat(int fd, struct stat *status);
