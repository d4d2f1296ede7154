# Functions that are left twice.

# struct JumpBuffer: ra, sp, s0 to s11, fs0 to fs11.
  .macro eachRegister integer, float
  \integer ra, 0(a0)
  \integer sp, 8(a0)
  .set at, 16
  .irp register, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
  \integer \register, at(a0)
  .set at, at + 8
  .endr
  .irp register, fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
  \float \register, at(a0)
  .set at, at + 8
  .endr
  .endm

  .section .text.sigsetjmp, "ax", %progbits
  .globl sigsetjmp
sigsetjmp:
  eachRegister sd, fsd
  tail keepMask

  .section .text.jumpTo, "ax", %progbits
  .globl jumpTo
jumpTo:
  eachRegister ld, fld
  mv a0, a1
  # "siglongjmp … if it is called with a val of 0, 1 is returned instead", setjmp(3).
  seqz a1, a1
  add a0, a0, a1
  ret

# clone(CLONE_VM | CLONE_VFORK | SIGCHLD): parent and child return from one stack frame, the child first.
  .section .text.vfork, "ax", %progbits
  .globl vfork
vfork:
  li a0, 0x4111
  li a1, 0
  li a7, 220
  ecall
  bltz a0, 1f
  ret
1:
  tail vforkResult

  .section .note.GNU-stack, "", %progbits
