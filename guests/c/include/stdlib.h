#pragma once

#include <stddef.h>

_Noreturn void exit(int status);
/* The value of an environment variable, or NULL. */
char *getenv(const char *name);
