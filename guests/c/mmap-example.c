/*
 * The user program of the second seed, call for call: maps the page that its open of the debugfs file made, prints the
 * message in it, changes a word, and prints it again. The mapping ends with the program.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE_SIZE 4096
/* A parent sees the low eight bits. */
#define FAILURE -1

int main(void) {
  int fd = open("/sys/kernel/debug/mmap_example", O_RDWR);
  if (fd < 0) {
    perror("open");
    return FAILURE;
  }
  char *message = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (message == MAP_FAILED) {
    perror("mmap");
    return FAILURE;
  }
  printf("initial message: %s\n", message);
  memcpy(message + strlen("hello from "), "*user*", strlen("*user*"));
  printf("changed message: %s\n", message);
  close(fd);
  return 0;
}
