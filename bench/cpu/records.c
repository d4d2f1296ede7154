/*
 * In the manner of Dhrystone, in our own words: records that are copied and linked, strings that are copied and
 * compared, small procedures with pointers as arguments, enumerations, and a little arithmetic.
 */
#include <string.h>

#include "bench.h"

#define STEPS 1000
#define LABEL "RECORD OF THE BENCHMARK NO. 000"
#define TEXT sizeof LABEL

enum Kind { FIRST, SECOND, THIRD, FOURTH, KINDS };

struct Record {
  struct Record *next;
  enum Kind kind;
  int number;
  char text[TEXT];
};

static int table[64];

__attribute__((noinline)) static enum Kind following(enum Kind kind) {
  switch (kind) {
    case FIRST: return THIRD;
    case SECOND: return FIRST;
    case THIRD: return FOURTH;
    default: return SECOND;
  }
}

__attribute__((noinline)) static int later(const char *a, const char *b) {
  int order = strcmp(a, b);
  return order > 0 ? order : 0;
}

__attribute__((noinline)) static void label(struct Record *record, int number) {
  strcpy(record->text, LABEL);
  record->text[TEXT - 2] = (char)('0' + number % 10);
  record->text[TEXT - 3] = (char)('0' + number / 10 % 10);
}

__attribute__((noinline)) static void copyOnward(struct Record *record) {
  struct Record *next = record->next;
  struct Record *after = next->next;
  *next = *record;
  next->next = after;
  next->kind = following(record->kind);
  next->number = record->number + 7;
}

__attribute__((noinline)) static void store(int *at, int index, int value) {
  at[index & 63] += value;
  at[(index + 30) & 63] = at[index & 63] ^ index;
}

int main(int argc, char **argv) {
  static struct Record ring[8];
  for (int i = 0; i < 8; i++) {
    ring[i].next = &ring[(i + 1) & 7];
    label(&ring[i], 9 * i);
  }
  struct Record *here = ring;
  int total = 0;
  for (long i = repeatCount(argc, argv, 1500) * STEPS; i > 0; i--) {
    copyOnward(here);
    struct Record *next = here->next;
    label(next, next->number & 127);
    if (later(next->text, here->text)) total += next->number / 3;
    else total -= next->kind;
    store(table, next->number, total);
    here = next;
  }
  uint32_t checksum = fold(CHECKSUM_START, (uint32_t)total);
  for (int i = 0; i < 64; i++) checksum = fold(checksum, (uint32_t)table[i]);
  for (int i = 0; i < 8; i++) checksum = fold(fold(checksum, ring[i].kind), (uint32_t)ring[i].text[TEXT - 2]);
  return report(checksum);
}
