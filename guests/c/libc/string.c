#include <stdint.h>
#include <string.h>

size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

int strcmp(const char *a, const char *b) {
  return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t size) {
  for (; size > 0; size--, a++, b++) {
    if (*a != *b || *a == '\0') return (unsigned char)*a - (unsigned char)*b;
  }
  return 0;
}

char *strcpy(char *to, const char *from) {
  memcpy(to, from, strlen(from) + 1);
  return to;
}

char *strstr(const char *text, const char *part) {
  size_t length = strlen(part);
  for (; *text; text++) {
    if (strncmp(text, part, length) == 0) return (char *)text;
  }
  return length == 0 ? (char *)text : NULL;
}
