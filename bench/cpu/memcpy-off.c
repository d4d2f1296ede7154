/* memcpy over 4 MiB and 37 pages: source and destination share nothing. */
#include "copy-loop.h"

int main(int argc, char **argv) {
  return copyLoop(repeatCount(argc, argv, 6000), 4 * MIB + 37 * 4096);
}
