/* Formatted output straight to a descriptor. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What a call has formatted and not yet written. */
struct Output {
  int fd;
  int total;
  bool failed;
  size_t used;
  char bytes[512];
};

static void flush(struct Output *output) {
  for (size_t done = 0; done < output->used && !output->failed;) {
    ssize_t count = write(output->fd, output->bytes + done, output->used - done);
    if (count < 0) output->failed = true;
    else done += (size_t)count;
  }
  output->used = 0;
}

static void put(struct Output *output, char byte) {
  if (output->used == sizeof output->bytes) flush(output);
  output->bytes[output->used++] = byte;
  output->total++;
}

struct Conversion {
  bool left;
  bool zero;
  int width;
  /* -1 when there is none. */
  int precision;
};

static void pad(struct Output *output, char byte, int count) {
  for (; count > 0; count--) put(output, byte);
}

static void putText(struct Output *output, struct Conversion to, const char *text) {
  int length = 0;
  while ((to.precision < 0 || length < to.precision) && text[length]) length++;
  if (!to.left) pad(output, ' ', to.width - length);
  for (int i = 0; i < length; i++) put(output, text[i]);
  if (to.left) pad(output, ' ', to.width - length);
}

static void putNumber(struct Output *output, struct Conversion to, uint64_t value, const char *prefix, unsigned base) {
  char digits[22];
  int length = 0;
  do digits[length++] = "0123456789abcdef"[value % base];
  while ((value /= base) > 0);
  int blank = to.width - length - (int)strlen(prefix);
  if (!to.left && !to.zero) pad(output, ' ', blank);
  while (*prefix) put(output, *prefix++);
  if (!to.left && to.zero) pad(output, '0', blank);
  while (length > 0) put(output, digits[--length]);
  if (to.left) pad(output, ' ', blank);
}

static int readNumber(const char **format) {
  int number = 0;
  for (; **format >= '0' && **format <= '9'; (*format)++) number = 10 * number + (**format - '0');
  return number;
}

/* One conversion; `format` is behind its % and is moved behind its letter. */
static void convert(struct Output *output, const char **format, va_list *arguments) {
  struct Conversion to = {.precision = -1};
  for (;; (*format)++) {
    if (**format == '-') to.left = true;
    else if (**format == '0') to.zero = true;
    else break;
  }
  to.width = readNumber(format);
  if (**format == '.') {
    (*format)++;
    to.precision = readNumber(format);
  }
  bool wide = false;
  for (; **format == 'l' || **format == 'z'; (*format)++) wide = true;
  char letter = *(*format)++;
  if (letter == 'd' || letter == 'i') {
    int64_t value = wide ? va_arg(*arguments, int64_t) : va_arg(*arguments, int);
    putNumber(output, to, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0 ? "-" : "", 10);
  } else if (letter == 'u' || letter == 'x' || letter == 'o') {
    uint64_t value = wide ? va_arg(*arguments, uint64_t) : va_arg(*arguments, unsigned);
    putNumber(output, to, value, "", letter == 'u' ? 10 : letter == 'x' ? 16 : 8);
  } else if (letter == 'p') {
    putNumber(output, to, (uintptr_t)va_arg(*arguments, void *), "0x", 16);
  } else if (letter == 's') {
    putText(output, to, va_arg(*arguments, const char *));
  } else {
    char text[] = {letter == 'c' ? (char)va_arg(*arguments, int) : letter, '\0'};
    putText(output, to, text);
  }
}

static int formatTo(int fd, const char *format, va_list *arguments) {
  struct Output output = {.fd = fd};
  while (*format) {
    if (*format != '%') put(&output, *format++);
    else {
      format++;
      convert(&output, &format, arguments);
    }
  }
  flush(&output);
  return output.failed ? -1 : output.total;
}

int printf(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int total = formatTo(STDOUT_FILENO, format, &arguments);
  va_end(arguments);
  return total;
}

int dprintf(int fd, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int total = formatTo(fd, format, &arguments);
  va_end(arguments);
  return total;
}

/* perror(3): errno stays as it is. */
void perror(const char *text) {
  int error = errno;
  dprintf(STDERR_FILENO, "%s: %s\n", text, strerror(error));
  errno = error;
}
