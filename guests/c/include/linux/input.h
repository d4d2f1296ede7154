/* /dev/input/eventN: structures, requests and codes of Linux's linux/input.h, as far as programs here use them. */
#pragma once

#include <stdint.h>

struct input_event {
  long tv_sec;
  long tv_usec;
  uint16_t type;
  uint16_t code;
  int32_t value;
};

struct input_absinfo {
  int32_t value;
  int32_t minimum;
  int32_t maximum;
  int32_t fuzz;
  int32_t flat;
  int32_t resolution;
};

_Static_assert(sizeof(struct input_event) == 24, "input_event");
_Static_assert(sizeof(struct input_absinfo) == 24, "input_absinfo");

#define EVIOCGABS(axis) (0x80184540 + (axis))
#define EVIOCGRAB 0x40044590

#define EV_SYN 0
#define EV_KEY 1
#define EV_ABS 3

#define KEY_ESC 1
#define KEY_1 2
#define KEY_8 9
#define KEY_Q 16
#define KEY_C 46
#define BTN_LEFT 0x110
#define BTN_TOUCH 0x14a

#define ABS_X 0
#define ABS_Y 1
