# A multiboot kernel for i386 that stores words, over and over: a frame of 1024x768x32 in RAM, then the same in the linear
# framebuffer of a Bochs VBE display. Around each it writes a letter to COM1: "R" … "r" for RAM, "L" … "l" for the
# framebuffer. Whoever reads them has the time.
#
#     gcc -m32 -nostdlib -static -Wl,-Ttext=0x100000,--build-id=none,-n -s -o lfb.elf lfb.S

  .set WORDS, 1024 * 768
  .set PASSES, 20
  .set RAM, 0x01000000
  .set FRAMEBUFFER, 0xe0000000
  .set COM1, 0x3f8
  .set VBE_INDEX, 0x1ce

  .text
  .globl _start
# Multiboot header: magic, flags, checksum.
  .align 4
  .long 0x1badb002, 0, -0x1badb002

  .macro vbe index, value
  mov $VBE_INDEX, %dx
  mov $\index, %ax
  out %ax, %dx
  inc %dx
  mov $\value, %ax
  out %ax, %dx
  .endm

  .macro say letter
  mov $COM1, %dx
  mov $\letter, %al
  out %al, %dx
  .endm

_start:
  vbe 4, 0
  vbe 1, 1024
  vbe 2, 768
  vbe 3, 32
  vbe 4, 0x41
again:
  mov $RAM, %ebx
  say 'R'
  call fill
  say 'r'
  mov $FRAMEBUFFER, %ebx
  say 'L'
  call fill
  say 'l'
  jmp again

# PASSES times WORDS stores from ebx on.
fill:
  mov $PASSES, %esi
1:
  mov %ebx, %edi
  mov $WORDS, %ecx
2:
  mov %esi, (%edi)
  add $4, %edi
  dec %ecx
  jnz 2b
  dec %esi
  jnz 1b
  ret

  .section .note.GNU-stack, "", %progbits
