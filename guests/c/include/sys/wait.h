#pragma once

#include <sys/types.h>

#define WNOHANG 1

#define WTERMSIG(status) ((status)&127)
#define WEXITSTATUS(status) (((status) >> 8) & 255)

pid_t waitpid(pid_t pid, int *status, int options);
