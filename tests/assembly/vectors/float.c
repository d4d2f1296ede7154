// Executes one floating-point instruction a line, on a real RV64GC or qemu-riscv64: where vectors/float.txt comes from.
//   riscv64-linux-gnu-gcc -O1 -static -o float float.c && qemu-riscv64 ./float < lines
// In:   name rm fflags a b c      (numbers in hex, unused operands 0)
// Out:  the line, then the result's bits and fflags afterwards
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct Call {
  uint64_t csr, a, b, c, result, flags;
};

#define INSTRUCTION(name, in, text, out)                                                                               \
  static void run_##name(struct Call *s) {                                                                             \
    asm volatile("csrw fcsr, %[csr]\n" in "\n" text "\n" out "\n csrr %[flags], fflags"                                \
                 : [r] "=&r"(s->result), [flags] "=&r"(s->flags)                                                       \
                 : [csr] "r"(s->csr), [a] "r"(s->a), [b] "r"(s->b), [c] "r"(s->c)                                      \
                 : "ft0", "ft1", "ft2", "ft3");                                                                        \
  }

#define IN64 "fmv.d.x ft0, %[a]\n fmv.d.x ft1, %[b]\n fmv.d.x ft2, %[c]"
#define IN32 "fmv.w.x ft0, %[a]\n fmv.w.x ft1, %[b]\n fmv.w.x ft2, %[c]"
#define OUT64 "fmv.x.d %[r], ft3"
#define OUT32 "fmv.x.w %[r], ft3\n slli %[r], %[r], 32\n srli %[r], %[r], 32"

#define ALL(X)                                                                                                         \
  X(add, "fadd", "ft3, ft0, ft1", FLOAT) X(sub, "fsub", "ft3, ft0, ft1", FLOAT) X(mul, "fmul", "ft3, ft0, ft1", FLOAT)             \
  X(div, "fdiv", "ft3, ft0, ft1", FLOAT) X(sqrt, "fsqrt", "ft3, ft0", FLOAT) X(fma, "fmadd", "ft3, ft0, ft1, ft2", FLOAT)          \
  X(min, "fmin", "ft3, ft0, ft1", FLOAT) X(max, "fmax", "ft3, ft0, ft1", FLOAT) X(sgnj, "fsgnj", "ft3, ft0, ft1", FLOAT)           \
  X(sgnjn, "fsgnjn", "ft3, ft0, ft1", FLOAT) X(sgnjx, "fsgnjx", "ft3, ft0, ft1", FLOAT) X(eq, "feq", "%[r], ft0, ft1", INTEGER)      \
  X(lt, "flt", "%[r], ft0, ft1", INTEGER) X(le, "fle", "%[r], ft0, ft1", INTEGER) X(classify, "fclass", "%[r], ft0", INTEGER)
#define OUT_FLOAT64 OUT64
#define OUT_FLOAT32 OUT32
#define OUT_INTEGER64 ""
#define OUT_INTEGER32 ""
#define BOTH(name, text, operands, out)                                                                                \
  INSTRUCTION(name##64, IN64, text ".d " operands, OUT_##out##64)                                                      \
  INSTRUCTION(name##32, IN32, text ".s " operands, OUT_##out##32)
ALL(BOTH)

#define CONVERSIONS(X) X(W, "w") X(Wu, "wu") X(L, "l") X(Lu, "lu")
#define CONVERT(name, text)                                                                                            \
  INSTRUCTION(fcvt##name##D, IN64, "fcvt." text ".d %[r], ft0, dyn", "")                                               \
  INSTRUCTION(fcvt##name##S, IN32, "fcvt." text ".s %[r], ft0, dyn", "")                                               \
  INSTRUCTION(fcvtD##name, "", "fcvt.d." text " ft3, %[a]", OUT64)                                                     \
  INSTRUCTION(fcvtS##name, "", "fcvt.s." text " ft3, %[a], dyn", OUT32)
CONVERSIONS(CONVERT)
INSTRUCTION(fcvtDS, IN32, "fcvt.d.s ft3, ft0", OUT64)
INSTRUCTION(fcvtSD, IN64, "fcvt.s.d ft3, ft0, dyn", OUT32)

#define ENTRY(name) {#name, run_##name},
#define ENTRIES(name, text, operands, out) ENTRY(name##64) ENTRY(name##32)
#define CONVERT_ENTRIES(name, text) ENTRY(fcvt##name##D) ENTRY(fcvt##name##S) ENTRY(fcvtD##name) ENTRY(fcvtS##name)
static const struct {
  const char *name;
  void (*run)(struct Call *);
} instructions[] = {ALL(ENTRIES) CONVERSIONS(CONVERT_ENTRIES) ENTRY(fcvtDS) ENTRY(fcvtSD)};

int main(void) {
  char name[16];
  unsigned rm, fflags;
  struct Call s;
  while (scanf("%15s %x %x %" SCNx64 " %" SCNx64 " %" SCNx64, name, &rm, &fflags, &s.a, &s.b, &s.c) == 6) {
    unsigned i = 0;
    while (i < sizeof instructions / sizeof *instructions && strcmp(instructions[i].name, name) != 0) i++;
    if (i == sizeof instructions / sizeof *instructions) return 1;
    s.csr = rm << 5 | fflags;
    instructions[i].run(&s);
    printf("%s %x %x %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 "\n", name, rm, fflags, s.a, s.b, s.c,
           s.result, s.flags);
  }
  return 0;
}
