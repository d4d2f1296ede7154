/* Prints what the C library does: libc.test.ts knows what it should. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void formats(void) {
  printf("[%d] [%i] [%u] [%x] [%c] [%s] [%%]\n", -7, 42, 4000000000u, 0xbeef, 'c', "text");
  printf("[%5d] [%-5d] [%05d] [%5s] [%-5s] [%.2s] [%6.2s]\n", 42, 42, -42, "ab", "ab", "abc", "abc");
  printf("[%ld] [%lu] [%lx] [%08lx] [%zu] [%lld]\n", INT64_MIN, UINT64_MAX, UINT64_MAX, 0x1234l, sizeof(long), -1ll);
  printf("[%p] [%s]\n", (void *)0x10000, "");
  char digits[1300];
  for (int i = 0; i < 1300; i++) digits[i] = (char)('0' + i % 10);
  digits[1299] = '\0';
  printf("returns %d\n", printf("%s\n", digits));
}

/* memcpy, memmove and memset at all alignments and many lengths against a byte at a time. */
static int memoryMistakes(void) {
  static unsigned char real[400], model[400];
  int mistakes = 0;
  for (int to = 0; to < 24; to++) {
    for (int from = 0; from < 24; from++) {
      for (int size = 0; size < 170; size = size < 20 ? size + 1 : size + 37) {
        for (int i = 0; i < 400; i++) real[i] = model[i] = (unsigned char)(i * 7 + to + size);
        for (int i = 0; i < size; i++) model[200 + to + i] = model[from + i];
        if (memcpy(real + 200 + to, real + from, (size_t)size) != real + 200 + to) mistakes++;
        unsigned char moved[170];
        for (int i = 0; i < size; i++) moved[i] = model[from + i];
        for (int i = 0; i < size; i++) model[to + i] = moved[i];
        if (memmove(real + to, real + from, (size_t)size) != real + to) mistakes++;
        for (int i = 0; i < size; i++) model[180 + from + i] = (unsigned char)0xa5;
        if (memset(real + 180 + from, 0x1a5, (size_t)size) != real + 180 + from) mistakes++;
        for (int i = 0; i < 400; i++) mistakes += real[i] != model[i];
      }
    }
  }
  return mistakes;
}

static int sign(int number) {
  return (number > 0) - (number < 0);
}

static void strings(void) {
  char text[8];
  printf("%zu %zu\n", strlen(""), strlen("abc"));
  printf("%d %d %d %d\n", sign(strcmp("a", "b")), sign(strcmp("ab", "a")), sign(strcmp("a", "a")),
         sign(strcmp("\x80", "a")));
  printf("%d %d %d\n", sign(strncmp("abc", "abd", 2)), sign(strncmp("abc", "abd", 3)), sign(strncmp("a", "b", 0)));
  printf("%d %d %d\n", sign(memcmp("ab", "ac", 2)), sign(memcmp("\xff", "\x01", 1)), sign(memcmp("ab", "ac", 1)));
  printf("%s %d\n", strcpy(text, "copied"), strcpy(text, "x") == text);
}

int main(int argc, char **argv) {
  formats();
  printf("%d mistakes\n", memoryMistakes());
  strings();
  printf("argc %d argv %s\n", argc, argv[argc - 1]);
  printf("LIBC %s, LIB %s\n", getenv("LIBC"), getenv("LIB") ? "set" : "unset");
  for (int error = -1; error <= 134; error++) printf("%d %s\n", error, strerror(error));
  printf("open %d\n", open("/no/such/file", O_RDONLY));
  printf("errno %d\n", errno);
  perror("open");
  printf("errno %d\n", errno);
  char line[16];
  ssize_t count = read(STDIN_FILENO, line, sizeof line);
  write(STDOUT_FILENO, line, (size_t)count);
  exit(300 + 7);
}
