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
 *   0x040–0x05b  the hardware cursor, below
 *   0x05c–0x07f  reserved
 *   0x080–0x0b7  the 2D engine, below
 *   0x0b8–0x0ff  reserved
 *   0x100–0x11f  reserved for the interrupt
 *   0x120–0x3ff  reserved
 *   0x400–0x7ff  PALETTE[256]  rw      0               0x00rrggbb, the colours of FORMAT_C8; taken at once
 *   0x800–0xfff  reserved
 *
 * A frame must lie in video memory: START + (HEIGHT - 1) * STRIDE + WIDTH * pixel size <= VRAM_SIZE, and STRIDE must
 * hold a row. The card shows a legal frame at all times: a COMMIT or a START that would break the rule is refused, a
 * status bit says so, and the refused registers read what is in force again.
 *
 * Hardware cursor: 64 × 64 pixels above the picture, not in video memory. Its registers count at the next scanout.
 *
 *   0x040        CURSOR_CONTROL   rw   0   CURSOR_ENABLE | CURSOR_TWO_COLOUR
 *   0x044        CURSOR_X         rw   0   where in the picture the hot spot is, in pixels; signed
 *   0x048        CURSOR_Y         rw   0
 *   0x04c        CURSOR_HOT_SPOT  rw   0   where in the cursor it is: x in bits 0–5, y in bits 16–21
 *   0x050        CURSOR_BASE      rw   0   byte offset of the image in video memory; bits 0 and 1 are 0
 *   0x054        CURSOR_COLOUR_0  rw   0   0x00rrggbb, of the two-colour image
 *   0x058        CURSOR_COLOUR_1  rw   0
 *
 * The image is 64 rows of 64 pixels argb8888 (16 KiB, not premultiplied), or two-colour: 64 rows of 8 bytes that say
 * which pixels there are and 8 bytes that say which of the two colours each has, leftmost pixel in the highest bit of
 * the first byte (1 KiB). An image that does not lie in video memory is not shown.
 *
 * 2D engine: works at the store of COMMAND, on bytes of video memory. A position is x in the low half and y in the
 * high half, signed; a size is width and height, unsigned.
 *
 *   0x080        ENGINE_COMMAND          w   reads 0     ENGINE_FILL or ENGINE_COPY
 *   0x084        ENGINE_STATUS           r   0           ENGINE_STATUS_…
 *   0x088        ENGINE_COUNT            r   0           operations done since power-on, modulo 2^32
 *   0x08c        ENGINE_PIXEL_SIZE       rw  0           bytes of a pixel: 1, 2 or 4
 *   0x090        ENGINE_COLOUR           rw  0           the pixel that a fill stores, in the low bytes
 *   0x094        ENGINE_TARGET_BASE      rw  0           byte offset of pixel (0, 0), a multiple of the pixel's size
 *   0x098        ENGINE_TARGET_PITCH     rw  0           bytes from one row to the next, likewise
 *   0x09c        ENGINE_TARGET_POSITION  rw  0           the rectangle's first pixel
 *   0x0a0        ENGINE_SOURCE_BASE      rw  0           the same of what a copy reads
 *   0x0a4        ENGINE_SOURCE_PITCH     rw  0
 *   0x0a8        ENGINE_SOURCE_POSITION  rw  0
 *   0x0ac        ENGINE_SIZE             rw  0           the rectangle's
 *   0x0b0        ENGINE_CLIP_START       rw  0           first pixel of the target that may be written
 *   0x0b4        ENGINE_CLIP_END         rw  0x7fff7fff  one past the last, each way
 *
 * What is clipped from the target's left and top is skipped in the source too. Source and target may overlap. After
 * clipping, each rectangle must lie in video memory with x and y from 0 and no row longer than its pitch; if not, nothing
 * is done and ENGINE_STATUS_REFUSED is set until an operation succeeds. One that is clipped away altogether succeeds.
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
export const REG_CURSOR_CONTROL = 0x040;
export const REG_CURSOR_X = 0x044;
export const REG_CURSOR_Y = 0x048;
export const REG_CURSOR_HOT_SPOT = 0x04c;
export const REG_CURSOR_BASE = 0x050;
export const REG_CURSOR_COLOUR_0 = 0x054;
export const REG_CURSOR_COLOUR_1 = 0x058;
export const REG_ENGINE_COMMAND = 0x080;
export const REG_ENGINE_STATUS = 0x084;
export const REG_ENGINE_COUNT = 0x088;
export const REG_ENGINE_PIXEL_SIZE = 0x08c;
export const REG_ENGINE_COLOUR = 0x090;
export const REG_ENGINE_TARGET_BASE = 0x094;
export const REG_ENGINE_TARGET_PITCH = 0x098;
export const REG_ENGINE_TARGET_POSITION = 0x09c;
export const REG_ENGINE_SOURCE_BASE = 0x0a0;
export const REG_ENGINE_SOURCE_PITCH = 0x0a4;
export const REG_ENGINE_SOURCE_POSITION = 0x0a8;
export const REG_ENGINE_SIZE = 0x0ac;
export const REG_ENGINE_CLIP_START = 0x0b0;
export const REG_ENGINE_CLIP_END = 0x0b4;
/** One past the engine's last register. */
export const REG_ENGINE_LIMIT = 0x0b8;
export const REG_PALETTE = 0x400;

/** "SCAN", the first letter in the lowest byte. */
export const REG_ID_VALUE = 0x4e41_4353;
export const REG_VERSION_VALUE = 1;

/** The last COMMIT was refused. */
export const STATUS_MODE_REFUSED = 0x1;
/** The last START was refused at its vblank. */
export const STATUS_START_REFUSED = 0x2;

/** CURSOR_CONTROL. */
export const CURSOR_ENABLE = 0x1;
export const CURSOR_TWO_COLOUR = 0x2;
/** Pixels each way. */
export const CURSOR_SIZE = 64;
/** Bytes of an image. */
export const CURSOR_ARGB8888_SIZE = 64 * 64 * 4;
export const CURSOR_TWO_COLOUR_SIZE = 64 * 16;

/** ENGINE_COMMAND. */
export const ENGINE_FILL = 1;
export const ENGINE_COPY = 2;
/** An operation goes on: never seen, as each is over when the store of its command is. */
export const ENGINE_STATUS_BUSY = 0x1;
/** The last command was refused. */
export const ENGINE_STATUS_REFUSED = 0x2;

export const MODE_SIZE_MIN = 8;
export const MODE_SIZE_MAX = 4096;
export const PALETTE_COLOURS = 256;
