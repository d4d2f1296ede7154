/* mem*: eight bytes at a time where both ends allow it. */
#include <stdint.h>
#include <string.h>

/* A word that may overlay anything. */
typedef uint64_t __attribute__((may_alias)) Word;
#define WORD sizeof(Word)

/* From the first byte to the last, so that `to` may lie below `from` in the same memory. */
static void copyForward(unsigned char *to, const unsigned char *from, size_t size) {
  if ((((uintptr_t)to ^ (uintptr_t)from) & (WORD - 1)) == 0) {
    for (; size > 0 && ((uintptr_t)to & (WORD - 1)) != 0; size--) *to++ = *from++;
    for (; size >= 8 * WORD; size -= 8 * WORD, to += 8 * WORD, from += 8 * WORD) {
      Word *t = (Word *)to;
      const Word *f = (const Word *)from;
      Word a = f[0], b = f[1], c = f[2], d = f[3], e = f[4], g = f[5], h = f[6], i = f[7];
      t[0] = a, t[1] = b, t[2] = c, t[3] = d, t[4] = e, t[5] = g, t[6] = h, t[7] = i;
    }
    for (; size >= WORD; size -= WORD, to += WORD, from += WORD) *(Word *)to = *(const Word *)from;
  }
  for (; size > 0; size--) *to++ = *from++;
}

/* From the last byte to the first. `to` and `from` are just behind the ends. */
static void copyBackward(unsigned char *to, const unsigned char *from, size_t size) {
  if ((((uintptr_t)to ^ (uintptr_t)from) & (WORD - 1)) == 0) {
    for (; size > 0 && ((uintptr_t)to & (WORD - 1)) != 0; size--) *--to = *--from;
    for (; size >= WORD; size -= WORD) {
      to -= WORD;
      from -= WORD;
      *(Word *)to = *(const Word *)from;
    }
  }
  for (; size > 0; size--) *--to = *--from;
}

void *memcpy(void *to, const void *from, size_t size) {
  copyForward(to, from, size);
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  if ((uintptr_t)to - (uintptr_t)from >= size) copyForward(to, from, size);
  else copyBackward((unsigned char *)to + size, (const unsigned char *)from + size, size);
  return to;
}

void *memset(void *memory, int byte, size_t size) {
  unsigned char *to = memory;
  Word word = (unsigned char)byte * 0x0101010101010101u;
  for (; size > 0 && ((uintptr_t)to & (WORD - 1)) != 0; size--) *to++ = (unsigned char)byte;
  for (; size >= WORD; size -= WORD, to += WORD) *(Word *)to = word;
  for (; size > 0; size--) *to++ = (unsigned char)byte;
  return memory;
}

int memcmp(const void *first, const void *second, size_t size) {
  const unsigned char *a = first, *b = second;
  for (; size > 0; size--, a++, b++) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}
