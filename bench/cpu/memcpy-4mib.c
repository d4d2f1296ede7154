/* memcpy over a distance of 4 MiB: in a TLB that is indexed by low bits, source and destination share an entry. */
#include "copy-loop.h"

int main(int argc, char **argv) {
  return copyLoop(repeatCount(argc, argv, 6000), 4 * MIB);
}
