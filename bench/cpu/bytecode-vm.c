/* An interpreter of a small stack machine; its program adds up how many steps of Collatz the numbers 1 to 1000 take. */
#include "bench.h"

enum Op { PUSH, LOAD, STORE, ADD, MULTIPLY, HALVE, ODD, LESS, JUMP, JUMP_IF_ZERO, HALT };

/* The machine's variables. */
enum { N, LIMIT, VALUE, STEPS, VARIABLES };

static const unsigned char program[] = {
    /*  0 */ LOAD, N, LOAD, LIMIT, LESS, JUMP_IF_ZERO, 53,
    /*  7 */ LOAD, N, STORE, VALUE,
    /* 11 */ PUSH, 1, LOAD, VALUE, LESS, JUMP_IF_ZERO, 44,
    /* 18 */ LOAD, STEPS, PUSH, 1, ADD, STORE, STEPS,
    /* 25 */ LOAD, VALUE, ODD, JUMP_IF_ZERO, 37,
    /* 30 */ LOAD, VALUE, PUSH, 3, MULTIPLY, JUMP, 54,
    /* 37 */ LOAD, VALUE, HALVE, STORE, VALUE, JUMP, 11,
    /* 44 */ LOAD, N, PUSH, 1, ADD, STORE, N, JUMP, 0,
    /* 53 */ HALT,
    /* 54 */ PUSH, 1, ADD, STORE, VALUE, JUMP, 11,
};

static void run(uint32_t *variables) {
  uint32_t stack[16];
  uint32_t *top = stack;
  for (const unsigned char *pc = program;;) {
    switch ((enum Op)*pc++) {
      case PUSH: *top++ = *pc++; break;
      case LOAD: *top++ = variables[*pc++]; break;
      case STORE: variables[*pc++] = *--top; break;
      case ADD: top--; top[-1] += top[0]; break;
      case MULTIPLY: top--; top[-1] *= top[0]; break;
      case HALVE: top[-1] >>= 1; break;
      case ODD: top[-1] &= 1; break;
      case LESS: top--; top[-1] = top[-1] < top[0]; break;
      case JUMP: pc = program + *pc; break;
      case JUMP_IF_ZERO: pc = *--top == 0 ? program + *pc : pc + 1; break;
      case HALT: return;
    }
  }
}

int main(int argc, char **argv) {
  uint32_t checksum = CHECKSUM_START;
  for (long i = repeatCount(argc, argv, 50); i > 0; i--) {
    uint32_t variables[VARIABLES] = {[N] = 1, [LIMIT] = 1001};
    run(variables);
    checksum = fold(checksum, variables[STEPS]);
  }
  return report(checksum);
}
