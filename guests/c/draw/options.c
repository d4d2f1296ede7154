#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void describeOptions(int frames) {
  printf("--frames N  draw N frames, one for each vertical retrace (%d unless said otherwise)\n", frames);
  printf("--copied    draw into private memory and send each frame by write()\n");
  printf("--help      show this and end\n");
}

/* 1 to 999999999 in decimal without leading zeros; 0 for anything else. */
static int parseFrames(const char *text) {
  int number = 0;
  int length = 0;
  for (; text[length]; length++) {
    if (text[length] < '0' || text[length] > '9' || length == 9) return 0;
    number = 10 * number + (text[length] - '0');
  }
  return text[0] == '0' ? 0 : number;
}

int defaultFrames(int own) {
  const char *text = getenv("FRAMES");
  int asked = text ? parseFrames(text) : 0;
  return asked > 0 ? asked : own;
}

bool parseOptions(struct Options *options, const char *name, char **arguments) {
  for (; *arguments; arguments++) {
    if (strcmp(*arguments, "--frames") == 0 || strncmp(*arguments, "--frames=", 9) == 0) {
      const char *value = (*arguments)[8] == '=' ? *arguments + 9 : arguments[1] ? *++arguments : "";
      options->frames = parseFrames(value);
      if (options->frames == 0) {
        dprintf(STDERR_FILENO, "%s: --frames takes a number from 1, not \"%s\"\n", name, value);
        return false;
      }
    } else if (strcmp(*arguments, "--copied") == 0) {
      options->copied = true;
    } else if (strcmp(*arguments, "--help") == 0) {
      options->help = true;
    } else {
      dprintf(STDERR_FILENO, "%s: unknown option \"%s\"\n", name, *arguments);
      return false;
    }
  }
  return true;
}
