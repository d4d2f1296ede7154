/*
 * Formatted output. Nothing is buffered between calls: each call is one write(2), or several when it is long.
 * Conversions: d i u x o c s p %, with the flags - and 0, a width, a precision for s, and the sizes l ll z.
 */
#pragma once

#include <stddef.h>

int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int dprintf(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "TEXT: WHY\n" on standard error, from errno. */
void perror(const char *text);
