# The first instruction: the kernel's stack holds argc, argv, NULL, envp, NULL, auxv (System V ABI).
  .globl _start
_start:
  .option push
  .option norelax
  la gp, __global_pointer$
  .option pop
  mv a0, sp
  andi sp, sp, -16
  call startC

  .section .note.GNU-stack, "", %progbits
