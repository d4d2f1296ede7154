#pragma once

struct pollfd {
  int fd;
  short events;
  short revents;
};

#define POLLIN 1
#define POLLOUT 4
#define POLLERR 8
#define POLLHUP 16

/* poll(2): sets `revents` of each; how many are not 0, or 0 after `timeout` milliseconds (negative: for ever). */
int poll(struct pollfd *fds, unsigned long count, int timeout);
