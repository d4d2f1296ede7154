/* CRC-32 (ISO 3309) of 64 KiB of noise, a byte at a time through a table; each repeat goes on from the last. */
#include "bench.h"

#define SIZE 65536

static uint32_t table[256];
static unsigned char bytes[SIZE];

static void makeTable(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320u ^ value >> 1 : value >> 1;
    table[i] = value;
  }
}

static uint32_t crc32(uint32_t crc) {
  crc = ~crc;
  for (int i = 0; i < SIZE; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ crc >> 8;
  return ~crc;
}

int main(int argc, char **argv) {
  uint32_t seed = 2;
  makeTable();
  for (int i = 0; i < SIZE; i++) bytes[i] = (unsigned char)(nextRandom(&seed) >> 24);
  uint32_t crc = 0;
  for (long i = repeatCount(argc, argv, 2500); i > 0; i--) crc = crc32(crc);
  return report(crc);
}
