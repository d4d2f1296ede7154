/* Programs of the older kind name this header for the sake of mode_t. */
#pragma once

#include <sys/types.h>
