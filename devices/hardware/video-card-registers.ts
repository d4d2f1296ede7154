/**
 * Registers of the video card: offsets into its page, and the values that have names. Every register is 32 bits wide
 * and takes aligned 32-bit accesses only. Reserved offsets read 0 and ignore writes.
 *
 *   offset       name          access  after power-on  meaning
 *   0x000        ID            r       "SCAN"          REG_ID_VALUE: a video card is here
 *   0x004        VERSION       r       1               this register table
 *   0x008        VRAM_SIZE     r       as built        bytes of video memory
 *   0x00c        STATUS        r       0               STATUS_…
 *   0x010        WIDTH         rw      as built        visible pixels in a row, 8 … 4096      \
 *   0x014        HEIGHT        rw      as built        visible rows, 8 … 4096                  | the next mode: taken
 *   0x018        STRIDE        rw      as built        bytes from one row to the next          | by COMMIT
 *   0x01c        FORMAT        rw      as built        FORMAT_… (assembly/scanout-format.ts)  /
 *   0x020        COMMIT        w       reads 0         1: take the next mode and START
 *   0x024        START         rw      0               byte offset of the first visible pixel; taken at the next vblank
 *   0x028        BLANK         rw      0               1: the screen is black, whatever is in memory
 *   0x02c        VBLANK_COUNT  r       0               vertical blanks since power-on, modulo 2^32
 *   0x030–0x03f  reserved
 *   0x040–0x07f  reserved for the hardware cursor
 *   0x080–0x0ff  reserved for the 2D engine
 *   0x100–0x11f  reserved for the interrupt
 *   0x120–0x3ff  reserved
 *   0x400–0x7ff  PALETTE[256]  rw      0               0x00rrggbb, the colours of FORMAT_C8; taken at once
 *   0x800–0xfff  reserved
 *
 * A frame must lie in video memory: START + (HEIGHT - 1) * STRIDE + WIDTH * pixel size <= VRAM_SIZE, and STRIDE must
 * hold a row. The card shows a legal frame at all times: a COMMIT or a START that would break the rule is refused, a
 * status bit says so, and the refused registers read what is in force again.
 */
export const REG_ID = 0x000;
export const REG_VERSION = 0x004;
export const REG_VRAM_SIZE = 0x008;
export const REG_STATUS = 0x00c;
export const REG_WIDTH = 0x010;
export const REG_HEIGHT = 0x014;
export const REG_STRIDE = 0x018;
export const REG_FORMAT = 0x01c;
export const REG_COMMIT = 0x020;
export const REG_START = 0x024;
export const REG_BLANK = 0x028;
export const REG_VBLANK_COUNT = 0x02c;
export const REG_PALETTE = 0x400;

/** "SCAN", the first letter in the lowest byte. */
export const REG_ID_VALUE = 0x4e41_4353;
export const REG_VERSION_VALUE = 1;

/** The last COMMIT was refused. */
export const STATUS_MODE_REFUSED = 0x1;
/** The last START was refused at its vblank. */
export const STATUS_START_REFUSED = 0x2;

export const MODE_SIZE_MIN = 8;
export const MODE_SIZE_MAX = 4096;
export const PALETTE_COLOURS = 256;
