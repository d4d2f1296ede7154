/* What bounce draws once: a setting sun, two ranges of hills, and a floor that mirrors the sky. */
#pragma once

#include <stdint.h>

/* Fills width x height colours, row by row. The sine table is made. */
void makeBackdrop(uint32_t *colours, int width, int height);
