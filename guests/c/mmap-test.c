/*
 * The user program of the first seed, call for call: maps the sixteen pages of the device special file "node" in the
 * current directory, prints the string at their start, and stores another one there.
 *
 * The seed copies 50 bytes of a literal of 24. What lies behind a literal is nobody's business: here it is the 24.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NPAGES 16
/* A parent sees the low eight bits. */
#define FAILURE -1

int main(void) {
  size_t length = (size_t)(NPAGES * getpagesize());
  int fd = open("node", O_RDWR | O_SYNC);
  if (fd < 0) {
    perror("open");
    return FAILURE;
  }
  char *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    return FAILURE;
  }
  printf("The contents of the virtual address space in user space is %s\n", memory);
  strcpy(memory, "This is from user space");
  if (munmap(memory, length) == -1) perror("munmap failed\n");
  close(fd);
  return 0;
}
