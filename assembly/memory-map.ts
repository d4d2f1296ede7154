/**
 * The guest-physical map: what answers at which physical address. QEMU's `virt` board, so that stock kernels feel at
 * home, plus a video card. Every range is {base, size}: an address belongs to a range when `pa - base < size`.
 *
 *   0x0010_0000  test finisher (power off)
 *   0x0010_1000  goldfish real-time clock
 *   0x0200_0000  CLINT
 *   0x0c00_0000  PLIC
 *   0x1000_0000  UART 16550A
 *   0x1000_1000  virtio-mmio slots, one page each
 *   0x1100_0000  video card: registers (one page)
 *   0x4000_0000  video memory: plain memory to the CPU
 *   0x8000_0000  RAM
 */
export const FINISHER_BASE = 0x0010_0000;
export const FINISHER_SIZE = 0x1000;
export const RTC_BASE = FINISHER_BASE + FINISHER_SIZE;
export const RTC_SIZE = 0x1000;
export const CLINT_BASE = 0x0200_0000;
export const CLINT_SIZE = 0x1_0000;
export const PLIC_BASE = 0x0c00_0000;
export const PLIC_SIZE = 0x60_0000;
export const UART_BASE = 0x1000_0000;
export const UART_SIZE = 0x1000;
export const VIRTIO_BASE = UART_BASE + UART_SIZE;
export const VIRTIO_SLOT_SIZE = 0x1000;
export const VIRTIO_SLOTS = 8;
export const VIDEO_CARD_BASE = 0x1100_0000;
export const VIDEO_CARD_SIZE = 0x1000;
export const VRAM_BASE = 0x4000_0000;
export const VRAM_SIZE_MIN = 0x0010_0000;
export const VRAM_SIZE_MAX = 0x0400_0000;
export const RAM_BASE = 0x8000_0000;
export const RAM_SIZE_MIN = 0x0100_0000;
export const RAM_SIZE_MAX = 0x8000_0000;
