#pragma once

#include <stddef.h>
#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

ssize_t read(int fd, void *buffer, size_t count);
ssize_t write(int fd, const void *buffer, size_t count);
off_t lseek(int fd, off_t offset, int whence);
ssize_t pread(int fd, void *buffer, size_t count, off_t offset);
ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset);
int close(int fd);
int dup(int fd);
int pipe(int ends[2]);
int ftruncate(int fd, off_t size);
int fsync(int fd);
int isatty(int fd);
pid_t fork(void);
pid_t vfork(void) __attribute__((returns_twice));
pid_t getpid(void);
int execve(const char *path, char *const argv[], char *const env[]);
_Noreturn void _exit(int status);
long syscall(long number, ...);
int getpagesize(void);
