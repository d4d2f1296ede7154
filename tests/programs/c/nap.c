/* nap DIGITS: sleeps so many seconds, and says so. */
#include <poll.h>
#include <stdio.h>

int main(int argc, char **argv) {
  int seconds = 0;
  for (const char *at = argc > 1 ? argv[1] : ""; *at != 0; at++) seconds = 10 * seconds + (*at - '0');
  poll(NULL, 0, 1000 * seconds);
  printf("slept %d\n", seconds);
  return 0;
}
