#pragma once

#define KDSETMODE 0x4b3a
#define KD_TEXT 0
#define KD_GRAPHICS 1
